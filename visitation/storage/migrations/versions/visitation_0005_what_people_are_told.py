"""What people are told: the outbox, choices, devices, calendars, acknowledgements, the office's tasks, leases.

Revision ID: visitation_0005
Revises: visitation_0004
"""

from __future__ import annotations

from visitation.storage.migrations.shapes import create, maybe, moment, partial, text, truth, whole

revision = "visitation_0005"
down_revision = "visitation_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notices()
    _people()
    _agenda()
    create(
        "lease",
        text("name", 60), text("holder", 60), moment("until"),
        refs={},
        key=("name",),
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("what people were told did not fit before: there is no way back")


def _notices() -> None:
    create(
        "notice",
        text("id"), text("kind", 40), text("channel", 20), text("contact_id"), text("device_id"),
        text("prison_id"), maybe(text("visit_id")), maybe(moment("starts_at")), maybe(moment("ends_at")),
        whole("changes"), text("lang", 2), text("state", 20), maybe(text("reason", 40)), whole("attempts"),
        moment("made_at"), moment("due_at"), moment("worth_until"), maybe(moment("settled_at")),
        refs={"contact_id": "contact", "prison_id": "prison", "visit_id": "visit"},
        cascade=("contact_id", "visit_id"),
        checks={
            "settled_when": "(state = 'waiting') = (settled_at IS NULL)",
            "failed_for_a_reason": "state <> 'failed' OR reason IS NOT NULL",
        },
        indexes=[("contact_id",), ("visit_id",), ("prison_id", "made_at")],
    )  # fmt: skip
    partial("ix_notice_waiting", "notice", "channel", "due_at", where="state = 'waiting'")
    partial(
        "uq_notice_reminder", "notice", "visit_id", "contact_id", "channel", "starts_at", "device_id",
        where="kind = 'visit_reminder'", unique=True,
    )  # fmt: skip


def _people() -> None:
    create(
        "notice_choice",
        text("contact_id"), truth("email"), truth("sms"), truth("openly"),
        refs={"contact_id": "contact"},
        cascade=("contact_id",),
        key=("contact_id",),
    )  # fmt: skip
    create(
        "push_device",
        text("id"), text("contact_id"), text("endpoint", 500), text("p256dh", 100), text("auth", 40),
        moment("made_at"),
        refs={"contact_id": "contact"},
        cascade=("contact_id",),
        unique=("endpoint",),
        indexes=[("contact_id",)],
    )  # fmt: skip
    create(
        "calendar_feed",
        text("token_sha256", 64), text("contact_id"), moment("made_at"),
        refs={"contact_id": "contact"},
        cascade=("contact_id",),
        key=("token_sha256",),
        unique=("contact_id",),
    )  # fmt: skip


def _agenda() -> None:
    create(
        "acknowledgement",
        text("visit_id"), text("prisoner_id"), moment("starts_at"), moment("at"),
        refs={"visit_id": "visit", "prisoner_id": "prisoner"},
        cascade=("visit_id",),
        key=("visit_id", "prisoner_id"),
        indexes=[("prisoner_id",)],
    )  # fmt: skip
    create(
        "office_task",
        text("id"), text("prison_id"), text("kind", 40), text("visit_id"), text("person_id"),
        moment("about_at"), moment("made_at"), maybe(moment("done_at")), maybe(text("done_by")),
        refs={"prison_id": "prison", "visit_id": "visit"},
        cascade=("visit_id",),
        unique=("kind", "visit_id", "person_id", "about_at"),
        indexes=[("visit_id",)],
    )  # fmt: skip
    partial("ix_office_task_open", "office_task", "prison_id", "about_at", where="done_at IS NULL")
