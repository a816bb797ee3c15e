// Fails when a message id in the source is unknown, unused, glued from parts or missing in a language.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { readPo } from "./po.mjs";

const languages = ["fi", "sv", "en"];
const rooms = ["ui", "call", "door", "visitor", "terminal", "officer", "review", "office", "policies"];
const prefix = `(?:${rooms.join("|")})`;
const faults = [];

const sources = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.(tsx?|html)$/.test(f.name) && !/\.(test|gen)\.tsx?$/.test(f.name))
    .map((f) => join(f.parentPath, f.name))
    .filter((path) => !path.includes("i18n/po/"));
const pages = ["index", "visitor", "terminal", "officer", "office", "policies"].map((p) => `${p}.html`);

const known = new Map();
for (const room of rooms) {
  const catalogues = languages.map((lang) => readPo(readFileSync(`src/i18n/po/${room}/${lang}.po`, "utf8")));
  const ids = new Set(catalogues.flatMap((c) => [...c.keys()]));
  for (const id of ids) {
    if (!id.startsWith(`${room}.`)) faults.push(`${id} stands in the catalogue of ${room}`);
    languages.forEach((lang, i) => {
      const words = catalogues[i].get(id);
      if (!words) return void faults.push(`${id} has no words in ${lang}`);
      try {
        compileMessageOrThrow(words);
      } catch (error) {
        faults.push(`${id} in ${lang}: ${error.message}`);
      }
    });
    if (catalogues.some((c) => !c.get(id))) continue;
    const shapes = catalogues.map((c) => shape(c.get(id)));
    if (new Set(shapes).size > 1) faults.push(`${id} does not take the same values everywhere: ${shapes.join(" | ")}`);
    known.set(id, 0);
  }
}

/** The values a message takes, to compare languages. */
function shape(words) {
  return [...new Set(valuesIn(compileMessageOrThrow(words)))].toSorted().join(",");
}

/** A compiled message is text, or tokens: text, or [value, format, choices]. */
function valuesIn(message) {
  if (!Array.isArray(message)) return [];
  return message.filter(Array.isArray).flatMap(([value, , choices]) => [
    value,
    ...Object.values(choices ?? {}).flatMap(valuesIn),
  ]);
}

for (const path of [...pages, ...sources("src")]) {
  const text = readFileSync(path, "utf8");
  for (const [, id] of text.matchAll(new RegExp(`["'%:](${prefix}\\.[a-z0-9_]+(?:\\.[a-z0-9_]+)*)["'%]`, "g"))) {
    if (known.has(id)) known.set(id, known.get(id) + 1);
    else faults.push(`${path}: ${id} is in no catalogue`);
  }
  // A glued id cannot be checked: name the ids in a table instead.
  for (const [glued] of text.matchAll(new RegExp("`" + prefix + "\\.[^`]*\\$\\{[^`]*`", "g"))) {
    faults.push(`${path}: ${glued} is glued from parts`);
  }
}
// `--unused` is for the check: while a screen is being built its words may come first.
const strict = process.argv.includes("--unused");
for (const [id, uses] of known) if (strict && uses === 0) faults.push(`${id} is never used`);

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`${known.size} messages in ${languages.length} languages, ${faults.length} faults\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
