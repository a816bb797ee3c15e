import { describe, expect, test } from "vitest";
import { MasterClock } from "./clock";
import { clockSeconds, duration } from "./durations";
import { moveTo, placeIn } from "./follow";

describe("the clock of a recording", () => {
  test("runs at its speed and stops at the end", () => {
    const clock = new MasterClock(10_000);
    clock.play(0);
    expect(clock.at(1_000)).toBe(1_000);
    clock.speed(2, 1_000);
    expect(clock.at(2_000)).toBe(3_000);
    expect(clock.at(60_000)).toBe(10_000);
  });
  test("stands while bytes are on their way, and goes on from there", () => {
    const clock = new MasterClock(10_000);
    clock.play(0);
    clock.hold(true, 1_000);
    expect([clock.at(5_000), clock.playing, clock.running]).toEqual([1_000, true, false]);
    clock.hold(false, 5_000);
    expect(clock.at(6_000)).toBe(2_000);
  });
  test("a seek stays inside the recording and does not stop it", () => {
    const clock = new MasterClock(10_000);
    clock.play(0);
    clock.seek(-5, 100);
    expect(clock.at(600)).toBe(500);
    clock.seek(99_000, 600);
    expect(clock.at(600)).toBe(10_000);
  });
  test("playing at the end begins again", () => {
    const clock = new MasterClock(10_000);
    clock.seek(10_000, 0);
    clock.play(0);
    expect(clock.at(100)).toBe(100);
  });
});

describe("an element that follows the clock", () => {
  const ranges = [
    { start: 0.2, end: 10 },
    { start: 20, end: 30 },
  ];
  test("stands where the clock is, at the nearest picture beside a short hole, and nowhere in a gap", () => {
    expect(placeIn(ranges, 5)).toBe(5);
    expect(placeIn(ranges, 0)).toBe(0.2);
    expect(placeIn(ranges, 10.5)).toBeCloseTo(9.99);
    expect(placeIn(ranges, 9.95, true)).toBeCloseTo(9.85);
    expect(placeIn(ranges, 19.5)).toBe(20);
    expect(placeIn(ranges, 15)).toBeNull();
  });
  test("jumps when far, runs faster or slower when near, and is left alone in step", () => {
    expect(moveTo(1, 5, true, 1)).toEqual({ jump: true });
    expect(moveTo(5, 5.01, true, 1)).toEqual({ jump: false, rate: 1 });
    expect(moveTo(5, 5.125, true, 1)).toEqual({ jump: false, rate: 1.125 });
    expect(moveTo(5.125, 5, true, 2)).toEqual({ jump: false, rate: 1.875 });
  });
  test("a standing clock wants the exact picture", () => {
    expect(moveTo(5, 5.1, false, 1)).toEqual({ jump: true });
    expect(moveTo(5, 5.01, false, 1)).toEqual({ jump: false, rate: 1 });
  });
});

test("a stretch is told in minutes and seconds, never as none when it is there", () => {
  expect(duration(106_429)).toEqual({ minutes: 1, seconds: 46 });
  expect(duration(59_900)).toEqual({ minutes: 1, seconds: 0 });
  expect(duration(200)).toEqual({ minutes: 0, seconds: 1 });
  expect(clockSeconds(new Date(2026, 10, 5, 9, 5, 7).getTime())).toBe("9.05.07");
});
