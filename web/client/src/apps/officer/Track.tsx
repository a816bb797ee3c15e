// The call so far as one line from its beginning to its end; the list of events says the same in words.
import type { CSSProperties, ReactNode } from "react";
import type { CallState } from "../../call/protocol.gen";
import { clock } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords } from "../../i18n/words";
import { Icon } from "../../ui/Icon";
import { EVENTS } from "./CallCards";
import { marksOf, placeOf, stretchesOf } from "./track";

/** Both are told when so much is left. */
const NOTICE = 5 * 60_000;
/** Words nearer than this to the word "now" make way for it, in hundredths of the track. */
const ROOM = 16;

const left = (at: number): CSSProperties => ({ left: `${at}%` });

export function Track({ call, skew }: { call: CallState; skew: number }): ReactNode {
  const { t } = useWords();
  const now = useNow(skew);
  const at = placeOf(call, now);
  const notice = placeOf(call, call.ends_at - NOTICE);
  const times = { start: clock(call.starts_at), end: clock(call.ends_at), now: clock(now) };
  return (
    <div className="track" role="img" aria-label={t("officer.track", times)}>
      <div className="track__bar">
        <span className="past" style={{ width: `${at}%` }} />
        <span className="now" style={left(at)} />
        {stretchesOf(call, now).map(({ what, from, to }) => (
          <span key={`${what} ${from}`} className={`stretch stretch--${what}`} style={{ left: `${from}%`, width: `${to - from}%` }} />
        ))}
        {marksOf(call).map((mark) => (
          <span key={mark.at} className={`mark ${EVENTS[mark.event.kind].tone ?? ""}`} style={left(mark.at)}>
            <Icon name={EVENTS[mark.event.kind].icon} />
          </span>
        ))}
        {at < notice && (
          <span className="mark is-plan" style={left(notice)}>
            <Icon name="clock" />
          </span>
        )}
      </div>
      <div className="track__say tnum">
        {at > ROOM && <span style={left(0)}>{times.start}</span>}
        <b style={left(Math.min(94, Math.max(6, at)))}>{t("officer.track.now", { time: times.now })}</b>
        {at < 100 - ROOM && <span className="end">{times.end}</span>}
      </div>
    </div>
  );
}
