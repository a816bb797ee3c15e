// The steps an officer may take in a call; each asks for a reason, tells both in words and is written down.
import { useEffect, useId, useState, type ReactNode } from "react";
import { REASONS, refusalWords, WARNINGS } from "../../call/codes";
import type { CallState, Problem, ReasonCode } from "../../call/protocol.gen";
import type { WatchSession } from "../../call/watch";
import { useWords } from "../../i18n/words";
import { Button, KeyCap } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { useKeys } from "../../ui/useKeys";

export type Step = "warn" | "hold" | "end";
type Done = { ok: true } | { ok: false; error: Problem };

interface StepWords {
  icon: IconName;
  name: string;
  text: string;
  title: string;
  go: string;
  /** What is worth choosing for this step, the likeliest first. */
  reasons: readonly ReasonCode[];
}

const COMMON: readonly ReasonCode[] = ["other_person", "shown_object", "threats", "identity"];
const STEPS: Readonly<Record<Step, StepWords>> = {
  warn: {
    icon: "warn",
    name: "officer.warn",
    text: "officer.warn.text",
    title: "officer.warn.title",
    go: "officer.warn.go",
    reasons: [...COMMON, "order", "safety", "crime_prevention", "technical"],
  },
  hold: {
    icon: "pause",
    name: "officer.hold",
    text: "officer.hold.text",
    title: "officer.hold.title",
    go: "officer.hold.go",
    reasons: [...COMMON, "safety", "order", "crime_prevention", "technical", "other"],
  },
  end: {
    icon: "end",
    name: "officer.end",
    text: "officer.end.text",
    title: "officer.end.title",
    go: "officer.end.go",
    reasons: ["crime_prevention", "order", "safety", "threats", "identity", "technical", "other"],
  },
};
const MOST_TEXT = 500;

interface StepInProps {
  call: CallState;
  session: WatchSession;
  /** A question is open: single keys belong to it. */
  asking: boolean;
  onStep: (step: Step) => void;
}

export function StepIn({ call, session, asking, onStep }: StepInProps): ReactNode {
  const { t } = useWords();
  const held = call.phase === "held" && call.hold?.by === "officer";
  const resume = (): void => void session.resume(call.visit);
  const hold = (): void => {
    if (held) resume();
    else if (call.phase === "live") onStep("hold");
  };
  useKeys({ w: () => onStep("warn"), h: hold, e: () => onStep("end") }, !asking);
  return (
    <section aria-labelledby="step-in">
      <div className="ladder__head">
        <h2 id="step-in" tabIndex={-1}>{t("officer.step_in")}</h2>
        <span className="quiet small">{t("officer.step_in.text")}</span>
      </div>
      <ol className="ladder">
        <Rung step="warn" keyCap="W" onPress={() => onStep("warn")} />
        {held ? (
          <li className="is-primary">
            <button type="button" onClick={resume}>
              <Icon name="play" />
              <b>{t("officer.resume")}</b>
              <KeyCap>H</KeyCap>
              <small>{t("officer.resume.text")}</small>
            </button>
          </li>
        ) : (
          <Rung step="hold" keyCap="H" disabled={call.phase !== "live"} onPress={hold} />
        )}
        <Rung step="end" keyCap="E" onPress={() => onStep("end")} />
      </ol>
    </section>
  );
}

interface RungProps {
  step: Step;
  keyCap: string;
  disabled?: boolean;
  onPress: () => void;
}

function Rung({ step, keyCap, disabled = false, onPress }: RungProps): ReactNode {
  const { t } = useWords();
  const { icon, name, text } = STEPS[step];
  return (
    <li className={step === "end" ? "is-end" : undefined}>
      <button type="button" disabled={disabled} onClick={onPress}>
        <Icon name={icon} />
        <b>{t(name)}</b>
        <KeyCap>{keyCap}</KeyCap>
        <small>{t(text)}</small>
      </button>
    </li>
  );
}

interface AskProps {
  step: Step;
  call: CallState;
  session: WatchSession;
  onClose: () => void;
}

/** Stands beside the two faces, never over them. */
export function Ask({ step, call, session, onClose }: AskProps): ReactNode {
  const { t } = useWords();
  const { title, go, reasons } = STEPS[step];
  const [reason, setReason] = useState<ReasonCode | null>(null);
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    // None is chosen beforehand: a decision that can be appealed must be somebody's.
    if (reason === null) return setFault("reason_required");
    setBusy(true);
    const done = await act(session, step, call.visit, reason, text.trim());
    setBusy(false);
    if (done.ok) onClose();
    else setFault(done.error.code);
  };
  const [prisoner, visitor] = call.parties.map((party) => party.name);
  const heading = useId();
  useKeys({ Escape: onClose });
  useFocusBack();
  return (
    <section className="card ask" role="dialog" aria-labelledby={heading}>
      <h2 id={heading} ref={toQuestion} tabIndex={-1}>
        {t(title, { prisoner: prisoner ?? "", visitor: visitor ?? "" })}
      </h2>
      <fieldset className="why">
        <legend className="field__label">{step === "warn" ? t("officer.warn.which") : t("officer.reason")}</legend>
        {reasons.map((code) => (
          <label className="check" key={code}>
            <input
              type="radio"
              name="reason"
              checked={reason === code}
              onChange={() => setReason(code)}
            />
            <span>{t(step === "warn" ? WARNINGS[code] : REASONS[code])}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span className="field__label">{t("officer.own_words")}</span>
        <span className="field__hint">{t("officer.own_words.hint")}</span>
        <textarea className="input" rows={2} maxLength={MOST_TEXT} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      {fault !== null && (
        <p className="field__wrong" role="alert">
          <Icon name="warn" /> {t(refusalWords(fault))}
        </p>
      )}
      <div className="btns">
        <Button onClick={onClose}>{t("officer.go_back")}</Button>
        <Button kind={step === "end" ? "danger" : "primary"} disabled={busy} onClick={() => void take()}>
          {t(go)}
        </Button>
      </div>
    </section>
  );
}

/** When the question is answered the focus goes back to what asked it, or to the page's beginning. */
function useFocusBack(): void {
  const [asker] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // The wall's keys ask too: then nothing had the focus.
      const back = asker instanceof HTMLElement && asker !== document.body ? asker : document.getElementById("step-in");
      back?.focus();
    },
    [asker],
  );
}

/** A question begins where it asks. */
function toQuestion(heading: HTMLHeadingElement | null): void {
  heading?.focus();
}

function act(session: WatchSession, step: Step, visit: string, reason: ReasonCode, text: string): Promise<Done> {
  if (step === "warn") return session.warn(visit, reason, text);
  return step === "hold" ? session.hold(visit, reason, text) : session.end(visit, reason, text);
}
