// One leg: one offer of the server answered once by one RTCPeerConnection (RFC 9429), never renegotiated.
import type { Offer } from "./protocol.gen";

export interface Tracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

export type LegStatus = "new" | "connected" | "shaky" | "failed" | "closed";

export interface LegEvents {
  status: (status: LegStatus) => void;
  /** A receiving slot has (more of) its stream. */
  stream: (slot: number, stream: MediaStream) => void;
}

/** The publishing lines of the offer, by their mid. */
const LINES = { a: "audio", v: "video", p: "video" } as const;
type LineName = keyof typeof LINES;

const isLine = (mid: string | null): mid is LineName => mid !== null && mid in LINES;
/** A slot's lines are a0 v0 a1 v1 …; null for anything else. */
export function slotOf(mid: string | null): number | null {
  const found = /^[av](\d+)$/.exec(mid ?? "");
  return found === null ? null : Number(found[1]);
}

const STATUS: Partial<Record<RTCPeerConnectionState, LegStatus>> = {
  connected: "connected",
  disconnected: "shaky",
  failed: "failed",
  closed: "closed",
};

const MAIN: RTCRtpEncodingParameters = { maxBitrate: 1_500_000, maxFramerate: 30 };
const PREVIEW: RTCRtpEncodingParameters = { scaleResolutionDownBy: 4, maxBitrate: 80_000, maxFramerate: 8 };

export class Leg {
  readonly id: string;
  readonly #peer: RTCPeerConnection;
  readonly #offer: Offer;
  readonly #senders = new Map<LineName, RTCRtpSender>();
  /** The latest that shall be sent: devices may come while the answer is being made. */
  #tracks: Tracks = { audio: null, video: null };
  /** The camera once more, and of which track: two senders of one track both get the lower of their frame rates. */
  #preview: { of: MediaStreamTrack; track: MediaStreamTrack } | null = null;
  #closed = false;

  constructor(offer: Offer, peer: RTCPeerConnection, events: LegEvents) {
    this.id = offer.leg;
    this.#offer = offer;
    this.#peer = peer;
    peer.ontrack = ({ transceiver, streams, track }) => {
      const slot = slotOf(transceiver.mid);
      // Sound and picture of a slot share one stream in the offer: that is what keeps them in step.
      if (slot !== null) events.stream(slot, streams[0] ?? new MediaStream([track]));
    };
    peer.onconnectionstatechange = () => {
      const status = STATUS[peer.connectionState];
      if (status !== undefined && !this.#closed) events.status(status);
    };
  }

  /** Takes the offer and gives the answer's SDP; rejects when the browser cannot. */
  async answer(tracks: Tracks): Promise<string> {
    this.#tracks = tracks;
    await this.#peer.setRemoteDescription({ type: "offer", sdp: this.#offer.sdp });
    // In the same turn: directions first (and, when they come, transforms), tracks last.
    for (const transceiver of this.#peer.getTransceivers()) {
      if (!isLine(transceiver.mid)) continue;
      transceiver.direction = "sendonly";
      this.#senders.set(transceiver.mid, transceiver.sender);
    }
    const limited = await this.#limit();
    await this.setTracks(this.#tracks);
    const answer = await this.#peer.createAnswer();
    await this.#peer.setLocalDescription(answer);
    if (!limited) await this.#limit();
    return this.#peer.localDescription?.sdp ?? answer.sdp ?? "";
  }

  /** Other devices, or none: the lines stay, nothing is renegotiated. */
  async setTracks(tracks: Tracks): Promise<void> {
    this.#tracks = tracks;
    const { audio, video } = tracks;
    const put = (line: LineName, track: MediaStreamTrack | null): Promise<void> | undefined =>
      this.#senders.get(line)?.replaceTrack(track);
    await Promise.all([put("a", audio), put("v", video), put("p", this.#previewOf(video))]);
  }

  #previewOf(video: MediaStreamTrack | null): MediaStreamTrack | null {
    if (this.#preview !== null && this.#preview.of === video) return this.#preview.track;
    // A clone keeps the camera on by itself.
    this.#preview?.track.stop();
    const wanted = video !== null && !this.#closed && this.#senders.has("p");
    this.#preview = wanted ? { of: video, track: video.clone() } : null;
    return this.#preview?.track ?? null;
  }

  close(): void {
    this.#closed = true;
    this.#previewOf(null);
    this.#peer.close();
  }

  /** False where the browser knows no encodings before the answer: then they are set after it. */
  async #limit(): Promise<boolean> {
    const done = await Promise.all([this.#encode("v", MAIN), this.#encode("p", PREVIEW)]);
    return done.every(Boolean);
  }

  async #encode(line: LineName, limits: RTCRtpEncodingParameters): Promise<boolean> {
    const sender = this.#senders.get(line);
    if (sender === undefined) return true;
    const parameters = sender.getParameters();
    const encoding = parameters.encodings?.[0];
    if (encoding === undefined) return false;
    Object.assign(encoding, limits);
    try {
      await sender.setParameters(parameters);
      return true;
    } catch {
      return false;
    }
  }
}
