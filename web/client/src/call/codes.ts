// Words for every code the server may refuse with, and for reasons that officers give.
import type { Fault } from "../api/api";
import type { GoodbyeCode, ReasonCode } from "./protocol.gen";

/** Message ids; a code without words does not compile. */
export const REFUSALS: Readonly<Record<Fault, string>> = {
  not_signed_in: "call.refusal.not_signed_in",
  sign_in_refused: "call.refusal.sign_in_refused",
  session_ended: "call.refusal.session_ended",
  ticket_refused: "call.refusal.ticket_refused",
  not_permitted: "call.refusal.not_permitted",
  bad_origin: "call.refusal.bad_origin",
  bad_input: "call.refusal.bad_input",
  field_missing: "call.refusal.field_missing",
  field_unknown: "call.refusal.field_unknown",
  not_a_choice: "call.refusal.not_a_choice",
  text_too_short: "call.refusal.text_too_short",
  number_too_small: "call.refusal.number_too_small",
  number_too_large: "call.refusal.number_too_large",
  list_too_short: "call.refusal.list_too_short",
  list_too_long: "call.refusal.list_too_long",
  cursor_unknown: "call.refusal.cursor_unknown",
  key_missing: "call.refusal.key_missing",
  key_reused: "call.refusal.key_reused",
  version_missing: "call.refusal.version_missing",
  bad_message: "call.refusal.bad_message",
  bad_description: "call.refusal.bad_description",
  bad_reason: "call.refusal.bad_reason",
  reason_required: "call.refusal.reason_required",
  text_required: "call.refusal.text_required",
  text_too_long: "call.refusal.text_too_long",
  too_large: "call.refusal.too_large",
  too_many: "call.refusal.too_many",
  version_unsupported: "call.refusal.version_unsupported",
  not_found: "call.refusal.not_found",
  visit_early: "call.refusal.visit_early",
  visit_over: "call.refusal.visit_over",
  visit_not_over: "call.refusal.visit_not_over",
  visit_cancelled: "call.refusal.visit_cancelled",
  visit_undecided: "call.refusal.visit_undecided",
  conditions_changed: "call.refusal.conditions_changed",
  visit_closed: "call.refusal.visit_closed",
  call_unknown: "call.refusal.call_unknown",
  call_ended: "call.refusal.call_ended",
  call_not_live: "call.refusal.call_not_live",
  call_not_held: "call.refusal.call_not_held",
  call_not_ringing: "call.refusal.call_not_ringing",
  call_not_joined: "call.refusal.call_not_joined",
  call_elsewhere: "call.refusal.call_elsewhere",
  call_fenced: "call.refusal.call_fenced",
  not_watching: "call.refusal.not_watching",
  already_decided: "call.refusal.already_decided",
  still_running: "call.refusal.still_running",
  outcome_unknown: "call.refusal.outcome_unknown",
  elsewhere: "call.refusal.elsewhere",
  leg_unknown: "call.refusal.leg_unknown",
  leg_limit: "call.refusal.leg_limit",
  sound_not_allowed: "call.refusal.sound_not_allowed",
  warning_unknown: "call.refusal.warning_unknown",
  recorder_missing: "call.refusal.recorder_missing",
  recording_unknown: "call.refusal.recording_unknown",
  recording_unreadable: "call.refusal.recording_unreadable",
  grant_missing: "call.refusal.grant_missing",
  stale: "call.refusal.stale",
  already_there: "call.refusal.already_there",
  in_use: "call.refusal.in_use",
  too_many_waiting: "call.refusal.too_many_waiting",
  not_bookable: "call.refusal.not_bookable",
  slot_taken: "call.refusal.slot_taken",
  unavailable: "call.refusal.unavailable",
  disk_full: "call.refusal.disk_full",
  draining: "call.refusal.draining",
  internal: "call.refusal.internal",
  offline: "call.refusal.offline",
};

/** Codes of a newer server still get a sentence. */
export const refusalWords = (code: string): string =>
  Object.hasOwn(REFUSALS, code) ? REFUSALS[code as Fault] : "call.refusal.unavailable";

export const isGoodbye = (why: string): why is GoodbyeCode =>
  why === "elsewhere" || why === "signed_out" || why === "misbehaved";

/** Why an officer held or ended a call. */
export const REASONS: Readonly<Record<ReasonCode, string>> = {
  crime_prevention: "call.reason.crime_prevention",
  order: "call.reason.order",
  safety: "call.reason.safety",
  identity: "call.reason.identity",
  technical: "call.reason.technical",
  other_person: "call.reason.other_person",
  shown_object: "call.reason.shown_object",
  threats: "call.reason.threats",
  other: "call.reason.other",
};

/** The ready-made texts of warnings. */
export const WARNINGS: Readonly<Record<ReasonCode, string>> = {
  crime_prevention: "call.warning.crime_prevention",
  order: "call.warning.order",
  safety: "call.warning.safety",
  identity: "call.warning.identity",
  technical: "call.warning.technical",
  other_person: "call.warning.other_person",
  shown_object: "call.warning.shown_object",
  threats: "call.warning.threats",
  other: "call.warning.other",
};
