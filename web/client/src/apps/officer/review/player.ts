// Plays a recording: one clock, a feed for each track, and what the page shows of them.
import type { Fault } from "../../../api/api";
import { Store } from "../../../call/store";
import { bytesOf, type Bytes, type Timeline, type Track } from "./api";
import { MasterClock } from "./clock";
import { Feed, type FeedState } from "./feed";

export interface PlayerView {
  /** ms of the recording; while it runs, in steps of a tenth of a second. */
  at: number;
  playing: boolean;
  /** Playing, and standing until bytes have come. */
  waiting: boolean;
  rate: number;
  /** By track id. */
  tracks: Readonly<Record<string, FeedState>>;
  /** The server did not answer; the player tries again by itself. */
  fault: Fault | null;
  /** The grant is over: nothing is shown before a new opening. */
  ended: Fault | null;
}

export const RATES = [0.5, 1, 1.5, 2, 4] as const;
const TICK = 50;
const STEP = 100;

export class Player {
  readonly view: Store<PlayerView>;
  readonly #timeline: Timeline;
  readonly #clock: MasterClock;
  readonly #feeds = new Map<string, Feed>();
  readonly #bytes: (recording: string, track: string) => Bytes;

  constructor(timeline: Timeline, from = 0, bytes = bytesOf) {
    this.#timeline = timeline;
    this.#bytes = bytes;
    this.#clock = new MasterClock(timeline.duration_ms);
    this.#clock.seek(from, 0);
    this.view = new Store<PlayerView>({ at: from, playing: false, waiting: false, rate: 1, tracks: {}, fault: null, ended: null });
  }

  /** Ticks until the answer is called, which also empties every element. */
  start(): () => void {
    const timer = setInterval(() => this.#tick(), TICK);
    return () => {
      clearInterval(timer);
      for (const feed of this.#feeds.values()) feed.close();
      this.#feeds.clear();
    };
  }

  /** Gives a track its element. */
  attach(track: Track, element: HTMLMediaElement): void {
    const feed = new Feed(track, element, this.#bytes(this.#timeline.recording, track.id), {
      ended: (code) => this.end(code),
      fault: (fault) => this.view.get().fault === fault || this.view.patch({ fault }),
    });
    this.#feeds.set(track.id, feed);
    void feed.run(this.#timeline.duration_ms);
  }

  readonly toggle = (): void => {
    if (this.view.get().ended !== null) return;
    if (this.#clock.playing) this.#clock.pause(now());
    else this.#clock.play(now());
    this.#tick();
  };

  readonly seek = (at: number): void => {
    this.#clock.seek(at, now());
    this.#tick();
  };

  /** Moves by so many ms. */
  readonly skip = (by: number): void => this.seek(this.#clock.at(now()) + by);

  readonly speed = (rate: number): void => {
    this.#clock.speed(rate, now());
    this.view.patch({ rate });
  };

  /** The grant is over. */
  end(code: Fault): void {
    this.#clock.pause(now());
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
    this.view.patch({ ended: code, playing: false, waiting: false, tracks: {} });
  }

  get at(): number {
    return this.#clock.at(now());
  }

  #tick(): void {
    const at = this.at;
    if (this.#clock.playing && at >= this.#timeline.duration_ms) this.#clock.pause(now());
    const feeds = [...this.#feeds.values()];
    for (const feed of feeds) feed.want(at, this.#clock.rate);
    const states = feeds.map((feed) => feed.stateAt(at, now()));
    this.#clock.hold(states.includes("loading"), now());
    for (const feed of feeds) feed.follow(at, this.#clock.running, this.#clock.rate, now());
    this.#publish(at, Object.fromEntries(feeds.map((feed, i) => [feed.track.id, states[i] ?? "nothing"])));
  }

  #publish(at: number, tracks: PlayerView["tracks"]): void {
    const { playing, running } = this.#clock;
    const shown = running ? Math.floor(at / STEP) * STEP : Math.round(at);
    const view: PlayerView = { ...this.view.get(), at: shown, playing, waiting: playing && !running, tracks };
    if (!same(view, this.view.get())) this.view.set(view);
  }
}

const now = (): number => performance.now();

function same(a: PlayerView, b: PlayerView): boolean {
  const tracks = Object.keys(a.tracks);
  return (
    a.at === b.at &&
    a.playing === b.playing &&
    a.waiting === b.waiting &&
    tracks.length === Object.keys(b.tracks).length &&
    tracks.every((id) => a.tracks[id] === b.tracks[id])
  );
}

export const canPlay = (timeline: Timeline): boolean =>
  typeof MediaSource !== "undefined" &&
  timeline.tracks.every((track) => MediaSource.isTypeSupported(`${track.kind}/webm; codecs="${track.codec}"`));
