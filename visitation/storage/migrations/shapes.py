"""How migrations say a table: every constraint gets the name that storage/base.py would give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

MOMENT: Final = sa.DateTime(timezone=True)
Column = sa.Column[Any]


def text(name: str, length: int = 36) -> Column:
    """Characters; an id has 36."""
    return sa.Column(name, sa.String(length), nullable=False)


def whole(name: str) -> Column:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def truth(name: str) -> Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def day(name: str) -> Column:
    return sa.Column(name, sa.Date(), nullable=False)


def moment(name: str) -> Column:
    return sa.Column(name, MOMENT, nullable=False)


def values(name: str) -> Column:
    """JSON."""
    return sa.Column(name, sa.JSON(), nullable=False)


def prose(name: str) -> Column:
    return sa.Column(name, sa.Text(), nullable=False)


def maybe(column: Column) -> Column:
    column.nullable = True
    return column


def was(column: Column, default: str) -> Column:
    """A column added to a table that has rows: what they get."""
    column.server_default = sa.DefaultClause(sa.text(default))
    return column


def create(
    name: str,
    *columns: Column,
    refs: Mapping[str, str],
    key: Sequence[str] = ("id",),
    unique: Sequence[str] = (),
    checks: Mapping[str, str] | None = None,
    indexes: Sequence[Sequence[str]] = (),
    cascade: Sequence[str] = (),
    **options: Any,
) -> None:
    """A new table. `refs` is column -> table pointed at; the row goes with the one it points at by `cascade`."""
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}"))]
    for what, rule in (checks or {}).items():
        constraints.append(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{what}")))
    for column, target in refs.items():
        ends = "CASCADE" if column in cascade else None
        named = op.f(f"fk_{name}_{column}")
        constraints.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=named, ondelete=ends))
    if unique:
        constraints.append(sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")))
    op.create_table(name, *columns, *constraints, **options)
    for group in indexes:
        index(name, *group)


def index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def partial(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    """An index of some rows only."""
    said = sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=said, postgresql_where=said)
