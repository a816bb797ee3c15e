import { beforeEach, describe, expect, test } from "vitest";
import type { Tracks } from "./leg";
import { Link } from "./link";
import type { CallState } from "./protocol.gen";
import { CallSession, hasJoined, legWanted, runningCall, streamOf } from "./session";
import { Store } from "./store";
import { FakePeer, FakeServer, fakeTrack, ManualTimers, settle } from "./testing/doubles";
import { callState, party } from "./testing/states";

let server: FakeServer;
let timers: ManualTimers;
let peers: FakePeer[];
let tracks: Store<Tracks>;
let session: CallSession;
let calls: CallState[];

beforeEach(() => {
  server = new FakeServer();
  timers = new ManualTimers();
  peers = [];
  tracks = new Store<Tracks>({ audio: null, video: null });
  calls = [callState()];
  server.replies = {
    sync: () => ({ ok: true, calls, wall: null }),
    open_leg: () => ({ ok: true, leg: `leg${peers.length + 1}`, sdp: "offer", ice: [] }),
  };
  const link = new Link({
    ticket: async () => ({ ok: true, value: { ticket: "ticket-ticket" } }),
    open: server.open,
    timers,
    tab: "tab1",
  });
  session = new CallSession({
    link,
    media: { tracks, allowed: () => ({ audio: true, video: false }) },
    peer: () => {
      const peer = new FakePeer(["a", "v", "p", "a0", "v0"]);
      peers.push(peer);
      return peer.real;
    },
    timers,
  });
});

async function live(): Promise<void> {
  session.start();
  await settle();
  peers[0]?.become("connected");
}

