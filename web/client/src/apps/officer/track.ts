// Where on a call's track its events stand, and which stretches of it were on hold or without a recorder.
import type { CallState, EventKind, EventState } from "../../call/protocol.gen";

/** What weighs enough for a mark; everything is in the list of events. */
const WORTH: ReadonlySet<EventKind> = new Set(["live", "lost", "hold", "warning", "minutes", "gap", "intrusion"]);
/** Marks nearer than this, in hundredths of the track, would cover each other. */
const APART = 3;

export interface Mark {
  event: EventState;
  /** Place on the track, 0..100. */
  at: number;
}

export interface Stretch {
  from: number;
  to: number;
  what: "hold" | "gap";
}

/** Place of a moment between the call's times, 0..100. */
export function placeOf(call: Pick<CallState, "starts_at" | "ends_at">, at: number): number {
  const length = call.ends_at - call.starts_at;
  if (length <= 0) return 0;
  return Math.min(100, Math.max(0, ((at - call.starts_at) / length) * 100));
}

/** The latest of those that stand too near each other. */
export function marksOf(call: CallState): Mark[] {
  const marks: Mark[] = [];
  for (const event of call.events) {
    if (!WORTH.has(event.kind)) continue;
    const mark = { event, at: placeOf(call, event.at) };
    const last = marks.at(-1);
    if (last !== undefined && mark.at - last.at < APART) marks[marks.length - 1] = mark;
    else marks.push(mark);
  }
  return marks;
}

const ENDS: Readonly<Partial<Record<EventKind, "hold" | "gap">>> = { resume: "hold", recorder_back: "gap" };

/** `now`: where what still lasts is drawn to, ms. */
export function stretchesOf(call: CallState, now: number): Stretch[] {
  const since: Partial<Record<"hold" | "gap", number>> = {};
  const stretches: Stretch[] = [];
  const close = (what: "hold" | "gap", at: number): void => {
    const from = since[what];
    if (from === undefined) return;
    stretches.push({ what, from: placeOf(call, from), to: placeOf(call, at) });
    delete since[what];
  };
  for (const { kind, at } of call.events) {
    if (kind === "hold" || kind === "gap") since[kind] ??= at;
    const what = ENDS[kind];
    if (what !== undefined) close(what, at);
  }
  close("hold", now);
  close("gap", now);
  return stretches;
}
