// Reads a call's state into what the screen shows over the pictures; one thing at a time, the gravest first.
import type { LinkStatus } from "./link";
import type { CallState, PartyState, WarningState } from "./protocol.gen";
import type { SessionView } from "./session";

export type Scene =
  | "own_lost"
  | "joining"
  | "other_lost"
  | "other_lobby"
  | "weak_still"
  | "weak_small"
  | "good";

export const own = (call: CallState): PartyState | undefined => call.parties.find((p) => p.party === call.you);
export const other = (call: CallState): PartyState | undefined => call.parties.find((p) => p.party !== call.you);

/** What the person must know about the lines. */
export function sceneOf(call: CallState, view: SessionView, link: LinkStatus): Scene {
  // The server has taken the leg and will say why: that is no lost connection, and no new one either.
  if (link.at !== "down" && view.leg === "none") return "good";
  if (link.at === "down" || view.leg !== "connected") return view.met ? "own_lost" : "joining";
  const far = other(call);
  if (far?.presence === "lost") return "other_lost";
  if (far?.presence === "lobby" || far?.presence === "absent") return "other_lobby";
  const seat = call.slots.find((slot) => slot.party === far?.party && slot.leg === view.legId);
  if (far?.video === true && seat?.level === "none") return "weak_still";
  if (far?.video === true && seat?.level === "preview") return "weak_small";
  return "good";
}

/** The oldest warning that this person has not confirmed. */
export function unread(call: CallState): WarningState | null {
  return call.warnings.find((warning) => !warning.seen_by.includes(call.you)) ?? null;
}

export type Farewell = "missed" | "time" | "left.you" | "left.other" | "absence" | "fault" | "unsupervised" | "officer";

/** Which farewell an ended call gets; `lived` = it was live while this page looked on. */
export function farewellOf(call: CallState, lived: boolean): Farewell {
  switch (call.ended?.reason) {
    case undefined:
    case "time":
      return lived ? "time" : "missed";
    case "left":
      return call.ended?.by === call.you ? "left.you" : "left.other";
    case "absence":
    case "unsupervised":
      return call.ended?.reason;
    case "recorder":
    case "node":
      return "fault";
    default:
      return call.ended?.by === "officer" ? "officer" : "fault";
  }
}
