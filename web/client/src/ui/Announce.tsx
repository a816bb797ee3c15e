// Says a change to those who do not see it.
import type { ReactNode } from "react";

/** Keep it mounted: a live region that appears together with its words is often not read. */
export function Announce({ children, urgent = false }: { children: ReactNode; urgent?: boolean }): ReactNode {
  return (
    <div className="hide" aria-live={urgent ? "assertive" : "polite"} aria-atomic="true">
      {children}
    </div>
  );
}
