// Notices that the browser is back: network, tab, or a lid that was opened.
export interface Surroundings {
  window: Pick<Window, "addEventListener" | "removeEventListener">;
  document: Pick<Document, "addEventListener" | "removeEventListener" | "visibilityState">;
  now: () => number;
}

const TICK = 1_000;
/** A clock that jumped this far while it should have ticked means that the device slept. */
const SLEPT = 6_000;

/** `slept` = connections from before are worth nothing. Gives the function that stops watching. */
export function whenBack(around: Surroundings, back: (slept: boolean) => void): () => void {
  let last = around.now();
  const tick = (): boolean => {
    // A hidden tab's timers are slowed, which is no sleep: its socket lives.
    const slept = around.now() - last > SLEPT && around.document.visibilityState === "visible";
    last = around.now();
    return slept;
  };
  const timer = setInterval(() => {
    if (tick()) back(true);
  }, TICK);
  const online = (): void => back(tick());
  const seen = (): void => {
    last = around.now();
    if (around.document.visibilityState === "visible") back(false);
  };
  const restored = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) back(true);
  };
  around.window.addEventListener("online", online);
  around.window.addEventListener("pageshow", restored);
  around.document.addEventListener("visibilitychange", seen);
  return () => {
    clearInterval(timer);
    around.window.removeEventListener("online", online);
    around.window.removeEventListener("pageshow", restored);
    around.document.removeEventListener("visibilitychange", seen);
  };
}
