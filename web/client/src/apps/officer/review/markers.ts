// Chooses the events that get a mark on the time line, so that no two marks cover each other.
import type { TimelineEvent } from "./api";

/** What matters more stands, when two events are near each other. */
const WEIGHT: Readonly<Record<string, number>> = {
  live: 1,
  left: 2,
  resume: 2,
  back: 3,
  end: 4,
  recorder_back: 3,
  lost: 5,
  warning: 6,
  hold: 7,
  intrusion: 8,
  gap: 8,
};
/** Marks nearer than this part of the whole would cover each other. */
const NEAR = 0.03;

export function markersOf(events: readonly TimelineEvent[], duration: number): TimelineEvent[] {
  const kept: TimelineEvent[] = [];
  for (const event of events) {
    const last = kept.at(-1);
    if (weight(event) === 0) continue;
    if (last === undefined || event.at_ms - last.at_ms >= duration * NEAR) kept.push(event);
    else if (weight(event) > weight(last)) kept[kept.length - 1] = event;
  }
  return kept;
}

const weight = (event: TimelineEvent): number => WEIGHT[event.kind] ?? 0;
