import { describe, expect, test } from "vitest";
import { Leg, slotOf, type LegStatus } from "./leg";
import { FakePeer, fakeTrack, type FakeTrack } from "./testing/doubles";

const offer = { leg: "leg1", sdp: "offer", ice: [] };
const track = fakeTrack;
const previewOf = (peer: FakePeer): FakeTrack => peer.senders.get("p")?.track as unknown as FakeTrack;

function legOn(peer: FakePeer): { leg: Leg; seen: LegStatus[]; slots: [number, unknown][] } {
  const seen: LegStatus[] = [];
  const slots: [number, unknown][] = [];
  const leg = new Leg(offer, peer.real, {
    status: (status) => seen.push(status),
    stream: (slot, stream) => slots.push([slot, stream]),
  });
  return { leg, seen, slots };
}

describe("a leg", () => {
  test("takes the offer, sets directions, then limits, then tracks, and answers", async () => {
    const peer = new FakePeer(["a", "v", "p", "a0", "v0"]);
    const { leg } = legOn(peer);
    expect(await leg.answer({ audio: track("audio"), video: track("video") })).toBe("answer");
    expect(peer.order[0]).toBe("offer");
    expect(peer.order.at(-1)).toBe("answer");
    const firstTrack = peer.order.findIndex((step) => step.startsWith("track"));
    const lastLimit = peer.order.findLastIndex((step) => step.startsWith("limits"));
    expect(lastLimit).toBeLessThan(firstTrack);
    const directions = Object.fromEntries(peer.transceivers.map((t) => [t.mid, t.direction]));
    expect(directions).toEqual({ a: "sendonly", v: "sendonly", p: "sendonly", a0: "recvonly", v0: "recvonly" });
  });

  test("sends the devices that came while it was answering", async () => {
    const peer = new FakePeer(["a", "v", "p", "a0", "v0"]);
    const { leg } = legOn(peer);
    const camera = track("video");
    const answered = leg.answer({ audio: null, video: null });
    await leg.setTracks({ audio: track("audio"), video: camera });
    await answered;
    expect(peer.senders.get("v")?.track).toBe(camera);
    expect(previewOf(peer).of).toBe(camera);
  });

  test("keeps the camera for the preview no longer than for the picture", async () => {
    const peer = new FakePeer(["a", "v", "p", "a0", "v0"]);
    const { leg } = legOn(peer);
    await leg.answer({ audio: null, video: track("video") });
    const first = previewOf(peer);
    await leg.setTracks({ audio: track("audio"), video: first.of ?? null });
    expect(previewOf(peer)).toBe(first);
    await leg.setTracks({ audio: null, video: track("video") });
    const second = previewOf(peer);
    expect([first.stopped, second.stopped]).toEqual([true, false]);
    await leg.setTracks({ audio: null, video: null });
    expect([second.stopped, previewOf(peer)]).toEqual([true, null]);
    await leg.setTracks({ audio: null, video: track("video") });
    const third = previewOf(peer);
    leg.close();
    expect(third.stopped).toBe(true);
  });

  test("sends the small preview from the same camera, small and slow", async () => {
    const peer = new FakePeer(["a", "v", "p", "a0", "v0"]);
    const { leg } = legOn(peer);
    const camera = track("video");
    await leg.answer({ audio: null, video: camera });
    // Not the camera's own track: then both pictures would come at the preview's eight frames a second.
    expect(previewOf(peer).of).toBe(camera);
    expect(peer.senders.get("p")?.encodings).toEqual([
      { scaleResolutionDownBy: 4, maxBitrate: 80_000, maxFramerate: 8 },
    ]);
  });

  test("sends no preview where the offer has no line for it", async () => {
    const peer = new FakePeer(["a", "v", "a0", "v0"]);
    const { leg } = legOn(peer);
    await leg.answer({ audio: track("audio"), video: track("video") });
    expect(peer.order.filter((step) => step.startsWith("track"))).toEqual(["track a", "track v"]);
  });

  test("limits are set after the answer where the browser has none before", async () => {
    const peer = new FakePeer(["v", "p"]);
    for (const sender of peer.senders.values()) sender.encodings = [];
    peer.setLocalDescription = async () => {
      for (const sender of peer.senders.values()) sender.encodings = [{}];
    };
    const { leg } = legOn(peer);
    await leg.answer({ audio: null, video: track("video") });
    expect(peer.senders.get("p")?.encodings[0]?.maxBitrate).toBe(80_000);
  });

  test("gives each slot its stream and keeps quiet after it was closed", async () => {
    const peer = new FakePeer(["a0", "v0"]);
    const { leg, seen, slots } = legOn(peer);
    await leg.answer({ audio: null, video: null });
    peer.ontrack?.({ transceiver: { mid: "v0" }, streams: ["s0"], track: {} });
    peer.become("connected");
    peer.become("disconnected");
    leg.close();
    expect(slots).toEqual([[0, "s0"]]);
    expect(seen).toEqual(["connected", "shaky"]);
  });

  test("reads the slot from the line's name", () => {
    expect([slotOf("a0"), slotOf("v12"), slotOf("a"), slotOf("x1"), slotOf(null)]).toEqual([0, 12, null, null, null]);
  });
});
