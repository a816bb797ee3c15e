// The time line as a table.
import type { ReactNode } from "react";
import { useWords } from "../../../i18n/words";
import type { Timeline } from "./api";
import { clockSeconds, duration } from "./durations";
import type { Lane } from "./stretches";
import { gapWords, WHATS } from "./words";

export function Twin({ timeline, lanes }: { timeline: Timeline; lanes: readonly Lane[] }): ReactNode {
  const { t } = useWords();
  const rows = lanes
    .flatMap((lane) => lane.stretches.map((stretch) => ({ ...stretch, lane })))
    .toSorted((a, b) => a.from - b.from);
  return (
    <details className="twin">
      <summary>{t("review.twin")}</summary>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("review.twin.from")}</th>
            <th scope="col">{t("review.twin.to")}</th>
            <th scope="col">{t("review.twin.length")}</th>
            <th scope="col">{t("review.twin.who")}</th>
            <th scope="col">{t("review.twin.what")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ lane, from, to, what, reason }) => (
            <tr key={`${lane.party} ${from}`}>
              <td>{clockSeconds(timeline.begun_at + from)}</td>
              <td>{clockSeconds(timeline.begun_at + to)}</td>
              <td>{t("review.length", duration(to - from))}</td>
              <td>{lane.name}</td>
              <td>
                {t(WHATS[what])}
                {what === "gap" && <small className="quiet"> {t(gapWords(reason))}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
