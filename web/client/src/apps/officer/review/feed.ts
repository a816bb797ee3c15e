// Brings one track to its element: fetches what the clock will need, forgets what it no longer needs, stays in step.
import type { Fault } from "../../../api/api";
import type { Bytes, Track } from "./api";
import { BufferLost, MediaBuffer } from "./buffer";
import { moveTo, placeIn, type Range } from "./follow";
import { AHEAD, clusterAt, forgettable, nextCluster, wanted } from "./plan";
import { after, lastingUntil, timesOf } from "./webm";

/** here: on the screen. loading: it will be. nothing: there is nothing at this time. */
export type FeedState = "here" | "loading" | "nothing";

const ENDED: ReadonlySet<Fault> = new Set(["grant_missing", "not_signed_in", "session_ended", "not_permitted"]);
/** Clusters that are asked for before they are appended. */
const ASKED = 4;
const RETRY = 1_000;
const TRIES = 3;
/** An element that seeks for longer is shown as it is; the clock does not wait for it for ever. */
const SEEK_PATIENCE = 1_000;
/** A seek that takes as long as this is asked for again: it may never end by itself. */
const SEEK_AGAIN = 4_000;
/** How often an element that gave up its source gets a new one. */
const SOURCES = 5;

export interface FeedListener {
  /** The server shows nothing more without a new opening. */
  ended: (code: Fault) => void;
  /** null: it answers again. */
  fault: (code: Fault | null) => void;
}

export class Feed {
  readonly track: Track;
  readonly element: HTMLMediaElement;
  readonly #bytes: Bytes;
  readonly #listener: FeedListener;
  #buffer = new MediaBuffer();
  readonly #closing = new AbortController();
  readonly #asked = new Map<number, ReturnType<Bytes["cluster"]>>();
  readonly #has = new Set<number>();
  #last: number | null = null;
  #lastMs = -1;
  #tries = 0;
  #at = 0;
  #ahead = AHEAD;
  #wake: () => void = () => undefined;
  #sought = 0;
  #lost = false;

  constructor(track: Track, element: HTMLMediaElement, bytes: Bytes, listener: FeedListener) {
    this.track = track;
    this.element = element;
    this.#bytes = bytes;
    this.#listener = listener;
  }

  /** Runs until `close`. `duration` in ms. */
  async run(duration: number): Promise<void> {
    for (let sources = 1; !this.#closing.signal.aborted; sources++) {
      try {
        await this.#fill(duration);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const gaveUp = error instanceof BufferLost;
        if (!gaveUp || sources === SOURCES) {
          this.#lost = true;
          return this.#listener.fault(gaveUp ? "recording_unreadable" : "internal");
        }
        this.#forgetAll();
      }
    }
  }

  /** Fills one source of the element. Raises BufferLost where the element gave it up. */
  async #fill(duration: number): Promise<void> {
    await this.#buffer.open(this.element, `${this.track.kind}/webm; codecs="${this.track.codec}"`, duration / 1000);
    await this.#init();
    while (!this.#closing.signal.aborted) await this.#step();
  }

