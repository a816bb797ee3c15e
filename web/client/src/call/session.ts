// A participant's side of its calls: what the server says of them, and one leg into the one that runs.
import { Leg, type LegStatus, type Tracks } from "./leg";
import type { Link } from "./link";
import type { CallState, Commands, NewsByEvent, Offer, Problem } from "./protocol.gen";
import { Store } from "./store";
import { backOff, type Timers } from "./timers";

export interface SessionView {
  /** Every call the server has told of, by visit. */
  calls: ReadonlyMap<string, CallState>;
  /** Server clock minus device clock, ms. */
  skew: number;
  leg: "none" | "opening" | "connected" | "shaky" | "lost";
  legId: string | null;
  /** A leg has been connected since the call began: its loss is a loss, not a beginning. */
  met: boolean;
  /** Streams of the leg by receiving slot; the last leg's stay until the next brings its own. */
  streams: ReadonlyMap<number, MediaStream>;
  /** Visits whose call was live while this page looked on. */
  lived: ReadonlySet<string>;
  /** Away for so long that the lobby's checks come first. */
  mustJoin: boolean;
  /** The server has been heard since the last connect. */
  synced: boolean;
  /** How long the server took to answer last, ms; null before it has. */
  roundTrip: number | null;
  /** Counts the news that the terminal's day has changed. */
  agenda: number;
}

export interface OwnMedia {
  tracks: Store<Tracks>;
  /** What the person allows to be heard and seen. */
  allowed: () => { audio: boolean; video: boolean };
}

export interface SessionPorts {
  link: Link;
  media: OwnMedia;
  peer: (offer: Offer) => RTCPeerConnection;
  timers: Timers;
}

/** A leg that only stutters gets this long to recover before a new one is opened. */
const SHAKY_MS = 1_200;
/** From the answer to "connected". */
const CONNECT_MS = 7_000;

type Done = { ok: true } | { ok: false; error: Problem };

export class CallSession {
  readonly view = new Store<SessionView>({
    calls: new Map(),
    skew: 0,
    leg: "none",
    legId: null,
    met: false,
    streams: new Map(),
    lived: new Set(),
    mustJoin: false,
    synced: false,
    roundTrip: null,
    agenda: 0,
  });
  readonly #ports: SessionPorts;
  #leg: Leg | null = null;
  /** Counts legs, so that an old one's last words change nothing. */
  #round = 0;
  #attempt = 0;
  #cancel: (() => void) | null = null;
  readonly #endings: (() => void)[] = [];

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  start(): void {
    const { link, media } = this.#ports;
    this.#endings.push(
      link.listen((event, news) => this.#news(event, news)),
      link.status.subscribe(() => this.#linkChanged()),
      media.tracks.subscribe(() => this.#tracksChanged()),
    );
    link.start();
  }

  stop(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#closeLeg("none");
    this.#ports.link.stop();
  }

  /** See `whenBack`. */
  back(slept: boolean): void {
    const { link } = this.#ports;
    if (slept) link.renew();
    else if (link.status.get().at === "down") link.wake();
    else void this.#probe();
  }

  async join(): Promise<Done> {
    const done = await this.#ports.link.request("join", {});
    if (done.ok) {
      this.view.patch({ mustJoin: false });
      this.#reconcile();
    }
    return done;
  }

  leave = (): Promise<Done> => this.#ports.link.request("leave", {});
  answerRing = (visit: string): Promise<Done> => this.#ports.link.request("answer_ring", { visit });
  declineRing = (visit: string): Promise<Done> => this.#ports.link.request("decline_ring", { visit });
  seeWarning = (id: string): Promise<Done> => this.#ports.link.request("see_warning", { id });
  /** Tells the server what may be heard and seen; it forwards nothing else. */
  tellMedia = (): Promise<Done> => this.#ports.link.request("set_media", this.#ports.media.allowed());

  #tracksChanged(): void {
    const leg = this.#leg;
    if (leg === null) return;
    void leg.setTracks(this.#ports.media.tracks.get()).catch(() => leg === this.#leg && this.#reopen());
    void this.tellMedia();
  }

  #news<E extends keyof NewsByEvent>(event: E, news: NewsByEvent[E]): void {
    if (event === "call_state") this.#take([...this.view.get().calls.values(), news as CallState]);
    if (event === "agenda") this.view.patch({ agenda: this.view.get().agenda + 1 });
    if (event === "leg_closed") this.#legClosed(news as NewsByEvent["leg_closed"]);
  }

  #take(states: readonly CallState[]): void {
    const latest = states.at(-1);
    const skew = latest === undefined ? this.view.get().skew : latest.now - this.#ports.timers.now();
    const live = states.filter((state) => state.phase === "live" || state.phase === "held");
    const lived = new Set([...this.view.get().lived, ...live.map((state) => state.visit)]);
    this.view.patch({ calls: new Map(states.map((state) => [state.visit, state])), skew, lived });
    this.#reconcile();
  }

