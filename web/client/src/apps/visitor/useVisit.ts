// Signs in by the link in the address and keeps the visit's facts fresh.
import { useCallback, useEffect, useState } from "react";
import { visitorSignIn, visitorVisit, type Fault, type VisitView } from "../../api/api";

export type VisitLoad =
  | { at: "loading" }
  | { at: "fault"; code: Fault }
  | { at: "ready"; visit: VisitView; /** server minus device, ms */ skew: number };

/** The secret part of `/v/<secret>`, or null. */
export function linkIn(path: string): string | null {
  return /^\/v\/([^/]+)\/?$/.exec(path)?.[1] ?? null;
}

async function load(): Promise<VisitLoad> {
  const link = linkIn(location.pathname);
  if (link !== null) {
    const signedIn = await visitorSignIn(decodeURIComponent(link));
    if (!signedIn.ok) return { at: "fault", code: signedIn.code };
    // The secret must not stay where others read over the shoulder.
    history.replaceState(null, "", "/visitor/");
  }
  const answer = await visitorVisit();
  if (!answer.ok) return { at: "fault", code: answer.code };
  return { at: "ready", visit: answer.value, skew: answer.value.now - Date.now() };
}

export function useVisit(): [VisitLoad, () => void] {
  const [state, setState] = useState<VisitLoad>({ at: "loading" });
  const reload = useCallback(() => {
    void load().then(setState);
  }, []);
  useEffect(reload, [reload]);
  const opensAt = state.at === "ready" && state.visit.state === "early" ? state.visit.joinable_from - state.skew : null;
  useEffect(() => {
    if (opensAt === null) return;
    // A timer longer than a day is asked again before it overflows.
    const timer = setTimeout(reload, Math.min(86_400_000, Math.max(1_000, opensAt - Date.now())));
    return () => clearTimeout(timer);
  }, [opensAt, reload]);
  return [state, reload];
}
