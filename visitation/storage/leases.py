"""Work that only one process may do at a time: whoever takes the lease does it, until it runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from visitation.model.leases import Lease
from visitation.ports import Clock
from visitation.storage.database import Database


class Leases:
    """Those of one process. `holder` must be its own alone, at most 60 characters.

    Processes compare their own wall clocks: they are to agree to within seconds, far below a lease's length.
    """

    def __init__(self, database: Database, clock: Clock, holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder

    async def take(self, name: str, length: timedelta) -> datetime | None:
        """Until when the work is this process's, taken or kept for longer; None while it is another's."""
        try:
            async with self._database.write() as session:
                row = await session.get(Lease, name, with_for_update=True)
                now = self._clock.now()
                if row is None:
                    row = Lease(name=name)
                    session.add(row)
                elif row.holder != self._holder and now < row.until:
                    return None
                row.holder, row.until = self._holder, now + length
                return row.until
        except IntegrityError:  # another process made the row at the same moment
            return None

    async def leave(self, name: str) -> None:
        """Somebody else may do it at once; what is not this process's stays as it is."""
        async with self._database.write() as session:
            row = await session.get(Lease, name, with_for_update=True)
            if row is not None and row.holder == self._holder:
                await session.delete(row)
