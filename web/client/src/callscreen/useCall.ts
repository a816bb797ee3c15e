// Builds a participant's session once per page and lets React watch it.
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Answer } from "../api/api";
import { whenBack } from "../call/awake";
import { Link, randomTab, type LinkStatus } from "../call/link";
import { OwnDevices, type MediaView } from "../call/media";
import { CallSession, type SessionView } from "../call/session";
import type { Store } from "../call/store";
import { deviceTimers } from "../call/timers";
import { openSocket } from "../call/wire";

export interface Live {
  link: Link;
  session: CallSession;
  devices: OwnDevices;
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

/** One tab, one name: a socket that comes back is the same tab. */
const TAB = randomTab();

export function createLive(ticket: () => Promise<Answer<{ ticket: string }>>): Live {
  const devices = new OwnDevices(navigator.mediaDevices);
  const link = new Link({ ticket, open: openSocket, timers: deviceTimers, tab: TAB });
  const session = new CallSession({
    link,
    media: devices,
    peer: () => new RTCPeerConnection({ bundlePolicy: "max-bundle" }),
    timers: deviceTimers,
  });
  return { link, session, devices };
}

/** Keeps the session running while the part that uses it is on the page and `active`. */
export function useRunning(live: Live, active: boolean): void {
  const { session } = live;
  useEffect(() => {
    if (!active) return;
    session.start();
    const stopWatching = whenBack({ window, document, now: () => Date.now() }, (slept) => session.back(slept));
    return () => {
      stopWatching();
      session.stop();
    };
  }, [session, active]);
}

export interface LiveView {
  link: LinkStatus;
  session: SessionView;
  media: MediaView;
}

export function useLiveView(live: Live): LiveView {
  const link = useStore(live.link.status);
  const session = useStore(live.session.view);
  const media = useStore(live.devices.view);
  return useMemo(() => ({ link, session, media }), [link, session, media]);
}
