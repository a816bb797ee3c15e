// An officer's side of a prison's calls: the wall as the server tells it, and one watcher leg per live call.
import { Leg, type LegStatus } from "./leg";
import type { Link } from "./link";
import type { CallState, NewsByEvent, Offer, Problem, ReasonCode, WallCall, WallState } from "./protocol.gen";
import { Store } from "./store";
import { backOff, type Timers } from "./timers";

export interface WatchedLeg {
  id: string | null;
  at: "opening" | "connected" | "lost";
  streams: ReadonlyMap<number, MediaStream>;
}

export interface WatchView {
  /** null before the server has told it. */
  wall: WallState | null;
  /** Server clock minus device clock, ms. */
  skew: number;
  /** The watched calls, whole, by visit. */
  calls: ReadonlyMap<string, CallState>;
  legs: ReadonlyMap<string, WatchedLeg>;
  /** The visit that is opened to full pictures. */
  focused: string | null;
}

export interface WatchPorts {
  link: Link;
  peer: (offer: Offer) => RTCPeerConnection;
  timers: Timers;
}

type Done = { ok: true } | { ok: false; error: Problem };

const SHAKY_MS = 2_500;
const CONNECT_MS = 8_000;
const NO_TRACKS = { audio: null, video: null };

/** One leg's life inside the session; `round` makes an old one's last words harmless. */
interface Running {
  leg: Leg | null;
  round: number;
  attempt: number;
  cancel: (() => void) | null;
}

export class WatchSession {
  readonly view = new Store<WatchView>({ wall: null, skew: 0, calls: new Map(), legs: new Map(), focused: null });
  readonly #ports: WatchPorts;
  readonly #running = new Map<string, Running>();
  readonly #endings: (() => void)[] = [];

  constructor(ports: WatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    const { link } = this.#ports;
    this.#endings.push(
      link.listen((event, news) => this.#news(event, news)),
      link.status.subscribe(() => this.#linkChanged()),
    );
    link.start();
  }

  stop(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#dropAll();
    this.#ports.link.stop();
  }

  /** See `whenBack`. */
  back(slept: boolean): void {
    const { link } = this.#ports;
    if (slept) link.renew();
    else if (link.status.get().at === "down") link.wake();
  }

  /** Opens one call to full pictures (and its sound, where that is allowed), or none. */
  focus(visit: string | null): void {
    const before = this.view.get().focused;
    if (before === visit) return;
    this.view.patch({ focused: visit });
    if (before !== null && this.#running.has(before)) void this.#tellFocus(before, false);
    if (visit !== null && this.view.get().legs.get(visit)?.at === "connected") void this.#tellFocus(visit, true);
  }

  warn = (visit: string, code: ReasonCode | null, text: string): Promise<Done> =>
    this.#ports.link.request("warn", { visit, code, text });
  hold = (visit: string, reason: ReasonCode, text: string): Promise<Done> =>
    this.#ports.link.request("hold", { visit, reason, text });
  resume = (visit: string): Promise<Done> => this.#ports.link.request("resume", { visit });
  end = (visit: string, reason: ReasonCode, text: string): Promise<Done> =>
    this.#ports.link.request("end", { visit, reason, text });

  #news<E extends keyof NewsByEvent>(event: E, news: NewsByEvent[E]): void {
    if (event === "wall_state") this.#takeWall(news as WallState);
    if (event === "call_state") this.#takeCall(news as CallState);
    if (event === "leg_closed") this.#legClosed(news as NewsByEvent["leg_closed"]);
  }

  #takeWall(wall: WallState): void {
    this.view.patch({ wall, skew: wall.now - this.#ports.timers.now() });
    this.#reconcile(wall);
  }

  #takeCall(call: CallState): void {
    this.view.patch({ calls: new Map([...this.view.get().calls, [call.visit, call]]) });
  }

  #linkChanged(): void {
    const status = this.#ports.link.status.get().at;
    if (status === "up") void this.#sync();
    // A watcher leg belongs to its socket: the server closes it when the socket goes.
    else this.#dropAll();
  }

