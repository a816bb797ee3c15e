// One live call on the wall: both small pictures, who, how long, and what is to be known of it.
import type { ReactNode } from "react";
import type { WallCall } from "../../call/protocol.gen";
import { watchedStream, type WatchView } from "../../call/watch";
import { clock, minutesUntil } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords } from "../../i18n/words";
import { KeyCap } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Picture } from "../../ui/Picture";
import { CallPills } from "./CallPills";
import { follow } from "./route";
import { placeOf } from "./track";

interface TileProps {
  call: WallCall;
  view: WatchView;
  /** The key that opens it. */
  number: number | null;
}

export function Tile({ call, view, number }: TileProps): ReactNode {
  const { t } = useWords();
  const inside = (
    <>
      {call.closed ? <Shut title={t("officer.closed")} text={t("officer.closed.text")} /> : <Previews call={call} view={view} />}
      <p className="live__who">
        <b className="cell">{call.cell}</b>
        <Names call={call} />
        <Left call={call} skew={view.skew} />
      </p>
      <Elapsed call={call} skew={view.skew} />
      <div className="live__foot">
        <CallPills call={call} />
        {number !== null && call.watchable && <KeyCap>{number}</KeyCap>}
      </div>
    </>
  );
  const tone = call.needs.includes("recorder") ? " is-danger" : call.needs.length > 0 ? " is-needs" : "";
  if (!call.watchable) {
    return (
      <div className="live live--closed" data-testid={`tile-${call.visit}`}>
        {inside}
      </div>
    );
  }
  return (
    <a
      className={`live${tone}`}
      data-testid={`tile-${call.visit}`}
      aria-keyshortcuts={number === null ? undefined : String(number)}
      {...follow({ page: "call", visit: call.visit })}
    >
      {inside}
    </a>
  );
}

export function Names({ call }: { call: WallCall }): ReactNode {
  const { t, pick } = useWords();
  if (call.closed) return <span className="names">{t("officer.legal")}</span>;
  return (
    <span className="names">
      {call.prisoner} <Icon name="swap" />
      <span className="hide">{t("officer.and")}</span> {call.visitor}
      {call.relation && <span className="quiet">, {pick(call.relation)}</span>}
    </span>
  );
}

function Left({ call, skew }: { call: WallCall; skew: number }): ReactNode {
  const { t } = useWords();
  const now = useNow(skew);
  return <b className="live__left tnum">{t("ui.left.minutes", { minutes: minutesUntil(call.ends_at, now) })}</b>;
}

/** The same as the words above it, for the eye. */
function Elapsed({ call, skew }: { call: WallCall; skew: number }): ReactNode {
  const now = useNow(skew, 10_000);
  return (
    <span className="elapsed" aria-hidden="true">
      <span style={{ width: `${placeOf(call, now)}%` }} />
    </span>
  );
}

function Shut({ title, text }: { title: string; text: string }): ReactNode {
  return (
    <div className="live__pics live__shut">
      <Icon name="shield" size="xl" />
      <b>{title}</b>
      <span>{text}</span>
    </div>
  );
}

function Previews({ call, view }: { call: WallCall; view: WatchView }): ReactNode {
  const { t } = useWords();
  const held = call.phase === "held";
  return (
    <div className={held ? "live__pics is-hold" : "live__pics"}>
      <Feed call={call} view={view} party="prisoner" name={call.prisoner ?? ""} />
      <Feed call={call} view={view} party="visitor" name={call.visitor ?? ""} />
      {held && call.hold !== null && (
        <div className="live__over">
          <Icon name="pause" size="l" />
          <b>{t("officer.held")}</b>
          <span>
            {call.hold.by === "officer"
              ? t("officer.held.since", { time: clock(call.hold.since) })
              : t("officer.held.system", { time: clock(call.hold.since) })}
          </span>
        </div>
      )}
      {call.phase !== "live" && !held && (
        <div className="live__over">
          <Icon name="ring" size="l" />
          <b>{call.phase === "ringing" ? t("officer.ringing") : t("officer.waiting")}</b>
        </div>
      )}
    </div>
  );
}

interface FeedProps {
  call: WallCall;
  view: WatchView;
  party: string;
  name: string;
}

function Feed({ call, view, party, name }: FeedProps): ReactNode {
  const { t } = useWords();
  const lost = call.presence[party] === "lost";
  return (
    <figure className={lost ? "feed is-still" : "feed"}>
      <Picture muted stream={watchedStream(view, call.visit, party)} label={t("officer.preview", { name })} />
    </figure>
  );
}
