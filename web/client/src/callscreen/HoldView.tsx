// While the gates are shut: who paused, in whose words, and that nobody loses by it.
import type { ReactNode } from "react";
import { REASONS } from "../call/codes";
import type { CallState, HoldState } from "../call/protocol.gen";
import { clock } from "../i18n/times";
import { useWords } from "../i18n/words";
import { Icon } from "../ui/Icon";

export function HoldView({ call, hold, name }: { call: CallState; hold: HoldState; name: string }): ReactNode {
  const { t } = useWords();
  const byOfficer = hold.by === "officer";
  return (
    <div className="call__view hold">
      <span className="hold__icon">
        <Icon name="pause-bare" size="xl" />
      </span>
      <h2 className="hold__title">{byOfficer ? t("call.hold.officer") : t("call.hold.system")}</h2>
      {byOfficer ? (
        <blockquote>
          <p>{hold.text || t("call.hold.reason", { reason: t(REASONS[hold.reason]) })}</p>
          <footer>{t("call.quote.by", { time: clock(hold.since) })}</footer>
        </blockquote>
      ) : (
        <p className="hold__text">{t("call.hold.system.text")}</p>
      )}
      <ul>
        <li>
          <Icon name="eye-off" />
          <span>{t("call.hold.unseen", { name })}</span>
        </li>
        <li>
          <Icon name="clock" />
          <span>{t("call.hold.minutes", { time: clock(call.ends_at) })}</span>
        </li>
      </ul>
    </div>
  );
}
