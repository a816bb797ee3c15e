// A list that comes by pages is whole or refused, never cut short in silence.
import { describe, expect, it } from "vitest";
import type { Answer } from "./api";
import { everyPage, type Page } from "./pages";

type Numbers = Page<number> & { now: number };
const pages: Readonly<Record<string, Numbers>> = {
  first: { items: [1, 2], next: "second", now: 7 },
  second: { items: [], next: "third", now: 8 },
  third: { items: [3], next: null, now: 9 },
};
const given = (cursor: string | null): Answer<Numbers> => {
  const value = pages[cursor ?? "first"];
  return value === undefined ? { ok: false, code: "cursor_unknown" } : { ok: true, value };
};

describe("a list by pages", () => {
  it("holds every entry in order, also after a page that holds none", async () => {
    expect(await everyPage(async (cursor) => given(cursor))).toEqual({
      ok: true,
      value: { items: [1, 2, 3], next: null, now: 7 },
    });
  });

  it("is asked for once where there is one page", async () => {
    const asked: (string | null)[] = [];
    await everyPage(async (cursor) => {
      asked.push(cursor);
      return given("third");
    });
    expect(asked).toEqual([null]);
  });

  it("is refused when one of its pages is", async () => {
    const answer = await everyPage(async (cursor) => given(cursor === null ? null : "lost"));
    expect(answer).toEqual({ ok: false, code: "cursor_unknown" });
  });
});
