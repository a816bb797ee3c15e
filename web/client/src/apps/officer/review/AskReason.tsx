// Asks why a recording is opened, and says that the answer is written down.
import { useId, useState, type ReactNode } from "react";
import type { Fault } from "../../../api/api";
import { refusalWords } from "../../../call/codes";
import { useWords } from "../../../i18n/words";
import { Banner } from "../../../ui/Banner";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Icon } from "../../../ui/Icon";
import { follow } from "../route";
import type { RecordingRow, ReviewReason } from "./api";
import type { Opening } from "./ReviewPage";
import { When } from "./When";
import { REVIEW_REASONS } from "./words";

interface AskProps {
  row: RecordingRow;
  /** The grant is over: it is asked again. */
  ended: boolean;
  before: Opening | null;
  onOpen: (reason: ReviewReason, note: string) => Promise<Fault | null>;
}

const MOST_NOTE = 500;
const CODES = Object.keys(REVIEW_REASONS) as ReviewReason[];

export function AskReason({ row, ended, before, onOpen }: AskProps): ReactNode {
  const { t, pick } = useWords();
  const [reason, setReason] = useState<ReviewReason | null>(before?.reason ?? null);
  const [note, setNote] = useState(before?.note ?? "");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    if (reason === null) return;
    if (reason === "other" && note.trim() === "") return setWrong("review.ask.note.needed");
    setBusy(true);
    const fault = await onOpen(reason, note.trim());
    if (fault === null) return;
    setBusy(false);
    setWrong(refusalWords(fault));
  };
  return (
    <main id="main" className="askreason" data-testid="phase" data-phase="asking">
      <Card roomy>
        {ended && (
          <Banner icon="clock" tone="needs" role="status" title={t("review.ask.ended")}>
            <p>{t("review.ask.ended.text")}</p>
          </Banner>
        )}
        <div>
          <h1>{t("review.title", { prisoner: row.prisoner, visitor: row.visitor, relation: pick(row.relation) })}</h1>
          <When row={row} />
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Reasons reason={reason} onReason={setReason} />
          <Note note={note} needed={reason === "other"} wrong={wrong} onNote={setNote} />
          <p className="ilabel askreason__told">
            <Icon name="eye" />
            <span>{t("review.ask.told")}</span>
          </p>
          <div className="btns">
            <Button type="submit" kind="primary" disabled={busy}>
              {t("review.ask.go")}
            </Button>
            <a className="btn" {...follow({ page: "recordings" })}>
              {t("review.back")}
            </a>
          </div>
        </form>
      </Card>
    </main>
  );
}

function Reasons({ reason, onReason }: { reason: ReviewReason | null; onReason: (reason: ReviewReason) => void }): ReactNode {
  const { t } = useWords();
  return (
    <fieldset className="why">
      <legend className="field__label">{t("review.ask")}</legend>
      {CODES.map((code) => (
        <label className="check" key={code}>
          <input type="radio" name="reason" required checked={reason === code} onChange={() => onReason(code)} />
          <span>{t(REVIEW_REASONS[code])}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface NoteProps {
  note: string;
  needed: boolean;
  wrong: string | null;
  onNote: (note: string) => void;
}

function Note({ note, needed, wrong, onNote }: NoteProps): ReactNode {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={wrong === null ? "field" : "field field--wrong"}>
      <label className="field__label" htmlFor={id}>
        {t("review.ask.note")}
      </label>
      <p className="field__hint" id={`${id}-hint`}>
        {t("review.ask.note.hint")}
      </p>
      <textarea
        id={id}
        className="input"
        rows={2}
        maxLength={MOST_NOTE}
        value={note}
        aria-required={needed}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? `${id}-hint` : `${id}-hint ${id}-wrong`}
        onChange={(event) => onNote(event.target.value)}
      />
      {wrong !== null && (
        <p className="field__wrong" id={`${id}-wrong`} role="alert">
          <Icon name="warn" /> {t(wrong)}
        </p>
      )}
    </div>
  );
}
