"""What a call asks of the rooms around it, and what it tells those who asked to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from relay.hub import Hub, HubListener
from signaling.message import News
from signaling.shapes import By, EventKind
from visitation.services.visits import VisitFacts


@dataclass(frozen=True, slots=True)
class CallEvent:
    """Something that happened in a call: wall time in ms, arrival on the monotonic clock in ns."""

    kind: EventKind
    at_ms: int
    mono_ns: int
    party: str | None = None
    text: str | None = None
    code: str | None = None
    by: By | None = None


class CallControl(Protocol):
    """What a listener may tell the call; each returns at once."""

    def recorder_ready(self) -> None: ...

    def recorder_lost(self) -> None: ...

    def recorder_back(self) -> None: ...


class CallListener(Protocol):
    """Awaited by the call's task; a failure is logged and never ends the call."""

    async def began(self, facts: VisitFacts, call_id: str, hub: Hub, control: CallControl) -> None:
        """The call goes live for the first time; the gates open after this returns."""

    async def happened(self, call_id: str, event: CallEvent) -> None:
        """After `began`, in order."""

    async def ended(self, call_id: str, reason: str) -> None:
        """Once, after `began`."""


class Relay(Protocol):
    """Opens the hub of one call; whether it can ever be observed is settled here."""

    def open_hub(self, name: str, listener: HubListener, *, observers: bool) -> Hub: ...


class Courier(Protocol):
    """Brings news to sockets; nobody there is no error."""

    def socket_of(self, seat: str) -> str | None:
        """The newest socket of a participant's seat."""

    async def tell(self, sid: str, news: News) -> None: ...


def visitor_seat(visit_id: str, person_id: str) -> str:
    return f"visitor:{visit_id}:{person_id}"


def terminal_seat(terminal_id: str, person_id: str) -> str:
    """The person belongs to it: whoever signs in at a terminal next sits in another seat."""
    return f"terminal:{terminal_id}:{person_id}"
