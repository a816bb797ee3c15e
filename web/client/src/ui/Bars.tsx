// The quality of a line as bars and a word.
import type { ReactNode } from "react";
import { useWords } from "../i18n/words";

const WORDS = ["ui.line.lost", "ui.line.bad", "ui.line.weak", "ui.line.fair", "ui.line.good"] as const;

/** `line`: 0 lost .. 4 good, as in CallState; null before anything was measured. */
export function Bars({ line, weakTone = true }: { line: number | null; weakTone?: boolean }): ReactNode {
  const { t } = useWords();
  if (line === null) return null;
  const level = Math.min(4, Math.max(0, Math.round(line)));
  return (
    <span className={weakTone && level <= 2 ? "line is-needs" : "line"}>
      <span className="bars" data-level={level} aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </span>
      {t(WORDS[level] ?? "ui.line.lost")}
    </span>
  );
}
