"""Fill the demo: an invented prison, and visits that run now, come later and are over."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.conditions import ConditionsUndecided, ListeningDecision, decision_to_json, to_json
from visitation.jurisdictions.pack import load_pack
from visitation.model.access import SignInCode
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitStatus, VisitVisitor
from visitation.policy.identity import App
from visitation.services import demo_people as demo
from visitation.services.accounts import secret, sha256
from visitation.services.audit import Audit, AuditKind
from visitation.services.deciding import decide
from visitation.services.demo_people import demo_id
from visitation.services.demo_world import furnish
from visitation.storage.claims import claim_visit
from visitation.storage.company import companies
from visitation.storage.database import Database
from visitation.words import Lang

LENGTH: Final = timedelta(minutes=30)
GRID: Final = 5  # minutes
WORTH_JOINING: Final = timedelta(minutes=5)  # a visit with less left is as good as over
CODE_LIFE: Final = timedelta(hours=24)
CODES_KEPT: Final = 8  # per person, so that links given a moment ago still open


@dataclass(frozen=True, slots=True)
class DemoLink:
    """One sign-in: `code` opens `app`; `which` is its name in an address. Labels in every language."""

    app: App
    which: str
    label: dict[Lang, str]
    code: str


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """In the order of the door; the first of an app is its plain one."""

    links: tuple[DemoLink, ...]

    def find(self, app: App, which: str | None = None) -> DemoLink | None:
        """The link of an app's person, or of its first one."""
        return next((link for link in self.links if link.app == app and which in (None, link.which)), None)


