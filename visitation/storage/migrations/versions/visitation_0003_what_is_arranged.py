"""What is arranged: sessions, allowances, visits made whole, holds, wishes, standby, and claims on time.

Revision ID: visitation_0003
Revises: visitation_0002
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from alembic import op

from visitation.storage.migrations.shapes import (
    MOMENT,
    create,
    day,
    index,
    maybe,
    moment,
    partial,
    text,
    truth,
    values,
    was,
    whole,
)

revision = "visitation_0003"
down_revision = "visitation_0002"
branch_labels = None
depends_on = None

CELL: Final = timedelta(minutes=5)


def upgrade() -> None:
    _schedule()
    _visits()
    _allowances()
    _booking()
    _claim_what_is_booked()


def downgrade() -> None:
    raise NotImplementedError("what a visit is by now did not fit before: there is no way back")


def _schedule() -> None:
    create(
        "session_template",
        text("id"), text("prison_id"), text("reference", 20), text("name", 100), whole("weekday"),
        sa.Column("start", sa.Time(), nullable=False), sa.Column("end", sa.Time(), nullable=False),
        whole("every_weeks"), day("valid_from"), maybe(day("valid_to")), whole("open_capacity"),
        whole("closed_capacity"), truth("active"), values("kinds"), values("user_types"),
        truth("for_children"), truth("on_public_holidays"), values("units"), truth("except_units"),
        values("categories"), truth("except_categories"), values("incentives"), truth("except_incentives"),
        whole("version"),
        refs={"prison_id": "prison"},
        unique=("prison_id", "reference"),
        checks={
            "ends_after_start": '"end" > start',
            "weekday": "weekday BETWEEN 0 AND 6",
            "every_weeks": "every_weeks >= 1",
            "capacity": "open_capacity >= 0 AND closed_capacity >= 0",
            "valid_forwards": "valid_to >= valid_from",
        },
    )  # fmt: skip
    create(
        "excluded_date",
        text("id"), text("prison_id"), maybe(text("template_id")), day("day"), text("reason", 200),
        whole("version"),
        refs={"prison_id": "prison", "template_id": "session_template"},
        indexes=[("prison_id", "day")],
    )  # fmt: skip
    for name, column, where in (
        ("uq_excluded_date_prison", "prison_id", "template_id IS NULL"),
        ("uq_excluded_date_template", "template_id", "template_id IS NOT NULL"),
    ):
        partial(name, "excluded_date", column, "day", where=where, unique=True)
    create(
        "appointment",
        text("id"), text("prisoner_id"), text("kind", 40), text("label", 100), moment("starts_at"),
        moment("ends_at"), whole("version"),
        refs={"prisoner_id": "prisoner"},
        checks={"ends_after_start": "ends_at > starts_at"},
        indexes=[("prisoner_id", "ends_at")],
    )  # fmt: skip


def _visits() -> None:
    with op.batch_alter_table(
        "visit",
        # What is made anew on SQLite loses its checks unless they are said again.
        table_args=(sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_visit_ends_after_start")),),
    ) as visit:
        visit.add_column(was(text("sub_status", 20), "'auto_approved'"))
        visit.add_column(was(text("restriction", 20), "'open'"))
        for name in ("template_id", "other_terminal_id", "officer_id", "booked_by"):
            visit.add_column(maybe(text(name)))
        visit.add_column(was(text("method", 20), "'not_known'"))
        visit.add_column(was(values("needs"), "'[]'"))
        visit.add_column(was(text("user_type", 20), "'system'"))
        visit.add_column(maybe(moment("booked_at")))
        visit.add_column(maybe(text("reason", 40)))
        visit.add_column(was(whole("version"), "1"))
        for column, target in (
            ("template_id", "session_template"),
            ("other_terminal_id", "terminal"),
            ("officer_id", "staff"),
        ):
            visit.create_foreign_key(op.f(f"fk_visit_{column}"), target, [column], ["id"])
    op.execute("UPDATE visit SET sub_status = 'cancelled' WHERE status = 'cancelled'")
    for group in (
        ("prisoner_id", "starts_at"),
        ("template_id", "starts_at"),
        ("contact_id",),
        ("booked_by",),
    ):
        index("visit", *group)
    partial("ix_visit_requested", "visit", "prison_id", "starts_at", where="sub_status = 'requested'")
    create(
        "visit_visitor",
        text("visit_id"), text("contact_id"),
        refs={"visit_id": "visit", "contact_id": "contact"},
        cascade=("visit_id",),
        key=("visit_id", "contact_id"),
        indexes=[("contact_id",)],
    )  # fmt: skip
    op.execute("INSERT INTO visit_visitor (visit_id, contact_id) SELECT id, contact_id FROM visit")


def _allowances() -> None:
    create(
        "allowance_entry",
        text("id"), text("prisoner_id"), text("allowance", 40), day("period_start"), text("kind", 20),
        whole("amount"), maybe(text("visit_id")), text("reason", 200), maybe(text("by_person")), moment("at"),
        refs={"prisoner_id": "prisoner", "visit_id": "visit"},
        indexes=[("prisoner_id", "allowance", "period_start"), ("visit_id",)],
    )  # fmt: skip
    partial(
        "uq_allowance_entry_once", "allowance_entry", "prisoner_id", "allowance", "period_start", "kind",
        where="kind IN ('grant', 'carry_over')", unique=True,
    )  # fmt: skip


def _booking() -> None:
    create(
        "application",
        text("id"), text("prison_id"), text("template_id"), text("prisoner_id"), text("terminal_id"),
        text("kind", 40), truth("closed"), moment("starts_at"), moment("ends_at"), text("user_type", 20),
        text("held_by"), moment("made_at"), moment("expires_at"),
        refs={
            "prison_id": "prison",
            "template_id": "session_template",
            "prisoner_id": "prisoner",
            "terminal_id": "terminal",
        },
        indexes=[("template_id", "starts_at"), ("prisoner_id",), ("held_by",), ("expires_at",)],
    )  # fmt: skip
    create(
        "wish",
        text("visit_id"), whole("rank"), text("template_id"), day("day"),
        refs={"visit_id": "visit", "template_id": "session_template"},
        cascade=("visit_id",),
        key=("visit_id", "rank"),
        checks={"rank": "rank BETWEEN 1 AND 3"},
    )  # fmt: skip
    create(
        "standby",
        text("id"), text("prison_id"), text("prisoner_id"), text("kind", 40), values("visitors"),
        values("needs"), moment("earliest"), moment("latest"), whole("notice_minutes"), text("user_type", 20),
        text("method", 20), text("asked_by"), moment("asked_at"), text("state", 20), maybe(text("visit_id")),
        refs={"prison_id": "prison", "prisoner_id": "prisoner", "visit_id": "visit"},
        checks={
            "window_forwards": "latest > earliest",
            "visit_when_filled": "(state = 'filled') = (visit_id IS NOT NULL)",
        },
        indexes=[("prisoner_id",), ("asked_by",), ("visit_id",)],
    )  # fmt: skip
    partial("ix_standby_waiting", "standby", "prison_id", "latest", where="state = 'waiting'")
    create(
        "claim",
        text("resource_kind", 20), text("resource_id"), moment("cell_start"), maybe(text("visit_id")),
        maybe(text("application_id")),
        refs={"visit_id": "visit", "application_id": "application"},
        cascade=("visit_id", "application_id"),
        key=("resource_kind", "resource_id", "cell_start"),
        checks={"one_owner": "(visit_id IS NULL) <> (application_id IS NULL)"},
        indexes=[("visit_id",), ("application_id",)],
        sqlite_with_rowid=False,
    )  # fmt: skip


def _claim_what_is_booked() -> None:
    """Visits that are still to come or were never concluded; of two that overlap the earlier one has the time."""
    ids = ("id", "terminal_id", "prisoner_id", "contact_id", "status", "outcome")
    times = (sa.column("starts_at", MOMENT), sa.column("ends_at", MOMENT))
    visits = sa.table("visit", *map(sa.column, ids), *times)
    keys = ("resource_kind", "resource_id", "visit_id")
    claims = sa.table("claim", *map(sa.column, keys), sa.column("cell_start", MOMENT))
    booked = sa.select(visits).where(visits.c.status == "booked", visits.c.outcome.is_(None))
    taken: dict[tuple[str, str, datetime], str] = {}
    for visit in op.get_bind().execute(booked.order_by(visits.c.starts_at, visits.c.id)):
        who = (
            ("terminal", visit.terminal_id),
            ("prisoner", visit.prisoner_id),
            ("visitor", visit.contact_id),
        )
        for cell in _cells(visit.starts_at, visit.ends_at):
            for kind, one in who:
                taken.setdefault((kind, one, cell), visit.id)
    op.bulk_insert(
        claims,
        [
            {"resource_kind": kind, "resource_id": one, "cell_start": cell, "visit_id": visit_id}
            for (kind, one, cell), visit_id in taken.items()
        ],
    )


def _cells(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The five-minute cells that a visit touches; SQLite gives times without their zone, which is UTC."""
    begin, end = (at if at.tzinfo else at.replace(tzinfo=UTC) for at in (starts_at, ends_at))
    first = begin - timedelta(minutes=begin.minute % 5, seconds=begin.second, microseconds=begin.microsecond)
    return [first + number * CELL for number in range(-(-(end - first) // CELL))]
