"""What the relay says about legs, turned into presence and absence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, get_args

import structlog

from signaling import legs, papers, phases
from signaling.protocol import LegClosed, LegReason
from signaling.shapes import Level
from signaling.timing import LOST_AFTER
from signaling.watchers import Watcher
from visitation.services.audit import AuditKind

if TYPE_CHECKING:
    from signaling.call import Call

log = structlog.get_logger(__name__)

_TOLD: Final = frozenset(get_args(LegReason))


class LegNews:
    """The hub's listener: each piece of news is posted to the call's mailbox and nothing is done here."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def _post(self, deed: Callable[..., Awaitable[None]], *args: object) -> None:
        self._call.post(lambda: deed(self._call, *args))

    def leg_connected(self, leg_id: str) -> None:
        self._post(connected, leg_id)

    def leg_silent(self, leg_id: str) -> None:
        self._post(silent, leg_id)

    def leg_heard(self, leg_id: str) -> None:
        self._post(connected, leg_id)

    def leg_failed(self, leg_id: str, reason: str) -> None:
        self._post(failed, leg_id, reason)

    def intruded(self, leg_id: str, what: str) -> None:
        self._post(intruded, leg_id, what)

    def level_changed(self, leg_id: str, slot: int, level: Level) -> None:
        self._post(level_changed, leg_id, slot, level)


async def connected(call: Call, leg: str) -> None:
    member = call.roster.by_leg(leg)
    if member is None or call.phase == "ended":
        return
    member.connected = True
    if call.live:
        legs.back(call, member)


async def silent(call: Call, leg: str) -> None:
    """The relay says so when it has heard nothing for as long as makes a member lost."""
    member = call.roster.by_leg(leg)
    if member is None or call.phase == "ended":
        return
    member.connected = False
    if call.live:
        legs.gone(call, member, call.now - LOST_AFTER)


async def failed(call: Call, leg: str, reason: str) -> None:
    """The leg is gone. One that was replaced belongs to nobody any more."""
    watcher = call.watchers.by_leg(leg)
    if reason == "fingerprint":  # who shook hands is not who answered: somebody stands between (T14)
        _tell_of_impostor(call, leg, watcher)
    if watcher is not None:
        call.watchers.take(watcher.sid)
        legs.forget(call, leg)
        papers.watched(call, watcher, AuditKind.CALL_UNWATCHED)
        call.note("unwatch", by="officer")
        phases.missing_supervisor(call)
        await call.house.courier.tell(watcher.sid, LegClosed(leg, _told(reason)))
        return
    member = call.roster.by_leg(leg)
    if member is None or call.phase == "ended":
        return
    member.leg, member.connected = None, False
    if call.live:
        legs.gone(call, member, call.now)
    await legs.tell_closed(call, member.party, leg, _told(reason))


def _told(reason: str) -> LegReason:
    return reason if reason in _TOLD else "closed_by_peer"  # type: ignore[return-value]


def _tell_of_impostor(call: Call, leg: str, watcher: Watcher | None) -> None:
    member = call.roster.by_leg(leg)
    who = member.party if member else "officer" if watcher else None
    log.warning("call.fingerprint", call=call.call_id, leg=leg)
    papers.audit(
        call, AuditKind.LEG_FAILED, watcher.identity if watcher else None, who=who, what="fingerprint"
    )


async def intruded(call: Call, leg: str, what: str) -> None:
    """Somebody sent what this leg may not send: for the audit and the officers."""
    member = call.roster.by_leg(leg)
    watcher = call.watchers.by_leg(leg)
    who = member.party if member else "officer" if watcher else None
    log.warning("call.intruded", call=call.call_id, leg=leg, what=what)
    call.note("intrusion", member.party if member else None, code=_code(what))
    papers.intruded(call, who, watcher, what)


def _code(what: str) -> str:
    return (
        "".join(c if c.islower() or c.isdigit() or c in "_." else "_" for c in what.lower())[:40] or "unknown"
    )


async def level_changed(call: Call, leg: str, slot: int, level: Level) -> None:
    if call.roster.by_leg(leg) or call.watchers.by_leg(leg):
        call.levels[leg, slot] = level
