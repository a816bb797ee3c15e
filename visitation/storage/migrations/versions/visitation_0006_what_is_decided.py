"""What is decided: decisions about people, with their addressees; and visits of which nobody has said how they ended.

Revision ID: visitation_0006
Revises: visitation_0005
"""

from __future__ import annotations

from alembic import op

from visitation.storage.migrations.shapes import (
    create,
    day,
    index,
    maybe,
    moment,
    partial,
    prose,
    text,
    was,
)

revision = "visitation_0006"
down_revision = "visitation_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision") as decision:
        decision.add_column(maybe(text("prison_id")))
        decision.alter_column("reason", new_column_name="ground")
        decision.alter_column("text", new_column_name="facts")
    op.execute("UPDATE decision SET prison_id = (SELECT prison_id FROM visit WHERE visit.id = visit_id)")
    with op.batch_alter_table("decision") as decision:
        decision.alter_column("prison_id", existing_type=text("").type, nullable=False)
        decision.alter_column("visit_id", existing_type=text("").type, nullable=True)
        for name in ("restriction_id", "link_id"):
            decision.add_column(maybe(text(name)))
        for name in ("interest", "lesser", "note"):
            decision.add_column(was(prose(name), "''"))
        decision.add_column(maybe(prose("terms")))
        for column, target in (
            ("prison_id", "prison"),
            ("restriction_id", "restriction"),
            ("link_id", "prisoner_contact"),
        ):
            decision.create_foreign_key(op.f(f"fk_decision_{column}"), target, [column], ["id"])
        decision.create_check_constraint(
            op.f("ck_decision_about"),
            "visit_id IS NOT NULL OR restriction_id IS NOT NULL OR link_id IS NOT NULL",
        )
    for group in (("prison_id", "at"), ("restriction_id",), ("link_id",)):
        index("decision", *group)
    create(
        "decision_addressee",
        text("decision_id"), text("person_kind", 20), text("person_id"), text("language", 2),
        maybe(moment("delivered_at")), maybe(text("delivered_how", 20)), maybe(text("delivered_by")),
        maybe(day("appeal_until")),
        refs={"decision_id": "decision"},
        key=("decision_id", "person_kind", "person_id"),
        checks={"delivered_somehow": "(delivered_at IS NULL) = (delivered_how IS NULL)"},
        indexes=[("person_kind", "person_id")],
    )  # fmt: skip
    partial(
        "ix_decision_addressee_waiting", "decision_addressee", "decision_id", where="delivered_at IS NULL"
    )
    partial(
        "ix_visit_without_outcome", "visit", "prison_id", "ends_at",
        where="outcome IS NULL AND status = 'booked'",
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("who was told what did not fit before: there is no way back")
