// A cell's screen: the day, a ring that fills it, the call, and back to the day.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { terminalTicket, type TerminalDay } from "../../api/api";
import type { CallState } from "../../call/protocol.gen";
import { runningCall } from "../../call/session";
import { CallScreen } from "../../callscreen/CallScreen";
import { EndedPage } from "../../callscreen/EndedPage";
import { createLive, useLiveView, useRunning, type Live, type LiveView } from "../../callscreen/useCall";
import { useWords } from "../../i18n/words";
import { Button } from "../../ui/Button";
import { Loading } from "../../ui/StatePage";
import { useKeys } from "../../ui/useKeys";
import { useTitle } from "../../ui/useTitle";
import { Home } from "./Home";
import { FaultPage, OverPage } from "./pages";
import { Ring } from "./Ring";
import { SignIn } from "./SignIn";
import "./terminal.css";
import { useDay } from "./useDay";

const NOBODY: ReadonlySet<string> = new Set(["not_signed_in", "session_ended"]);

export function TerminalApp(): ReactNode {
  const { t } = useWords();
  const live = useMemo(() => createLive(terminalTicket), []);
  const view = useLiveView(live);
  const [load, reload] = useDay(view.session.agenda);
  useTitle(t("terminal.name"));
  useRunning(live, load.at === "ready");
  if (load.at === "loading") return <Loading />;
  if (load.at === "fault") {
    return NOBODY.has(load.code) ? <SignIn onDone={reload} /> : <FaultPage code={load.code} onAgain={reload} />;
  }
  return <Terminal live={live} view={view} day={load.day} skew={load.skew} />;
}

interface TerminalProps {
  live: Live;
  view: LiveView;
  day: TerminalDay;
  skew: number;
}

function Terminal({ live, view, day, skew }: TerminalProps): ReactNode {
  const [read, setRead] = useState<string | null>(null);
  const call = runningCall(view.session);
  const inCall = call !== null && (call.phase === "live" || call.phase === "held");
  useCameraOnlyInCall(live, inCall);
  if (view.link.at === "over") return <OverPage why={view.link.why} />;
  if (inCall) return <CallScreen kiosk call={call} live={live} view={view} notices={noticesOf(day, call)} />;
  if (call?.phase === "ringing") return <Ring call={call} live={live} notices={noticesOf(day, call)} skew={view.session.skew} />;
  const ended = latestEnded(view);
  if (ended !== null && ended.visit !== read) return <Farewell call={ended} lived={view.session.lived.has(ended.visit)} onBack={() => setRead(ended.visit)} />;
  return <Home day={day} skew={skew} live={live} view={view} />;
}

const noticesOf = (day: TerminalDay, call: CallState): TerminalDay["visits"][number]["notices"] =>
  day.visits.find((visit) => visit.visit === call.visit)?.notices ?? [];

/** The call that has just ended on this screen; one that nobody was in needs no farewell here. */
function latestEnded(view: LiveView): CallState | null {
  const ended = [...view.session.calls.values()].filter((call) => call.phase === "ended" && call.call !== null);
  return ended.toSorted((a, b) => (b.ended?.at ?? 0) - (a.ended?.at ?? 0))[0] ?? null;
}

/** The camera is off until the prisoner has answered, and off again when the call is over. */
function useCameraOnlyInCall(live: Live, inCall: boolean): void {
  const { devices } = live;
  useEffect(() => {
    if (!inCall) return;
    void devices.start(true);
    return () => {
      devices.stop();
      devices.mute(false);
    };
  }, [devices, inCall]);
}

function Farewell({ call, lived, onBack }: { call: CallState; lived: boolean; onBack: () => void }): ReactNode {
  const { t } = useWords();
  useKeys({ Enter: onBack, "0": onBack });
  const back = (
    <Button kind="primary" keyCap="Enter" onClick={onBack}>
      {t("terminal.back")}
    </Button>
  );
  return <EndedPage call={call} lived={lived} actions={back} />;
}
