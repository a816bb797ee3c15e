// Writes clock times, days and minutes the way people here read them; 24 hours in every language.
import type { Lang } from "./language";

const DASH = "–";
const LOCALES: Record<Lang, string> = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };

/** Hours and minutes of a moment (ms since the epoch) in the device's time zone: "9.05". */
export function clock(at: number): string {
  const date = new Date(at);
  return `${date.getHours()}.${String(date.getMinutes()).padStart(2, "0")}`;
}

/** "14.00–14.30" */
export function span(from: number, to: number): string {
  return `${clock(from)}${DASH}${clock(to)}`;
}

/** "torstai 5. marraskuuta" */
export function day(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALES[lang], { weekday: "long", day: "numeric", month: "long" })
    .format(at)
    .replace(",", "");
}

/** A calendar day from "2026-11-05": "5. marraskuuta 2026". */
export function fullDate(date: string, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALES[lang], { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(date));
}

/** A text that begins a line: "Torstai 5. marraskuuta". */
export const capital = (text: string, lang: Lang): string => text.charAt(0).toLocaleUpperCase(LOCALES[lang]) + text.slice(1);

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Whole minutes until a moment, counted up: 61 s are 2 minutes; never below 0. */
export function minutesUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 60_000));
}

/** A duration for people: seconds below a minute and a half, then minutes. */
export function elapsed(ms: number): { unit: "seconds" | "minutes"; count: number } {
  const seconds = Math.max(0, Math.round(ms / 1000));
  // In steps of ten, so that a screen reader is not told every second.
  if (seconds < 90) return { unit: "seconds", count: seconds < 10 ? seconds : Math.floor(seconds / 10) * 10 };
  return { unit: "minutes", count: Math.round(seconds / 60) };
}
