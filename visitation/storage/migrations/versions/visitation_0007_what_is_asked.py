"""What people outside ask for, and a way in to pages of their own.

Revision ID: visitation_0007
Revises: visitation_0006
"""

from __future__ import annotations

from alembic import op

from visitation.storage.migrations.shapes import create, day, index, maybe, moment, text

revision = "visitation_0007"
down_revision = "visitation_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_code") as code:
        code.add_column(maybe(text("contact_id")))
        code.create_foreign_key(op.f("fk_sign_in_code_contact_id"), "contact", ["contact_id"], ["id"])
    index("sign_in_code", "contact_id")
    op.add_column("ticket", maybe(text("visit_id")))
    create(
        "link_request",
        text("id"), text("contact_id"), text("prisoner_number", 20), text("prisoner_name", 100),
        day("prisoner_born_on"), text("relation_code", 40), moment("asked_at"), day("expected_by"),
        maybe(text("link_id")), maybe(moment("withdrawn_at")),
        refs={"contact_id": "contact", "link_id": "prisoner_contact"},
        indexes=[("contact_id",), ("link_id",)],
    )  # fmt: skip
    create(
        "correction_request",
        text("id"), text("contact_id"), text("field", 20), text("text", 500), moment("asked_at"),
        day("expected_by"), text("state", 20), maybe(text("answered_by")), maybe(moment("answered_at")),
        text("reason", 200),
        refs={"contact_id": "contact"},
        checks={"answered_when_answered": "(state = 'requested') = (answered_at IS NULL)"},
        indexes=[("contact_id",)],
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("what was asked would be lost: there is no way back")
