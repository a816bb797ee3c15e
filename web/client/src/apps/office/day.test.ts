import { expect, test } from "vitest";
import type { OfficeVisit } from "./api";
import { byUnits, chosenVisits, countsOf, daysLater, isOpen, noonOf, unitsOf } from "./day";

const visit = (cell: string, starts_at: number, part: Partial<OfficeVisit> = {}): OfficeVisit => ({
  visit: `${cell} ${starts_at}`,
  cell,
  unit: cell.charAt(0),
  prisoner: "Pekka",
  visitor: "Anna",
  relation: { fi: "sisko", sv: "syster", en: "sister" },
  starts_at,
  ends_at: starts_at + 30,
  kind: "social",
  closed: false,
  office: null,
  state: "booked",
  undecided: null,
  outcome: null,
  ...part,
});
const day = [
  visit("B-2", 300),
  visit("A-17", 200, { state: "missed" }),
  visit("A-9", 400, { state: "held" }),
  visit("B-11", 100, { state: "done", outcome: "completed_normally" }),
  visit("X", 50, { unit: null, state: "done" }),
];
const say = (each: OfficeVisit, column: "visitor" | "outcome"): string =>
  column === "visitor" ? each.visitor : (each.outcome ?? "");
const cells = (sort: Parameters<typeof byUnits>[1]): string[][] =>
  byUnits(day, sort, "fi", say).map((unit) => unit.visits.map((each) => each.cell));

test("a day stands by units, and the order holds inside each", () => {
  expect(unitsOf(day, "fi")).toEqual(["A", "B", null]);
  expect(cells({ by: "time", down: false })).toEqual([["A-17", "A-9"], ["B-11", "B-2"], ["X"]]);
  expect(cells({ by: "cell", down: false })).toEqual([["A-9", "A-17"], ["B-2", "B-11"], ["X"]]);
  expect(cells({ by: "state", down: false })[0]).toEqual(["A-9", "A-17"]);
  expect(cells({ by: "outcome", down: true })[1]).toEqual(["B-11", "B-2"]);
});

test("a visit without an outcome is one that is over", () => {
  expect(day.filter(isOpen).map((each) => each.cell)).toEqual(["A-17", "X"]);
  expect(chosenVisits(day, { unit: "A", open: true }).map((each) => each.cell)).toEqual(["A-17"]);
});

test("a call on hold counts as live", () => {
  expect(countsOf(day)).toEqual({ count: 5, live: 1, booked: 1, done: 2, missed: 1, cancelled: 0, open: 2 });
});

test("the day before and after, over the end of a month and a change of the clock", () => {
  expect(daysLater("2026-11-01", -1)).toBe("2026-10-31");
  expect(daysLater("2026-10-24", 1)).toBe("2026-10-25");
  expect(daysLater("2026-10-25", 1)).toBe("2026-10-26");
  expect(noonOf("tomorrow")).toBeNull();
});
