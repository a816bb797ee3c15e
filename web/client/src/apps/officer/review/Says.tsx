// The time line in sentences.
import type { ReactNode } from "react";
import { useWords } from "../../../i18n/words";
import type { Timeline } from "./api";
import { duration } from "./durations";
import { gapsOf, holdsOf, laneTrack, totalOf, type Lane } from "./stretches";

export function Says({ timeline, lanes }: { timeline: Timeline; lanes: readonly Lane[] }): ReactNode {
  const { t } = useWords();
  const gaps = gapsOf(timeline);
  const held = total(holdsOf(timeline.events, timeline.duration_ms));
  return (
    <p className="says" data-testid="says">
      {t("review.says.length", duration(timeline.duration_ms))}{" "}
      {lanes.map((lane) => (
        <Missed key={lane.party} lane={lane} never={laneTrack(timeline, lane.party) === undefined} />
      ))}
      {held > 0 && `${t("review.says.hold", duration(held))} `}
      {gaps.length > 0
        ? t("review.says.gaps", { count: gaps.length, ...duration(total(gaps)) })
        : t("review.says.whole")}
    </p>
  );
}

function Missed({ lane, never }: { lane: Lane; never: boolean }): ReactNode {
  const { t } = useWords();
  const missed = totalOf(lane, "nothing");
  if (never) return `${t("review.says.never", { name: lane.name })} `;
  return missed > 0 ? `${t("review.says.nothing", { name: lane.name, ...duration(missed) })} ` : null;
}

const total = (ranges: readonly { from: number; to: number }[]): number =>
  ranges.reduce((sum, range) => sum + range.to - range.from, 0);
