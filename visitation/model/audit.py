"""The audit log's lines, and its head: how many lines there are and the hash of the last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class AuditLine(Base):
    """One line; `facts` is the canonical JSON text that was hashed, `number` counts from 1."""

    __tablename__ = "audit_line"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(36))
    session_id: Mapped[str | None] = mapped_column(String(36))
    prison_id: Mapped[str | None] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(100), index=True)
    facts: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that every writer takes first: lines are appended one after the other."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
