// Reads what is known of the visit and the devices into the one state the lobby shows.
import type { DeviceState, MediaView } from "../../call/media";
import type { CallState } from "../../call/protocol.gen";
import { hasJoined } from "../../call/session";

export type LobbyState =
  | "early"
  | "asking"
  | "both_blocked"
  | "camera_blocked"
  | "camera_missing"
  | "camera_busy"
  | "microphone_blocked"
  | "microphone_missing"
  | "none_found"
  | "ready"
  | "away"
  | "waits_for_time"
  | "ringing"
  | "unanswered"
  | "declined";

const works = (device: DeviceState): boolean => device === "on";

/** What is wrong with the devices, or null. Sound only (or picture only) by choice is no fault. */
export function deviceTrouble(media: MediaView, picturelessByChoice: boolean, soundlessByChoice: boolean): LobbyState | null {
  const { camera, microphone } = media;
  if (camera === "asking" || microphone === "asking") return "asking";
  const cameraFine = works(camera) || picturelessByChoice;
  const microphoneFine = works(microphone) || soundlessByChoice;
  if (cameraFine && microphoneFine) return null;
  if (camera === "blocked" && microphone === "blocked") return "both_blocked";
  if (!works(camera) && !works(microphone) && !picturelessByChoice && !soundlessByChoice) {
    return camera === "missing" || microphone === "missing" ? "none_found" : "both_blocked";
  }
  if (!microphoneFine) return microphone === "blocked" ? "microphone_blocked" : "microphone_missing";
  if (camera === "blocked") return "camera_blocked";
  return camera === "busy" ? "camera_busy" : "camera_missing";
}

export interface Facts {
  early: boolean;
  call: CallState | null;
  mustJoin: boolean;
  trouble: LobbyState | null;
  /** Server time, ms. */
  now: number;
}

export function lobbyState({ early, call, mustJoin, trouble, now }: Facts): LobbyState {
  if (trouble !== null && (call === null || !hasJoined(call) || trouble !== "asking")) return trouble;
  if (early) return "early";
  if (call === null || !hasJoined(call) || mustJoin) {
    return call !== null && (call.phase === "live" || call.phase === "held") ? "away" : "ready";
  }
  if (call.phase === "ringing") return "ringing";
  if (now < call.starts_at) return "waits_for_time";
  return call.declined_at === null ? "unanswered" : "declined";
}
