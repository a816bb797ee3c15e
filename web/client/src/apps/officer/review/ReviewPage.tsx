// One recording: asks why it is opened, then plays it until the grant is over, then asks again.
import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { Fault } from "../../../api/api";
import { refusalWords } from "../../../call/codes";
import { useWords } from "../../../i18n/words";
import { Button } from "../../../ui/Button";
import { Loading, StatePage } from "../../../ui/StatePage";
import { useTitle } from "../../../ui/useTitle";
import { follow } from "../route";
import { usePaper } from "../usePaper";
import { getRecordings, openRecording, type RecordingRow, type ReviewReason, type Timeline } from "./api";
import { AskReason } from "./AskReason";
import { Opened } from "./Opened";
import { canPlay } from "./player";
import "./review.css";

/** What was said when it was opened. */
export interface Opening {
  reason: ReviewReason;
  note: string;
  /** Server time, ms. */
  at: number;
}

type Found = { at: "loading" } | { at: "fault"; code: Fault } | { at: "row"; row: RecordingRow | null; skew: number };
/** `from`: where playing goes on, ms; `ended`: it had been open before. */
type Stage =
  | { at: "asking"; from: number; ended: boolean; before: Opening | null }
  | { at: "open"; timeline: Timeline; opening: Opening; from: number };

const FIRST: Stage = { at: "asking", from: 0, ended: false, before: null };

export function ReviewPage({ recording, viewer }: { recording: string; viewer: string }): ReactNode {
  const { t } = useWords();
  const [found, setFound] = useState<Found>({ at: "loading" });
  const load = useCallback(() => {
    void getRecordings().then((answer) => {
      if (!answer.ok) return setFound({ at: "fault", code: answer.code });
      const row = answer.value.items.find((each) => each.recording === recording) ?? null;
      return setFound({ at: "row", row, skew: answer.value.now - Date.now() });
    });
  }, [recording]);
  useEffect(load, [load]);
  usePaper();
  if (found.at === "loading") return <Loading />;
  if (found.at === "fault") return <Faulty title={t("review.fault")} code={found.code} onAgain={load} />;
  if (found.row === null) return <Missing />;
  return <OneRecording row={found.row} skew={found.skew} viewer={viewer} />;
}

interface OneProps {
  row: RecordingRow;
  /** Server minus device, ms. */
  skew: number;
  viewer: string;
}

function OneRecording({ row, skew, viewer }: OneProps): ReactNode {
  const { t } = useWords();
  const [stage, setStage] = useState<Stage>(FIRST);
  useTitle(t("review.tab", { prisoner: row.prisoner, visitor: row.visitor }));
  const open = async (reason: ReviewReason, note: string, from: number): Promise<Fault | null> => {
    const answer = await openRecording(row.recording, reason, note);
    if (!answer.ok) return answer.code;
    setStage({ at: "open", timeline: answer.value, opening: { reason, note, at: Date.now() + skew }, from });
    return null;
  };
  if (stage.at === "asking") {
    return (
      <AskReason
        row={row}
        ended={stage.ended}
        before={stage.before}
        onOpen={(reason, note) => open(reason, note, stage.from)}
      />
    );
  }
  const { timeline, opening } = stage;
  if (!canPlay(timeline)) return <Unsupported />;
  return (
    <Opened
      key={timeline.granted_until}
      {...{ row, timeline, opening, viewer, skew }}
      from={Math.min(stage.from, timeline.duration_ms)}
      onMore={(at) => void open(opening.reason, opening.note, at)}
      onEnded={(at) => setStage({ at: "asking", from: at, ended: true, before: opening })}
    />
  );
}

export function Faulty({ title, code, onAgain }: { title: string; code: Fault; onAgain: () => void }): ReactNode {
  const { t } = useWords();
  const again = (
    <Button kind="primary" onClick={onAgain}>
      {t("ui.try_again")}
    </Button>
  );
  return (
    <StatePage icon="line-weak" tone="needs" title={title} phase={code} code={code} actions={again}>
      <p>{t(refusalWords(code))}</p>
    </StatePage>
  );
}

const Back = (): ReactNode => (
  <a className="btn btn--primary" {...follow({ page: "recordings" })}>
    {useWords().t("review.back")}
  </a>
);

function Missing(): ReactNode {
  const { t } = useWords();
  return (
    <StatePage icon="search" title={t("review.missing")} phase="missing" actions={<Back />}>
      <p>{t("review.missing.text")}</p>
    </StatePage>
  );
}

function Unsupported(): ReactNode {
  const { t } = useWords();
  return (
    <StatePage icon="warn" tone="needs" title={t("review.unsupported")} phase="unsupported" actions={<Back />}>
      <p>{t("review.unsupported.text")}</p>
    </StatePage>
  );
}
