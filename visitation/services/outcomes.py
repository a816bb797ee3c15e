"""How visits turned out: the call writes what it knows at its end, the office whatever nobody has written."""

from __future__ import annotations

from visitation.errors import BadInput, NotFound, NotNow
from visitation.events import Events, OutcomeRecorded
from visitation.model.visits import Visit, VisitStatus
from visitation.outcomes import STAFF_SAY, Outcome
from visitation.policy.identity import Identity
from visitation.ports import Clock
from visitation.services.audit import Audit, AuditKind
from visitation.storage.claims import release_visit
from visitation.storage.database import Database


class Outcomes:
    """A visit has one outcome. The same again is no error, and changes nothing."""

    def __init__(self, database: Database, clock: Clock, events: Events | None = None) -> None:
        self._database = database
        self._clock = clock
        self._events = events or Events()
        self._audit = Audit(database, clock)

    async def record(self, visit_id: str, outcome: Outcome) -> None:
        """As the call knows it; the first one counts. Raises NotFound, NotNow already_decided."""
        await self._put(visit_id, outcome, None, None)

    async def say(self, visit_id: str, code: str, instead_of: str | None, by: Identity) -> None:
        """As the office knows it, once the visit is over: where there is none, or in place of the one it saw.

        Raises NotFound; BadInput for what is not the office's to say; NotNow visit_not_over,
        visit_cancelled, already_decided.
        """
        outcome = next((each for each in STAFF_SAY if each.value == code), None)
        if outcome is None:
            raise BadInput
        await self._put(visit_id, outcome, instead_of, by)

    async def _put(
        self, visit_id: str, outcome: Outcome, instead_of: str | None, by: Identity | None
    ) -> None:
        async with self._database.write() as session:
            visit = await session.get(Visit, visit_id, with_for_update=True)
            if visit is None:
                raise NotFound
            if visit.outcome == outcome:
                return
            if by is not None:
                _check_over(visit, self._clock)
            if visit.outcome != instead_of:
                raise NotNow("already_decided")
            visit.outcome = outcome.value
            await session.flush()
            await release_visit(session, visit_id)
            before = {"before": instead_of} if instead_of else {}
            await self._audit.append_in(
                session, AuditKind.VISIT_OUTCOME, by, visit_id, {"outcome": outcome.value, **before}
            )
        await self._events.publish(OutcomeRecorded(visit_id, outcome.value))


def _check_over(visit: Visit, clock: Clock) -> None:
    if visit.status != VisitStatus.BOOKED:
        raise NotNow("visit_cancelled")
    if clock.now() < visit.ends_at:
        raise NotNow("visit_not_over")
