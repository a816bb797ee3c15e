// Leads a relative from the link to the visit: sign in, lobby, call, farewell.
import { useMemo, type ReactNode } from "react";
import { visitorTicket, type VisitView } from "../../api/api";
import { runningCall } from "../../call/session";
import { lacking } from "../../call/support";
import { CallScreen } from "../../callscreen/CallScreen";
import { EndedPage } from "../../callscreen/EndedPage";
import { createLive, useLiveView, useRunning } from "../../callscreen/useCall";
import { useWords } from "../../i18n/words";
import { AppBar } from "../../ui/AppBar";
import { Loading } from "../../ui/StatePage";
import { useTitle } from "../../ui/useTitle";
import { BrowserPage, FaultPage, OverPage, VisitStatePage } from "./pages";
import { Lobby } from "./Lobby";
import { useOwnDevices } from "./useOwnDevices";
import { useVisit } from "./useVisit";

export function VisitorApp(): ReactNode {
  const { t } = useWords();
  const lack = lacking(globalThis);
  useTitle(t("visitor.name"));
  return lack === null ? <Signed /> : <Framed page={<BrowserPage lack={lack} />} />;
}

function Signed(): ReactNode {
  const [load, reload] = useVisit();
  if (load.at === "loading") return <Framed page={<Loading />} />;
  if (load.at === "fault") return <Framed page={<FaultPage code={load.code} onAgain={reload} />} />;
  const { visit, skew } = load;
  if (visit.state === "early" || visit.state === "open") return <Visit visit={visit} skew={skew} />;
  return <Framed page={<VisitStatePage visit={visit} onAgain={reload} />} />;
}

function Visit({ visit, skew }: { visit: VisitView; skew: number }): ReactNode {
  const live = useMemo(() => createLive(visitorTicket), []);
  const view = useLiveView(live);
  const call = runningCall(view.session);
  const ended = call?.phase === "ended";
  useRunning(live, visit.state === "open");
  const choice = useOwnDevices(live.devices, !ended);
  if (ended) return <Framed page={<EndedPage call={call} lived={view.session.lived.has(call.visit)} />} />;
  if (view.link.at === "over") return <Framed page={<OverPage why={view.link.why} />} />;
  const inCall = call !== null && (call.phase === "live" || call.phase === "held") && !view.session.mustJoin;
  if (inCall) {
    return <CallScreen call={call} live={live} view={view} notices={visit.notices} policy={visit.policy} />;
  }
  return <Framed page={<Lobby visit={visit} skew={skew} call={call} live={live} view={view} choice={choice} />} />;
}

function Framed({ page }: { page: ReactNode }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <AppBar name={t("visitor.name")} />
      {page}
    </>
  );
}
