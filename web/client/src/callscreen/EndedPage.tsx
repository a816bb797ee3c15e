// The polite end: that it is over, why, and what can be done.
import type { ReactNode } from "react";
import { REASONS } from "../call/codes";
import type { CallState, ReasonCode } from "../call/protocol.gen";
import { farewellOf, other, type Farewell } from "../call/scene";
import { clock } from "../i18n/times";
import { useWords } from "../i18n/words";
import type { IconName } from "../ui/Icon";
import { StatePage } from "../ui/StatePage";

const WORDS: Record<Farewell, { icon: IconName; title: string; text: string }> = {
  missed: { icon: "clock", title: "call.ended.missed", text: "call.ended.missed.text" },
  time: { icon: "check", title: "call.ended.time", text: "call.ended.time.text" },
  "left.you": { icon: "leave", title: "call.ended.left.you", text: "call.ended.left.you.text" },
  "left.other": { icon: "leave", title: "call.ended.left.other", text: "call.ended.left.other.text" },
  absence: { icon: "line-weak", title: "call.ended.absence", text: "call.ended.absence.text" },
  fault: { icon: "wrench", title: "call.ended.fault", text: "call.ended.fault.text" },
  unsupervised: { icon: "eye-off", title: "call.ended.unsupervised", text: "call.ended.unsupervised.text" },
  officer: { icon: "end", title: "call.ended.officer", text: "call.ended.officer.text" },
};

/** Where there is something to ask, and where each of the two asks it. */
const ASKS: Partial<Record<Farewell, "again" | "decision">> = {
  missed: "again",
  absence: "again",
  fault: "again",
  unsupervised: "again",
  officer: "decision",
};
const WAYS = {
  again: { prisoner: "call.ended.again.cell", visitor: "call.ended.again.home" },
  decision: { prisoner: "call.ended.decision.cell", visitor: "call.ended.decision.home" },
} as const;
/** Not the parties' doing: the code helps whoever they ask. */
const COULD_NOT: ReadonlySet<Farewell> = new Set(["absence", "fault", "unsupervised"]);

interface EndedProps {
  call: CallState;
  /** It was live while this page looked on. */
  lived: boolean;
  actions?: ReactNode;
}

export function EndedPage({ call, lived, actions }: EndedProps): ReactNode {
  const { t } = useWords();
  const farewell = farewellOf(call, lived);
  const { icon, title, text } = WORDS[farewell];
  const reason = call.ended?.reason;
  const ask = ASKS[farewell];
  const place = call.you === "prisoner" ? "prisoner" : "visitor";
  const values = {
    name: other(call)?.name ?? "",
    time: clock(call.ended?.at ?? call.ends_at),
    reason: reason !== undefined && reason in REASONS ? t(REASONS[reason as ReasonCode]) : "",
  };
  const tone = farewell === "time" ? "well" : farewell.startsWith("left") || farewell === "missed" ? "plain" : "needs";
  return (
    <StatePage icon={icon} tone={tone} title={t(title, values)} actions={actions} phase="ended" code={COULD_NOT.has(farewell) ? reason : undefined}>
      <p>{t(text, values)}</p>
      {call.ended?.text && <blockquote className="quote">{call.ended.text}</blockquote>}
      {ask && <p>{t(WAYS[ask][place])}</p>}
      {place === "visitor" && <p className="quiet">{t("call.ended.close")}</p>}
    </StatePage>
  );
}
