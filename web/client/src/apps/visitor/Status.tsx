// The lobby's answer to "what now?": what happens, why, and at most one thing to do first.
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import type { VisitView } from "../../api/api";
import { refusalWords } from "../../call/codes";
import type { CallState } from "../../call/protocol.gen";
import type { Live } from "../../callscreen/useCall";
import { clock, elapsed } from "../../i18n/times";
import { useWords, type Values, type Words } from "../../i18n/words";
import { Announce } from "../../ui/Announce";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import type { LobbyState } from "./lobby";
import type { DeviceChoice } from "./useOwnDevices";

interface StatusProps {
  state: LobbyState;
  visit: VisitView;
  call: CallState | null;
  live: Live;
  choice: DeviceChoice;
  now: number;
  online: boolean;
}

interface Saying {
  icon: IconName;
  title: string;
  text: string;
  small?: string;
  needs?: boolean;
  /** To read out on the telephone. */
  code?: string;
}

const SAYINGS: Record<LobbyState, Saying> = {
  early: { icon: "clock", title: "visitor.early.title", text: "visitor.early.text" },
  asking: { icon: "camera", title: "visitor.asking.title", text: "visitor.asking.text" },
  both_blocked: { icon: "warn", needs: true, code: "C-11", title: "visitor.both_blocked.title", text: "visitor.both_blocked.text" },
  camera_blocked: { icon: "warn", needs: true, code: "C-12", title: "visitor.camera_blocked.title", text: "visitor.camera_blocked.text" },
  camera_missing: { icon: "warn", needs: true, code: "C-13", title: "visitor.camera_missing.title", text: "visitor.camera_missing.text" },
  camera_busy: { icon: "warn", needs: true, code: "C-14", title: "visitor.camera_busy.title", text: "visitor.camera_busy.text" },
  microphone_blocked: { icon: "warn", needs: true, code: "C-22", title: "visitor.microphone_blocked.title", text: "visitor.microphone_blocked.text" },
  microphone_missing: { icon: "warn", needs: true, code: "C-23", title: "visitor.microphone_missing.title", text: "visitor.microphone_missing.text" },
  none_found: { icon: "warn", needs: true, code: "C-10", title: "visitor.none_found.title", text: "visitor.none_found.text" },
  ready: { icon: "check", title: "visitor.ready.title", text: "visitor.ready.text" },
  away: { icon: "swap", title: "visitor.away.title", text: "visitor.away.text" },
  waits_for_time: { icon: "clock", title: "visitor.waits.title", text: "visitor.waits.text", small: "visitor.unseen" },
  ringing: { icon: "ring", title: "visitor.ringing.title", text: "visitor.ringing.seconds", small: "visitor.unseen" },
  unanswered: { icon: "ring", title: "visitor.ringing.title", text: "visitor.unanswered.text", small: "visitor.unseen" },
  declined: { icon: "clock", title: "visitor.declined.title", text: "visitor.declined.text" },
};

export function Status(props: StatusProps): ReactNode {
  const { state, visit, call, now, online, live, choice } = props;
  const { t } = useWords();
  const [refused, setRefused] = useState<string | null>(null);
  const heading = useFocusKept(state);
  const saying = SAYINGS[state];
  const values = { name: visit.prisoner, from: clock(visit.joinable_from), start: clock(visit.starts_at), end: clock(visit.ends_at) };
  const join = async (): Promise<void> => {
    const done = await live.session.join();
    setRefused(done.ok ? null : done.error.code);
  };
  const mayLeave = useSettled(state);
  const leave = (): void => {
    if (mayLeave()) void live.session.leave();
  };
  return (
    <section className="lobby__status">
      <div className={saying.needs ? "card status status--needs" : "card status"}>
        <span className={state === "ringing" ? "status__sign" : "status__sign is-still"}>
          <Icon name={saying.icon} />
        </span>
        <h2 ref={heading} tabIndex={-1}>
          {t(saying.title, values)}
        </h2>
        <p>{state === "ringing" ? ringWords(t, call, now) : t(saying.text, values)}</p>
        {saying.small && <p className="small quiet">{t(saying.small, values)}</p>}
        {saying.code && <p className="small">{t("ui.code", { code: saying.code })}</p>}
      </div>
      <Announce urgent={saying.needs ?? false}>{t(saying.title, values)}</Announce>
      {refused !== null && (
        <Banner icon="warn" tone="needs" role="alert">
          <p>{t(refusalWords(refused))}</p>
          <p className="small">{t("ui.code", { code: refused })}</p>
        </Banner>
      )}
      <Acts state={state} choice={choice} online={online} onJoin={() => void join()} onLeave={leave} />
    </section>
  );
}

const SETTLE_MS = 800;

/** "Leave" comes where "Join" was: the second press of a double press must not leave again. */
function useSettled(state: LobbyState): () => boolean {
  const seen = useRef({ state, at: 0 });
  useEffect(() => {
    if (seen.current.state !== state) seen.current = { state, at: performance.now() };
  }, [state]);
  return () => performance.now() - seen.current.at > SETTLE_MS;
}

/** A pressed button that goes away takes the focus with it: give it to the new words. */
function useFocusKept(state: LobbyState): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(state);
  useEffect(() => {
    if (shown.current !== state && document.activeElement === document.body) heading.current?.focus();
    shown.current = state;
  }, [state]);
  return heading;
}

function ringWords(t: Words["t"], call: CallState | null, now: number): string {
  const wait = elapsed(now - (call?.ringing_since ?? now));
  const values: Values = { count: wait.count };
  return wait.unit === "seconds" ? t("visitor.ringing.seconds", values) : t("visitor.ringing.minutes", values);
}

interface ActsProps {
  state: LobbyState;
  choice: DeviceChoice;
  online: boolean;
  onJoin: () => void;
  onLeave: () => void;
}

function Acts({ state, choice, online, onJoin, onLeave }: ActsProps): ReactNode {
  const { t } = useWords();
  const again = (primary: boolean): ReactNode => (
    <Button {...(primary && { kind: "primary" as const })} onClick={choice.test}>
      {t("visitor.test_again")}
    </Button>
  );
  const leave = (
    <Button key="leave" icon="leave" onClick={onLeave}>
      {t("call.leave")}
    </Button>
  );
  const join = (words: string): ReactNode => (
    <Button key="join" kind="primary" onClick={onJoin} disabled={!online}>
      {words}
    </Button>
  );
  const buttons = ((): ReactNode => {
    switch (state) {
      case "asking":
        return null;
      case "early":
        return again(false);
      case "both_blocked":
      case "none_found":
        return again(true);
      case "camera_blocked":
      case "camera_missing":
      case "camera_busy":
        return (
          <>
            <Button onClick={choice.soundOnly}>{t("visitor.sound_only")}</Button>
            {again(true)}
          </>
        );
      case "microphone_blocked":
      case "microphone_missing":
        return (
          <>
            <Button onClick={choice.pictureOnly}>{t("visitor.picture_only")}</Button>
            {again(true)}
          </>
        );
      case "ready":
      case "away":
        return (
          <>
            {again(false)}
            {join(state === "ready" ? t("visitor.join") : t("visitor.join_again"))}
          </>
        );
      case "declined":
        return (
          <>
            {leave}
            {join(t("visitor.ring_again"))}
          </>
        );
      default:
        return (
          <>
            {again(false)}
            {leave}
          </>
        );
    }
  })();
  return buttons === null ? null : <div className="btns">{buttons}</div>;
}
