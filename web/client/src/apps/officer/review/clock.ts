// The one clock that both pictures follow; it goes on over gaps and stands only while bytes are on their way.
export class MasterClock {
  #at = 0;
  #since = 0;
  #rate = 1;
  #playing = false;
  #held = false;
  readonly #duration: number;

  /** `duration` in ms of the recording. */
  constructor(duration: number) {
    this.#duration = duration;
  }

  /** Where the recording is at the moment `now` (monotonic ms). */
  at(now: number): number {
    const gone = this.running ? (now - this.#since) * this.#rate : 0;
    return Math.min(this.#duration, this.#at + Math.max(0, gone));
  }

  get playing(): boolean {
    return this.#playing;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Playing, and not waiting for bytes. */
  get running(): boolean {
    return this.#playing && !this.#held;
  }

  /** Playing at the end begins again. */
  play(now: number): void {
    const at = this.at(now);
    this.#set(at >= this.#duration ? 0 : at, now);
    this.#playing = true;
  }

  pause(now: number): void {
    this.#set(this.at(now), now);
    this.#playing = false;
  }

  seek(at: number, now: number): void {
    this.#set(Math.min(this.#duration, Math.max(0, at)), now);
  }

  speed(rate: number, now: number): void {
    this.#set(this.at(now), now);
    this.#rate = rate;
  }

  /** Stands while something that should be there has not come yet. */
  hold(held: boolean, now: number): void {
    if (held === this.#held) return;
    this.#set(this.at(now), now);
    this.#held = held;
  }

  #set(at: number, now: number): void {
    this.#at = at;
    this.#since = now;
  }
}
