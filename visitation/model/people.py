"""People: prisoners, those they are in contact with, and staff."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.words import Lang


class ContactKind(StrEnum):
    SOCIAL = "social"
    PROFESSIONAL = "professional"


class StaffRole(StrEnum):
    OFFICER = "officer"
    OFFICE = "office"


class Prisoner(Base):
    """`name` is the first name, the only one shown on screens; `terminal_id` is their cell's."""

    __tablename__ = "prisoner"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"), index=True)
    terminal_id: Mapped[str | None] = mapped_column(ForeignKey("terminal.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))


class Contact(Base):
    """One person known to one prisoner; `relation` says who they are to the prisoner ("sister")."""

    __tablename__ = "contact"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    office: Mapped[str | None] = mapped_column(String(100))
    relation: Mapped[dict[Lang, str]] = mapped_column(JSON)


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
