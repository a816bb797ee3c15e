// Beside the pictures: the people, the conditions, the warnings and the events of a call.
import type { ReactNode } from "react";
import { REASONS, WARNINGS } from "../../call/codes";
import type { CallState, EventKind, EventState, ReasonCode, WallCall } from "../../call/protocol.gen";
import { clock } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Card } from "../../ui/Card";
import { Icon, type IconName } from "../../ui/Icon";

export function PeopleCard({ call, cell }: { call: CallState; cell: string }): ReactNode {
  const { t, pick } = useWords();
  return (
    <Card>
      <h2>{t("officer.people")}</h2>
      {call.parties.map((party) => (
        <p className="person" key={party.party}>
          <b>{party.name}</b>{" "}
          <span className="quiet">
            {party.relation === null ? t("officer.people.cell", { cell }) : pick(party.relation)} ·{" "}
            {t(PRESENCE[party.presence])}
          </span>
        </p>
      ))}
    </Card>
  );
}

const PRESENCE = {
  absent: "officer.presence.absent",
  lobby: "officer.presence.lobby",
  here: "officer.presence.here",
  lost: "officer.presence.lost",
} as const;

const RECORDING = {
  none: "officer.not_recorded",
  armed: "officer.recording.armed",
  on: "officer.recorded",
  interrupted: "officer.recording.lost",
  off: "officer.recording.off",
} as const;

export function ConditionsCard({ call, seen }: { call: CallState; seen: WallCall }): ReactNode {
  const { t } = useWords();
  return (
    <Card>
      <h2>{t("officer.conditions")}</h2>
      <dl className="rows">
        <div>
          <dt>{t("officer.conditions.recording")}</dt>
          <dd>{t(RECORDING[call.recording])}</dd>
        </div>
        <div>
          <dt>{t("officer.conditions.picture")}</dt>
          <dd>{t("officer.conditions.may_watch")}</dd>
        </div>
        <div>
          <dt>{t("officer.conditions.sound")}</dt>
          <dd>{seen.audible ? t("officer.conditions.may_listen") : t("officer.conditions.no_sound")}</dd>
        </div>
        {call.watchers !== null && (
          <div>
            <dt>{t("officer.conditions.watchers")}</dt>
            <dd>{call.watchers}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

export function WarningsCard({ call }: { call: CallState }): ReactNode {
  const { t } = useWords();
  if (call.warnings.length === 0) return null;
  const nameOf = (party: string): string => call.parties.find((each) => each.party === party)?.name ?? party;
  return (
    <Card>
      <h2>{t("officer.warnings")}</h2>
      <ul className="warnings">
        {call.warnings.map((warning) => (
          <li key={warning.id}>
            <p>
              <time className="quiet">{clock(warning.at)}</time>{" "}
              {[warning.code === null ? "" : t(WARNINGS[warning.code]), warning.text].filter(Boolean).join(" ")}
            </p>
            {call.parties.map((party) => (
              <p className="small ilabel" key={party.party}>
                <Icon name={warning.seen_by.includes(party.party) ? "check" : "clock"} />
                {warning.seen_by.includes(party.party)
                  ? t("officer.warnings.seen", { name: nameOf(party.party) })
                  : t("officer.warnings.unseen", { name: nameOf(party.party) })}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export const EVENTS: Readonly<Record<EventKind, { icon: IconName; words: string; tone?: "is-needs" | "is-well" }>> = {
  joined: { icon: "user", words: "officer.event.joined" },
  left: { icon: "leave", words: "officer.event.left" },
  ringing: { icon: "ring", words: "officer.event.ringing" },
  declined: { icon: "x-c", words: "officer.event.declined" },
  unanswered: { icon: "x-c", words: "officer.event.unanswered" },
  live: { icon: "users", words: "officer.event.live", tone: "is-well" },
  lost: { icon: "line-weak", words: "officer.event.lost", tone: "is-needs" },
  back: { icon: "check-c", words: "officer.event.back", tone: "is-well" },
  hold: { icon: "pause", words: "officer.event.hold", tone: "is-needs" },
  resume: { icon: "play", words: "officer.event.resume" },
  warning: { icon: "warn", words: "officer.event.warning", tone: "is-needs" },
  seen: { icon: "check", words: "officer.event.seen" },
  minutes: { icon: "clock", words: "officer.event.minutes" },
  gap: { icon: "gap", words: "officer.event.gap", tone: "is-needs" },
  recorder_back: { icon: "record", words: "officer.event.recorder_back" },
  watch: { icon: "eye", words: "officer.event.watch" },
  unwatch: { icon: "eye-off", words: "officer.event.unwatch" },
  intrusion: { icon: "warn", words: "officer.event.intrusion", tone: "is-needs" },
  end: { icon: "end", words: "officer.event.end" },
};

export function EventsCard({ call }: { call: CallState }): ReactNode {
  const { t } = useWords();
  return (
    <Card>
      <h2>{t("officer.events")}</h2>
      <ol className="events">
        {call.events.toReversed().map((event) => (
          <EventLine key={`${event.at} ${event.kind} ${event.party}`} event={event} call={call} />
        ))}
      </ol>
    </Card>
  );
}

function EventLine({ event, call }: { event: EventState; call: CallState }): ReactNode {
  const { t } = useWords();
  const { icon, words, tone } = EVENTS[event.kind];
  const name = call.parties.find((party) => party.party === event.party)?.name ?? "";
  const reason = event.code !== null && event.code in REASONS ? t(REASONS[event.code as ReasonCode]) : "";
  return (
    <li className={tone}>
      <time>{clock(event.at)}</time>
      <Icon name={icon} />
      <span>
        {t(words, { name, minutes: event.code ?? "" })}
        {(event.text || reason) && <small className="quiet"> {event.text || reason}</small>}
      </span>
    </li>
  );
}
