"""Which policy packs the prisons of this house go by."""

from __future__ import annotations

from sqlalchemy import select

from visitation.jurisdictions.pack import Packs, PolicyPack, PolicyUnreadable, load_pack, pack_names
from visitation.model.prisons import Prison
from visitation.storage.database import Database


class Policies:
    """Reads packs for people who want to know what would happen; nothing is decided here."""

    def __init__(self, database: Database, packs: Packs = load_pack) -> None:
        self._database = database
        self._packs = packs

    async def in_use(self) -> tuple[str, ...]:
        """The names of the packs that prisons go by, whether they can be read or not, in order."""
        async with self._database.read() as session:
            names = await session.scalars(select(Prison.policy_pack).distinct())
            return tuple(sorted(names))

    def named(self, name: str) -> PolicyPack:
        """Raises PolicyUnreadable."""
        return self._packs(name)

    def readable(self) -> tuple[PolicyPack, ...]:
        """Every pack of this version that can be used, by name."""
        found = []
        for name in pack_names():
            try:
                found.append(self._packs(name))
            except PolicyUnreadable:
                continue
        return tuple(found)
