"""What people outside are told: the outbox, how each wants to be told, and their calendars' secrets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.notices.kinds import NoticeState
from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime
from visitation.words import Lang


class Notice(Base):
    """One message to one person by one channel, written in the transaction of what it tells.

    `id` names the message wherever it goes, however often it is tried. `kind` is a NoticeKind, `channel` a
    Channel, `state` a NoticeState, `reason` an Unsent that says why it has not been sent. The time it tells
    of is kept as it was then, with the visit's version (`changes`); names and addresses are looked up when it
    is sent, and so are kept in one place. It is tried from `due_at` on and not after `worth_until`.
    `device_id` is the PushDevice of a web push.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_when"),
        CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name="failed_for_a_reason"),
        Index(
            "ix_notice_waiting",
            "channel",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "prison_id", "made_at"),
        # A person is reminded once of one time.
        Index(
            "uq_notice_reminder",
            "visit_id",
            "contact_id",
            "channel",
            "starts_at",
            "device_id",
            unique=True,
            sqlite_where=text("kind = 'visit_reminder'"),
            postgresql_where=text("kind = 'visit_reminder'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[str] = mapped_column(String(36), default="")
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes: Mapped[int] = mapped_column(Integer, default=0)
    lang: Mapped[Lang] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20), default=NoticeState.WAITING.value)
    reason: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worth_until: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeChoice(Base):
    """How somebody wants to be told; who has no row has not chosen (notices/channels.py).

    `openly`: messages and calendar say whom they meet and where. Without it they say "video call".
    """

    __tablename__ = "notice_choice"

    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[bool] = mapped_column(Boolean)
    sms: Mapped[bool] = mapped_column(Boolean)
    openly: Mapped[bool] = mapped_column(Boolean)


class PushDevice(Base):
    """A browser that somebody wants to be told in: its push subscription (W3C Push API section 8).

    `endpoint` is an address of the browser's maker, `p256dh` and `auth` are base64url; the hook seals with them.
    """

    __tablename__ = "push_device"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(500), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarFeed(Base):
    """The address at which somebody's calendar program reads their visits: kept as the SHA-256 of its secret."""

    __tablename__ = "calendar_feed"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
