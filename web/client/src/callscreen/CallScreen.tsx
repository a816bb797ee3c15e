// The call as its two people see it: who is there, what is recorded, how long it lasts, and the way out.
import { useState, type ReactNode } from "react";
import type { Notice, PolicyView } from "../api/api";
import type { CallState } from "../call/protocol.gen";
import { other, sceneOf, unread } from "../call/scene";
import { streamOf } from "../call/session";
import { useWords, type Words } from "../i18n/words";
import { Announce } from "../ui/Announce";
import { ConditionsLine } from "../ui/ConditionsLine";
import { toFirstWords } from "../ui/focus";
import { useTitle } from "../ui/useTitle";
import "./call.css";
import { Controls } from "./Controls";
import { HoldView } from "./HoldView";
import { Pictures } from "./Pictures";
import { Says, useSaysWords } from "./Says";
import type { Live, LiveView } from "./useCall";
import { useWakeLock } from "./useWakeLock";
import { WarningDialog } from "./WarningDialog";
import { WhyDialog } from "./WhyDialog";

export interface CallScreenProps {
  call: CallState;
  live: Live;
  view: LiveView;
  notices: readonly Notice[];
  policy?: PolicyView | null;
  /** A cell's terminal: keys do everything, and their caps are shown. */
  kiosk?: boolean;
}

export function CallScreen(props: CallScreenProps): ReactNode {
  const { call, live, view, notices, policy = null, kiosk = false } = props;
  const { t } = useWords();
  const [why, setWhy] = useState(false);
  const [play, setPlay] = useState<(() => void) | null>(null);
  const far = other(call);
  const name = far?.name ?? "";
  const scene = sceneOf(call, view.session, view.link);
  const says = useSaysWords(call, scene, view, play !== null);
  const warning = unread(call);
  useTitle(t("call.title", { name }));
  useWakeLock();
  return (
    <main id="main" className="stage call" data-testid="phase" data-phase={call.phase} data-scene={scene}>
      <h1 className="hide" ref={toFirstWords} tabIndex={-1}>{t("call.title", { name })}</h1>
      <ConditionsLine
        shape="bar"
        notice={call.notice}
        closed={call.closed}
        recorded={call.recording !== "none"}
        onWhy={() => setWhy(true)}
        whyKey={kiosk ? "3" : undefined}
      />
      {call.phase === "held" && call.hold !== null ? (
        <HoldView call={call} hold={call.hold} name={name} />
      ) : (
        <div className="call__view" data-scene={scene}>
          <Pictures
            call={call}
            stream={streamOf(view.session, call, far?.party ?? "")}
            media={view.media}
            still={scene === "weak_still" || scene === "other_lost" || scene === "own_lost"}
            away={scene === "own_lost"}
            onBlocked={(start) => setPlay(() => start)}
            onPlaying={() => setPlay(null)}
          />
          <Says says={says} onPlay={play ?? undefined} />
        </div>
      )}
      <Controls call={call} live={live} view={view} kiosk={kiosk} quiet={warning !== null || why} onWhy={() => setWhy(true)} />
      <Announce>{heldWords(call, t) ?? says?.title}</Announce>
      {warning && (
        <WarningDialog key={warning.id} warning={warning} kiosk={kiosk} onRead={() => live.session.seeWarning(warning.id)} />
      )}
      {why && (
        <WhyDialog notices={withBanner(notices, call)} policy={policy} kiosk={kiosk} onClose={() => setWhy(false)} />
      )}
    </main>
  );
}

function heldWords(call: CallState, t: Words["t"]): string | null {
  if (call.phase !== "held" || call.hold === null) return null;
  return call.hold.by === "officer" ? `${t("call.hold.officer")}. ${call.hold.text}` : t("call.hold.system");
}

/** The call's own line comes first, even where the visit's notices have not been loaded. */
function withBanner(notices: readonly Notice[], call: CallState): readonly Notice[] {
  if (notices.length > 0) return notices;
  return [{ code: "banner", words: call.notice as Notice["words"], why: call.notice as Notice["words"] }];
}
