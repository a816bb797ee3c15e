import { describe, expect, test } from "vitest";
import type { WallCall, WallState } from "../../call/protocol.gen";
import { nextCall } from "./wall";

const call = (cell: string, over: Partial<WallCall> = {}): WallCall => ({
  visit: cell,
  call: cell,
  cell,
  prisoner: "Pekka",
  visitor: "Anna",
  relation: null,
  phase: "live",
  starts_at: 0,
  ends_at: 1,
  closed: false,
  watchable: true,
  audible: false,
  recording: "on",
  lines: {},
  presence: {},
  hold: null,
  needs: [],
  ...over,
});
const wall = (...calls: WallCall[]): WallState => ({ now: 0, calls, coming: [] });
const closed = { closed: true, watchable: false };

describe("the next call of an officer", () => {
  test("follows the cells, round again, and passes what may not be watched", () => {
    const calls = wall(call("A-12"), call("A-17", closed), call("B-02"));
    expect(nextCall(calls, "A-12")?.cell).toBe("B-02");
    expect(nextCall(calls, "B-02")?.cell).toBe("A-12");
  });
  test("is first of all one that needs somebody", () => {
    expect(nextCall(wall(call("A-12"), call("A-14"), call("B-02", { needs: ["lost"] })), "A-12")?.cell).toBe("B-02");
  });
  test("is none where no other call may be watched", () => {
    expect(nextCall(wall(call("A-12"), call("A-17", closed)), "A-12")).toBeNull();
  });
});
