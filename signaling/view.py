"""A call as one receiver may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling import recorder
from signaling.roster import Member
from signaling.shapes import By, CallState, EventState, Level, PartyState, SlotState
from signaling.timing import millis

if TYPE_CHECKING:
    from signaling.call import Call


def receivers(call: Call) -> dict[str, By]:
    """Socket -> as whom it sees the call: the two seats, and officers who watch."""
    found: dict[str, By] = {}
    for party, seat in call.seats.items():
        sid = call.house.courier.socket_of(seat)
        if sid is not None:
            found[sid] = party
    found.update({watcher.sid: "officer" for watcher in call.watchers})
    return found


def call_state(call: Call, you: By, sid: str) -> CallState:
    facts, now = call.facts, call.now
    return CallState(
        visit=facts.visit_id,
        call=call.call_id,
        phase=call.phase,
        you=you,
        now=now,
        starts_at=millis(facts.starts_at),
        ends_at=millis(facts.ends_at),
        ringing_since=call.ringing_since,
        declined_at=call.declined_at,
        parties=tuple(_party(call, member, now) for member in call.roster),
        slots=_slots(call, you, sid),
        hold=call.holds.shown if call.phase == "held" else None,
        warnings=call.warnings.states(),
        minutes_notice=call.minutes_notice,
        ended=call.ended,
        recording=recorder.shown(call),
        watchers=call.watchers.people if call.conditions.show_watchers or you == "officer" else None,
        notice=dict(call.conditions.notices[0].words),
        closed=call.conditions.closed,
        resume_until=call.roster.ends_for_absence_at(now) if call.live else None,
        events=_events(call) if you == "officer" else (),
    )


def _party(call: Call, member: Member, now: int) -> PartyState:
    presence = "absent" if call.phase == "ended" else member.presence(now, live=call.live)
    return PartyState(
        party=member.party,
        name=member.name,
        relation=member.relation,
        presence=presence,
        lost_since=member.gone_at if presence == "lost" else None,
        audio=member.audio,
        video=member.video,
        line=member.line,
    )


def _slots(call: Call, you: By, sid: str) -> tuple[SlotState, ...]:
    if you == "officer":
        watcher = call.watchers.of(sid)
        if watcher is None:
            return ()
        level: Level = "main" if watcher.full else "preview"
        return tuple(
            SlotState(
                watcher.leg, slot, member.party, call.levels.get((watcher.leg, slot), level), watcher.sound
            )
            for slot, member in enumerate(call.roster)
        )
    leg = call.roster[you].leg
    if leg is None:
        return ()
    return tuple(
        SlotState(leg, slot, other.party, call.levels.get((leg, slot), "main"), audio=True)
        for slot, other in enumerate(call.roster.others(you))
    )


def _events(call: Call) -> tuple[EventState, ...]:
    return tuple(EventState(e.kind, e.at_ms, e.party, e.text, e.code) for e in call.events)
