// One SourceBuffer as promises: bytes in, stretches out, one thing after the other.

export class MediaBuffer {
  readonly #source = new MediaSource();
  readonly #address = URL.createObjectURL(this.#source);
  #buffer: SourceBuffer | null = null;

  /** Opens the element; `type` is a MIME type with codecs, `duration` in seconds. */
  async open(element: HTMLMediaElement, type: string, duration: number): Promise<void> {
    const open = once(this.#source, "sourceopen");
    element.src = this.#address;
    await open;
    this.#source.duration = duration;
    this.#buffer = this.#source.addSourceBuffer(type);
  }

  /** Raises BufferLost. The browser takes the source away when it can decode no more; there is nothing left to fill. */
  check(): void {
    if (this.#source.readyState !== "open" || this.#source.sourceBuffers.length === 0) throw new BufferLost();
  }

  async append(bytes: ArrayBuffer): Promise<void> {
    await this.#do((buffer) => buffer.appendBuffer(bytes));
  }

  /** Seconds. */
  async remove(from: number, to: number): Promise<void> {
    if (to > from) await this.#do((buffer) => buffer.remove(from, Math.min(to, this.#source.duration)));
  }

  close(element: HTMLMediaElement): void {
    element.removeAttribute("src");
    element.load();
    URL.revokeObjectURL(this.#address);
  }

  async #do(work: (buffer: SourceBuffer) => void): Promise<void> {
    this.check();
    const buffer = this.#buffer;
    if (buffer === null) throw new BufferLost();
    const done = once(buffer, "updateend");
    work(buffer);
    await done;
  }
}

/** The element gave up on its source. */
export class BufferLost extends Error {}

const once = (target: EventTarget, event: string): Promise<Event> =>
  new Promise((done) => target.addEventListener(event, done, { once: true }));
