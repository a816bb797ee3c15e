"""A prison that was kept by an earlier version is all there after the migrations, and means the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

import visitation.storage.migrate
from tests.visitation.world import NOON
from visitation.model.booking import Claim
from visitation.model.contacts import PrisonerContact
from visitation.model.decisions import DecisionRow
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison, Terminal, Unit
from visitation.model.visits import Visit, VisitVisitor
from visitation.ports import SystemClock
from visitation.services.seed import seed_demo
from visitation.services.visits import Visits
from visitation.storage.database import Database
from visitation.storage.migrate import migrate

VERSIONS = Path(visitation.storage.migrate.__file__).parent / "migrations"
FIRST_SHAPE = """
INSERT INTO prison VALUES ('p', 'KOI', 'Koivula', 'Europe/Helsinki', 'finland');
INSERT INTO terminal VALUES
 ('t1', 'p', 'A', 'A-01'),
 ('t2', 'p', 'A', 'A-02'),
 ('t3', 'p', 'B', 'B-01');
INSERT INTO prisoner VALUES
 ('11111111-aaaa', 'p', 't1', 'Onni'),
 ('22222222-bbbb', 'p', 't3', 'Urho'),
 ('33333333-cccc', 'p', NULL, 'Veli');
INSERT INTO contact VALUES
 ('c1', '11111111-aaaa', 'social', 'Aino', NULL, '{"fi": "sisko", "sv": "syster", "en": "sister"}'),
 ('c2', '22222222-bbbb', 'professional', 'Eeva', 'Toimisto', '{"fi": "a", "sv": "b", "en": "c"}');
INSERT INTO visit VALUES
 ('v1', 'p', 't1', '11111111-aaaa', 'c1', 'social',
  '2026-11-05 10:00:00+00:00', '2026-11-05 10:30:00+00:00', 'booked', NULL, NULL, NULL, NULL),
 ('v2', 'p', 't3', '22222222-bbbb', 'c2', 'legal',
  '2026-11-05 10:02:00+00:00', '2026-11-05 10:31:00+00:00', 'cancelled', NULL, NULL, NULL, NULL),
 ('v3', 'p', 't1', '11111111-aaaa', 'c1', 'social',
  '2026-11-05 10:20:00+00:00', '2026-11-05 10:50:00+00:00', 'booked', NULL, NULL, NULL, NULL);
INSERT INTO decision VALUES
 ('d1', 'v1', NULL, 'hold', 'officer', 'o1', 'order', 'Please sit alone.', 'finland/1/fi.social',
  '2026-11-05 10:10:00+00:00')
"""


def first_shape(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(VERSIONS).replace("%", "%%"))
    command.upgrade(config, "visitation_0001")
    # SQLite keeps a time as text, in UTC and without saying so.
    zone = ".000000" if connection.dialect.name == "sqlite" else "+00:00"
    for statement in FIRST_SHAPE.replace("+00:00", zone).split(";"):
        connection.exec_driver_sql(statement)


@pytest.fixture
async def migrated(new_database: Database) -> Database:
    async with new_database.engine.begin() as connection:
        await connection.run_sync(first_shape)
    await migrate(new_database)
    return new_database


async def test_units_are_made_of_what_terminals_said(migrated: Database):
    async with migrated.read() as session:
        query = (
            select(Terminal.place, Unit.name).join(Unit, Unit.id == Terminal.unit_id).order_by(Terminal.place)
        )
        assert (await session.execute(query)).all() == [("A-01", "A"), ("A-02", "A"), ("B-01", "B")]
        assert len((await session.scalars(select(Unit))).all()) == 2
        assert [one.country for one in await session.scalars(select(Prison))] == ["FI"]


async def test_prisoners_live_where_their_terminal_stands(migrated: Database):
    async with migrated.read() as session:
        prisoners = (await session.scalars(select(Prisoner).order_by(Prisoner.name))).all()
        units = {unit.id: unit.name for unit in await session.scalars(select(Unit))}
    assert [(one.name, units.get(one.unit_id or ""), one.cell, one.status) for one in prisoners] == [
        ("Onni", "A", "A-01", "in"),
        ("Urho", "B", "B-01", "in"),
        ("Veli", None, None, "in"),
    ]
    assert len({one.number for one in prisoners}) == 3


async def test_a_contact_is_linked_to_the_prisoner_who_knew_them(migrated: Database):
    async with migrated.read() as session:
        links = (await session.scalars(select(PrisonerContact).order_by(PrisonerContact.contact_id))).all()
        assert [(one.prisoner_id, one.contact_id, one.type, one.state) for one in links] == [
            ("11111111-aaaa", "c1", "S", "approved"),
            ("22222222-bbbb", "c2", "O", "approved"),
        ]
        assert links[0].relation == {"fi": "sisko", "sv": "syster", "en": "sister"}
        assert {one.prisoner_id for one in await session.scalars(select(Contact))} == {None}


async def test_a_visit_reads_as_before(migrated: Database):
    facts = await Visits(migrated, SystemClock()).facts("v1")
    assert (facts.visitor_name, facts.relation["en"], facts.unit, facts.cell) == (
        "Aino",
        "sister",
        "A",
        "A-01",
    )
    assert facts.starts_at == NOON


async def test_a_decision_says_what_it_said_and_of_which_prison_it_is(migrated: Database):
    async with migrated.read() as session:
        kept = await session.get_one(DecisionRow, "d1")
    assert (kept.prison_id, kept.visit_id, kept.kind, kept.ground) == ("p", "v1", "hold", "order")
    assert (kept.facts, kept.interest, kept.note, kept.terms) == ("Please sit alone.", "", "", None)
    assert kept.at == NOON + timedelta(minutes=10)


async def test_the_rules_of_the_tables_outlive_their_remaking(migrated: Database):
    broken = (
        "UPDATE visit SET ends_at = starts_at",
        "UPDATE terminal SET state = 'blocked'",
        "UPDATE contact SET kind = 'prisoner'",
        "UPDATE prisoner SET number = 'same'",
        "UPDATE terminal SET unit_id = 'nowhere'",
        "UPDATE decision SET visit_id = NULL",
        "UPDATE decision SET prison_id = 'nowhere'",
    )
    for statement in broken:
        with pytest.raises(IntegrityError):
            async with migrated.write() as session:
                await session.execute(text(statement))


async def test_a_demo_of_the_earlier_version_is_seeded_on(migrated: Database):
    await seed_demo(migrated, NOON)
    await seed_demo(migrated, NOON)


async def test_a_visits_people_and_time_are_taken_over(migrated: Database):
    async with migrated.read() as session:
        coming = (await session.execute(select(VisitVisitor.visit_id, VisitVisitor.contact_id))).all()
        said = (await session.execute(select(Visit.id, Visit.sub_status, Visit.restriction))).all()
        claims = (
            await session.execute(select(Claim.visit_id, Claim.cell_start).order_by(Claim.cell_start))
        ).all()
    assert sorted(coming) == [("v1", "c1"), ("v2", "c2"), ("v3", "c1")]
    assert sorted(said) == [
        ("v1", "auto_approved", "open"),
        ("v2", "cancelled", "open"),
        ("v3", "auto_approved", "open"),
    ]
    # Where two overlap, the earlier one has the time.
    assert [visit_id for visit_id, _ in claims] == ["v1"] * 3 * 6 + ["v3"] * 3 * 4
    assert claims[0].cell_start == NOON
