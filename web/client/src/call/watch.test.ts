import { beforeEach, describe, expect, test } from "vitest";
import { Link } from "./link";
import type { WallCall, WallState } from "./protocol.gen";
import { FakePeer, FakeServer, ManualTimers, settle } from "./testing/doubles";
import { callState } from "./testing/states";
import { WatchSession, watchedStream } from "./watch";

let server: FakeServer;
let timers: ManualTimers;
let peers: FakePeer[];
let session: WatchSession;
let wall: WallState;

const wallCall = (visit: string, over: Partial<WallCall> = {}): WallCall => ({
  visit,
  call: `call ${visit}`,
  cell: "A-12",
  prisoner: "Pekka",
  visitor: "Anna",
  relation: null,
  phase: "live",
  starts_at: 0,
  ends_at: 9_000_000,
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

beforeEach(() => {
  server = new FakeServer();
  timers = new ManualTimers();
  peers = [];
  wall = { now: 1_000_500, calls: [wallCall("one")], coming: [] };
  server.replies = {
    sync: () => ({ ok: true, calls: [], wall }),
    watch: () => ({ ok: true, leg: `leg${peers.length + 1}`, sdp: "offer", ice: [] }),
  };
  const link = new Link({
    ticket: async () => ({ ok: true, value: { ticket: "ticket-ticket" } }),
    open: server.open,
    timers,
    tab: "tab1",
  });
  const peer = (): RTCPeerConnection => {
    const made = new FakePeer(["a0", "v0", "a1", "v1"]);
    peers.push(made);
    return made.real;
  };
  session = new WatchSession({ link, peer, timers });
});

async function start(): Promise<void> {
  session.start();
  await settle();
}

describe("an officer", () => {
  test("has one watcher leg for each live call that may be watched, and none for a closed one", async () => {
    wall = { ...wall, calls: [wallCall("one"), wallCall("two"), wallCall("closed", { closed: true, watchable: false })] };
    await start();
    expect(server.asked.filter(([event]) => event === "watch")).toEqual([
      ["watch", { visit: "one" }],
      ["watch", { visit: "two" }],
    ]);
  });

  test("gets no second leg when the wall is told again", async () => {
    await start();
    server.news("wall_state", wall);
    await settle();
    expect(peers).toHaveLength(1);
  });

  test("loses the leg of a call that has left the wall", async () => {
    await start();
    server.news("wall_state", { ...wall, calls: [wallCall("one", { phase: "ended" })] });
    expect(peers[0]?.connectionState).toBe("closed");
    expect(session.view.get().legs.size).toBe(0);
  });

  test("sees full pictures of the call that is opened, and previews again when it is left", async () => {
    await start();
    peers[0]?.become("connected");
    session.focus("one");
    session.focus(null);
    expect(server.asked.filter(([event]) => event === "focus").map(([, sent]) => sent)).toEqual([
      { visit: "one", full: true },
      { visit: "one", full: false },
    ]);
  });

  test("sees full pictures again after the leg was made anew", async () => {
    await start();
    peers[0]?.become("connected");
    session.focus("one");
    peers[0]?.become("failed");
    await settle();
    peers[1]?.become("connected");
    await settle();
    expect(server.count("focus")).toBe(2);
  });

  test("tries again, with patience, when the server cannot give a leg", async () => {
    server.replies["watch"] = () => ({ ok: false, error: { code: "unavailable", params: {} } });
    await start();
    expect(server.count("watch")).toBe(1);
    timers.pass(250);
    await settle();
    expect(server.count("watch")).toBe(2);
  });

  test("leaves all legs when the connection breaks, and has them again when it is back", async () => {
    await start();
    server.breakConnection();
    expect(peers[0]?.connectionState).toBe("closed");
    timers.pass(3_000);
    await settle();
    expect(peers).toHaveLength(2);
  });

  test("sees a party in the slot the server says, of the present leg only", async () => {
    await start();
    const stream = {} as MediaStream;
    peers[0]?.ontrack?.({ transceiver: { mid: "v0" }, streams: [stream], track: {} });
    const slot = { leg: "leg1", slot: 0, party: "visitor", level: "preview", audio: false } as const;
    server.news("call_state", callState({ visit: "one", slots: [slot] }));
    expect(watchedStream(session.view.get(), "one", "visitor")).toBe(stream);
    server.news("call_state", callState({ visit: "one", slots: [{ ...slot, leg: "another" }] }));
    expect(watchedStream(session.view.get(), "one", "visitor")).toBeNull();
  });
});
