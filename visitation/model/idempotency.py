"""Commands that were sent with an Idempotency-Key, and what was answered: a repeat gets the same again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class KeyedCommand(Base):
    """One command of one person (`sender` is kind:id). `fingerprint` is the SHA-256 of all that was asked.

    `state` is running, answered or broken; only what is answered has `status`, `headers` and `body`. The body
    may hold people's names, so the row is gone when it is no longer valid.
    """

    __tablename__ = "keyed_command"

    sender: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[dict[str, str] | None] = mapped_column(JSON)
    body: Mapped[str | None] = mapped_column(Text)
