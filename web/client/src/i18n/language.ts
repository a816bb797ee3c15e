// Chooses and remembers the language of the person in front of the screen.
export const LANGUAGES = ["fi", "sv", "en"] as const;
export type Lang = (typeof LANGUAGES)[number];

const KEY = "language";

export const isLang = (value: unknown): value is Lang => LANGUAGES.includes(value as Lang);

/** The remembered language, else the browser's first that we speak, else Finnish. */
export function chooseLanguage(remembered: string | null, wanted: readonly string[]): Lang {
  if (isLang(remembered)) return remembered;
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLang) ?? "fi";
}

/** Storage may be forbidden; then the choice lives as long as the page. */
export function rememberedLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberLanguage(lang: Lang): void {
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // The page still speaks it.
  }
}
