// Sets and remembers light or dark; without a choice the device's own setting holds.
export type Theme = "light" | "dark" | "device";

const KEY = "theme";

export function rememberedTheme(otherwise: Theme): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" || kept === "device" ? kept : otherwise;
  } catch {
    return otherwise;
  }
}

/** Tokens hang on `data-theme` of the root element. */
export function applyTheme(theme: Theme): void {
  if (theme === "device") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds for this page.
  }
}
