import { describe, expect, test } from "vitest";
import type { EventKind, EventState } from "../../call/protocol.gen";
import { callState } from "../../call/testing/states";
import { marksOf, placeOf, stretchesOf } from "./track";

const MINUTE = 60_000;
const event = (kind: EventKind, minutes: number): EventState => ({ kind, at: minutes * MINUTE, party: null, text: null, code: null });
const call = (...events: EventState[]): ReturnType<typeof callState> =>
  callState({ starts_at: 0, ends_at: 100 * MINUTE, events });

describe("the track of a call", () => {
  test("places a moment between the call's times and never outside", () => {
    expect(placeOf(call(), 25 * MINUTE)).toBe(25);
    expect(placeOf(call(), -MINUTE)).toBe(0);
    expect(placeOf(call(), 120 * MINUTE)).toBe(100);
  });
  test("marks what weighs, and the latest of those that would cover each other", () => {
    const marks = marksOf(call(event("joined", 1), event("live", 2), event("warning", 40), event("hold", 41)));
    expect(marks.map(({ event: { kind }, at }) => [kind, at])).toEqual([
      ["live", 2],
      ["hold", 41],
    ]);
  });
  test("draws a hold to its resume, and what still lasts to now", () => {
    const lasting = call(event("hold", 10), event("resume", 20), event("gap", 30));
    expect(stretchesOf(lasting, 50 * MINUTE)).toEqual([
      { what: "hold", from: 10, to: 20 },
      { what: "gap", from: 30, to: 50 },
    ]);
  });
});
