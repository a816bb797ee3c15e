// What is on a recording's time line and what is not: stretches of picture, hold, gap and nothing for each party.
import type { Timeline, TimelineEvent, Track } from "./api";

export type What = "picture" | "hold" | "gap" | "nothing";

/** A stretch of one party's lane, ms of the recording; `reason` is a gap's. */
export interface Stretch {
  from: number;
  to: number;
  what: What;
  reason: string | null;
}

export interface Lane {
  party: string;
  name: string;
  stretches: readonly Stretch[];
}

interface Range {
  from: number;
  to: number;
}

/** Up to this many ms without a picture are a camera that pauses: the picture before them stays. */
export const HOLE = 1_000;

/** The stretches of hold: from each `hold` to the next `resume`, or to the end. */
export function holdsOf(events: readonly TimelineEvent[], duration: number): Range[] {
  const holds: Range[] = [];
  let from: number | null = null;
  for (const event of events) {
    if (event.kind === "hold") from ??= event.at_ms;
    if ((event.kind === "resume" || event.kind === "end") && from !== null) {
      holds.push({ from, to: Math.min(event.at_ms, duration) });
      from = null;
    }
  }
  if (from !== null) holds.push({ from, to: duration });
  return holds.filter((hold) => hold.to > hold.from);
}

/** What a party's lane is drawn from: its picture, or its sound where only sound was recorded. */
export const laneTrack = (timeline: Timeline, party: string): Track | undefined =>
  trackOf(timeline, party, "video") ?? trackOf(timeline, party, "audio");

export const trackOf = (timeline: Timeline, party: string, kind: Track["kind"]): Track | undefined =>
  timeline.tracks.find((track) => track.party === party && track.kind === kind);

export const lanesOf = (timeline: Timeline): Lane[] =>
  timeline.parties.map(({ party, name }) => ({ party, name, stretches: stretchesOf(timeline, party) }));

/** The whole lane from 0 to the end without holes. Picture stands before hold, hold before gap, gap before nothing. */
export function stretchesOf(timeline: Timeline, party: string): Stretch[] {
  const track = laneTrack(timeline, party);
  const end = timeline.duration_ms;
  const seen = (track?.spans ?? []).map((span) => ({ from: span.from_ms, to: span.to_ms }));
  const holds = holdsOf(timeline.events, end);
  const gaps = timeline.gaps.filter((gap) => gap.track === null || gap.track === track?.id);
  const edges = new Set([0, end]);
  for (const range of [...seen, ...holds]) edges.add(clip(range.from, end)).add(clip(range.to, end));
  for (const gap of gaps) edges.add(clip(gap.from_ms, end)).add(clip(gap.to_ms, end));
  const at = [...edges].toSorted((a, b) => a - b);
  const pieces = at.slice(1).map((to, i): Stretch => {
    const from = at[i] ?? 0;
    const middle = (from + to) / 2;
    const gap = gaps.find((each) => each.from_ms <= middle && middle < each.to_ms);
    if (within(seen, middle)) return { from, to, what: "picture", reason: null };
    if (within(holds, middle)) return { from, to, what: "hold", reason: null };
    return gap ? { from, to, what: "gap", reason: gap.reason } : { from, to, what: "nothing", reason: null };
  });
  return joined(absorbed(pieces));
}

const clip = (at: number, end: number): number => Math.min(Math.max(at, 0), end);
const within = (ranges: readonly Range[], at: number): boolean => ranges.some((range) => range.from <= at && at < range.to);

/** Slivers of nothing belong to what was before them, at the very beginning to what comes after. */
function absorbed(pieces: readonly Stretch[]): Stretch[] {
  return pieces.map((piece, i) => {
    const near = pieces[i - 1] ?? pieces[i + 1];
    const sliver = piece.what === "nothing" && piece.to - piece.from <= HOLE;
    return sliver && near !== undefined ? { ...piece, what: near.what, reason: near.reason } : piece;
  });
}

function joined(pieces: readonly Stretch[]): Stretch[] {
  const whole: Stretch[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last !== undefined && last.what === piece.what && last.reason === piece.reason) last.to = piece.to;
    else whole.push({ ...piece });
  }
  return whole;
}

export const stretchAt = (lane: Lane, at: number): Stretch | undefined =>
  lane.stretches.find((stretch) => stretch.from <= at && at < stretch.to) ?? lane.stretches.at(-1);

/** How long a lane is one thing, ms. */
export const totalOf = (lane: Lane, what: What): number =>
  lane.stretches.reduce((sum, each) => (each.what === what ? sum + each.to - each.from : sum), 0);

/** Gaps as people count them: those of several tracks at the same time are one. */
export function gapsOf(timeline: Timeline): Range[] {
  const whole: Range[] = [];
  for (const gap of timeline.gaps.toSorted((a, b) => a.from_ms - b.from_ms)) {
    const last = whole.at(-1);
    if (last !== undefined && gap.from_ms <= last.to + HOLE) last.to = Math.max(last.to, gap.to_ms);
    else whole.push({ from: gap.from_ms, to: gap.to_ms });
  }
  return whole;
}

/** A little past the last pressed event, so that pressing again goes on to the next. */
const PAST = 50;

export const nextEvent = (events: readonly TimelineEvent[], at: number): TimelineEvent | undefined =>
  events.find((event) => event.at_ms > at + PAST);

/** The event that was last when the clock stands at `at`; -1 before the first. */
export const eventAt = (events: readonly TimelineEvent[], at: number): number =>
  events.findLastIndex((event) => event.at_ms <= at + PAST);

const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Whole wall-clock times to write under the lanes, at most `most` of them; ms of the recording. */
export function ticksOf(begun: number, duration: number, most = 8): number[] {
  const step = 1000 * (STEPS.find((seconds) => duration / (seconds * 1000) <= most) ?? 3600);
  const ticks: number[] = [];
  for (let at = Math.ceil(begun / step) * step - begun; at <= duration; at += step) ticks.push(at);
  return ticks;
}
