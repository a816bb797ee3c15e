"""A member's leg: offered, heard, missed, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relay.hub import ObserversRefused, RelayFull
from relay.member import Seat
from signaling.protocol import LegClosed, LegReason
from signaling.roster import Member, PartyName
from signaling.timing import ABSENT_AFTER, LOBBY_AFTER, LOST_AFTER
from visitation.errors import Forbidden, Unavailable

if TYPE_CHECKING:
    from signaling.call import Call


async def offered(call: Call, leg: str, seat: Seat) -> str:
    """The hub's offer of a new leg. Raises Unavailable, Forbidden."""
    try:
        return await call.hub.join(leg, seat)
    except RelayFull:
        raise Unavailable("leg_limit") from None
    except ObserversRefused:
        raise Forbidden("visit_closed") from None


def gone(call: Call, member: Member, at: int) -> None:
    """Nothing is heard of a member since `at`: the table of absence begins, unless it has begun."""
    if member.gone_at is not None:
        return
    member.gone_at = at
    call.timers.set(f"lost:{member.party}", at + LOST_AFTER)
    call.timers.set(f"lobby:{member.party}", at + LOBBY_AFTER)
    if call.live:
        call.timers.set(f"absent:{member.party}", at + ABSENT_AFTER)


def back(call: Call, member: Member) -> None:
    """The member is heard; a leg that was opened within the time comes straight in."""
    party = member.party
    told = f"lost:{party}" not in call.timers and member.gone_at is not None
    call.timers.drop(f"lost:{party}", f"lobby:{party}", f"absent:{party}")
    member.gone_at = None
    if not call.live:
        return
    if not member.was_here:
        call.note("joined", party)
    elif told:
        call.note("back", party)
    member.was_here = True


async def close(call: Call, member: Member, reason: LegReason) -> None:
    """Closes a member's leg, and tells its owner."""
    leg, member.leg, member.connected = member.leg, None, False
    if leg is None:
        return
    forget(call, leg)
    await call.guarded("hub.leave", call.hub.leave(leg))
    await tell_closed(call, member.party, leg, reason)


def forget(call: Call, leg: str) -> None:
    for key in [key for key in call.levels if key[0] == leg]:
        del call.levels[key]


async def tell_closed(call: Call, party: PartyName, leg: str, reason: LegReason) -> None:
    sid = call.house.courier.socket_of(call.seats[party])
    if sid is not None:
        await call.house.courier.tell(sid, LegClosed(leg, reason))
