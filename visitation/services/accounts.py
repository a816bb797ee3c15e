"""Ways in: sign-in codes, sessions within limits, and one-time tickets for the socket."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, cast

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.errors import NotSignedIn
from visitation.events import Events, SessionClosed
from visitation.model.access import SessionRow, SignInCode, TicketRow
from visitation.model.people import Contact, Prisoner, Staff
from visitation.model.visits import Visit
from visitation.policy.identity import App, Identity, Kind
from visitation.ports import Clock
from visitation.services.audit import Audit, AuditKind, Fact
from visitation.storage.database import Database

Purpose = Literal["call", "wall"]
TICKET_LIFE: Final = timedelta(seconds=60)
TICKETS_A_SESSION: Final = 16  # the oldest goes: a page asks for one at a time
SEEN_EVERY: Final = timedelta(minutes=1)  # a session's last use is not written more often


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives unused, and at most."""

    idle: timedelta
    absolute: timedelta


LIMITS: Final[Mapping[App, Limits]] = MappingProxyType(
    {
        "visitor": Limits(timedelta(hours=4), timedelta(hours=12)),
        "terminal": Limits(timedelta(hours=24), timedelta(days=7)),
        "officer": Limits(timedelta(hours=4), timedelta(hours=12)),
        "office": Limits(timedelta(hours=2), timedelta(hours=12)),
    }
)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Who came with a ticket, for what it was given, and when the session behind it ends at the latest."""

    identity: Identity
    purpose: Purpose
    until: datetime


def secret() -> str:
    """256 random bits as 43 characters that stand in an address."""
    return secrets.token_urlsafe(32)


def sha256(token: str) -> str:
    """What is kept of a secret. It is random and long: nothing slower than one hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Accounts:
    """Everything secret leaves here once, in clear, and is kept as a hash."""

    def __init__(self, database: Database, clock: Clock, events: Events | None = None) -> None:
        self._database = database
        self._clock = clock
        self._events = events or Events()
        self._audit = Audit(database, clock)

    async def sign_in(self, app: App, code: str, whence: Mapping[str, Fact] | None = None) -> str:
        """A session's token for a link or code. Raises NotSignedIn("sign_in_refused"), whatever is wrong.

        `whence` (the addresses the person came from) is written down with the session: every later line
        of the audit log that names it is from there.
        """
        now = self._clock.now()
        async with self._database.read() as session:
            row = await session.get(SignInCode, sha256(code))
            identity = await _behind(session, row) if row is not None else None
        if (
            row is None or identity is None
        ):  # guesses are counted at the door; they fill no log and take no lock
            raise NotSignedIn("sign_in_refused")
        async with self._database.write() as session:
            if row.app == app and now < row.valid_until:
                return await self._open(session, app, identity, now, whence)
            await self._audit.append_in(
                session, AuditKind.SIGN_IN_REFUSED, None, identity.person_id, {"app": app, **(whence or {})}
            )
        raise NotSignedIn("sign_in_refused")

    async def open_session(self, app: App, identity: Identity) -> str:
        """A session's token for somebody already known. `identity.session_id` is made anew."""
        async with self._database.write() as session:
            return await self._open(session, app, identity, self._clock.now())

    async def _open(
        self,
        session: AsyncSession,
        app: App,
        identity: Identity,
        now: datetime,
        whence: Mapping[str, Fact] | None = None,
    ) -> str:
        await session.execute(delete(SessionRow).where(SessionRow.valid_until <= now))
        token = secret()
        row = SessionRow(
            id=str(uuid.uuid4()),
            token_sha256=sha256(token),
            app=app,
            kind=identity.kind,
            person_id=identity.person_id,
            prison_id=identity.prison_id,
            visit_id=identity.visit_id,
            terminal_id=identity.terminal_id,
            name=identity.name,
            opened_at=now,
            seen_at=now,
            valid_until=now + LIMITS[app].absolute,
        )
        session.add(row)
        facts: dict[str, Fact] = {"app": app, **(whence or {})}
        await self._audit.append_in(session, AuditKind.SESSION_OPENED, _identity(row), row.id, facts)
        return token

    async def identity(self, app: App, token: str) -> Identity | None:
        """Who holds this token, or None. Counts as a use of the session."""
        now = self._clock.now()
        async with self._database.read() as session:
            row = await session.scalar(select(SessionRow).where(SessionRow.token_sha256 == sha256(token)))
        if row is None or row.app != app or not _alive(row, now):
            return None
        if now - row.seen_at >= SEEN_EVERY:
            await self._saw(row.id, now)
        return _identity(row)

    async def _saw(self, session_id: str, now: datetime) -> None:
        async with self._database.write() as session:
            row = await session.get(SessionRow, session_id)
            if row is not None:
                row.seen_at = max(row.seen_at, now)

    async def close(self, token: str) -> None:
        """Ends a session and its tickets; an unknown token is no error."""
        async with self._database.write() as session:
            row = await session.scalar(select(SessionRow).where(SessionRow.token_sha256 == sha256(token)))
            if row is None:
                return
            identity = _identity(row)
            await session.delete(row)
            await self._audit.append_in(session, AuditKind.SESSION_CLOSED, identity, row.id)
        await self._events.publish(SessionClosed(identity.session_id))

    async def ticket(self, identity: Identity, purpose: Purpose, visit_id: str | None = None) -> str:
        """A secret for one connection within 60 s. Raises NotSignedIn when the session is gone.

        With `visit_id` whoever comes with it is at that visit, and at no other.
        """
        now = self._clock.now()
        ticket = secret()
        async with self._database.write() as session:
            if await session.get(SessionRow, identity.session_id) is None:
                raise NotSignedIn("session_ended")
            await session.execute(delete(TicketRow).where(TicketRow.valid_until <= now))
            await _make_room(session, identity.session_id)
            session.add(
                TicketRow(
                    ticket_sha256=sha256(ticket),
                    session_id=identity.session_id,
                    purpose=purpose,
                    visit_id=visit_id,
                    valid_until=now + TICKET_LIFE,
                )
            )
        return ticket

    async def redeem(self, ticket: str) -> Redeemed | None:
        """Who the ticket was given to, once; None for one that is unknown, used or too old."""
        now = self._clock.now()
        async with self._database.read() as session:
            if await session.get(TicketRow, sha256(ticket)) is None:  # guesses take no lock
                return None
        async with self._database.write() as session:
            used = await session.execute(
                delete(TicketRow)
                .where(TicketRow.ticket_sha256 == sha256(ticket))
                .returning(TicketRow.session_id, TicketRow.purpose, TicketRow.visit_id, TicketRow.valid_until)
            )
            found = used.one_or_none()
            row = await session.get(SessionRow, found.session_id) if found else None
            if found is None or row is None or found.valid_until <= now or not _alive(row, now):
                return None
            row.seen_at = max(row.seen_at, now)
            identity = _identity(row)
            if found.visit_id is not None:
                visit = await session.get_one(Visit, found.visit_id)
                identity = replace(identity, visit_id=visit.id, prison_id=visit.prison_id)
            return Redeemed(identity, cast("Purpose", found.purpose), row.valid_until)


