// One catalogue per app and one for each shared room, so that a page loads its own words only.
import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

const rooms = ["ui", "call", "door", "visitor", "terminal", "officer", "review", "office", "policies"];

export default defineConfig({
  locales: ["fi", "sv", "en"],
  // No fallback: a missing message is a failed build, never a word in another language.
  fallbackLocales: false,
  format: formatter({ explicitIdAsDefault: true, origins: false, lineNumbers: false }),
  catalogs: rooms.map((room) => ({ path: `src/i18n/po/${room}/{locale}`, include: [] })),
});
