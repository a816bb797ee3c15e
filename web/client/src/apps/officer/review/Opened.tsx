// An opened recording: who opened it and why, both pictures, the controls, the time line, the events, the proof.
import { useEffect, useEffectEvent, useMemo, type ReactNode } from "react";
import { useStore } from "../../../callscreen/useCall";
import { clock } from "../../../i18n/times";
import { useWords } from "../../../i18n/words";
import { Banner } from "../../../ui/Banner";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/Icon";
import type { RecordingRow, Timeline } from "./api";
import { Controls } from "./Controls";
import { EventList } from "./EventList";
import { Key, Lanes } from "./Lanes";
import { Pair } from "./Pair";
import { Player } from "./player";
import { ProofLine } from "./ProofLine";
import type { Opening } from "./ReviewPage";
import { Says } from "./Says";
import { lanesOf } from "./stretches";
import { Twin } from "./Twin";
import { When } from "./When";
import { REVIEW_REASONS } from "./words";

interface OpenedProps {
  row: RecordingRow;
  timeline: Timeline;
  opening: Opening;
  viewer: string;
  skew: number;
  from: number;
  /** Opens it again, for what has been recorded since. */
  onMore: (at: number) => void;
  onEnded: (at: number) => void;
}

export function Opened({ row, timeline, opening, viewer, skew, from, onMore, onEnded }: OpenedProps): ReactNode {
  const { t, pick } = useWords();
  const player = useMemo(() => new Player(timeline, from), [timeline, from]);
  const lanes = useMemo(() => lanesOf(timeline), [timeline]);
  useEnding(player, timeline.granted_until - skew, onEnded);
  useEffect(() => player.start(), [player]);
  const going = !timeline.finished && row.ended_at === null;
  return (
    <main id="main" className="review" data-testid="phase" data-phase="open">
      <Access opening={opening} until={timeline.granted_until} />
      <div className="review__desk">
        <section className="player">
          <header className="player__title">
            <div>
              <h1 ref={toTitle} tabIndex={-1}>
                {t("review.title", { prisoner: row.prisoner, visitor: row.visitor, relation: pick(row.relation) })}
              </h1>
              <When row={row} />
            </div>
            {!timeline.sound && (
              <p className="ilabel quiet small">
                <Icon name="sound-off" />
                {t("review.sound.none")}
              </p>
            )}
          </header>
          {going && (
            <Banner icon="record" tone="action" role="status">
              <p>{t("review.going", { time: clock(opening.at) })}</p>
              <Button dense onClick={() => onMore(player.at)}>
                {t("review.going.more")}
              </Button>
            </Banner>
          )}
          <Pair timeline={timeline} lanes={lanes} player={player} viewer={viewer} skew={skew} />
          <Away player={player} />
          <Controls timeline={timeline} player={player} />
          <section className="card" aria-label={t("review.line")}>
            <Lanes timeline={timeline} lanes={lanes} player={player} />
            <Key timeline={timeline} lanes={lanes} />
            <Says timeline={timeline} lanes={lanes} />
            <Twin timeline={timeline} lanes={lanes} />
          </section>
        </section>
        <aside className="review__side">
          <EventList timeline={timeline} player={player} />
          <ProofLine timeline={timeline} going={going} />
        </aside>
      </div>
    </main>
  );
}

/** The page has changed under the reader: begin again at its first words. */
function toTitle(heading: HTMLHeadingElement | null): void {
  heading?.focus({ preventScroll: true });
}

/** Closes the pictures when the grant is over: by the server's word, or by the time it gave (device ms). */
function useEnding(player: Player, until: number, onEnded: (at: number) => void): void {
  const { ended } = useStore(player.view);
  const tell = useEffectEvent(() => onEnded(player.at));
  useEffect(() => {
    const timer = setTimeout(() => player.end("grant_missing"), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [player, until]);
  useEffect(() => {
    if (ended !== null) tell();
  }, [ended]);
}

function Access({ opening, until }: { opening: Opening; until: number }): ReactNode {
  const { t } = useWords();
  return (
    <div className="access">
      <Icon name="eye" />
      <p>
        <b>{t("review.opened", { time: clock(opening.at), reason: t(REVIEW_REASONS[opening.reason]) })}</b>{" "}
        {t("review.opened.told", { until: clock(until) })} {opening.note && <q>{opening.note}</q>}
      </p>
    </div>
  );
}

function Away({ player }: { player: Player }): ReactNode {
  const { t } = useWords();
  const { fault } = useStore(player.view);
  return <div role="status">{fault !== null && <Banner icon="line-weak" tone="needs" title={t("review.away")} />}</div>;
}
