import { describe, expect, test } from "vitest";
import { chooseLanguage } from "./language";
import { clock, day, elapsed, fullDate, minutesUntil, span } from "./times";

const at = (hours: number, minutes: number): number => new Date(2026, 10, 5, hours, minutes).getTime();

describe("times", () => {
  test("a clock time has a point and 24 hours in every language", () => {
    expect(clock(at(14, 0))).toBe("14.00");
    expect(clock(at(9, 5))).toBe("9.05");
    expect(span(at(14, 0), at(14, 30))).toBe("14.00–14.30");
  });
  test("a day is written in its own language", () => {
    expect(day(at(14, 0), "fi")).toBe("torstai 5. marraskuuta");
    expect(day(at(14, 0), "sv")).toBe("torsdag 5 november");
    expect(day(at(14, 0), "en")).toBe("Thursday 5 November");
  });
  test("a calendar day is the same day wherever it is read", () => {
    expect(fullDate("2026-11-05", "fi")).toBe("5. marraskuuta 2026");
    expect(fullDate("2025-01-20", "sv")).toBe("20 januari 2025");
    expect(fullDate("2025-01-20", "en")).toBe("20 January 2025");
  });
  test("the minutes that are left are counted up and never below none", () => {
    expect(minutesUntil(61_000, 0)).toBe(2);
    expect(minutesUntil(0, 61_000)).toBe(0);
  });
  test("a wait is told in tens of seconds, then in minutes", () => {
    expect(elapsed(4_400)).toEqual({ unit: "seconds", count: 4 });
    expect(elapsed(47_000)).toEqual({ unit: "seconds", count: 40 });
    expect(elapsed(130_000)).toEqual({ unit: "minutes", count: 2 });
  });
});

describe("the language", () => {
  test("a remembered one is kept, else the browser's first that is spoken here, else Finnish", () => {
    expect(chooseLanguage("sv", ["en-GB"])).toBe("sv");
    expect(chooseLanguage(null, ["de", "en-US", "fi"])).toBe("en");
    expect(chooseLanguage("de", ["ru"])).toBe("fi");
  });
});
