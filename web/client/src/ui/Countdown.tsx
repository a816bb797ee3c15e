// How much of the visit is left, by the server's clock.
import type { ReactNode } from "react";
import { clock, minutesUntil } from "../i18n/times";
import { useNow } from "../i18n/useNow";
import { useWords } from "../i18n/words";

const SOON = 5 * 60_000;

interface CountdownProps {
  endsAt: number;
  /** Server clock minus device clock, ms. */
  skew: number;
}

export function Countdown({ endsAt, skew }: CountdownProps): ReactNode {
  const { t } = useWords();
  const left = endsAt - useNow(skew);
  const words =
    left <= 60_000 ? t("ui.left.last") : t("ui.left.minutes", { minutes: minutesUntil(endsAt, endsAt - left) });
  return (
    <p className={left <= SOON ? "left is-soon" : "left"} role="timer" data-testid="countdown">
      <b>{words}</b>
      <span className="quiet">{t("ui.until", { time: clock(endsAt) })}</span>
    </p>
  );
}
