// Filter chips: one is pressed, the others can be.
import type { ReactNode } from "react";

export interface Chip {
  value: string | null;
  words: string;
  count?: number;
}

interface ChipsProps {
  label: string;
  chips: readonly Chip[];
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

export function Chips({ label, chips, chosen, onChoose }: ChipsProps): ReactNode {
  return (
    <div className="chips" role="group" aria-label={label}>
      {chips.map(({ value, words, count }) => (
        <button
          key={value ?? ""}
          type="button"
          className="chip"
          aria-pressed={value === chosen}
          onClick={() => onChoose(value === chosen ? null : value)}
        >
          {words} {count !== undefined && <b>{count}</b>}
        </button>
      ))}
    </div>
  );
}
