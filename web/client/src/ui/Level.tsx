// How loud the own microphone is, as six lamps.
import type { ReactNode } from "react";

const LAMPS = [0, 1, 2, 3, 4, 5];

/** `level`: 0 silence .. 1 loud. A word beside it says the same. */
export function Level({ level }: { level: number }): ReactNode {
  const lit = Math.min(LAMPS.length, Math.ceil(level * LAMPS.length));
  return (
    <span className="level" aria-hidden="true" data-testid="level" data-lit={lit}>
      {LAMPS.map((lamp) => (
        <span key={lamp} className={lamp < lit ? "on" : undefined} />
      ))}
    </span>
  );
}
