"""Everything that people's own pages work with, over one desk."""

from __future__ import annotations

from dataclasses import dataclass

from visitation.services.contacts import Contacts
from visitation.services.desk import Desk
from visitation.services.own_people import OwnPeople


@dataclass(frozen=True, slots=True)
class OwnPages:
    """The services behind what somebody outside sees and does for themselves."""

    people: OwnPeople


def open_own_pages(desk: Desk) -> OwnPages:
    return OwnPages(people=OwnPeople(desk, Contacts(desk)))
