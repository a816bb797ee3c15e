"""PostgreSQL: the same models in its own words (no server here: what is compiled is looked at)."""

from __future__ import annotations

import pytest
from sqlalchemy import Index, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import visitation.model
from visitation.model.visits import CallRow
from visitation.storage.base import Base

POSTGRESQL = postgresql.dialect()
TABLES = list(Base.metadata.sorted_tables) if visitation.model.__all__ else []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_can_be_made_and_its_times_keep_their_zone(table: Table):
    made = str(CreateTable(table).compile(dialect=POSTGRESQL))
    times = [line for line in made.splitlines() if "TIMESTAMP" in line]
    assert all("WITH TIME ZONE" in line for line in times)


def test_one_open_call_of_a_visit_is_the_databases_rule_there_too():
    indexes: set[Index] = CallRow.__table__.indexes  # type: ignore[attr-defined]
    made = [str(CreateIndex(index).compile(dialect=POSTGRESQL)) for index in indexes]
    assert any("UNIQUE" in one and "WHERE ended_at IS NULL" in one for one in made)
