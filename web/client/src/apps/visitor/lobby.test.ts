import { describe, expect, test } from "vitest";
import type { MediaView } from "../../call/media";
import { callState, party } from "../../call/testing/states";
import { deviceTrouble, lobbyState, type Facts } from "./lobby";

const media = (part: Partial<MediaView>): MediaView => ({
  camera: "on",
  microphone: "on",
  muted: false,
  stream: null,
  ...part,
});
const facts = (part: Partial<Facts>): Facts => ({
  early: false,
  call: null,
  mustJoin: false,
  trouble: null,
  now: 1_000_000,
  ...part,
});
const lobby = [party("Pekka", { party: "prisoner" }), party("Anna", { presence: "lobby" })];

describe("the devices of a visitor", () => {
  test("a blocked camera is trouble until sound only was chosen", () => {
    expect(deviceTrouble(media({ camera: "blocked" }), false, false)).toBe("camera_blocked");
    expect(deviceTrouble(media({ camera: "off" }), true, false)).toBeNull();
  });
  test("one question of the browser that was refused blocks both", () => {
    expect(deviceTrouble(media({ camera: "blocked", microphone: "blocked" }), false, false)).toBe("both_blocked");
  });
  test("no camera at all, a camera in use, and no device whatever each have their own words", () => {
    expect(deviceTrouble(media({ camera: "missing" }), false, false)).toBe("camera_missing");
    expect(deviceTrouble(media({ camera: "busy" }), false, false)).toBe("camera_busy");
    expect(deviceTrouble(media({ camera: "missing", microphone: "missing" }), false, false)).toBe("none_found");
    expect(deviceTrouble(media({ microphone: "missing" }), false, false)).toBe("microphone_missing");
  });
});

describe("the lobby", () => {
  test("is ready before joining and rings after it", () => {
    expect(lobbyState(facts({}))).toBe("ready");
    expect(lobbyState(facts({ call: callState({ phase: "ringing", parties: lobby }) }))).toBe("ringing");
  });
  test("waits for the time when joined before it", () => {
    const call = callState({ phase: "waiting", parties: lobby, starts_at: 2_000_000 });
    expect(lobbyState(facts({ call }))).toBe("waits_for_time");
  });
  test("tells a declined ring from one that nobody answered", () => {
    expect(lobbyState(facts({ call: callState({ phase: "waiting", parties: lobby, declined_at: 5 }) }))).toBe("declined");
    expect(lobbyState(facts({ call: callState({ phase: "waiting", parties: lobby }) }))).toBe("unanswered");
  });
  test("asks who was away for long to join again", () => {
    expect(lobbyState(facts({ call: callState({ parties: lobby }), mustJoin: true }))).toBe("away");
  });
  test("a lost camera interrupts even the waiting, a test in progress does not", () => {
    const call = callState({ phase: "ringing", parties: lobby });
    expect(lobbyState(facts({ call, trouble: "camera_busy" }))).toBe("camera_busy");
    expect(lobbyState(facts({ call, trouble: "asking" }))).toBe("ringing");
  });
});
