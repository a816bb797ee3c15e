// The day: the clock, what comes next, and what else there is today.
import { useState, type ReactNode } from "react";
import type { TerminalDay, TerminalVisit } from "../../api/api";
import { refusalWords } from "../../call/codes";
import type { CallState } from "../../call/protocol.gen";
import type { Live, LiveView } from "../../callscreen/useCall";
import { clock, day as dayWords, minutesUntil, span } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords } from "../../i18n/words";
import { LanguageSwitch } from "../../ui/AppBar";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { useKeys } from "../../ui/useKeys";

interface HomeProps {
  day: TerminalDay;
  skew: number;
  live: Live;
  view: LiveView;
}

export function Home({ day, skew, live, view }: HomeProps): ReactNode {
  const { t, lang } = useWords();
  const now = useNow(skew, 1_000);
  const visits = day.visits.toSorted((a, b) => a.starts_at - b.starts_at);
  const callOf = (visit: TerminalVisit): CallState | null => view.session.calls.get(visit.visit) ?? null;
  // The day is fetched now and then; a call that has just ended is known at once.
  const isOver = (visit: TerminalVisit): boolean =>
    visit.ends_at <= now || visit.state === "over" || callOf(visit)?.phase === "ended";
  const next = visits.find((visit) => visit.state !== "cancelled" && !isOver(visit));
  const rest = visits.filter((visit) => visit !== next);
  return (
    <div className="terminal" data-testid="phase" data-phase="home">
      <header className="top">
        <time dateTime={new Date(now).toISOString().slice(0, 16)}>
          <b>{clock(now)}</b> <span>{dayWords(now, lang)}</span>
        </time>
        <b className="me">{day.prisoner}</b>
        <LanguageSwitch keys={["8", "9"]} />
      </header>
      <main id="main" className="home">
        {view.link.at === "down" && (
          <Banner icon="line-weak" tone="needs" role="status">
            <p>{t("terminal.offline")}</p>
          </Banner>
        )}
        {next === undefined ? (
          <Nothing more={rest.length > 0} />
        ) : (
          <Next visit={next} now={now} call={callOf(next)} live={live} />
        )}
        {(next !== undefined || rest.length > 0) && <Rest visits={rest} isOver={isOver} />}
      </main>
    </div>
  );
}

/** `more`: there was something today, so it says "no more". */
function Nothing({ more }: { more: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <Card className="nextup nextup--empty">
      <Icon name="calendar" size="xl" />
      <div>
        <h1>{more ? t("terminal.done.title") : t("terminal.empty.title")}</h1>
        <p>{t("terminal.empty.text")}</p>
      </div>
    </Card>
  );
}

interface NextProps {
  visit: TerminalVisit;
  now: number;
  call: CallState | null;
  live: Live;
}

/** While the visitor waits and it does not ring, the prisoner may still answer. */
const canAnswer = (visit: TerminalVisit, call: CallState | null, now: number): boolean =>
  call?.phase === "waiting" &&
  now >= visit.starts_at &&
  call.parties.some((party) => party.party === "visitor" && party.presence === "lobby");

function Next({ visit, now, call, live }: NextProps): ReactNode {
  const { t, pick } = useWords();
  const [refused, setRefused] = useState<string | null>(null);
  const values = { name: visit.visitor, end: clock(visit.ends_at) };
  const waits = canAnswer(visit, call, now);
  const answer = async (): Promise<void> => {
    const done = await live.session.answerRing(visit.visit);
    setRefused(done.ok ? null : done.error.code);
  };
  useKeys({ Enter: () => void answer() }, waits);
  const notice = visit.notices[0]?.words;
  return (
    <Card className="nextup" aria-labelledby="next">
      <div>
        <p>{useWhen(visit, now)}</p>
        <h1 id="next">{t("terminal.visit", values)}</h1>
        <p className="nextup__relation">{pick(visit.relation)}</p>
        {notice && (
          <p className="cond">
            <Icon name={visit.closed ? "shield" : "record"} /> {pick(notice)}
          </p>
        )}
        {now >= visit.starts_at && <p role="status">{waits ? t("terminal.waits", values) : t("terminal.not_here", values)}</p>}
        {refused !== null && <p role="alert">{t(refusalWords(refused))}</p>}
      </div>
      {waits && (
        <Button kind="primary" icon="ring" keyCap="Enter" onClick={() => void answer()}>
          {t("terminal.answer")}
        </Button>
      )}
    </Card>
  );
}

function useWhen(visit: TerminalVisit, now: number): string {
  const { t } = useWords();
  const times = span(visit.starts_at, visit.ends_at);
  const minutes = minutesUntil(visit.starts_at, now);
  if (minutes === 0) return t("terminal.next.now", { span: times });
  if (minutes <= 60) return t("terminal.next", { span: times, minutes });
  return t("terminal.next.later", { span: times, hours: Math.round(minutes / 60) });
}

const STATES: Record<TerminalVisit["state"], string> = {
  early: "terminal.state.early",
  open: "terminal.state.open",
  over: "terminal.state.over",
  cancelled: "terminal.state.cancelled",
  undecided: "terminal.state.undecided",
};

interface RestProps {
  visits: readonly TerminalVisit[];
  isOver: (visit: TerminalVisit) => boolean;
}

function Rest({ visits, isOver }: RestProps): ReactNode {
  const { t, pick } = useWords();
  const gone = visits.length > 0 && visits.every(isOver);
  return (
    <Card className="today" aria-labelledby="rest">
      <h2 id="rest">{gone ? t("terminal.earlier") : t("terminal.also")}</h2>
      {visits.length === 0 && <p className="quiet">{t("terminal.nothing_more")}</p>}
      <ol>
        {visits.map((visit) => (
          <li key={visit.visit}>
            <time>{clock(visit.starts_at)}</time>
            <div>
              {t("terminal.visit", { name: visit.visitor })}
              <small>{pick(visit.relation)}</small>
            </div>
            <span className="quiet">{visit.state !== "cancelled" && isOver(visit) ? t("terminal.state.over") : t(STATES[visit.state])}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
