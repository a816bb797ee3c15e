// A call that has ended while it was open: how, and the way back.
import type { ReactNode } from "react";
import { REASONS } from "../../call/codes";
import type { CallState, EndReason, ReasonCode } from "../../call/protocol.gen";
import { clock } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { StatePage } from "../../ui/StatePage";
import { useKeys } from "../../ui/useKeys";
import { follow, go } from "./route";

export const ENDINGS: Partial<Record<EndReason, string>> = {
  time: "officer.ended.time",
  left: "officer.ended.left",
  absence: "officer.ended.absence",
  recorder: "officer.ended.recorder",
  unsupervised: "officer.ended.unsupervised",
  node: "officer.ended.node",
};

export function EndedCall({ call, cell }: { call: CallState; cell: string | null }): ReactNode {
  const { t } = useWords();
  useKeys({ Escape: () => go({ page: "wall" }) });
  const ended = call.ended;
  if (ended === null) return null;
  const words = ENDINGS[ended.reason];
  const reason = words === undefined ? t(REASONS[ended.reason as ReasonCode]) : t(words);
  const back = (
    <a className="btn btn--primary" {...follow({ page: "wall" })}>
      {t("officer.back")}
    </a>
  );
  return (
    <StatePage icon="end" title={t("officer.ended", { time: clock(ended.at) })} phase="ended" actions={back}>
      <p>
        {cell !== null && <span className="cell">{cell}</span>} {t("officer.names", names(call))}
      </p>
      <p>{reason}</p>
      {ended.text && <blockquote className="quote">{ended.text}</blockquote>}
    </StatePage>
  );
}

const names = (call: CallState): { prisoner: string; visitor: string } => ({
  prisoner: call.parties.find((party) => party.party === "prisoner")?.name ?? "",
  visitor: call.parties.find((party) => party.party === "visitor")?.name ?? "",
});
