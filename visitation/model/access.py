"""Ways in: sign-in codes, sessions and one-time tickets, each kept as the SHA-256 of its secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class SignInCode(Base):
    """A link or code that opens sessions of one app until it is too old; exactly one of the ids is set."""

    __tablename__ = "sign_in_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    app: Mapped[str] = mapped_column(String(20))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id"), index=True)
    terminal_id: Mapped[str | None] = mapped_column(ForeignKey("terminal.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SessionRow(Base):
    """A signed-in identity, detached from the rows it was made of."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    app: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(36))
    prison_id: Mapped[str] = mapped_column(String(36))
    visit_id: Mapped[str | None] = mapped_column(String(36))
    terminal_id: Mapped[str | None] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TicketRow(Base):
    """Good for one use within a minute; dies with its session. `visit_id` is the one it leads to, None = the
    session's."""

    __tablename__ = "ticket"

    ticket_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    visit_id: Mapped[str | None] = mapped_column(String(36))
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
