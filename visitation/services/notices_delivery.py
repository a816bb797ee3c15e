"""Send what waits, one channel after its own measure, from one process at a time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from visitation.model.notices import Notice
from visitation.notices.backoff import wait
from visitation.notices.carrying import Carrier, Fate, NotCarried, Parcel
from visitation.notices.kinds import Channel, NoticeState, Unsent
from visitation.services.desk import Desk, Work
from visitation.services.notices_parcels import NoAddress, Pointless, forget_device, parcel_of
from visitation.services.tasks import not_told
from visitation.storage.leases import Leases

PATIENCE: Final = timedelta(seconds=30)  # with one message's other side
LEASE: Final = timedelta(seconds=90)
LAST_TRY: Final = timedelta(minutes=1)  # before nobody wants it any more
BATCH: Final = 50
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """What messages need of this installation: the address of its pages, and the mail address they come from."""

    pages: str
    mail: str


class Delivery:
    """One channel. `carrier` None: this installation does not have it, and what waits for it fails.

    An attempt is written down before it is made: a process that dies in it leaves a message that waits for its
    next attempt, and goes out under the same id. `run` is for one caller at a time.
    """

    def __init__(
        self,
        desk: Desk,
        leases: Leases,
        channel: Channel,
        carrier: Carrier | None,
        sender: Sender,
        *,
        patience: timedelta = PATIENCE,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = f"notices.{channel}"
        self._desk = desk
        self._leases = leases
        self._channel = channel
        self._carrier = carrier
        self._sender = sender
        self._patience = patience
        self._chance = chance
        self._aways = 0
        self._away_until: datetime | None = None

    async def run(self) -> None:
        """Sends what is due, the longest due first, until nothing is, another process does it, or the other side
        is away; then it is left alone for longer each time."""
        now = self._desk.clock.now()
        if self._away_until is not None and now < self._away_until:
            return
        until = now
        while due := await self._due():
            for id_ in due:
                if until - self._desk.clock.now() < self._patience:
                    held = await self._leases.take(self.name, LEASE)
                    if held is None:
                        return
                    until = held
                if not await self._try(id_):
                    return

    async def leave(self) -> None:
        """Another process may go on at once."""
        await self._leases.leave(self.name)

    async def _due(self) -> list[str]:
        """Looked for without a lock: mostly there is nothing."""
        waiting = select(Notice.id).where(
            Notice.channel == self._channel.value,
            Notice.state == NoticeState.WAITING.value,
            Notice.due_at <= self._desk.clock.now(),
        )
        async with self._desk.database.read() as session:
            return list(await session.scalars(waiting.order_by(Notice.due_at, Notice.id).limit(BATCH)))

    async def _try(self, id_: str) -> bool:
        """Whether to go on with the next."""
        parcel = await self._prepare(id_)
        if parcel is None or self._carrier is None:
            return True
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                await self._carrier.carry(parcel)
        except TimeoutError:
            failure = NotCarried(Unsent.NO_ANSWER, Fate.AWAY)
        except NotCarried as said:
            failure = said
        else:
            self._aways, self._away_until = 0, None
            await self._sent(id_)
            return True
        await self._not_sent(id_, failure)
        if failure.fate is not Fate.AWAY:
            return True
        self._aways += 1
        self._away_until = self._desk.clock.now() + wait(self._aways, self._chance(), failure.after)
        return False

    async def _prepare(self, id_: str) -> Parcel | None:
        """The parcel of a message that waits and is due; None when there is none to send."""
        async with self._desk.work(None) as work:
            row = await work.session.get(Notice, id_, with_for_update=True)
            if row is None or row.state != NoticeState.WAITING or row.due_at > work.now:
                return None
            if self._carrier is None:
                await self._fail(work, row, Unsent.NOT_CONFIGURED)
                return None
            if work.now >= row.worth_until:
                await self._fail(work, row, Unsent(row.reason) if row.reason else Unsent.TOO_LATE)
                return None
            row.attempts += 1
            row.due_at = self._next(row, work.now, None)
            try:
                return await parcel_of(work, row, self._sender.pages, self._sender.mail)
            except Pointless:
                _settle(row, NoticeState.OVERTAKEN, work.now)
            except NoAddress:
                await self._fail(work, row, Unsent.NO_ADDRESS)
            return None

    async def _sent(self, id_: str) -> None:
        async with self._desk.work(None) as work:
            row = await work.session.get(Notice, id_, with_for_update=True)
            if row is not None:  # gone with its person meanwhile
                _settle(row, NoticeState.SENT, work.now)
                row.reason = None
        log.info("notice.sent", notice=id_, channel=self._channel.value)

    async def _not_sent(self, id_: str, failure: NotCarried) -> None:
        # Codes of ours alone: what a server or a library says may quote addresses and secrets.
        said = {"notice": id_, "channel": self._channel.value, "reason": failure.reason.value}
        log.warning("notice.not_sent", **said, fate=failure.fate.value)
        async with self._desk.work(None) as work:
            row = await work.session.get(Notice, id_, with_for_update=True)
            if row is None or row.state != NoticeState.WAITING:
                return
            row.reason = failure.reason.value
            row.due_at = self._next(row, work.now, failure.after)
            if failure.reason is Unsent.ADDRESS_REFUSED:
                await forget_device(work, row)
            if failure.fate is Fate.REFUSED or work.now >= row.worth_until - 2 * LAST_TRY:
                await self._fail(work, row, failure.reason)

    def _next(self, row: Notice, now: datetime, asked: timedelta | None) -> datetime:
        """Not after the last moment at which it is still of use."""
        own = now + wait(row.attempts, self._chance(), asked)
        return max(now, min(own, row.worth_until - LAST_TRY))

    async def _fail(self, work: Work, row: Notice, reason: Unsent) -> None:
        _settle(row, NoticeState.FAILED, work.now)
        row.reason = reason.value
        await not_told(work, row)


def _settle(row: Notice, state: NoticeState, now: datetime) -> None:
    row.state, row.settled_at = state.value, now
