// Doubles of what lies beyond the wire: time, the socket, and the browser's peer connection.
import type { Timers } from "../timers";
import type { OpenWire, WireEvents } from "../wire";

/** Time that passes only when told. */
export class ManualTimers implements Timers {
  time = 1_000_000;
  #next = 0;
  readonly #waiting = new Map<number, { at: number; call: () => void }>();
  now = (): number => this.time;
  random = (): number => 0;
  after = (ms: number, call: () => void): (() => void) => {
    const id = this.#next++;
    this.#waiting.set(id, { at: this.time + ms, call });
    return () => this.#waiting.delete(id);
  };
  pass(ms: number): void {
    this.time += ms;
    for (const [id, { at, call }] of [...this.#waiting].toSorted((a, b) => a[1].at - b[1].at)) {
      if (at > this.time || !this.#waiting.delete(id)) continue;
      call();
    }
  }
}

/** Lets everything that has been promised happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

type Replies = Record<string, (payload: unknown) => unknown>;

/** A server at the other end of the socket. */
export class FakeServer {
  readonly asked: [string, unknown][] = [];
  readonly hellos: unknown[] = [];
  replies: Replies = {};
  reachable = true;
  #events: WireEvents | null = null;
  #alive = false;

  open: OpenWire = async (hello, events) => {
    this.hellos.push(hello);
    if (!this.reachable) throw new Error("no way through");
    this.#events = events;
    this.#alive = true;
    return {
      request: async (event, payload) => {
        if (!this.#alive) throw new Error("gone");
        this.asked.push([event, payload]);
        return this.replies[event]?.(payload) ?? { ok: true };
      },
      close: () => {
        this.#alive = false;
      },
    };
  };
  news(event: string, payload: unknown): void {
    this.#events?.news(event, payload);
  }
  breakConnection(): void {
    this.#alive = false;
    this.#events?.down();
  }
  count(event: string): number {
    return this.asked.filter(([name]) => name === event).length;
  }
}

interface FakeSender {
  track: unknown;
  encodings: RTCRtpEncodingParameters[];
  replaceTrack: (track: unknown) => Promise<void>;
  getParameters: () => { encodings: RTCRtpEncodingParameters[] };
  setParameters: (parameters: { encodings: RTCRtpEncodingParameters[] }) => Promise<void>;
}

/** Keeps the order in which it was used. */
export class FakePeer {
  readonly order: string[] = [];
  readonly senders = new Map<string, FakeSender>();
  readonly transceivers: { mid: string; direction: string; sender: FakeSender }[] = [];
  connectionState: RTCPeerConnectionState = "new";
  localDescription: { sdp: string } | null = null;
  ontrack: ((event: unknown) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor(mids: readonly string[]) {
    for (const mid of mids) this.transceivers.push({ mid, direction: "recvonly", sender: this.#sender(mid) });
  }
  #sender(mid: string): FakeSender {
    const sender: FakeSender = {
      track: null,
      encodings: [{}],
      replaceTrack: async (track) => {
        this.order.push(`track ${mid}`);
        sender.track = track;
      },
      getParameters: () => ({ encodings: sender.encodings.map((encoding) => ({ ...encoding })) }),
      setParameters: async ({ encodings }) => {
        this.order.push(`limits ${mid}`);
        sender.encodings = encodings;
      },
    };
    this.senders.set(mid, sender);
    return sender;
  }
  async setRemoteDescription(): Promise<void> {
    this.order.push("offer");
  }
  getTransceivers(): unknown[] {
    return this.transceivers;
  }
  async createAnswer(): Promise<{ sdp: string }> {
    this.order.push("answer");
    return { sdp: "answer" };
  }
  async setLocalDescription({ sdp }: { sdp: string }): Promise<void> {
    this.localDescription = { sdp };
  }
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  close(): void {
    this.connectionState = "closed";
    this.onconnectionstatechange?.();
  }
  get real(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }
}

export interface FakeTrack extends MediaStreamTrack {
  of?: MediaStreamTrack;
  stopped: boolean;
}

/** A track that knows whose clone it is and whether it was stopped. */
export function fakeTrack(kind: string, of?: MediaStreamTrack): FakeTrack {
  const made = { kind, of, stopped: false } as unknown as FakeTrack;
  made.clone = () => fakeTrack(kind, made);
  made.stop = () => {
    made.stopped = true;
  };
  return made;
}
