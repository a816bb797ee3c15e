// What to know before booking: when, who, how many and how long.
import type { ReactNode } from "react";
import { useWords } from "../../i18n/words";
import { Card } from "../../ui/Card";
import type { Booking, Kind } from "./api";

const PERIODS: Readonly<Record<Booking["allowances"][number]["period"], string>> = {
  week: "policies.allowance.week",
  month: "policies.allowance.month",
};

export function BookingRules({ booking, kinds }: { booking: Booking; kinds: readonly Kind[] }): ReactNode {
  const { t, pick, lang } = useWords();
  const names = (codes: readonly string[]): string =>
    new Intl.ListFormat(lang).format(kinds.filter((kind) => codes.includes(kind.kind)).map((kind) => pick(kind.name)));
  const { visitors, adults, children, adult_age, escort_age } = booking;
  return (
    <Card roomy className="policies__text" aria-labelledby="booking">
      <h2 id="booking">{t("policies.booking")}</h2>
      <ul className="bullets">
        <li>{t("policies.window", { min: booking.min_days, max: booking.max_days })}</li>
        <li>
          {visitors === null ? t("policies.people.open", { adults }) : t("policies.people", { visitors, adults })}{" "}
          {children !== null && t("policies.people.children", { children })}
        </li>
        <li>{t("policies.adult", { age: adult_age })}</li>
        {escort_age < adult_age && <li>{t("policies.escort", { age: escort_age })}</li>}
        {booking.allowances.map((allowance) => (
          <li key={allowance.kinds.join()}>
            {t(PERIODS[allowance.period], { kinds: names(allowance.kinds), minutes: allowance.minutes })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
