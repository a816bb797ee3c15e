// The lobby: what will happen to the call, whether one is seen and heard, and why one waits.
import { useState, type ReactNode } from "react";
import type { VisitView } from "../../api/api";
import type { CallState } from "../../call/protocol.gen";
import { WhyDialog } from "../../callscreen/WhyDialog";
import type { Live, LiveView } from "../../callscreen/useCall";
import { day, minutesUntil, sameDay, span } from "../../i18n/times";
import { useNow } from "../../i18n/useNow";
import { useWords } from "../../i18n/words";
import { ConditionsLine } from "../../ui/ConditionsLine";
import { useTitle } from "../../ui/useTitle";
import { deviceTrouble, lobbyState } from "./lobby";
import "./lobby.css";
import { Looks } from "./Looks";
import { Status } from "./Status";
import type { DeviceChoice } from "./useOwnDevices";

interface LobbyProps {
  visit: VisitView;
  /** Of the HTTP answer; the socket's own is better once it is there. */
  skew: number;
  call: CallState | null;
  live: Live;
  view: LiveView;
  choice: DeviceChoice;
}

export function Lobby({ visit, skew, call, live, view, choice }: LobbyProps): ReactNode {
  const { t } = useWords();
  const [why, setWhy] = useState(false);
  const now = useNow(call === null ? skew : view.session.skew);
  const trouble = deviceTrouble(view.media, choice.pictureless, choice.soundless);
  const { mustJoin } = view.session;
  const state = lobbyState({ early: visit.state === "early", call, mustJoin, trouble, now });
  const banner = call?.notice ?? visit.notices[0]?.words;
  useTitle(t("call.title", { name: visit.prisoner }));
  return (
    <main id="main" className="lobby" data-testid="phase" data-phase={state}>
      <div className="lobby__head">
        <h1>{t("call.title", { name: visit.prisoner })}</h1>
        <p className="lobby__when">
          <When from={visit.starts_at} to={visit.ends_at} now={now} />
        </p>
      </div>
      {banner && (
        <ConditionsLine
          notice={banner as VisitView["relation"]}
          closed={visit.closed}
          recorded={call === null || call.recording !== "none"}
          onWhy={() => setWhy(true)}
        />
      )}
      <Looks devices={live.devices} view={view} state={state} choice={choice} call={call} />
      <Status state={state} visit={visit} call={call} live={live} choice={choice} now={now} online={view.link.at === "up"} />
      <p className="lobby__foot small">
        <button type="button" className="link" onClick={() => setWhy(true)}>
          {t("call.why.title")}
        </button>
      </p>
      {why && <WhyDialog notices={visit.notices} policy={visit.policy} onClose={() => setWhy(false)} />}
    </main>
  );
}

/** "Today 14.00–14.30 (in 12 minutes)"; never only relative. */
function When({ from, to, now }: { from: number; to: number; now: number }): ReactNode {
  const { t, lang } = useWords();
  const times = span(from, to);
  if (!sameDay(from, now)) return t("visitor.when.day", { day: day(from, lang), span: times });
  if (now >= from) return t("visitor.when.begun", { span: times });
  const minutes = minutesUntil(from, now);
  if (minutes > 60) return t("visitor.when.today", { span: times, hours: Math.round(minutes / 60) });
  return t("visitor.when.soon", { span: times, minutes });
}
