// What the office's day is made of: its units, its counts, its order, the days beside it.
import { sorted, type Sorting, type Value } from "../../ui/table/sorting";
import type { OfficeVisit } from "./api";

export const COLUMNS = ["time", "cell", "prisoner", "visitor", "state", "outcome"] as const;
export type Column = (typeof COLUMNS)[number];
export const BY_TIME: Sorting<Column> = { by: "time", down: false };

/** In the order in which somebody should look. */
const STATES: readonly OfficeVisit["state"][] = ["held", "live", "booked", "missed", "done", "cancelled"];

export interface Unit {
  /** null: the terminal belongs to no unit. */
  unit: string | null;
  visits: readonly OfficeVisit[];
}

/** It is over, and nobody has said how. */
export const isOpen = (visit: OfficeVisit): boolean =>
  visit.outcome === null && (visit.state === "done" || visit.state === "missed");

export const unitsOf = (visits: readonly OfficeVisit[], lang: string): (string | null)[] =>
  sorted([...new Set(visits.map((visit) => visit.unit))], (unit) => unit, false, lang);

export interface Choice {
  unit: string | null;
  open: boolean;
}

export const chosenVisits = (visits: readonly OfficeVisit[], choice: Choice): OfficeVisit[] =>
  visits.filter((visit) => (choice.unit === null || visit.unit === choice.unit) && (!choice.open || isOpen(visit)));

/** The order holds inside each unit; `say` puts a cell in the words that are shown. */
export function byUnits(
  visits: readonly OfficeVisit[],
  sorting: Sorting<Column>,
  lang: string,
  say: (visit: OfficeVisit, column: "visitor" | "outcome") => string,
): Unit[] {
  const values: Readonly<Record<Column, (visit: OfficeVisit) => Value>> = {
    time: (visit) => visit.starts_at,
    cell: (visit) => visit.cell,
    prisoner: (visit) => visit.prisoner,
    visitor: (visit) => say(visit, "visitor"),
    state: (visit) => STATES.indexOf(visit.state),
    outcome: (visit) => say(visit, "outcome") || null,
  };
  return unitsOf(visits, lang).map((unit) => {
    const mine = visits.filter((visit) => visit.unit === unit).toSorted((a, b) => a.starts_at - b.starts_at);
    return { unit, visits: sorted(mine, values[sorting.by], sorting.down, lang) };
  });
}

export interface Counts extends Record<string, number> {
  count: number;
  live: number;
  booked: number;
  done: number;
  missed: number;
  cancelled: number;
  open: number;
}

export function countsOf(visits: readonly OfficeVisit[]): Counts {
  const of = (...states: OfficeVisit["state"][]): number => visits.filter((visit) => states.includes(visit.state)).length;
  return {
    count: visits.length,
    live: of("live", "held"),
    booked: of("booked"),
    done: of("done"),
    missed: of("missed"),
    cancelled: of("cancelled"),
    open: visits.filter(isOpen).length,
  };
}

/** Noon of a day in the device's time zone, ms: far from any midnight. Null for what is no date. */
export function noonOf(date: string): number | null {
  const [year, month, day] = date.split("-").map(Number);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || year === undefined || month === undefined || day === undefined) return null;
  return new Date(year, month - 1, day, 12).getTime();
}

const two = (part: number): string => String(part).padStart(2, "0");

/** The date so many days later, YYYY-MM-DD. */
export function daysLater(date: string, days: number): string {
  const at = new Date(noonOf(date) ?? 0);
  at.setDate(at.getDate() + days);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
