// Which recordings a chip shows, and what a column of their table is ordered by.
import { sameDay } from "../../i18n/times";
import type { Sorting, Value } from "../../ui/table/sorting";
import type { RecordingRow, Recordings } from "./review/api";

export const COLUMNS = ["when", "prisoner", "visitor", "cell", "length", "sound", "gaps", "state"] as const;
export type Column = (typeof COLUMNS)[number];
export const NEWEST_FIRST: Sorting<Column> = { by: "when", down: true };

export const VALUES: Readonly<Record<Column, (row: RecordingRow) => Value>> = {
  when: (row) => row.begun_at,
  prisoner: (row) => row.prisoner,
  visitor: (row) => row.visitor,
  cell: (row) => row.cell,
  length: (row) => row.duration_ms,
  sound: (row) => Number(row.sound),
  gaps: (row) => row.gaps,
  state: (row) => row.status,
};

type Test = (row: RecordingRow, now: number) => boolean;
const TESTS: Readonly<Record<string, Test>> = {
  today: (row, now) => sameDay(row.begun_at, now),
  going: (row) => row.status === "recording",
  gaps: (row) => row.gaps > 0,
  sound: (row) => row.sound,
  open_ended: (row) => row.status === "open_ended",
};

export const CHIPS: readonly { value: string | null; words: string }[] = [
  { value: null, words: "review.filter.all" },
  { value: "today", words: "review.filter.today" },
  { value: "going", words: "review.filter.going" },
  { value: "gaps", words: "review.filter.gaps" },
  { value: "sound", words: "review.filter.sound" },
  { value: "open_ended", words: "review.filter.open_ended" },
];

/** A chip that is not ours shows everything. */
export function chosenRows(list: Recordings, chip: string | null): readonly RecordingRow[] {
  const test = chip !== null && Object.hasOwn(TESTS, chip) ? TESTS[chip] : undefined;
  return test === undefined ? list.items : list.items.filter((row) => test(row, list.now));
}
