// Lists that come by pages, asked for whole.
import type { Answer } from "./api";

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last. */
  next: string | null;
}

/** The first page with the entries of all that follow it, or the first refusal. */
export async function everyPage<P extends Page<unknown>>(page: (cursor: string | null) => Promise<Answer<P>>): Promise<Answer<P>> {
  const first = await page(null);
  if (!first.ok) return first;
  const items = [...first.value.items];
  for (let cursor = first.value.next; cursor !== null; ) {
    const answer = await page(cursor);
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    cursor = answer.value.next;
  }
  return { ok: true, value: { ...first.value, items, next: null } };
}
