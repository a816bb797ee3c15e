"""The first shape of the catalogue of recordings.

Revision ID: recording_0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "recording_0001"
down_revision = None
branch_labels = ("recording",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("call_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("prison_id", sa.String(length=36), nullable=False),
        sa.Column("picture", sa.Boolean(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_visit_id"), "recording", ["visit_id"])
    op.create_index(op.f("ix_recording_prison_id_begun_ms"), "recording", ["prison_id", "begun_ms"])


def downgrade() -> None:
    op.drop_table("recording")
