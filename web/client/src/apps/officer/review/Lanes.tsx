// The time line as lanes, one a party, with the events above; the whole of it is one slider.
import { memo, type ReactNode } from "react";
import { useStore } from "../../../callscreen/useCall";
import { clock } from "../../../i18n/times";
import { useWords } from "../../../i18n/words";
import { Icon } from "../../../ui/Icon";
import type { Timeline } from "./api";
import { clockSeconds } from "./durations";
import { markersOf } from "./markers";
import type { Player } from "./player";
import { laneTrack, ticksOf, trackOf, type Lane, type Stretch } from "./stretches";
import { eventWords, WHATS } from "./words";

interface LanesProps {
  timeline: Timeline;
  lanes: readonly Lane[];
  player: Player;
}

export function Lanes({ timeline, lanes, player }: LanesProps): ReactNode {
  return (
    <div className="lanes">
      <Drawn timeline={timeline} lanes={lanes} />
      <Head timeline={timeline} player={player} />
    </div>
  );
}

/** What the drawing's colours and patterns are; only what is in it. */
export function Key({ timeline, lanes }: { timeline: Timeline; lanes: readonly Lane[] }): ReactNode {
  const { t } = useWords();
  const there = new Set(lanes.flatMap((lane) => lane.stretches.map((stretch) => stretch.what)));
  return (
    <ul className="key lanes__key">
      {(["picture", "hold", "nothing", "gap"] as const).filter((what) => there.has(what)).map((what) => (
        <li key={what}>
          <i className={what} />
          {t(WHATS[what])}
        </li>
      ))}
      {timeline.sound && (
        <li>
          <i className="sound" />
          {t("review.what.sound")}
        </li>
      )}
    </ul>
  );
}

/** Where the clock is, and the slider that moves it. */
function Head({ timeline, player }: { timeline: Timeline; player: Player }): ReactNode {
  const { t } = useWords();
  const { at } = useStore(player.view);
  const time = clockSeconds(timeline.begun_at + at);
  return (
    <div className="lanes__over">
      <span className="head" aria-hidden="true" style={{ left: part(at, timeline) }}>
        <b className="flag">{time}</b>
      </span>
      <input
        type="range"
        min={0}
        max={timeline.duration_ms}
        step={1000}
        value={at}
        aria-label={t("review.line.place")}
        aria-valuetext={time}
        onChange={(event) => player.seek(Number(event.target.value))}
      />
    </div>
  );
}

/** Drawn once; the sentences and the table say the same in words. */
const Drawn = memo(function Drawn({ timeline, lanes }: { timeline: Timeline; lanes: readonly Lane[] }): ReactNode {
  const { t } = useWords();
  const ticks = ticksOf(timeline.begun_at, timeline.duration_ms);
  const write = ticks.length > 1 && (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60_000 ? clockSeconds : clock;
  return (
    <div className="lanes__drawn" aria-hidden="true">
      <span />
      <div className="lane lane--rule">
        {ticks.map((at) => (
          <span key={at} style={{ left: part(at, timeline) }}>
            {write(timeline.begun_at + at)}
          </span>
        ))}
      </div>
      <span className="lanes__name">{t("review.lane.events")}</span>
      <div className="lane lane--thin">
        {markersOf(timeline.events, timeline.duration_ms).map((event) => (
          <span className={`mk ${eventWords(event).tone ?? ""}`} key={`${event.at_ms} ${event.kind}`} style={{ left: part(event.at_ms, timeline) }}>
            <Icon name={eventWords(event).icon} />
          </span>
        ))}
      </div>
      {lanes.map((lane) => (
        <LaneRow key={lane.party} lane={lane} timeline={timeline} />
      ))}
    </div>
  );
});

function LaneRow({ lane, timeline }: { lane: Lane; timeline: Timeline }): ReactNode {
  const sound = trackOf(timeline, lane.party, "audio");
  const soundOnly = laneTrack(timeline, lane.party)?.kind === "audio";
  return (
    <>
      <span className="lanes__name">{lane.name}</span>
      <div className="lane" data-testid={`lane-${lane.party}`}>
        {lane.stretches.map((stretch) => (
          <Piece key={stretch.from} stretch={stretch} timeline={timeline} />
        ))}
        {!soundOnly &&
          sound?.spans.map((span) => (
            <span key={span.from_ms} className="voiced" style={place(span.from_ms, span.to_ms, timeline)} />
          ))}
      </div>
    </>
  );
}

/** Narrower than this part of the whole, a stretch has no room for words. */
const ROOM = 0.1;

function Piece({ stretch, timeline }: { stretch: Stretch; timeline: Timeline }): ReactNode {
  const { t } = useWords();
  const { from, to, what } = stretch;
  const words = what !== "picture" && (to - from) / timeline.duration_ms > ROOM;
  return (
    <span className={`piece piece--${what}`} style={place(from, to, timeline)}>
      {words && <em>{t(WHATS[what])}</em>}
    </span>
  );
}

const part = (at: number, timeline: Timeline): string => `${(100 * at) / Math.max(1, timeline.duration_ms)}%`;

const place = (from: number, to: number, timeline: Timeline): { left: string; width: string } => ({
  left: part(from, timeline),
  width: part(to - from, timeline),
});
