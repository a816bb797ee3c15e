// Keeps the day of this terminal fresh: at the server's word, and once a minute.
import { useCallback, useEffect, useState } from "react";
import { terminalDay, type Fault, type TerminalDay } from "../../api/api";

export type DayLoad =
  | { at: "loading" }
  | { at: "fault"; code: Fault }
  | { at: "ready"; day: TerminalDay; /** server minus device, ms */ skew: number };

const EVERY = 60_000;

/** `news` counts what the server has said about the day. A fault does not take away a day that is known. */
export function useDay(news: number): [DayLoad, () => void] {
  const [state, setState] = useState<DayLoad>({ at: "loading" });
  const reload = useCallback(() => {
    void terminalDay().then((answer) =>
      setState((before) => {
        if (answer.ok) return { at: "ready", day: answer.value, skew: answer.value.now - Date.now() };
        const known = before.at === "ready" && answer.code === "offline";
        return known ? before : { at: "fault", code: answer.code };
      }),
    );
  }, []);
  useEffect(() => {
    if (news < 0) return; // every count of news is a reason to ask again
    reload();
    const timer = setInterval(reload, EVERY);
    return () => clearInterval(timer);
  }, [reload, news]);
  return [state, reload];
}
