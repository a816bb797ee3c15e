"""A command with an Idempotency-Key is done once at most, however often and from wherever it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from visitation.errors import NotNow
from visitation.model.idempotency import KeyedCommand
from visitation.policy.identity import Identity
from visitation.ports import Clock
from visitation.storage.database import Database

KEPT: Final = timedelta(hours=24)
# No command takes as long; one that has no answer by then was interrupted, by the end of its process at worst.
RUNS: Final = timedelta(minutes=1)
RUNNING, ANSWERED, BROKEN = "running", "answered", "broken"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: HTTP status, headers and the text of the body."""

    status: int
    headers: Mapping[str, str]
    body: str


class Idempotency:
    """Keeps commands by sender and key for 24 hours.

    A command and its answer are not one transaction: between them the process may end. What was interrupted
    so is never done again by itself; its sender is told that nobody knows, and looks.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, sender: Identity, key: str, fingerprint: str) -> Given | None:
        """None: nobody has sent this, and it is the caller's to do. Else the answer it got.

        Raises NotNow: key_reused for another command, still_running, outcome_unknown.
        """
        now = self._clock.now()
        row = KeyedCommand(
            sender=_name(sender),
            key=key,
            fingerprint=fingerprint,
            state=RUNNING,
            begun_at=now,
            valid_until=now + KEPT,
        )
        try:
            async with self._database.write() as session:
                await session.execute(delete(KeyedCommand).where(KeyedCommand.valid_until <= now))
                session.add(row)
        except IntegrityError:  # the database decides who was first
            return await self._before(sender, key, fingerprint, now)
        return None

    async def _before(self, sender: Identity, key: str, fingerprint: str, now: datetime) -> Given | None:
        async with self._database.read() as session:
            row = await session.get(KeyedCommand, (_name(sender), key))
        if row is None:  # refused at this moment, so nothing was done: the next try is as the first
            raise NotNow("still_running")
        if row.fingerprint != fingerprint:
            raise NotNow("key_reused")
        if row.status is not None and row.state == ANSWERED:
            return Given(row.status, row.headers or {}, row.body or "")
        raise NotNow(
            "still_running" if row.state == RUNNING and now < row.begun_at + RUNS else "outcome_unknown"
        )

    async def answered(self, sender: Identity, key: str, given: Given) -> None:
        """It was done, and this was the answer."""
        await self._set(
            sender, key, state=ANSWERED, status=given.status, headers=dict(given.headers), body=given.body
        )

    async def broke(self, sender: Identity, key: str) -> None:
        """Something went wrong on the way, and nobody knows how far it came."""
        await self._set(sender, key, state=BROKEN)

    async def refused(self, sender: Identity, key: str) -> None:
        """Nothing was done: the same key may be sent again."""
        async with self._database.write() as session:
            await session.execute(delete(KeyedCommand).where(*_is(sender, key)))

    async def _set(self, sender: Identity, key: str, **values: Any) -> None:
        async with self._database.write() as session:
            await session.execute(update(KeyedCommand).where(*_is(sender, key)).values(**values))


def _name(sender: Identity) -> str:
    return f"{sender.kind}:{sender.person_id}"


def _is(sender: Identity, key: str) -> tuple[Any, Any]:
    return KeyedCommand.sender == _name(sender), KeyedCommand.key == key
