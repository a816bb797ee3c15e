// Time and chance as arguments, so that tests run without waiting.
export interface Timers {
  now: () => number;
  /** Calls once after so many ms; the answer cancels. */
  after: (ms: number, call: () => void) => () => void;
  /** 0 <= x < 1 */
  random: () => number;
}

export const deviceTimers: Timers = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

const FIRST = 250;
const CAP = 2_500;
/** After so many tries nobody waits for seconds any more, and a server coming up is spared. */
const PATIENT_AFTER = 40;
const PATIENT_CAP = 10_000;

/** How long to wait before try number `attempt` (0 = the first again), ms; half of it is chance. */
export function backOff(attempt: number, random: () => number): number {
  const cap = attempt < PATIENT_AFTER ? CAP : PATIENT_CAP;
  const full = Math.min(cap, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random() / 2));
}