  async #sync(): Promise<void> {
    const now = await this.#ports.link.request("sync", {});
    if (!now.ok) return;
    for (const call of now.calls) this.#takeCall(call);
    if (now.wall !== null) this.#takeWall(now.wall);
  }

  #reconcile(wall: WallState): void {
    const wanted = new Set(wall.calls.filter(watched).map((call) => call.visit));
    for (const visit of this.#running.keys()) if (!wanted.has(visit)) this.#drop(visit);
    for (const visit of wanted) if (!this.#running.has(visit)) this.#begin(visit);
  }

  #begin(visit: string): void {
    this.#running.set(visit, { leg: null, round: 0, attempt: 0, cancel: null });
    void this.#open(visit);
  }

  async #open(visit: string): Promise<void> {
    const { link, peer } = this.#ports;
    const running = this.#running.get(visit);
    if (running === undefined || link.status.get().at !== "up") return;
    this.#closeLeg(visit, "opening");
    const round = running.round;
    const current = (): boolean => this.#running.get(visit) === running && running.round === round;
    const offer = await link.request("watch", { visit });
    if (!current()) return;
    if (!offer.ok) return this.#retry(visit);
    const leg = new Leg(offer, peer(offer), {
      status: (status) => current() && this.#legChanged(visit, status),
      stream: (slot, stream) => current() && this.#slotFilled(visit, slot, stream),
    });
    running.leg = leg;
    try {
      const taken = await link.request("answer_leg", { leg: offer.leg, sdp: await leg.answer(NO_TRACKS) });
      if (!current()) return;
      if (!taken.ok) return this.#retry(visit);
    } catch {
      if (current()) this.#retry(visit);
      return;
    }
    this.#show(visit, { id: offer.leg });
    if (this.view.get().legs.get(visit)?.at === "opening") this.#soon(visit, CONNECT_MS, () => this.#retry(visit));
  }

  #slotFilled(visit: string, slot: number, stream: MediaStream): void {
    const streams = this.view.get().legs.get(visit)?.streams ?? new Map<number, MediaStream>();
    this.#show(visit, { streams: new Map([...streams, [slot, stream]]) });
  }

  #legChanged(visit: string, status: LegStatus): void {
    if (status === "connected") {
      const running = this.#running.get(visit);
      if (running !== undefined) running.attempt = 0;
      this.#soon(visit, null);
      this.#show(visit, { at: "connected" });
      if (this.view.get().focused === visit) void this.#tellFocus(visit, true);
    }
    if (status === "shaky") this.#soon(visit, SHAKY_MS, () => void this.#open(visit));
    if (status === "failed") void this.#open(visit);
  }

  #legClosed({ leg, reason }: NewsByEvent["leg_closed"]): void {
    const visit = [...this.view.get().legs].find(([, watchedLeg]) => watchedLeg.id === leg)?.[0];
    if (visit === undefined) return;
    if (reason === "ended" || reason === "unwatched" || reason === "intrusion") this.#closeLeg(visit, "lost");
    else this.#retry(visit);
  }

  async #tellFocus(visit: string, full: boolean): Promise<void> {
    await this.#ports.link.request("focus", { visit, full });
  }

  #retry(visit: string): void {
    const running = this.#running.get(visit);
    if (running === undefined) return;
    this.#closeLeg(visit, "lost");
    const { timers } = this.#ports;
    this.#soon(visit, backOff(running.attempt++, timers.random), () => void this.#open(visit));
  }

  #soon(visit: string, ms: number | null, call?: () => void): void {
    const running = this.#running.get(visit);
    if (running === undefined) return;
    running.cancel?.();
    running.cancel = ms === null || call === undefined ? null : this.#ports.timers.after(ms, call);
  }

  #closeLeg(visit: string, at: WatchedLeg["at"]): void {
    const running = this.#running.get(visit);
    if (running === undefined) return;
    this.#soon(visit, null);
    running.round += 1;
    running.leg?.close();
    running.leg = null;
    this.#show(visit, { id: null, at });
  }

  #drop(visit: string): void {
    this.#closeLeg(visit, "lost");
    this.#running.delete(visit);
    const legs = new Map(this.view.get().legs);
    legs.delete(visit);
    this.view.patch({ legs });
  }

  #dropAll(): void {
    for (const visit of this.#running.keys()) this.#drop(visit);
  }

  #show(visit: string, part: Partial<WatchedLeg>): void {
    const before = this.view.get().legs.get(visit) ?? { id: null, at: "opening", streams: new Map() };
    this.view.patch({ legs: new Map([...this.view.get().legs, [visit, { ...before, ...part }]]) });
  }
}

/** A leg is worth having while there are pictures, or will be in a moment. */
const watched = (call: WallCall): boolean => call.watchable && (call.phase === "live" || call.phase === "held");

/** The stream of a party in a watched call, or null while there is none. */
export function watchedStream(view: WatchView, visit: string, party: string): MediaStream | null {
  const leg = view.legs.get(visit);
  const slot = view.calls.get(visit)?.slots.find((seat) => seat.party === party && seat.leg === leg?.id);
  return slot === undefined ? null : (leg?.streams.get(slot.slot) ?? null);
}
