// Fetches the day that is looked at, again and again, as visits begin and end.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Answer, Fault } from "../../api/api";
import { officeDay, type OfficeDay } from "./api";

const EVERY = 15_000;

export interface DayView {
  /** The last that came of this day; null before the first. */
  shown: OfficeDay | null;
  /** Why the last try failed. */
  fault: Fault | null;
  again: () => void;
}

/** `date`: YYYY-MM-DD or null for today. `onOut`: the session is over. */
export function useDay(date: string | null, onOut: () => void): DayView {
  const [view, setView] = useState<{ date: string | null; shown: OfficeDay | null; fault: Fault | null }>({
    date,
    shown: null,
    fault: null,
  });
  const wanted = useRef(date);
  const take = useCallback(
    (answer: Answer<OfficeDay>): void => {
      if (wanted.current !== date) return;
      if (answer.ok) setView({ date, shown: answer.value, fault: null });
      else if (answer.code === "not_signed_in" || answer.code === "session_ended") onOut();
      else setView((old) => ({ date, shown: old.date === date ? old.shown : null, fault: answer.code }));
    },
    [date, onOut],
  );
  const again = useCallback(() => void officeDay(date).then(take), [date, take]);
  useEffect(() => {
    wanted.current = date;
    again();
    const timer = setInterval(again, EVERY);
    return () => clearInterval(timer);
  }, [date, again]);
  // Another day's list stays until this one's has come: the page does not blink.
  return { shown: view.shown, fault: view.date === date ? view.fault : null, again };
}
