// Reads a PO catalogue into a map from message id to its words.

/** @param {string} quoted one or more "…" parts */
const joined = (quoted) =>
  [...quoted.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => JSON.parse(`"${m[1]}"`)).join("");

/**
 * @param {string} text the file
 * @returns {Map<string, string>} id -> words; "" where a message is not translated yet
 */
export function readPo(text) {
  const messages = new Map();
  const entry = /^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)^msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)/gm;
  for (const match of text.matchAll(entry)) {
    const id = joined(match[1] ?? "");
    if (id === "") continue;
    if (messages.has(id)) throw new Error(`${id} stands twice`);
    messages.set(id, joined(match[2] ?? ""));
  }
  return messages;
}
