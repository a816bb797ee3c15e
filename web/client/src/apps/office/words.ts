// Message ids for the states and outcomes of visits.
import type { IconName } from "../../ui/Icon";
import type { OfficeVisit } from "./api";

interface StateWords {
  icon: IconName;
  words: string;
  tone: string;
}

export const STATES: Readonly<Record<OfficeVisit["state"], StateWords>> = {
  booked: { icon: "calendar", words: "office.state.booked", tone: "pill" },
  live: { icon: "line", words: "office.state.live", tone: "pill pill--well" },
  held: { icon: "pause", words: "office.state.held", tone: "pill pill--needs" },
  done: { icon: "check", words: "office.state.done", tone: "pill pill--bare" },
  missed: { icon: "x-c", words: "office.state.missed", tone: "pill pill--bare" },
  cancelled: { icon: "x", words: "office.state.cancelled", tone: "pill pill--bare" },
};

const OUTCOMES: Readonly<Record<string, string>> = {
  completed_normally: "office.outcome.completed_normally",
  visitor_completed_early: "office.outcome.visitor_completed_early",
  prisoner_completed_early: "office.outcome.prisoner_completed_early",
  terminated_by_staff: "office.outcome.terminated_by_staff",
  visitor_did_not_arrive: "office.outcome.visitor_did_not_arrive",
  prisoner_refused_to_attend: "office.outcome.prisoner_refused_to_attend",
  prisoner_not_informed: "office.outcome.prisoner_not_informed",
  visitor_cancelled: "office.outcome.visitor_cancelled",
  prisoner_cancelled: "office.outcome.prisoner_cancelled",
  establishment_cancelled: "office.outcome.establishment_cancelled",
  administrative_error: "office.outcome.administrative_error",
  technical_prison_network: "office.outcome.technical_prison_network",
  technical_visitor_network: "office.outcome.technical_visitor_network",
  technical_server: "office.outcome.technical_server",
  technical_terminal: "office.outcome.technical_terminal",
  no_supervisor: "office.outcome.no_supervisor",
  visitor_declined_entry: "office.outcome.visitor_declined_entry",
  visitor_failed_security_checks: "office.outcome.visitor_failed_security_checks",
  prisoner_not_brought: "office.outcome.prisoner_not_brought",
  lockdown: "office.outcome.lockdown",
  terminal_moved: "office.outcome.terminal_moved",
  no_visiting_order: "office.outcome.no_visiting_order",
  not_recorded: "office.outcome.not_recorded",
  booker_cancelled: "office.outcome.booker_cancelled",
  cancellation: "office.outcome.cancellation",
  batch_cancellation: "office.outcome.batch_cancellation",
  administrative_cancellation: "office.outcome.administrative_cancellation",
  details_changed_after_booking: "office.outcome.details_changed_after_booking",
  superseded_cancellation: "office.outcome.superseded_cancellation",
  visit_order_cancelled: "office.outcome.visit_order_cancelled",
  requested_visit_withdrawn: "office.outcome.requested_visit_withdrawn",
};

export const outcomeWords = (code: string): string =>
  Object.hasOwn(OUTCOMES, code) ? (OUTCOMES[code] ?? "office.outcome.other") : "office.outcome.other";

type Why = NonNullable<OfficeVisit["undecided"]>;

/** Why a visit cannot be held, and what the office can do about it. */
export const UNDECIDED: Readonly<Record<Why, string>> = {
  policy_unreadable: "office.undecided.policy_unreadable",
  policy_not_in_force: "office.undecided.policy_not_in_force",
  kind_unknown: "office.undecided.kind_unknown",
  contact_unfit: "office.undecided.contact_unfit",
  standing_missing: "office.undecided.standing_missing",
  standing_lapsed: "office.undecided.standing_lapsed",
  other_prison_silent: "office.undecided.other_prison_silent",
  child_missing: "office.undecided.child_missing",
  child_heard: "office.undecided.child_heard",
  too_long: "office.undecided.too_long",
  too_many: "office.undecided.too_many",
  decision_unreadable: "office.undecided.decision_unreadable",
  conditions_unreadable: "office.undecided.conditions_unreadable",
  conditions_changed: "office.undecided.conditions_changed",
};
