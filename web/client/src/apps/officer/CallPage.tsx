// One call, opened to full pictures: who is in it, under which conditions, what has happened, and the ways to step in.
import { useEffect, useState, type ReactNode } from "react";
import { REASONS } from "../../call/codes";
import type { LinkStatus } from "../../call/link";
import type { CallState, PartyState, WallCall } from "../../call/protocol.gen";
import { watchedStream, type WatchView } from "../../call/watch";
import { useStore } from "../../callscreen/useCall";
import { clock } from "../../i18n/times";
import { useWords } from "../../i18n/words";
import { Banner } from "../../ui/Banner";
import { KeyCap } from "../../ui/Button";
import { Bars } from "../../ui/Bars";
import { ConditionsLine } from "../../ui/ConditionsLine";
import { Countdown } from "../../ui/Countdown";
import { toFirstWords } from "../../ui/focus";
import { Icon } from "../../ui/Icon";
import { Picture } from "../../ui/Picture";
import { PictureTag } from "../../ui/PictureTag";
import { Loading, StatePage } from "../../ui/StatePage";
import { useKeys } from "../../ui/useKeys";
import { useTitle } from "../../ui/useTitle";
import { ConditionsCard, EventsCard, PeopleCard, WarningsCard } from "./CallCards";
import { EndedCall } from "./EndedCall";
import { follow, go } from "./route";
import { SoundControl, useListening } from "./Sound";
import { Ask, StepIn, type Step } from "./StepIn";
import { Track } from "./Track";
import type { Watching } from "./useWatch";
import { nextCall } from "./wall";

interface CallPageProps {
  visit: string;
  watching: Watching;
  link: LinkStatus;
}

export function CallPage({ visit, watching, link }: CallPageProps): ReactNode {
  const { t } = useWords();
  const { session } = watching;
  const view = useStore(session.view);
  useEffect(() => {
    session.focus(visit);
    return () => session.focus(null);
  }, [session, visit]);
  const seen = view.wall?.calls.find((each) => each.visit === visit);
  const call = view.calls.get(visit);
  useTitle(seen === undefined ? t("officer.name") : t("officer.call.title", { cell: seen.cell }));
  if (view.wall === null) return <Loading />;
  if (call?.phase === "ended") return <EndedCall call={call} cell={seen?.cell ?? null} />;
  if (seen === undefined || !seen.watchable) return <NotHere closed={seen?.closed === true} />;
  if (call === undefined) return <Loading />;
  return <OpenCall seen={seen} call={call} view={view} watching={watching} away={link.at !== "up"} />;
}

function NotHere({ closed }: { closed: boolean }): ReactNode {
  const { t } = useWords();
  const back = (
    <a className="btn btn--primary" {...follow({ page: "wall" })}>
      {t("officer.back")}
    </a>
  );
  const [title, text] = closed
    ? [t("officer.closed"), t("officer.closed.text")]
    : [t("officer.call.gone"), t("officer.call.gone.text")];
  return (
    <StatePage icon={closed ? "shield" : "search"} title={title} phase="no_call" actions={back}>
      <p>{text}</p>
    </StatePage>
  );
}

interface OpenCallProps {
  seen: WallCall;
  call: CallState;
  view: WatchView;
  watching: Watching;
  away: boolean;
}

