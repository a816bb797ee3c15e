// Writes stretches of a recording for people: whole minutes and seconds, and the time of day to the second.
import type { Lang } from "../../../i18n/language";
import { clock } from "../../../i18n/times";

/** The values of the messages that tell a duration; a stretch that is there is never 0 seconds. */
export function duration(ms: number): { minutes: number; seconds: number } {
  const all = ms > 0 ? Math.max(1, Math.round(ms / 1000)) : 0;
  return { minutes: Math.floor(all / 60), seconds: all % 60 };
}

/** "14.19.32": the device's time of day. */
export const clockSeconds = (at: number): string => `${clock(at)}.${String(new Date(at).getSeconds()).padStart(2, "0")}`;

const LOCALES: Record<Lang, string> = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };

/** "5 Nov": short, to stand on a picture. */
export const monthDay = (at: number, lang: Lang): string =>
  new Intl.DateTimeFormat(LOCALES[lang], { day: "numeric", month: lang === "fi" ? "numeric" : "short" }).format(at);