@dataclass(frozen=True, slots=True)
class _Then:
    """The moment of seeding, as a clock for the audit log."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def monotonic_ns(self) -> int:
        return 0


async def seed_demo(database: Database, now: datetime) -> DemoLinks:
    """Adds what is missing, and fresh visits where none worth joining runs. Again is as good as once.

    The codes in the answer are new each time and are kept as hashes only; the last few go on working.
    """
    audit = Audit(database, _Then(now))
    async with database.write() as session:
        await furnish(session)
        mark = grid_mark(now)
        for plan in (*demo.EARLIER, *demo.NOW, *demo.LATER):
            if not await _has(session, plan, now):
                await _book(session, audit, plan, mark, now)
        await session.execute(delete(SignInCode).where(SignInCode.valid_until <= now))
        return DemoLinks(tuple([await _link(session, sign_in, now) for sign_in in demo.SIGN_INS]))


def grid_mark(now: datetime) -> datetime:
    """The five-minute mark that has just passed; visits begin on such marks."""
    return now.replace(minute=now.minute - now.minute % GRID, second=0, microsecond=0)


async def _has(session: AsyncSession, plan: demo.DemoVisit, now: datetime) -> bool:
    """Whether the plan is fulfilled: past visits today, one to come, one running that is worth joining."""
    query = select(Visit.id).where(
        Visit.terminal_id == demo_id("terminal", plan.cell), Visit.status == VisitStatus.BOOKED.value
    )
    if plan.offset < 0:
        query = query.where(Visit.starts_at >= _midnight(now))
    elif plan.offset > 0:
        query = query.where(Visit.starts_at > now)
    else:
        query = query.where(
            Visit.starts_at <= now, Visit.ends_at >= now + WORTH_JOINING, Visit.outcome.is_(None)
        )
    return await session.scalar(query.limit(1)) is not None


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(demo.TIMEZONE)).replace(hour=0, minute=0, second=0, microsecond=0)


async def _book(
    session: AsyncSession, audit: Audit, plan: demo.DemoVisit, mark: datetime, now: datetime
) -> None:
    """Unless somebody has booked the time meanwhile."""
    starts_at = mark + timedelta(minutes=plan.offset)
    if plan.offset == 0:
        await _cut_short(session, demo_id("terminal", plan.cell), starts_at)
    visit = Visit(
        id=str(uuid.uuid4()),
        prison_id=demo_id("prison", demo.PRISON),
        terminal_id=demo_id("terminal", plan.cell),
        prisoner_id=demo_id("prisoner", plan.cell),
        contact_id=demo_id("contact", plan.cell),
        kind=plan.kind,
        starts_at=starts_at,
        ends_at=starts_at + LENGTH,
        status=VisitStatus.BOOKED.value,
        listening_decision=_listening(starts_at) if plan.listening else None,
        outcome=plan.outcome,
        booked_at=now,
    )
    with suppress(IntegrityError):
        async with session.begin_nested():
            session.add_all([visit, VisitVisitor(visit_id=visit.id, contact_id=visit.contact_id)])
            await session.flush()
            visit.conditions = await _conditions(session, visit, now)
            if plan.outcome is None:
                await claim_visit(session, visit)
        await audit.append_in(session, AuditKind.VISIT_BOOKED, None, visit.id, {"by": "demo"})


async def _cut_short(session: AsyncSession, terminal_id: str, moment: datetime) -> None:
    """A visit that is as good as over leaves the rest of its time to the fresh one."""
    running = select(Visit).where(
        Visit.terminal_id == terminal_id,
        Visit.status == VisitStatus.BOOKED.value,
        Visit.outcome.is_(None),
        Visit.starts_at < moment,
        Visit.ends_at > moment,
    )
    for visit in await session.scalars(running):
        visit.ends_at = moment
        await claim_visit(session, visit)


def _listening(starts_at: datetime) -> str:
    return decision_to_json(
        ListeningDecision(
            id=str(uuid.uuid4()),
            basis="demo: misuse suspected in earlier calls",
            made_by=demo_id("staff", "Kirsi"),
            valid_until=starts_at + timedelta(days=1),
        )
    )


async def _conditions(session: AsyncSession, visit: Visit, now: datetime) -> str | None:
    contact = await session.get_one(Contact, visit.contact_id)
    prison = await session.get_one(Prison, visit.prison_id)
    company = (await companies(session, [visit]))[visit.id]
    try:
        return to_json(decide(visit, contact, prison, company, load_pack, now))
    except ConditionsUndecided:
        return None  # stays undecided: everybody is refused, and the screens say so


async def _link(session: AsyncSession, sign_in: demo.DemoSignIn, now: datetime) -> DemoLink:
    code = secret()
    row = SignInCode(code_sha256=sha256(code), app=sign_in.app, valid_until=now + CODE_LIFE)
    if sign_in.own:
        row.contact_id = demo_id("contact", sign_in.who)
    elif sign_in.app == "visitor":
        row.visit_id = await _visit_to_show(session, sign_in.who, now)
    elif sign_in.app == "terminal":
        row.terminal_id = demo_id("terminal", sign_in.who)
    else:
        row.staff_id = demo_id("staff", sign_in.who)
    session.add(row)
    await session.flush()
    await _forget_older(session, row)
    return DemoLink(sign_in.app, sign_in.which, sign_in.label, code)


async def _visit_to_show(session: AsyncSession, cell: str, now: datetime) -> str:
    """The visit that runs or comes next; of two that run, the one with more time left."""
    found = await session.scalars(
        select(Visit)
        .where(Visit.terminal_id == demo_id("terminal", cell), Visit.ends_at > now, Visit.outcome.is_(None))
        .order_by(Visit.starts_at.desc())
    )
    visits = found.all()
    running = [visit for visit in visits if visit.starts_at <= now]
    return (running[0] if running else visits[-1]).id


async def _forget_older(session: AsyncSession, row: SignInCode) -> None:
    same = (
        select(SignInCode.code_sha256)
        .where(
            SignInCode.visit_id.is_not_distinct_from(row.visit_id),
            SignInCode.terminal_id.is_not_distinct_from(row.terminal_id),
            SignInCode.staff_id.is_not_distinct_from(row.staff_id),
            SignInCode.contact_id.is_not_distinct_from(row.contact_id),
        )
        .order_by(SignInCode.valid_until.desc())
        .offset(CODES_KEPT)
        .limit(1000)
    )
    found = list(await session.scalars(same))
    await session.execute(delete(SignInCode).where(SignInCode.code_sha256.in_(found)))
