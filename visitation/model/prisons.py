"""Prisons, their units, and the terminals in cells and rooms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base, Versioned
from visitation.storage.types import UtcDateTime


class Prison(Versioned, Base):
    """`policy_pack` names the folder in jurisdictions/; `timezone` is an IANA name; `country` and
    `subdivision` are ISO 3166 codes that name the public holidays, None = it keeps none.

    The numbers narrow what the policy allows, None = they do not: the days that the public and prisoners
    may book ahead, and how many may come to one visit.
    """

    __tablename__ = "prison"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    timezone: Mapped[str] = mapped_column(String(60))
    policy_pack: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    country: Mapped[str | None] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(6))
    week_start: Mapped[int] = mapped_column(Integer, default=0)
    min_days: Mapped[int | None] = mapped_column(Integer)
    max_days: Mapped[int | None] = mapped_column(Integer)
    max_total: Mapped[int | None] = mapped_column(Integer)
    max_adults: Mapped[int | None] = mapped_column(Integer)
    max_children: Mapped[int | None] = mapped_column(Integer)
    max_children_per_adult: Mapped[int | None] = mapped_column(Integer)


class Unit(Versioned, Base):
    """A house, wing or landing; `parent_id` is what it lies in, at most three above each other."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("prison_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))


class TerminalUse(StrEnum):
    """Who sits at it: one prisoner in their own cell, or whoever is brought to the room."""

    CELL = "cell"
    SHARED = "shared"
    OFFICIAL = "official"  # a room for official visits alone


class AcousticGrade(StrEnum):
    """Who else can hear what is said there."""

    OPEN = "open"  # whoever is near
    MUFFLED = "muffled"  # that somebody speaks, not what
    PRIVATE = "private"  # nobody


class TerminalState(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"  # out of use for a time
    INACTIVE = "inactive"


class Terminal(Versioned, Base):
    """A screen in a cell or a room; `place` is the label on the door ("A-12", "Room 1").

    Blocked from `blocked_from` until `blocked_until` (excluded; None = until further notice).
    """

    __tablename__ = "terminal"
    __table_args__ = (
        UniqueConstraint("prison_id", "place"),
        CheckConstraint("state <> 'blocked' OR blocked_from IS NOT NULL", name="blocked_from_when"),
        CheckConstraint("blocked_until > blocked_from", name="blocked_forwards"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    place: Mapped[str] = mapped_column(String(20))
    use: Mapped[str] = mapped_column(String(20), default=TerminalUse.CELL.value)
    acoustic_grade: Mapped[str] = mapped_column(String(20), default=AcousticGrade.OPEN.value)
    state: Mapped[str] = mapped_column(String(20), default=TerminalState.ACTIVE.value)
    blocked_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