def _alive(row: SessionRow, now: datetime) -> bool:
    limits = LIMITS.get(cast("App", row.app))
    return limits is not None and now < row.valid_until and now - row.seen_at < limits.idle


def _identity(row: SessionRow) -> Identity:
    return Identity(
        kind=cast("Kind", row.kind),
        person_id=row.person_id,
        prison_id=row.prison_id,
        session_id=row.id,
        name=row.name,
        visit_id=row.visit_id,
        terminal_id=row.terminal_id,
    )


async def _make_room(session: AsyncSession, session_id: str) -> None:
    """Drops the oldest tickets, so that one session never holds more than its share."""
    mine = select(TicketRow.ticket_sha256).where(TicketRow.session_id == session_id)
    count = await session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    if count >= TICKETS_A_SESSION:
        oldest = mine.order_by(TicketRow.valid_until).limit(count - TICKETS_A_SESSION + 1)
        found = list(await session.scalars(oldest))
        await session.execute(delete(TicketRow).where(TicketRow.ticket_sha256.in_(found)))


async def _behind(session: AsyncSession, code: SignInCode) -> Identity | None:
    """The person a code stands for today; None when that person or place is gone."""
    if code.visit_id is not None:
        return await _visitor(session, code.visit_id)
    if code.terminal_id is not None:
        return await _prisoner(session, code.terminal_id)
    if code.contact_id is not None:
        return await _contact(session, code.contact_id)
    staff = await session.get(Staff, code.staff_id)
    if staff is None or staff.role != code.app:
        return None
    return Identity(cast("Kind", staff.role), staff.id, staff.prison_id, "", staff.name)


async def _visitor(session: AsyncSession, visit_id: str) -> Identity | None:
    visit = await session.get(Visit, visit_id)
    contact = await session.get(Contact, visit.contact_id) if visit else None
    if visit is None or contact is None:
        return None
    return Identity("visitor", contact.id, visit.prison_id, "", contact.name, visit_id=visit.id)


async def _contact(session: AsyncSession, contact_id: str) -> Identity | None:
    contact = await session.get(Contact, contact_id)
    return Identity("visitor", contact.id, "", "", contact.name) if contact else None


async def _prisoner(session: AsyncSession, terminal_id: str) -> Identity | None:
    found = await session.scalar(select(Prisoner).where(Prisoner.terminal_id == terminal_id))
    if found is None:
        return None
    return Identity("prisoner", found.id, found.prison_id, "", found.name, terminal_id=terminal_id)
