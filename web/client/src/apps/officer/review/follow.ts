// Says what a media element must do to stand where the clock stands.

/** Seconds. Nearer than this it is in step; farther than that it must jump; between, it runs a little faster or slower. */
const IN_STEP = 0.025;
const JUMP = 0.35;
/** Seconds beside a buffered range in which its nearest picture stays on the screen; as HOLE in ms. */
export const SLACK = 1;
const MOST_RATE = 0.2;

export interface Range {
  start: number;
  end: number;
}

/** Seconds before the end of a range: beyond it a browser waits for the next picture before it shows one. */
const EDGE = 0.15;

/**
 * Where in `ranges` the element should stand for the clock at `at` (s); null: nothing to show there. A `still`
 * element keeps off the end of its range.
 */
export function placeIn(ranges: readonly Range[], at: number, still = false): number | null {
  const before = ranges.find((range) => range.start <= at && at < range.end + SLACK);
  if (before !== undefined) {
    const last = before.end - (still ? EDGE : 0.01);
    return Math.max(before.start, Math.min(at, last));
  }
  return ranges.find((range) => at < range.start && range.start - SLACK <= at)?.start ?? null;
}

export type Move = { jump: true } | { jump: false; rate: number };

/** `element` and `clock` in s; a paused clock wants the exact place, a running one is caught up with. */
export function moveTo(element: number, clock: number, running: boolean, rate: number): Move {
  const late = clock - element;
  if (Math.abs(late) > JUMP * Math.max(1, rate)) return { jump: true };
  if (!running) return Math.abs(late) > IN_STEP ? { jump: true } : { jump: false, rate };
  if (Math.abs(late) <= IN_STEP * Math.max(1, rate)) return { jump: false, rate };
  const extra = Math.max(-MOST_RATE, Math.min(MOST_RATE, late / rate));
  return { jump: false, rate: rate * (1 + extra) };
}
