"""Prisons, and the terminals in their cells."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base


class Prison(Base):
    """`policy_pack` names the folder in jurisdictions/; `timezone` is an IANA name."""

    __tablename__ = "prison"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    timezone: Mapped[str] = mapped_column(String(60))
    policy_pack: Mapped[str] = mapped_column(String(60))


class Terminal(Base):
    """A cell's screen; `cell` is the label on the door ("A-12")."""

    __tablename__ = "terminal"
    __table_args__ = (UniqueConstraint("prison_id", "cell"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    unit: Mapped[str] = mapped_column(String(40))
    cell: Mapped[str] = mapped_column(String(20))
