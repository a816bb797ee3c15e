import { describe, expect, test } from "vitest";
import type { Cluster, Timeline, TimelineEvent, Track } from "./api";
import { markersOf } from "./markers";
import { clusterAt, forgettable, keyframeBefore, nextCluster, wanted } from "./plan";
import { eventAt, gapsOf, holdsOf, lanesOf, nextEvent, stretchAt, ticksOf, totalOf } from "./stretches";

const event = (kind: string, at_ms: number): TimelineEvent => ({ kind, at_ms, party: null, text: null, code: null });
const span = (from_ms: number, to_ms: number) => ({ from_ms, to_ms, width: 640, height: 360 });
const gap = (from_ms: number, to_ms: number) => ({ from_ms, to_ms, reason: "loss", track: null });
const track = (party: string, spans: Track["spans"]): Track => ({
  id: `${party}-video`,
  party,
  kind: "video",
  codec: "vp8",
  spans,
  clusters: [],
});
/** A minute: Pekka is there but for a hold, Anna is lost from 30 s to 50 s, the recorder from 55 s to 57 s. */
const timeline: Timeline = {
  recording: "r",
  begun_at: 1_000_000,
  duration_ms: 60_000,
  granted_until: 0,
  finished: true,
  sound: false,
  parties: [
    { party: "prisoner", name: "Pekka" },
    { party: "visitor", name: "Anna" },
    { party: "third", name: "Ville" },
  ],
  tracks: [
    track("prisoner", [span(500, 10_000), span(20_000, 55_000), span(57_000, 60_000)]),
    track("visitor", [span(100, 10_000), span(20_000, 30_000), span(50_000, 55_000), span(57_000, 60_000)]),
  ],
  events: [event("live", 0), event("hold", 10_000), event("resume", 20_000), event("end", 60_000)],
  gaps: [
    { from_ms: 55_000, to_ms: 57_000, reason: "recorder_lost", track: null },
    { from_ms: 33_000, to_ms: 33_400, reason: "loss", track: "visitor-video" },
  ],
  proof: { parts: 2, signed: 2, verified: true },
};

describe("the lanes of a recording", () => {
  const [pekka, anna, ville] = lanesOf(timeline);
  test("fill the whole time without holes, each stretch with what it is", () => {
    expect(pekka?.stretches.map((each) => [each.from, each.to, each.what])).toEqual([
      [0, 10_000, "picture"],
      [10_000, 20_000, "hold"],
      [20_000, 55_000, "picture"],
      [55_000, 57_000, "gap"],
      [57_000, 60_000, "picture"],
    ]);
  });
  test("tell where nothing came from one of the two, and a gap of that one inside it", () => {
    expect(anna && totalOf(anna, "nothing")).toBe(19_600);
    expect(anna && stretchAt(anna, 33_200)?.reason).toBe("loss");
    expect(anna && stretchAt(anna, 40_000)?.what).toBe("nothing");
  });
  test("of a party without any track are empty but for the hold and the gap of all", () => {
    expect(ville?.stretches.map((each) => each.what)).toEqual(["nothing", "hold", "nothing", "gap", "nothing"]);
  });
  test("end at the end: the clock may stand there", () => {
    expect(pekka && stretchAt(pekka, 60_000)?.what).toBe("picture");
  });
});

describe("holds and gaps", () => {
  test("a hold that is never resumed lasts to the end", () => {
    expect(holdsOf([event("hold", 5_000)], 9_000)).toEqual([{ from: 5_000, to: 9_000 }]);
    expect(holdsOf([event("hold", 5_000), event("end", 8_000)], 9_000)).toEqual([{ from: 5_000, to: 8_000 }]);
  });
  test("gaps of several tracks at the same time are one", () => {
    expect(gapsOf({ ...timeline, gaps: [gap(9_000, 9_500), gap(100, 400), gap(9_200, 9_900)] })).toEqual([
      { from: 100, to: 400 },
      { from: 9_000, to: 9_900 },
    ]);
  });
});

describe("events", () => {
  test("the next one is after the clock, so that pressing again goes on", () => {
    expect(nextEvent(timeline.events, 10_000)?.kind).toBe("resume");
    expect(nextEvent(timeline.events, 60_000)).toBeUndefined();
    expect(eventAt(timeline.events, 10_000)).toBe(1);
    expect(eventAt([], 5)).toBe(-1);
  });
  test("marks do not cover each other; what matters more stands", () => {
    const events = [event("live", 0), event("joined", 10), event("warning", 500), event("hold", 900), event("end", 60_000)];
    expect(markersOf(events, 60_000).map((each) => each.kind)).toEqual(["hold", "end"]);
  });
  test("times under the lanes are whole on the clock on the wall", () => {
    expect(ticksOf(1_003_000, 60_000)).toEqual([7_000, 17_000, 27_000, 37_000, 47_000, 57_000]);
    expect(ticksOf(0, 3_600_000).length).toBeLessThanOrEqual(9);
  });
});

/** A cluster a second, a keyframe every fifth; nothing from 10 s to 15 s. */
const clusters: Cluster[] = Array.from({ length: 40 }, (_, index) => {
  const from_ms = index * 1000 + (index >= 10 ? 5_000 : 0);
  return { index, from_ms, to_ms: from_ms + 1000, keyframe: index % 5 === 0 };
});
const held = (has: number[], last: number | null = has.at(-1) ?? null) => ({ has: new Set(has), last });

describe("the clusters that are fetched", () => {
  test("the one at a time is found; none where nothing was recorded", () => {
    expect(clusterAt(clusters, 9_999)).toBe(9);
    expect(clusterAt(clusters, 12_000)).toBe(-1);
    expect(clusterAt(clusters, 15_000)).toBe(10);
    expect(clusterAt([], 0)).toBe(-1);
  });
  test("begin at the keyframe at or before the clock", () => {
    expect(keyframeBefore(clusters, 9)).toBe(5);
    expect(wanted(clusters, 8_500, 3_000)).toEqual({ first: 5, last: 9 });
    expect(nextCluster(clusters, held([]), 8_500, 3_000)).toBe(5);
  });
  test("are fetched over a gap before the clock has come to its end", () => {
    expect(nextCluster(clusters, held([5, 6, 7, 8, 9]), 12_000, 6_000)).toBe(10);
    expect(nextCluster(clusters, held([]), 99_000, 6_000)).toBeNull();
  });
  test("follow one another, and a broken run begins again at its keyframe", () => {
    expect(nextCluster(clusters, held([5, 6]), 7_000, 1_000)).toBe(7);
    expect(nextCluster(clusters, held([5, 6], 20), 7_000, 1_000)).toBe(5);
    expect(nextCluster(clusters, held([5, 6, 7, 8]), 7_000, 1_000)).toBeNull();
  });
  test("are forgotten in whole runs, long past and far ahead", () => {
    expect(forgettable(clusters, held([0, 1, 2, 3, 4, 5]), 29_000, 5_000)).toEqual([{ first: 0, end: 5, from: 0, to: 5_000 }]);
    expect(forgettable(clusters, held([0, 30, 31]), 0, 5_000)).toEqual([
      { first: 25, end: 40, from: 30_000, to: Number.POSITIVE_INFINITY },
    ]);
    expect(forgettable(clusters, held([5, 6]), 7_000, 5_000)).toEqual([]);
  });
});
