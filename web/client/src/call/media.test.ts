import { beforeEach, describe, expect, test, vi } from "vitest";
import { OwnDevices, type Devices } from "./media";
import { settle } from "./testing/doubles";

class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = "";
  stopped = false;
  readonly kind: string;
  constructor(kind: string) {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.stopped = true;
  }
}

class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[]) {
    this.tracks = tracks;
  }
  getTracks = (): FakeTrack[] => this.tracks;
  getAudioTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === "audio");
  getVideoTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === "video");
}

/** The browser's devices: a kind with a fault is refused, and an unanswered question waits. */
class Browser extends EventTarget {
  faults: Partial<Record<"audio" | "video", string>> = {};
  given: FakeTrack[] = [];
  wait: Promise<void> = Promise.resolve();
  getUserMedia = async (asked: MediaStreamConstraints): Promise<MediaStream> => {
    await this.wait;
    const kinds = (["audio", "video"] as const).filter((kind) => asked[kind]);
    const fault = kinds.map((kind) => this.faults[kind]).find(Boolean);
    if (fault !== undefined) throw Object.assign(new Error(fault), { name: fault });
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.given.push(...tracks);
    return new FakeStream(tracks) as unknown as MediaStream;
  };
}

let browser: Browser;
let own: OwnDevices;

beforeEach(() => {
  vi.stubGlobal("MediaStream", FakeStream);
  browser = new Browser();
  own = new OwnDevices(browser as unknown as Devices, () => () => undefined);
});

describe("own devices", () => {
  test("give picture and sound, and say so", async () => {
    await own.start(true);
    expect(own.view.get()).toMatchObject({ camera: "on", microphone: "on" });
    expect(own.allowed()).toEqual({ audio: true, video: true });
  });

  test("keep the sound when only the camera is blocked", async () => {
    browser.faults = { video: "NotAllowedError" };
    await own.start(true);
    expect(own.view.get()).toMatchObject({ camera: "blocked", microphone: "on", stream: null });
    expect(own.allowed()).toEqual({ audio: true, video: false });
  });

  test("keep the picture when there is no microphone", async () => {
    browser.faults = { audio: "NotFoundError" };
    await own.start(true);
    expect(own.view.get()).toMatchObject({ camera: "on", microphone: "missing" });
  });

  test("do not ask for a camera when sound only was chosen", async () => {
    await own.start(false);
    expect(browser.given.map((track) => track.kind)).toEqual(["audio"]);
    expect(own.view.get().camera).toBe("off");
  });

  test("let everything go at the end", async () => {
    await own.start(true);
    own.stop();
    expect(browser.given.every((track) => track.stopped)).toBe(true);
    expect(own.tracks.get()).toEqual({ audio: null, video: null });
  });

  test("throw away what the browser gives after the person has left", async () => {
    const question = { answer: (): void => undefined };
    browser.wait = new Promise((resolve) => {
      question.answer = resolve;
    });
    const started = own.start(true);
    own.stop();
    question.answer();
    await started;
    expect(browser.given.every((track) => track.stopped)).toBe(true);
    expect(own.view.get().camera).toBe("off");
  });

  test("a camera that is switched off is let go, not only hidden", async () => {
    await own.start(true);
    await own.switchCamera(false);
    expect(browser.given.find((track) => track.kind === "video")?.stopped).toBe(true);
    expect(own.allowed().video).toBe(false);
    await own.switchCamera(true);
    expect(own.view.get().camera).toBe("on");
  });

  test("a muted microphone stays muted when it is opened anew", async () => {
    own.mute(true);
    await own.start(true);
    expect(browser.given[0]?.enabled).toBe(false);
    expect(own.allowed().audio).toBe(false);
  });

  test("an unplugged camera is told, and taken again when it is back", async () => {
    await own.start(true);
    browser.given.find((track) => track.kind === "video")?.dispatchEvent(new Event("ended"));
    expect(own.view.get().camera).toBe("lost");
    browser.dispatchEvent(new Event("devicechange"));
    await settle();
    expect(own.view.get().camera).toBe("on");
  });
});
