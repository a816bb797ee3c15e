// Call states for tests and for drawing screens without a server.
import type { CallState, PartyState } from "../protocol.gen";

export const party = (name: string, part: Partial<PartyState> = {}): PartyState => ({
  party: "visitor",
  name,
  relation: null,
  presence: "here",
  lost_since: null,
  audio: true,
  video: true,
  line: 4,
  ...part,
});

/** A good call as the visitor sees it; `part` says what is different. */
export function callState(part: Partial<CallState> = {}): CallState {
  const now = part.now ?? 1_000_000;
  return {
    visit: "visit1",
    call: "call1",
    phase: "live",
    you: "visitor",
    now,
    starts_at: now - 480_000,
    ends_at: now + 1_320_000,
    ringing_since: null,
    declined_at: null,
    parties: [
      party("Pekka", { party: "prisoner" }),
      party("Anna", { relation: { fi: "sisko", sv: "syster", en: "sister" } }),
    ],
    slots: [{ leg: "leg1", slot: 0, party: "prisoner", level: "main", audio: true }],
    hold: null,
    warnings: [],
    minutes_notice: null,
    ended: null,
    recording: "on",
    watchers: null,
    notice: {
      fi: "Puhelun kuva tallennetaan. Virkailija voi katsoa. Kukaan ei kuuntele.",
      sv: "Samtalets bild spelas in. En tjänsteman kan titta. Ingen lyssnar.",
      en: "The picture is recorded. An officer may watch. Nobody listens.",
    },
    closed: false,
    resume_until: null,
    events: [],
    ...part,
  };
}
