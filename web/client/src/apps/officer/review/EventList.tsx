// The events of a recording in order; pressing one goes there.
import type { ReactNode } from "react";
import { useStore } from "../../../callscreen/useCall";
import { WARNINGS } from "../../../call/codes";
import type { ReasonCode } from "../../../call/protocol.gen";
import { useWords } from "../../../i18n/words";
import { Icon } from "../../../ui/Icon";
import type { Timeline, TimelineEvent } from "./api";
import { clockSeconds } from "./durations";
import type { Player } from "./player";
import { eventAt } from "./stretches";
import { eventWords, reasonWords } from "./words";

export function EventList({ timeline, player }: { timeline: Timeline; player: Player }): ReactNode {
  const { t } = useWords();
  const here = eventAt(timeline.events, useStore(player.view).at);
  return (
    <section aria-labelledby="events">
      <h2 id="events">
        {t("review.events")} <span className="count">{timeline.events.length}</span>
      </h2>
      {timeline.events.length === 0 && <p className="quiet">{t("review.events.none")}</p>}
      <ol className="events">
        {timeline.events.map((event, i) => (
          <li key={`${event.at_ms} ${event.kind} ${event.party}`} className={lineClass(event, i === here)}>
            <button type="button" aria-current={i === here ? "step" : undefined} onClick={() => player.seek(event.at_ms)}>
              <EventLine event={event} timeline={timeline} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const lineClass = (event: TimelineEvent, here: boolean): string =>
  [eventWords(event).tone, here && "is-here"].filter(Boolean).join(" ");

function EventLine({ event, timeline }: { event: TimelineEvent; timeline: Timeline }): ReactNode {
  const { t } = useWords();
  const { icon, words } = eventWords(event);
  const name = timeline.parties.find((party) => party.party === event.party)?.name ?? "";
  return (
    <>
      <time>{clockSeconds(timeline.begun_at + event.at_ms)}</time>
      <Icon name={icon} />
      <span>
        {t(words, { name, minutes: event.code ?? "" })}
        <Detail event={event} />
      </span>
    </>
  );
}

/** The words that were shown, or the reason that was given. */
function Detail({ event }: { event: TimelineEvent }): ReactNode {
  const { t } = useWords();
  const shown = event.kind === "warning" && event.code !== null && Object.hasOwn(WARNINGS, event.code);
  const words = shown ? WARNINGS[event.code as ReasonCode] : event.kind === "seen" ? null : reasonWords(event);
  return (
    <>
      {words !== null && <small>{t(words)}</small>}
      {event.text && <small>{event.text}</small>}
    </>
  );
}