  #linkChanged(): void {
    const status = this.#ports.link.status.get().at;
    if (status === "up") void this.#sync();
    if (status === "over") this.#closeLeg("none");
    if (status === "down") this.view.patch({ synced: false });
  }

  async #sync(): Promise<boolean> {
    const asked = this.#ports.timers.now();
    const now = await this.#ports.link.request("sync", {} satisfies Commands["sync"]["send"]);
    if (!now.ok) return false;
    const roundTrip = this.#ports.timers.now() - asked;
    this.view.patch({ synced: true, roundTrip, agenda: this.view.get().agenda + 1 });
    const seated = now.calls.some((call) => call.slots.some((slot) => slot.leg === this.#leg?.id));
    // A server that has started anew knows nothing of a leg that still looks alive here.
    if (this.#leg !== null && this.view.get().leg === "connected" && !seated) this.#closeLeg("lost");
    // A server forgets an ended call after a while; its people still read why it ended.
    const ended = [...this.view.get().calls.values()].filter((call) => call.phase === "ended");
    this.#take([...ended, ...now.calls]);
    return true;
  }

  /** The tab is seen again: is the server still there, and the leg? */
  async #probe(): Promise<void> {
    if (this.#ports.link.status.get().at !== "up") return;
    if (!(await this.#sync())) this.#ports.link.renew();
  }

  #reconcile(): void {
    const { leg, mustJoin } = this.view.get();
    const call = runningCall(this.view.get());
    const wanted = call !== null && !mustJoin && legWanted(call) && this.#ports.link.status.get().at !== "over";
    if (!wanted) {
      if (leg !== "none") this.#closeLeg("none");
    } else if (leg === "none" || (leg === "lost" && this.#cancel === null)) {
      void this.#openLeg();
    }
  }

  async #openLeg(): Promise<void> {
    const { link, media, peer } = this.#ports;
    if (link.status.get().at !== "up") return;
    this.#closeLeg("opening");
    const round = this.#round;
    const offer = await link.request("open_leg", {});
    if (round !== this.#round) return;
    if (!offer.ok) return this.#refused(offer.error.code);
    this.#leg = new Leg(offer, peer(offer), {
      status: (status) => round === this.#round && this.#legChanged(status),
      stream: (slot, stream) => round === this.#round && this.#slotFilled(slot, stream),
    });
    try {
      const sdp = await this.#leg.answer(media.tracks.get());
      const taken = await link.request("answer_leg", { leg: offer.leg, sdp });
      if (round !== this.#round) return;
      if (!taken.ok) return this.#refused(taken.error.code);
    } catch {
      if (round === this.#round) this.#retry();
      return;
    }
    this.view.patch({ legId: offer.leg });
    void this.tellMedia();
    if (this.view.get().leg === "opening") this.#soon(CONNECT_MS, () => this.#retry());
  }

  #refused(code: Problem["code"]): void {
    if (code === "call_not_joined") {
      this.#closeLeg("none");
      this.view.patch({ mustJoin: true });
    } else this.#retry();
  }

  #slotFilled(slot: number, stream: MediaStream): void {
    this.view.patch({ streams: new Map([...this.view.get().streams, [slot, stream]]) });
  }

  #legChanged(status: LegStatus): void {
    if (status === "connected") {
      this.#attempt = 0;
      this.#soon(null);
      this.view.patch({ leg: "connected", met: true });
    }
    if (status === "shaky") {
      this.view.patch({ leg: "shaky" });
      this.#soon(SHAKY_MS, () => this.#reopen());
    }
    if (status === "failed") this.#reopen();
  }

  #legClosed({ leg, reason }: NewsByEvent["leg_closed"]): void {
    if (leg !== this.#leg?.id) return;
    const final = reason === "elsewhere" || reason === "ended" || reason === "intrusion" || reason === "unwatched";
    if (final) this.#closeLeg("none");
    else this.#reopen();
  }

  #reopen(): void {
    this.#closeLeg("lost");
    this.#reconcile();
  }

  #retry(): void {
    this.#closeLeg("lost");
    const { timers } = this.#ports;
    this.#soon(backOff(this.#attempt++, timers.random), () => this.#reconcile());
  }

  #soon(ms: number | null, call?: () => void): void {
    this.#cancel?.();
    this.#cancel = null;
    if (ms === null || call === undefined) return;
    this.#cancel = this.#ports.timers.after(ms, () => {
      this.#cancel = null;
      call();
    });
  }

  #closeLeg(leg: SessionView["leg"]): void {
    this.#round += 1;
    this.#soon(null);
    this.#leg?.close();
    this.#leg = null;
    const streams = leg === "none" ? new Map<number, MediaStream>() : this.view.get().streams;
    this.view.patch({ leg, legId: null, streams, met: leg !== "none" && this.view.get().met });
  }
}

/** The call that needs this person now: live before ringing before waiting; ended ones come last. */
export function runningCall(view: SessionView): CallState | null {
  const order = { live: 0, held: 0, ringing: 1, waiting: 2, ended: 3 };
  const calls = [...view.calls.values()].toSorted((a, b) => order[a.phase] - order[b.phase] || b.starts_at - a.starts_at);
  return calls[0] ?? null;
}

/** A visitor has its leg from joining on, so that the call begins at once; a prisoner from answering. */
export function legWanted(call: CallState): boolean {
  if (call.phase === "live" || call.phase === "held") return true;
  return call.phase !== "ended" && call.you === "visitor" && hasJoined(call);
}

/** Before a call is live, a visitor that has not passed the lobby is "absent". */
export function hasJoined(call: CallState): boolean {
  const own = call.parties.find((party) => party.party === call.you);
  return own !== undefined && own.presence !== "absent";
}

/** The stream of a party in the present leg, or null while nothing of it can be shown. */
export function streamOf(view: SessionView, call: CallState, party: string): MediaStream | null {
  const slot = call.slots.find((seat) => seat.party === party && seat.leg === view.legId);
  // Between two legs the last picture stays.
  if (slot === undefined) return view.legId === null ? (view.streams.get(0) ?? null) : null;
  return view.streams.get(slot.slot) ?? null;
}
