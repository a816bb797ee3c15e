"""What stands between people: restrictions that are imposed and lifted, non-associations and alerts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_

from visitation.commands.restrictions import AlertData, NonAssociationData, RestrictionData
from visitation.errors import NotNow
from visitation.events import RecordKind
from visitation.model.restrictions import Alert, NonAssociation, Restriction
from visitation.policy.identity import Identity
from visitation.services.desk import Desk, Work
from visitation.services.records import Kept, Records


class Restrictions:
    """`non_associations` and `alerts` are added, changed and removed. A restriction is a decision: it is
    imposed as it stands and lifted, never rewritten."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._restrictions = Records(desk, Restriction, RestrictionData, RecordKind.RESTRICTION)
        self.non_associations = Records(desk, NonAssociation, NonAssociationData, RecordKind.NON_ASSOCIATION)
        self.alerts = Records(desk, Alert, AlertData, RecordKind.ALERT)

    async def impose(self, data: RestrictionData, by: Identity | None) -> Kept[RestrictionData]:
        """Raises NotFound for another prison's prisoner, BadInput for nobody."""
        async with self._desk.work(by) as work:
            return await self.impose_in(work, data)

    async def impose_in(self, work: Work, data: RestrictionData) -> Kept[RestrictionData]:
        by = work.by.person_id if work.by is not None else None
        return await self._restrictions.add_in(work, data, made_by=by, made_at=work.now)

    async def lift(self, id: str, version: int, by: Identity | None) -> None:
        """At once. Raises NotFound, NotNow stale or already_decided."""
        async with self._desk.work(by) as work:
            row, news = await self._restrictions.take(work, id, version)
            if row.lifted_at is not None:
                raise NotNow("already_decided")
            person = by.person_id if by is not None else None
            await self._restrictions.alter(work, row, news, {"lifted_at": work.now, "lifted_by": person})

    async def get(self, id: str) -> Kept[RestrictionData]:
        """Raises NotFound."""
        return await self._restrictions.get(id)

    async def about(self, person_id: str, on: date) -> tuple[Kept[RestrictionData], ...]:
        """Those of a contact or prisoner that are in force on that day or will be, by their first day."""
        whose = or_(Restriction.contact_id == person_id, Restriction.prisoner_id == person_id)
        last = or_(Restriction.last_day.is_(None), Restriction.last_day >= on)
        in_force = Restriction.lifted_at.is_(None) & last
        return await self._restrictions.where(whose, in_force, order=[Restriction.first_day])

    async def kept_apart(self, prisoner_id: str) -> tuple[Kept[NonAssociationData], ...]:
        whose = or_(NonAssociation.prisoner_id == prisoner_id, NonAssociation.other_id == prisoner_id)
        return await self.non_associations.where(whose, order=[NonAssociation.first_day])

    async def alerts_of(self, prisoner_id: str) -> tuple[Kept[AlertData], ...]:
        return await self.alerts.where(Alert.prisoner_id == prisoner_id, order=[Alert.first_day])
