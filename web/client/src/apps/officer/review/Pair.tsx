// Both parties' pictures side by side, marked with who looks; where there is no picture it says why.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useStore } from "../../../callscreen/useCall";
import { clock } from "../../../i18n/times";
import { useNow } from "../../../i18n/useNow";
import { useWords } from "../../../i18n/words";
import { Button } from "../../../ui/Button";
import { Icon, type IconName } from "../../../ui/Icon";
import { PictureTag } from "../../../ui/PictureTag";
import type { Timeline, Track } from "./api";
import { monthDay } from "./durations";
import type { FeedState } from "./feed";
import type { Player } from "./player";
import { stretchAt, trackOf, type Lane } from "./stretches";
import { gapWords } from "./words";

interface PairProps {
  timeline: Timeline;
  lanes: readonly Lane[];
  player: Player;
  viewer: string;
  skew: number;
}

export function Pair({ timeline, lanes, player, viewer, skew }: PairProps): ReactNode {
  const { t, lang } = useWords();
  const now = useNow(skew, 10_000);
  const mark = t("review.mark", { name: viewer, date: monthDay(now, lang), time: clock(now) });
  return (
    <section className="review__pair stage" aria-label={t("review.pictures")}>
      {lanes.map((lane) => (
        <Side key={lane.party} timeline={timeline} lane={lane} player={player} mark={mark} />
      ))}
    </section>
  );
}

function Side({ timeline, lane, player, mark }: { timeline: Timeline; lane: Lane; player: Player; mark: string }): ReactNode {
  const { t } = useWords();
  const picture = trackOf(timeline, lane.party, "video");
  const sound = trackOf(timeline, lane.party, "audio");
  return (
    <figure className="feed" data-testid={`picture-${lane.party}`}>
      {picture && <Moving track={picture} player={player} label={t("officer.picture", { name: lane.name })} />}
      <Instead lane={lane} player={player} picture={picture} sound={sound} />
      <span className="watermark">{mark}</span>
      <PictureTag>
        <b>{lane.name}</b>
      </PictureTag>
      {sound && <Voice track={sound} player={player} name={lane.name} />}
    </figure>
  );
}

function Moving({ track, player, label }: { track: Track; player: Player; label: string }): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) player.attach(track, video.current);
  }, [track, player]);
  return <video ref={video} className="pic" aria-label={label} muted playsInline disablePictureInPicture />;
}

function Voice({ track, player, name }: { track: Track; player: Player; name: string }): ReactNode {
  const { t } = useWords();
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(true);
  useEffect(() => {
    if (audio.current !== null) player.attach(track, audio.current);
  }, [track, player]);
  return (
    <>
      {/* What was said in a call is written down nowhere. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio ref={audio} aria-label={t("review.sound.of", { name })} muted={!on} />
      <Button dense className="voice" icon={on ? "sound" : "sound-off"} aria-pressed={on} onClick={() => setOn(!on)}>
        {on ? t("review.sound.on") : t("review.sound.off")}
        <span className="hide">{name}</span>
      </Button>
    </>
  );
}

interface InsteadProps {
  lane: Lane;
  player: Player;
  picture: Track | undefined;
  sound: Track | undefined;
}

function Instead({ lane, player, picture, sound }: InsteadProps): ReactNode {
  const { t } = useWords();
  const view = useStore(player.view);
  const say = insteadOf(lane, view.at, picture && (view.tracks[picture.id] ?? "loading"), sound !== undefined);
  if (say === null) return null;
  return (
    <div className={say.late ? "feed__say is-late" : "feed__say"} data-testid={`instead-${lane.party}`}>
      <Icon name={say.icon} size="l" />
      <b>{t(say.words)}</b>
      {say.why !== null && <span>{t(say.why, { name: lane.name })}</span>}
    </div>
  );
}

interface Said {
  icon: IconName;
  words: string;
  why: string | null;
  /** Only after a moment: most loading is shorter. */
  late?: boolean;
}

/** What stands in the place of a picture at `at`; null: the picture itself. */
function insteadOf(lane: Lane, at: number, state: FeedState | undefined, sound: boolean): Said | null {
  const stretch = stretchAt(lane, at);
  if (stretch?.what === "hold") return { icon: "pause", words: "review.here.hold", why: "review.here.hold.text" };
  if (stretch?.what === "gap") return { icon: "gap", words: "review.here.gap", why: gapWords(stretch.reason) };
  if (state === undefined) {
    if (sound) return { icon: "sound", words: "review.here.sound", why: null };
    return { icon: "camera-off", words: "review.here.never", why: "review.here.never.text" };
  }
  if (stretch?.what === "picture" && state === "here") return null;
  if (state === "loading") return { icon: "clock", words: "review.loading", why: null, late: true };
  return { icon: "camera-off", words: "review.here.nothing", why: "review.here.nothing.text" };
}
