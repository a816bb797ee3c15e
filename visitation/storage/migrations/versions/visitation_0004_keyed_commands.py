"""Commands with an Idempotency-Key and their answers, for a day.

Revision ID: visitation_0004
Revises: visitation_0003
"""

from __future__ import annotations

from alembic import op

from visitation.storage.migrations.shapes import create, maybe, moment, prose, text, values, whole

revision = "visitation_0004"
down_revision = "visitation_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "keyed_command",
        text("sender", 60), text("key", 64), text("fingerprint", 64), text("state", 10), moment("begun_at"),
        moment("valid_until"), maybe(whole("status")), maybe(values("headers")), maybe(prose("body")),
        refs={},
        key=("sender", "key"),
        indexes=[("valid_until",)],
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("keyed_command")
