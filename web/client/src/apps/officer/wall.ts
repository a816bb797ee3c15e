// What the wall shows and in which order; tiles never change places while a call lasts.
import type { Need, WallCall, WallState } from "../../call/protocol.gen";

/** Calls that people are in, or wait in; an ended one has left the wall. */
export const liveCalls = (wall: WallState): readonly WallCall[] => wall.calls.filter((call) => call.phase !== "ended");

/** By cell, then by visit: neither changes while a call lasts. */
export const inOrder = (calls: readonly WallCall[]): readonly WallCall[] =>
  calls.toSorted((a, b) => a.cell.localeCompare(b.cell, "fi", { numeric: true }) || a.visit.localeCompare(b.visit));

const URGENT: Readonly<Record<Need, number>> = { recorder: 0, unwatched: 1, lost: 2, held: 3 };

export interface NeedOfCall {
  visit: string;
  need: Need;
  call: WallCall;
}

/** What asks for an officer, the most pressing first. */
export const needing = (wall: WallState): readonly NeedOfCall[] =>
  inOrder(liveCalls(wall))
    .flatMap((call) => call.needs.map((need) => ({ visit: call.visit, need, call })))
    .toSorted((a, b) => URGENT[a.need] - URGENT[b.need]);

/** Where an officer goes on from a call: what needs one first, then the wall's order, round again. */
export function nextCall(wall: WallState, visit: string): WallCall | null {
  const needed = needing(wall).find(({ call }) => call.visit !== visit && call.watchable);
  if (needed !== undefined) return needed.call;
  const calls = inOrder(liveCalls(wall)).filter((call) => call.watchable);
  const at = calls.findIndex((call) => call.visit === visit);
  const next = calls[(at + 1) % calls.length];
  return next === undefined || next.visit === visit ? null : next;
}

/** The weaker of the two lines; null before anything was measured. */
export function weakestLine(call: WallCall): number | null {
  const known = Object.values(call.lines).filter((line) => line !== null);
  return known.length === 0 ? null : Math.min(...known);
}