function OpenCall({ seen, call, view, watching, away }: OpenCallProps): ReactNode {
  const { t } = useWords();
  const listening = useListening(seen.audible);
  const [step, setStep] = useState<Step | null>(null);
  const next = view.wall === null ? null : nextCall(view.wall, call.visit);
  const toNext = (): void => {
    if (next !== null) go({ page: "call", visit: next.visit });
  };
  useKeys({ Escape: () => go({ page: "wall" }), n: toNext }, step === null);
  return (
    <main id="main" className="callpage" data-testid="phase" data-phase={call.phase}>
      <CallHead seen={seen} call={call} skew={view.skew} next={next} />
      <ConditionsLine shape="bar" notice={call.notice} closed={call.closed} recorded={call.recording !== "none"} />
      <div className="desk">
        <div className="desk__main">
          {away && (
            <Banner icon="line-weak" tone="danger" role="alert" title={t("officer.away")}>
              <p>{t("officer.away.text")}</p>
            </Banner>
          )}
          <div className={call.phase === "held" ? "pair is-hold" : "pair"}>
            {call.parties.map((party) => (
              <Party key={party.party} call={call} party={party} view={view} muted={!listening.on} away={away} />
            ))}
          </div>
          <Track call={call} skew={view.skew} />
          {call.phase === "held" && call.hold !== null && <HoldBanner call={call} />}
          <SoundControl audible={seen.audible} listening={listening} />
          <StepIn call={call} session={watching.session} asking={step !== null} onStep={setStep} />
        </div>
        <aside className="desk__side" aria-label={t("officer.about")}>
          {step !== null && (
            <Ask key={step} step={step} call={call} session={watching.session} onClose={() => setStep(null)} />
          )}
          <PeopleCard call={call} cell={seen.cell} />
          <ConditionsCard call={call} seen={seen} />
          <WarningsCard call={call} />
          <EventsCard call={call} />
        </aside>
      </div>
    </main>
  );
}

interface HeadProps {
  seen: WallCall;
  call: CallState;
  skew: number;
  next: WallCall | null;
}

function CallHead({ seen, call, skew, next }: HeadProps): ReactNode {
  const { t, pick } = useWords();
  return (
    <header className="callhead">
      <a className="btn btn--dense" {...follow({ page: "wall" })}>
        <Icon name="left" /> {t("officer.wall")}
      </a>
      <h1 ref={toFirstWords} tabIndex={-1}>
        <span className="cell">{seen.cell}</span> {seen.prisoner} <Icon name="swap" />
        <span className="hide">{t("officer.and")}</span> {seen.visitor}
        {seen.relation && <span className="quiet callhead__relation">, {pick(seen.relation)}</span>}
      </h1>
      <Countdown endsAt={call.ends_at} skew={skew} />
      {next !== null && (
        <a className="btn btn--dense" aria-keyshortcuts="n" {...follow({ page: "call", visit: next.visit })}>
          {t("officer.next_call")} <KeyCap>N</KeyCap>
        </a>
      )}
    </header>
  );
}

interface PartyProps {
  call: CallState;
  party: PartyState;
  view: WatchView;
  muted: boolean;
  away: boolean;
}

function Party({ call, party, view, muted, away }: PartyProps): ReactNode {
  const { t } = useWords();
  const lost = party.presence === "lost";
  const words = away ? "officer.party.away" : call.phase === "held" ? null : lost ? "officer.party.lost" : party.video ? null : "officer.party.no_camera";
  return (
    <figure className={lost ? "feed is-still" : "feed"}>
      <Picture
        muted={muted}
        stream={watchedStream(view, call.visit, party.party)}
        label={t("officer.picture", { name: party.name })}
        testId={`picture-${party.party}`}
      />
      {words !== null && (
        <p className="feed__say">
          <Icon name={lost || away ? "line-weak" : "camera-off"} size="xl" />
          {t(words, { name: party.name })}
        </p>
      )}
      <PictureTag>
        <b>{party.name}</b>
        {!party.audio && (
          <span className="ilabel">
            <Icon name="mic-off" />
            {t("call.muted")}
          </span>
        )}
        {!away && <Bars line={party.line} />}
      </PictureTag>
    </figure>
  );
}

function HoldBanner({ call }: { call: CallState }): ReactNode {
  const { t } = useWords();
  const hold = call.hold;
  if (hold === null) return null;
  const by = hold.by === "officer" ? "officer.hold.by_officer" : "officer.hold.by_system";
  return (
    <Banner icon="pause" tone="needs" role="status" title={t(by, { time: clock(hold.since) })}>
      <p>{t("call.hold.reason", { reason: t(REASONS[hold.reason]) })}</p>
      <p>{t("officer.hold.now")}</p>
      {hold.text && <blockquote className="quote">{hold.text}</blockquote>}
    </Banner>
  );
}
