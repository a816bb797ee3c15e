// Asks the server for recordings: the list, one opened with a reason, and its bytes.
import { ask, client, type Answer } from "../../../api/api";
import { everyPage } from "../../../api/pages";
import type { components } from "../../../api/api.gen";

type Schemas = components["schemas"];
export type RecordingRow = Schemas["RecordingRow"];
export type Recordings = Schemas["Recordings"];
export type Timeline = Schemas["TimelineView"];
export type Track = Schemas["TrackView"];
export type Cluster = Schemas["ClusterView"];
export type TimelineEvent = Schemas["TimelineEvent"];
export type ReviewReason = Schemas["OpenRecording"]["reason"];

/** All of them: the list is ordered and chosen from on the page. */
export const getRecordings = (): Promise<Answer<Recordings>> =>
  everyPage((cursor) =>
    ask(client.GET("/api/officer/recordings", { params: { query: { limit: 200, ...(cursor === null ? {} : { cursor }) } } })),
  );

/** Opening is written to the audit log before anything is shown. */
export const openRecording = (id: string, reason: ReviewReason, note: string): Promise<Answer<Timeline>> =>
  ask(client.POST("/api/officer/recordings/{id}/open", { params: { path: { id } }, body: { reason, note } }));

/** The bytes of one track; `signal` gives up what is no longer wanted. */
export interface Bytes {
  init: (signal: AbortSignal) => Promise<Answer<ArrayBuffer>>;
  cluster: (index: number, signal: AbortSignal) => Promise<Answer<ArrayBuffer>>;
}

/** ms; bytes that have not come by then are asked for again. All that is asked at once comes sooner on a slow line. */
const PATIENCE = 60_000;

export function bytesOf(id: string, track: string): Bytes {
  const init = { params: { path: { id, track } }, parseAs: "arrayBuffer" as const };
  return {
    init: (signal) => binary(client.GET("/api/officer/recordings/{id}/tracks/{track}/init", { ...init, signal: patient(signal) })),
    cluster: (index, signal) =>
      binary(
        client.GET("/api/officer/recordings/{id}/tracks/{track}/clusters/{index}", {
          params: { path: { id, track, index } },
          parseAs: "arrayBuffer",
          signal: patient(signal),
        }),
      ),
  };
}

const patient = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);

/** The API's document says "a string of binary"; what comes is a buffer. */
const binary = (request: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<Answer<ArrayBuffer>> =>
  ask(request as Promise<{ data?: ArrayBuffer; error?: unknown; response: Response }>);
