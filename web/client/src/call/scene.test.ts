import { describe, expect, test } from "vitest";
import type { LinkStatus } from "./link";
import type { EndedState } from "./protocol.gen";
import { farewellOf, sceneOf, unread } from "./scene";
import type { SessionView } from "./session";
import { callState, party } from "./testing/states";

const up: LinkStatus = { at: "up", since: 0 };
const view: SessionView = {
  calls: new Map(),
  skew: 0,
  leg: "connected",
  legId: "leg1",
  met: true,
  streams: new Map(),
  lived: new Set(),
  mustJoin: false,
  synced: true,
  roundTrip: 20,
  agenda: 0,
};
const pekka = (part: object) => [party("Pekka", { party: "prisoner", ...part }), party("Anna")];

const ended = (reason: EndedState["reason"], by: EndedState["by"]) =>
  farewellOf(callState({ phase: "ended", ended: { reason, text: null, at: 1, by } }), true);

describe("the screen of a call", () => {
  test("tells of the own lost line before the other's", () => {
    const lost = callState({ parties: pekka({ presence: "lost" }) });
    expect(sceneOf(lost, view, up)).toBe("other_lost");
    expect(sceneOf(lost, { ...view, leg: "lost" }, up)).toBe("own_lost");
    expect(sceneOf(lost, view, { at: "down", since: 0 })).toBe("own_lost");
  });
  test("calls a first connection connecting, not lost", () => {
    expect(sceneOf(callState(), { ...view, leg: "opening", met: false }, up)).toBe("joining");
  });
  test("says nothing of a connection that the server took away to end the call", () => {
    expect(sceneOf(callState(), { ...view, leg: "none", met: false }, up)).not.toBe("joining");
  });
  test("a standing picture is a weak line only while the camera is on", () => {
    const slots = [{ leg: "leg1", slot: 0, party: "prisoner", level: "none" as const, audio: true }];
    expect(sceneOf(callState({ slots }), view, up)).toBe("weak_still");
    expect(sceneOf(callState({ slots, parties: pekka({ video: false }) }), view, up)).toBe("good");
  });
  test("shows the oldest warning until this person has confirmed it", () => {
    const warning = { id: "w1", code: null, text: "Please", at: 1, seen_by: ["prisoner"] };
    const call = callState({ warnings: [warning, { ...warning, id: "w2" }] });
    expect(unread(call)?.id).toBe("w1");
    expect(unread(callState({ warnings: [{ ...warning, seen_by: ["visitor"] }] }))).toBeNull();
  });
  test("has a farewell for every end", () => {
    expect(ended("time", null)).toBe("time");
    const missed = callState({ phase: "ended", ended: { reason: "time", text: null, at: 1, by: null } });
    expect(farewellOf(missed, false)).toBe("missed");
    expect(ended("left", "visitor")).toBe("left.you");
    expect(ended("left", "prisoner")).toBe("left.other");
    expect(ended("node", null)).toBe("fault");
    expect(ended("threats", "officer")).toBe("officer");
  });
});
