// Builds the officer's session once per page and lets React watch it.
import { useEffect } from "react";
import { officerTicket } from "../../api/api";
import { whenBack } from "../../call/awake";
import { Link, randomTab } from "../../call/link";
import { deviceTimers } from "../../call/timers";
import { WatchSession } from "../../call/watch";
import { openSocket } from "../../call/wire";

const TAB = randomTab();

export interface Watching {
  link: Link;
  session: WatchSession;
}

const peer = (): RTCPeerConnection => new RTCPeerConnection({ bundlePolicy: "max-bundle" });

export function createWatching(): Watching {
  const link = new Link({ ticket: officerTicket, open: openSocket, timers: deviceTimers, tab: TAB });
  return { link, session: new WatchSession({ link, peer, timers: deviceTimers }) };
}

export function useRunning({ session }: Watching, active: boolean): void {
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
