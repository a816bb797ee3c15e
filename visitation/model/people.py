"""People: prisoners, those who visit them, and staff."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from visitation.eligibility import Presence
from visitation.storage.base import Base, Versioned
from visitation.words import Lang


class StaffRole(StrEnum):
    OFFICER = "officer"
    OFFICE = "office"


class Prisoner(Versioned, Base):
    """`name` is the first name, the only one shown on screens; `terminal_id` is their own cell's.

    `status` is a Presence, `cell` the label on the door, `leaves_on` a known day of release or transfer.
    `category` and `incentive` are the prison's own codes, which sessions may be for.
    """

    __tablename__ = "prisoner"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"), index=True)
    terminal_id: Mapped[str | None] = mapped_column(ForeignKey("terminal.id"), unique=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    cell: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    family_name: Mapped[str] = mapped_column(String(60), default="")
    born_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20), default=Presence.IN.value)
    leaves_on: Mapped[date | None] = mapped_column(Date)
    remand: Mapped[bool] = mapped_column(Boolean, default=False)
    category: Mapped[str | None] = mapped_column(String(40))
    incentive: Mapped[str | None] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)


class Contact(Versioned, Base):
    """A person outside, known to the whole estate; who they are to a prisoner is a PrisonerContact.

    `kind` is a ContactClass.
    `office` is where a professional works. `prisoner_id` is set when the person is a prisoner too.
    `language` is the one of the house's languages in which they are written to.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(kind = 'prisoner') = (prisoner_id IS NOT NULL)", name="prisoner_when_prisoner"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    prisoner_id: Mapped[str | None] = mapped_column(ForeignKey("prisoner.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    family_name: Mapped[str] = mapped_column(String(60), default="", index=True)
    office: Mapped[str | None] = mapped_column(String(100))
    born_on: Mapped[date | None] = mapped_column(Date)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[Lang | None] = mapped_column(String(2))
    email: Mapped[str | None] = mapped_column(String(254))
    telephone: Mapped[str | None] = mapped_column(String(30))


class ResponsibleAdult(Base):
    """An adult who may bring this child; both are contacts."""

    __tablename__ = "responsible_adult"
    __table_args__ = (CheckConstraint("child_id <> adult_id", name="not_oneself"),)

    child_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    adult_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
