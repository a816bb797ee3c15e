// Keeps one connection to the server alive: fresh ticket, connect, and again with patience when it breaks.
import type { Answer, Fault } from "../api/api";
import type { Ack, Commands, GoodbyeCode, NewsByEvent, Problem } from "./protocol.gen";
import { PROTOCOL_VERSION } from "./protocol.gen";
import { Store } from "./store";
import { backOff, type Timers } from "./timers";
import { WireRefused, type OpenWire, type Wire } from "./wire";

/** "down" tries again by itself; "over" does not: the person must do something. */
export type LinkStatus =
  | { at: "connecting" }
  | { at: "up"; since: number }
  | { at: "down"; since: number }
  | { at: "over"; why: GoodbyeCode | Fault };

export interface LinkPorts {
  ticket: () => Promise<Answer<{ ticket: string }>>;
  open: OpenWire;
  timers: Timers;
  /** Made at random when the page loads: a socket that comes back is not a second tab. */
  tab: string;
}

type Listener = <E extends keyof NewsByEvent>(event: E, news: NewsByEvent[E]) => void;

/** Refusals that another try cannot cure. A ticket is refused for its age: the next one is fresh. */
const FINAL: ReadonlySet<string> = new Set([
  "not_signed_in",
  "session_ended",
  "sign_in_refused",
  "not_permitted",
  "bad_origin",
  "version_unsupported",
]);

export const randomTab = (): string => crypto.randomUUID().replaceAll("-", "");

export class Link {
  readonly status = new Store<LinkStatus>({ at: "connecting" });
  readonly #ports: LinkPorts;
  readonly #listeners = new Set<Listener>();
  #wire: Wire | null = null;
  #cancel: (() => void) | null = null;
  #attempt = 0;
  /** Counts connections, so that an old one's last words change nothing. */
  #round = 0;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#attempt = 0;
    this.#connect();
  }

  /** Ends for good; `start` begins again. */
  stop(): void {
    this.#drop();
    this.status.set({ at: "connecting" });
  }

  /** The browser is back (network, lid, tab): do not wait for the next try. */
  wake(): void {
    if (this.status.get().at !== "down") return;
    this.#attempt = 0;
    this.#connect();
  }

  /** The connection is not to be trusted any more (the device slept): a new one at once. */
  renew(): void {
    if (this.status.get().at === "up") this.#down();
    this.wake();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async request<E extends keyof Commands>(event: E, send: Commands[E]["send"]): Promise<Ack<E>> {
    const wire = this.#wire;
    if (wire === null) return refused<E>("unavailable");
    try {
      return (await wire.request(event, send)) as Ack<E>;
    } catch {
      return refused<E>("unavailable");
    }
  }

  #connect(): void {
    this.#drop();
    const round = this.#round;
    void this.#open(round).catch((error: unknown) => {
      if (round !== this.#round) return;
      if (error instanceof WireRefused && FINAL.has(error.code)) this.#over(error.code as Fault);
      else this.#retry();
    });
  }

  async #open(round: number): Promise<void> {
    const answer = await this.#ports.ticket();
    if (round !== this.#round) return;
    if (!answer.ok) throw new WireRefused(answer.code);
    const hello = { ticket: answer.value.ticket, version: PROTOCOL_VERSION, tab: this.#ports.tab } as const;
    const wire = await this.#ports.open(hello, {
      news: (event, payload) => round === this.#round && this.#news(event, payload),
      down: () => round === this.#round && this.#down(),
    });
    if (round !== this.#round) return wire.close();
    this.#wire = wire;
    this.#attempt = 0;
    this.status.set({ at: "up", since: this.#ports.timers.now() });
  }

  #news(event: string, payload: unknown): void {
    if (event === "goodbye") this.#over((payload as NewsByEvent["goodbye"]).code);
    for (const listener of this.#listeners) listener(event as keyof NewsByEvent, payload as never);
  }

  #down(): void {
    this.#drop();
    this.#retry();
  }

  #retry(): void {
    const { timers } = this.#ports;
    if (this.status.get().at !== "down") this.status.set({ at: "down", since: timers.now() });
    this.#cancel = timers.after(backOff(this.#attempt++, timers.random), () => this.#connect());
  }

  #over(why: GoodbyeCode | Fault): void {
    this.#drop();
    this.status.set({ at: "over", why });
  }

  #drop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#cancel = null;
    this.#wire?.close();
    this.#wire = null;
  }
}

function refused<E extends keyof Commands>(code: Problem["code"]): Ack<E> {
  return { ok: false, error: { code, params: {} } };
}