  #forgetAll(): void {
    this.#buffer.close(this.element);
    this.#buffer = new MediaBuffer();
    this.#has.clear();
    this.#asked.clear();
    this.#last = null;
    this.#lastMs = -1;
  }

  close(): void {
    this.#closing.abort();
    this.#wake();
    this.#buffer.close(this.element);
  }

  /** Where the clock is (ms) and how fast it goes. */
  want(at: number, rate: number): void {
    this.#at = at;
    this.#ahead = AHEAD * Math.max(1, rate);
    this.#wake();
  }

  stateAt(at: number, now: number): FeedState {
    const index = clusterAt(this.track.clusters, at);
    if (index === -1 || this.#lost) return "nothing";
    if (!this.#has.has(index)) return "loading";
    if (placeIn(this.#ranges(), at / 1000) === null) return "nothing";
    const settling = this.element.seeking || this.element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA;
    return settling && now - this.#sought < SEEK_PATIENCE ? "loading" : "here";
  }

  /** Puts the element where the clock is; `running`: the clock is moving. */
  follow(at: number, running: boolean, rate: number, now: number): void {
    const place = placeIn(this.#ranges(), at / 1000, !running);
    if (place === null) return void this.element.pause();
    const move = moveTo(this.element.currentTime, place, running, rate);
    if (!move.jump) this.element.playbackRate = move.rate;
    else if (!this.element.seeking || now - this.#sought >= SEEK_AGAIN) {
      this.#sought = now;
      this.element.currentTime = place;
    }
    if (!running) this.element.pause();
    // Refused without a press, or overtaken by a pause: the next tick asks again.
    else if (this.element.paused) this.element.play().catch(() => undefined);
  }

  async #init(): Promise<void> {
    for (;;) {
      const answer = await this.#bytes.init(this.#closing.signal);
      if (answer.ok) return this.#buffer.append(answer.value);
      await this.#refused(answer.code);
    }
  }

  async #step(): Promise<void> {
    this.#buffer.check();
    const clusters = this.track.clusters;
    const held = { has: this.#has, last: this.#last };
    for (const piece of forgettable(clusters, held, this.#at, this.#ahead)) {
      await this.#buffer.remove(piece.from / 1000, piece.to / 1000);
      for (let i = piece.first; i < piece.end; i++) this.#has.delete(i);
    }
    const index = nextCluster(clusters, held, this.#at, this.#ahead);
    if (index === null) return this.#sleep();
    this.#askFrom(index);
    const answer = await this.#asked.get(index);
    // The clock may have gone elsewhere while the bytes came.
    if (answer === undefined || nextCluster(clusters, held, this.#at, this.#ahead) !== index) return;
    this.#asked.delete(index);
    if (answer.ok) await this.#put(index, answer.value);
    else await this.#failed(index, answer.code);
  }

  async #put(index: number, bytes: ArrayBuffer): Promise<void> {
    if (this.#has.has(index)) this.#forgetRun(index);
    await this.#buffer.append(this.track.kind === "video" ? this.#mended(index, bytes) : bytes);
    this.#settle(index);
  }

  #mended(index: number, bytes: ArrayBuffer): ArrayBuffer {
    const next = this.track.clusters[index + 1];
    const mine = this.#last === index - 1 ? after(bytes, this.#lastMs) : bytes;
    this.#lastMs = timesOf(mine)?.last ?? -1;
    return next === undefined || next.keyframe ? mine : lastingUntil(mine, next.from_ms);
  }

  #settle(index: number): void {
    this.#tries = 0;
    this.#has.add(index);
    this.#last = index;
    this.#listener.fault(null);
  }

  /** A run that begins again replaces what is there of it. */
  #forgetRun(index: number): void {
    const next = this.track.clusters.findIndex((cluster, i) => i > index && cluster.keyframe);
    for (const each of this.#has) if (each >= index && (next === -1 || each < next)) this.#has.delete(each);
  }

  async #failed(index: number, code: Fault): Promise<void> {
    this.#asked.clear(); // what was asked with it has failed as well
    this.#tries += 1;
    if (code === "recording_unreadable" || code === "recording_unknown" || this.#tries > TRIES) {
      if (code !== "offline") return this.#settle(index); // what cannot be read is passed over, and not shown
    }
    await this.#refused(code);
  }

  async #refused(code: Fault): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (ENDED.has(code)) {
      this.#listener.ended(code);
      this.#closing.abort();
      return;
    }
    this.#listener.fault(code);
    await new Promise((done) => setTimeout(done, RETRY));
  }

  #askFrom(index: number): void {
    const window = wanted(this.track.clusters, this.#at, this.#ahead);
    const end = Math.min(index + ASKED, (window?.last ?? index) + 1);
    for (const each of this.#asked.keys()) if (each < index || each >= index + ASKED) this.#asked.delete(each);
    for (let i = index; i < end; i++) {
      if (!this.#asked.has(i)) this.#asked.set(i, this.#bytes.cluster(i, this.#closing.signal));
    }
  }

  #sleep(): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
    });
  }

  #ranges(): Range[] {
    const buffered = this.element.buffered;
    return Array.from({ length: buffered.length }, (_, i) => ({ start: buffered.start(i), end: buffered.end(i) }));
  }
}
