"""A prison as the web tests find it: the demo's people signed in, two recordings, and strangers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from recording.catalogue import Catalogue
from recording.spec import RecordingSpec
from recording.tap import Closed
from tests.recording.media import Studio, audio, opus_frames, spec, video, vp8_frames
from visitation.commands.contacts import AskForPrisoner
from visitation.model.access import SignInCode
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.policy.identity import App, Identity
from visitation.services.accounts import Accounts, sha256
from visitation.services.demo_people import demo_id
from visitation.services.desk import Desk
from visitation.services.own_pages import open_own_pages
from visitation.services.seed import seed_demo
from visitation.storage.database import Database
from visitation.storage.migrate import migrate

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
NOON_MS = round(NOON.timestamp() * 1000)
APPS: tuple[App, ...] = ("visitor", "terminal", "officer", "office")
# Who may be signed in, to which app; "own" is a visitor on pages of their own.
ROLES: dict[str, App] = {**{app: app for app in APPS}, "own": "visitor"}
FIRST = {"visitor": "anna", "terminal": "a-12", "officer": "sari", "office": "kirsi"}
CELLS = {"ordinary": "A-12", "listened": "A-14", "privileged": "A-17", "later": "A-09"}
CATALOGUE = Path(__file__).parents[2] / "recording" / "migrations" / "versions"


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic_ns(self) -> int:
        return round(self.at.timestamp() * 1e9)

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Furniture:
    """Ids and secrets of the prison. `recordings` by the name of their visit."""

    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, Identity] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # by the name of what was asked for
    other_prison: str = field(default_factory=lambda: str(uuid.uuid4()))
    other_contact: str = demo_id("contact", "A-14")
    expired_link: str = "a-link-of-last-month"


def database_in(folder: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{folder / 'house.sqlite3'}")


async def furnish(folder: Path) -> Furniture:
    """Fill an empty folder with a database, a vault and keys."""
    database, clock, found = database_in(folder), HandClock(), Furniture()
    await migrate(database, CATALOGUE)
    for link in reversed((await seed_demo(database, clock.now())).links):
        found.codes |= {link.which: link.code, link.app: link.code}
    accounts = Accounts(database, clock)
    for role, app in ROLES.items():
        found.tokens[role] = await accounts.sign_in(app, found.codes["own-anna" if role == "own" else role])
        identity = await accounts.identity(app, found.tokens[role])
        assert identity is not None
        found.people[role] = identity
    await _strangers(database, found)
    await _asked(database, clock, found)
    await _recordings(database, Studio(folder), found)
    await database.close()
    return found


async def _strangers(database: Database, found: Furniture) -> None:
    async with database.write() as session:
        session.add(
            Prison(
                id=found.other_prison,
                code="ELS",
                name="Elsewhere",
                timezone="Europe/Helsinki",
                policy_pack="finland",
            )
        )
        session.add(
            SignInCode(
                code_sha256=sha256(found.expired_link),
                app="visitor",
                visit_id=found.people["visitor"].visit_id,
                valid_until=NOON,
            )
        )
        for name, cell in CELLS.items():
            query = select(Visit.id).where(Visit.terminal_id == demo_id("terminal", cell))
            found.visits[name] = (await session.scalars(query)).one()


async def _asked(database: Database, clock: HandClock, found: Furniture) -> None:
    """What Anna has asked for on her own pages: somebody whom nobody knows."""
    own = open_own_pages(Desk(database, clock))
    wanted = AskForPrisoner(
        prisoner_number="D0",
        prisoner_name="Nobody Here",
        prisoner_born_on=date(1980, 1, 1),
        relation="friend",
    )
    found.asked["link"] = (await own.people.ask(wanted, found.people["own"])).id


async def _recordings(database: Database, studio: Studio, found: Furniture) -> None:
    """Two as the rules have them, and one of a privileged visit, which only a fault could have made."""
    catalogue = Catalogue(database.engine)
    for name, sound in (("ordinary", False), ("listened", True), ("privileged", True)):
        wanted = spec(
            visit_id=found.visits[name],
            prison_id=found.people["officer"].prison_id,
            sound=sound,
            sound_playable=sound,
            begun_ms=NOON_MS,
        )
        await catalogue.add(wanted)
        await catalogue.finish(
            wanted.recording_id, ended_ms=NOON_MS + 2_000, gaps=0, closed=_filmed(studio, wanted)
        )
        found.recordings[name] = wanted.recording_id


def _filmed(studio: Studio, wanted: RecordingSpec) -> Closed:
    part = studio.part(wanted)
    studio.tracks(part)
    packets = video(vp8_frames(2)) + (audio(opus_frames(2)) if wanted.sound else [])
    return Closed(**part.close("time", studio.write(part, packets)))
