// Message ids for what a recording's time line holds.
import type { IconName } from "../../../ui/Icon";
import { REASONS } from "../../../call/codes";
import type { EndReason, EventKind, ReasonCode } from "../../../call/protocol.gen";
import { EVENTS } from "../CallCards";
import { ENDINGS } from "../EndedCall";
import type { ReviewReason, TimelineEvent } from "./api";
import type { What } from "./stretches";

export const REVIEW_REASONS: Readonly<Record<ReviewReason, string>> = {
  complaint: "review.reason.complaint",
  crime_prevention: "review.reason.crime_prevention",
  order: "review.reason.order",
  safety: "review.reason.safety",
  threats: "review.reason.threats",
  technical: "review.reason.technical",
  other: "review.reason.other",
};

export const WHATS: Readonly<Record<What, string>> = {
  picture: "review.what.picture",
  hold: "review.what.hold",
  nothing: "review.what.nothing",
  gap: "review.what.gap",
};

const GAPS: Readonly<Record<string, string>> = {
  recorder_lost: "review.gap.recorder_lost",
  disk_full: "review.gap.disk_full",
  disk_error: "review.gap.disk_error",
  fault: "review.gap.fault",
  overflow: "review.gap.overflow",
  loss: "review.gap.loss",
};
export const gapWords = (reason: string | null): string => GAPS[reason ?? ""] ?? "review.gap.other";

export interface EventWords {
  icon: IconName;
  words: string;
  tone?: "is-needs" | "is-well";
}

/** A newer server's events still get a line. */
export const eventWords = (event: TimelineEvent): EventWords =>
  Object.hasOwn(EVENTS, event.kind) ? EVENTS[event.kind as EventKind] : { icon: "note", words: "review.event.other" };

/** Why it happened: an officer's reason, or how a call ended; null when nothing is said. */
export function reasonWords(event: TimelineEvent): string | null {
  const { code } = event;
  if (code === null) return null;
  if (event.kind === "end" && Object.hasOwn(ENDINGS, code)) return ENDINGS[code as EndReason] ?? null;
  return Object.hasOwn(REASONS, code) ? REASONS[code as ReasonCode] : null;
}
