// Chooses the pack a page shows.
import type { PackList } from "./api";

/** Null: the house goes by rules that nobody can read, so there is nothing true to show. */
export function wantedPack(list: PackList, asked: string | null): string | null {
  if (asked !== null && list.packs.some((pack) => pack.pack === asked)) return asked;
  const used = list.packs.find((pack) => pack.in_use);
  if (used !== undefined) return used.pack;
  return list.unreadable.length > 0 ? null : (list.packs[0]?.pack ?? null);
}
