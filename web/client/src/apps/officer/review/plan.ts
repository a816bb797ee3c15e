// Decides which cluster a buffer gets next and what it may forget; MediaSource decodes only from a keyframe on.
import type { Cluster } from "./api";
import { HOLE } from "./stretches";

/** ms of the recording that are fetched before they are needed, at normal speed, and kept after. */
export const AHEAD = 12_000;
export const BEHIND = 20_000;

/** The last keyframe cluster that begins at or before `index`; the first cluster where there is none. */
export function keyframeBefore(clusters: readonly Cluster[], index: number): number {
  for (let i = index; i > 0; i--) if (clusters[i]?.keyframe === true) return i;
  return 0;
}

/** The cluster on the screen at `at`; -1 where nothing was recorded. Over a short hole the one before it stays. */
export function clusterAt(clusters: readonly Cluster[], at: number): number {
  const i = lastBegun(clusters, at);
  const cluster = clusters[i];
  const next = clusters[i + 1];
  if (cluster === undefined) return next !== undefined && next.from_ms - at <= HOLE ? i + 1 : -1;
  if (at < cluster.to_ms) return i;
  const short = next === undefined ? at - cluster.to_ms <= HOLE : next.from_ms - cluster.to_ms <= HOLE;
  return short ? i : -1;
}

/** By bisection: the last cluster that begins at or before `at`; -1 before the first. */
function lastBegun(clusters: readonly Cluster[], at: number): number {
  let low = 0;
  let high = clusters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((clusters[middle]?.from_ms ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** First and last cluster that a clock at `at` needs soon, from the keyframe before it on; null: none. */
export function wanted(clusters: readonly Cluster[], at: number, ahead: number): { first: number; last: number } | null {
  const here = clusterAt(clusters, at);
  const start = here === -1 ? lastBegun(clusters, at) + 1 : here;
  const last = lastBegun(clusters, at + ahead);
  if (start >= clusters.length || last < start) return null;
  return { first: keyframeBefore(clusters, start), last };
}

/** What a buffer has: the clusters in it, and which of them was put in last. */
export interface Held {
  readonly has: ReadonlySet<number>;
  readonly last: number | null;
}

/**
 * The cluster to append next, or null when all that is wanted is there. One without a keyframe can only follow
 * its predecessor directly; else its run begins again at the keyframe, over what is already there.
 */
export function nextCluster(clusters: readonly Cluster[], held: Held, at: number, ahead: number): number | null {
  const window = wanted(clusters, at, ahead);
  if (window === null) return null;
  for (let i = window.first; i <= window.last; i++) {
    if (held.has.has(i)) continue;
    return clusters[i]?.keyframe === true || held.last === i - 1 ? i : keyframeBefore(clusters, i);
  }
  return null;
}

/** Clusters from `first` to before `end`, and the ms they are at; always whole runs from a keyframe. */
export interface Forget {
  first: number;
  end: number;
  from: number;
  to: number;
}

/** What a buffer may lose: whole runs long gone by, and whole runs far ahead (after a seek backwards). */
export function forgettable(clusters: readonly Cluster[], held: Held, at: number, ahead: number): Forget[] {
  const found: Forget[] = [];
  const past = lastBegun(clusters, at - BEHIND);
  const keep = past > 0 ? keyframeBefore(clusters, past) : 0;
  if (holdsAny(held, 0, keep)) found.push(piece(clusters, 0, keep));
  const far = clusters.findIndex((cluster, i) => cluster.keyframe && i > 0 && cluster.from_ms > at + ahead + BEHIND);
  if (far !== -1 && holdsAny(held, far, clusters.length)) found.push(piece(clusters, far, clusters.length));
  return found;
}

function holdsAny(held: Held, first: number, end: number): boolean {
  return [...held.has].some((index) => first <= index && index < end);
}

function piece(clusters: readonly Cluster[], first: number, end: number): Forget {
  const from = first === 0 ? 0 : (clusters[first]?.from_ms ?? 0);
  return { first, end, from, to: clusters[end]?.from_ms ?? Infinity };
}
