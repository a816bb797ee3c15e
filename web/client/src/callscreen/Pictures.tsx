// The other person over the whole view, oneself small in the corner.
import type { ReactNode } from "react";
import type { MediaView } from "../call/media";
import type { CallState } from "../call/protocol.gen";
import { other, own } from "../call/scene";
import { useWords } from "../i18n/words";
import { Bars } from "../ui/Bars";
import { Icon } from "../ui/Icon";
import { Picture } from "../ui/Picture";
import { PictureTag } from "../ui/PictureTag";

interface PicturesProps {
  call: CallState;
  stream: MediaStream | null;
  media: MediaView;
  /** The picture stands: say so by taking its colour away. */
  still: boolean;
  /** The own line is lost: what was known of the other side is no longer true. */
  away: boolean;
  onBlocked: (play: () => void) => void;
  onPlaying: () => void;
}

export function Pictures({ call, stream, media, still, away, onBlocked, onPlaying }: PicturesProps): ReactNode {
  const { t, pick } = useWords();
  const far = other(call);
  const name = far?.name ?? "";
  const hidden = stream === null || far?.video === false;
  return (
    <>
      <figure className={still ? "feed other is-still" : "feed other"}>
        <Picture
          stream={stream}
          label={t("call.other_picture", { name })}
          testId="other-picture"
          onBlocked={onBlocked}
          onPlaying={onPlaying}
        />
        {hidden && (
          <div className="other__off">
            <Icon name={far?.video === false ? "camera-off" : "user"} size="xl" />
            <p>{far?.video === false ? t("call.other_off", { name }) : t("call.other_waiting")}</p>
          </div>
        )}
      </figure>
      <div className="tags">
        <PictureTag className="who">
          <b>{name}</b>
          {far?.relation && <span>{pick(far.relation)}</span>}
          {far?.audio === false && (
            <span>
              <Icon name="mic-off" />
              {t("call.muted")}
            </span>
          )}
          <Bars line={away ? null : (far?.line ?? null)} />
        </PictureTag>
        {call.watchers !== null && !away && <Watchers count={call.watchers} />}
      </div>
      <OwnPicture call={call} media={media} />
    </>
  );
}

/** Whether somebody looks on right now, where the rule tells it; a change is read out. */
function Watchers({ count }: { count: number }): ReactNode {
  const { t } = useWords();
  return (
    <PictureTag className="watched">
      <Icon name={count === 0 ? "eye-off" : "eye"} />
      <span role="status">{t("call.watchers", { count })}</span>
    </PictureTag>
  );
}

function OwnPicture({ call, media }: { call: CallState; media: MediaView }): ReactNode {
  const { t } = useWords();
  return (
    <figure className="feed own">
      {media.stream === null ? (
        <div className="own__off">
          <Icon name="camera-off" />
          <span>{t("call.own_off")}</span>
        </div>
      ) : (
        <Picture own stream={media.stream} label={t("call.own_picture")} testId="own-picture" />
      )}
      <figcaption className="tag own__tag">
        {media.muted && <Icon name="mic-off" />}
        {media.muted ? t("call.muted") : t("call.you")}
        {!media.muted && <OwnLine line={own(call)?.line ?? null} />}
      </figcaption>
    </figure>
  );
}

/** Only what is worth the room: a line that is fine needs no words here. */
function OwnLine({ line }: { line: number | null }): ReactNode {
  return line !== null && line <= 2 ? <Bars line={line} /> : null;
}