describe("a participant", () => {
  test("that loads its page during a call is in it with one leg, and says what may be heard", async () => {
    await live();
    expect(session.view.get().leg).toBe("connected");
    expect(server.asked.map(([event]) => event)).toEqual(["sync", "open_leg", "answer_leg", "set_media"]);
    expect(server.asked.at(-1)?.[1]).toEqual({ audio: true, video: false });
  });

  test("gets no leg before it has joined, and one as soon as it has", async () => {
    const away = [party("Pekka", { party: "prisoner", presence: "absent" }), party("Anna", { presence: "absent" })];
    calls = [callState({ phase: "waiting", parties: away, slots: [] })];
    session.start();
    await settle();
    expect(server.count("open_leg")).toBe(0);
    await session.join();
    server.news("call_state", callState({ phase: "ringing", parties: [party("Anna", { presence: "lobby" })], slots: [] }));
    await settle();
    expect(server.count("open_leg")).toBe(1);
  });

  test("opens a new leg when the old one fails, without asking anybody", async () => {
    await live();
    peers[0]?.become("failed");
    await settle();
    expect(peers).toHaveLength(2);
    expect(peers[0]?.connectionState).toBe("closed");
    peers[1]?.become("connected");
    expect(session.view.get().leg).toBe("connected");
  });

  test("gives a stuttering leg a moment before it opens another", async () => {
    await live();
    peers[0]?.become("disconnected");
    timers.pass(500);
    peers[0]?.become("connected");
    timers.pass(5_000);
    await settle();
    expect(peers).toHaveLength(1);
    peers[0]?.become("disconnected");
    timers.pass(1_300);
    await settle();
    expect(peers).toHaveLength(2);
  });

  test("keeps a living leg when only the socket broke", async () => {
    await live();
    server.breakConnection();
    timers.pass(3_000);
    await settle();
    expect(session.view.get().synced).toBe(true);
    expect(peers).toHaveLength(1);
  });

  test("opens a new leg when the server that came back does not know the old one", async () => {
    await live();
    server.breakConnection();
    calls = [callState({ slots: [] })];
    timers.pass(3_000);
    await settle();
    expect(peers).toHaveLength(2);
  });

  test("waits for the link before it opens a new leg, and opens it within a second of the link", async () => {
    await live();
    server.reachable = false;
    server.breakConnection();
    peers[0]?.become("failed");
    await settle();
    expect(peers).toHaveLength(1);
    server.reachable = true;
    session.back(false);
    await settle();
    timers.pass(1_000);
    await settle();
    expect(peers).toHaveLength(2);
  });

  test("that slept does not trust the old socket", async () => {
    await live();
    session.back(true);
    await settle();
    expect(server.hellos).toHaveLength(2);
  });

  test("goes through the lobby again when the server says so, and does not press", async () => {
    server.replies["open_leg"] = () => ({ ok: false, error: { code: "call_not_joined", params: {} } });
    session.start();
    await settle();
    timers.pass(10_000);
    await settle();
    expect(session.view.get().mustJoin).toBe(true);
    expect(server.count("open_leg")).toBe(1);
  });

  test("tries again with patience when the server has no room for its leg", async () => {
    server.replies["open_leg"] = () => ({ ok: false, error: { code: "leg_limit", params: {} } });
    session.start();
    await settle();
    for (let i = 0; i < 3; i++) {
      timers.pass(3_000);
      await settle();
    }
    expect(server.count("open_leg")).toBe(4);
  });

  test("leaves a leg closed that the server closed for good, and reopens one that merely broke", async () => {
    await live();
    server.news("leg_closed", { leg: "leg1", reason: "handshake" });
    await settle();
    expect(peers).toHaveLength(2);
    server.news("leg_closed", { leg: "leg2", reason: "ended" });
    await settle();
    expect(peers).toHaveLength(2);
    expect(session.view.get().leg).toBe("none");
  });

  test("lets the leg go when the call has ended", async () => {
    await live();
    server.news("call_state", callState({ phase: "ended" }));
    expect(peers[0]?.connectionState).toBe("closed");
    expect(session.view.get().leg).toBe("none");
  });

  test("hands new devices to the leg it has", async () => {
    await live();
    const camera = fakeTrack("video");
    tracks.patch({ video: camera });
    await settle();
    expect(peers[0]?.senders.get("v")?.track).toBe(camera);
    expect(peers[0]?.senders.get("p")?.track).toMatchObject({ of: camera });
  });

  test("counts time by the server's clock", async () => {
    calls = [callState({ now: timers.time + 90_000 })];
    session.start();
    await settle();
    expect(session.view.get().skew).toBe(90_000);
  });

  test("shows the stream of the slot in which the server seats the other one", async () => {
    await live();
    const stream = { id: "s0" } as MediaStream;
    peers[0]?.ontrack?.({ transceiver: { mid: "v0" }, streams: [stream], track: {} });
    expect(streamOf(session.view.get(), callState(), "prisoner")).toBe(stream);
    expect(streamOf(session.view.get(), callState({ slots: [] }), "prisoner")).toBeNull();
    const slots = [{ leg: "older", slot: 0, party: "prisoner", level: "main" as const, audio: true }];
    expect(streamOf(session.view.get(), callState({ slots }), "prisoner")).toBeNull();
  });
});

describe("which call and which leg", () => {
  test("a live call comes before a ringing one, and an ended one last", () => {
    const view = session.view.get();
    const some = [callState({ visit: "a", phase: "ended" }), callState({ visit: "b", phase: "ringing" }), callState({ visit: "c" })];
    expect(runningCall({ ...view, calls: new Map(some.map((c) => [c.visit, c])) })?.visit).toBe("c");
    expect(runningCall(view)).toBeNull();
  });
  test("a prisoner has no leg while it rings", () => {
    expect(legWanted(callState({ you: "prisoner", phase: "ringing" }))).toBe(false);
    expect(legWanted(callState({ you: "visitor", phase: "ringing" }))).toBe(true);
    expect(legWanted(callState({ phase: "ended" }))).toBe(false);
  });
  test("a visitor that is absent has not joined", () => {
    expect(hasJoined(callState({ parties: [party("Anna", { presence: "absent" })] }))).toBe(false);
    expect(hasJoined(callState({ parties: [party("Anna", { presence: "lobby" })] }))).toBe(true);
  });
});
