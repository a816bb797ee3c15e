"""Who a contact is to a prisoner, and what a professional was found to be."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.eligibility import LinkState
from visitation.storage.base import Base, Versioned
from visitation.storage.types import UtcDateTime
from visitation.words import Lang


class RelationshipType(StrEnum):
    SOCIAL = "S"
    OFFICIAL = "O"


class PrisonerContact(Versioned, Base):
    """The link of a prisoner and a contact; `relation` says who they are to the prisoner ("sister").

    `state` is a LinkState. The office answers by `expected_by`. After a transfer the new prison may
    object until `objections_until`.
    """

    __tablename__ = "prisoner_contact"
    __table_args__ = (
        UniqueConstraint("prisoner_id", "contact_id"),
        Index(
            "ix_prisoner_contact_requested",
            "asked_at",
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    type: Mapped[str] = mapped_column(String(1))
    relation_code: Mapped[str] = mapped_column(String(40))
    relation: Mapped[dict[Lang, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=LinkState.REQUESTED.value)
    asked_by: Mapped[str | None] = mapped_column(String(36))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expected_by: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    objections_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProfessionalStatus(Versioned, Base):
    """What a professional was found to be in a register, for the whole estate.

    `standing` is a policy's word ("legal", "oversight"); the look in the register holds until
    `recheck_on`, excluded. There is one of each standing at a time.
    """

    __tablename__ = "professional_status"
    __table_args__ = (
        Index(
            "uq_professional_status_held",
            "contact_id",
            "standing",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    standing: Mapped[str] = mapped_column(String(40))
    register_name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(60))
    checked_by: Mapped[str | None] = mapped_column(String(36))
    checked_on: Mapped[date] = mapped_column(Date)
    recheck_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
