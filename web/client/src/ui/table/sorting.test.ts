import { describe, expect, test } from "vitest";
import { changed } from "./address";
import { pressed, readSorting, sorted, writeSorting } from "./sorting";

describe("the order of a table", () => {
  const cells = ["A-17", "B-2", null, "A-9", "B-11"];
  test("cells stand as people count, and what is missing stands last either way", () => {
    expect(sorted(cells, (cell) => cell, false, "fi")).toEqual(["A-9", "A-17", "B-2", "B-11", null]);
    expect(sorted(cells, (cell) => cell, true, "fi")).toEqual(["B-11", "B-2", "A-17", "A-9", null]);
  });
  test("names stand as the language orders them", () => {
    expect(sorted(["Öhman", "Åke", "Anna", "Zeke"], (name) => name, false, "sv")).toEqual(["Anna", "Zeke", "Åke", "Öhman"]);
  });
  test("equal rows keep their order", () => {
    const rows = [{ id: 1, at: 5 }, { id: 2, at: 5 }, { id: 3, at: 4 }];
    expect(sorted(rows, (row) => row.at, true, "en").map((row) => row.id)).toEqual([1, 2, 3]);
  });
  test("comes from the address, and a column that is not there is the table's own", () => {
    const own = { by: "when", down: true } as const;
    expect(readSorting("-cell", ["when", "cell"], own)).toEqual({ by: "cell", down: true });
    expect(readSorting("secret", ["when", "cell"], own)).toEqual(own);
    expect(readSorting(null, ["when", "cell"], own)).toEqual(own);
    expect(writeSorting({ by: "cell", down: true })).toBe("-cell");
  });
  test("turns round when its column is pressed again", () => {
    expect(pressed({ by: "cell", down: false }, "cell")).toEqual({ by: "cell", down: true });
    expect(pressed({ by: "cell", down: true }, "when")).toEqual({ by: "when", down: false });
  });
});

test("a change in the address leaves the other choices alone", () => {
  expect(changed("?unit=A&sort=cell", { unit: null })).toBe("?sort=cell");
  expect(changed("?unit=A", { sort: "-cell" })).toBe("?unit=A&sort=-cell");
  expect(changed("?unit=A", { unit: null })).toBe("");
});
