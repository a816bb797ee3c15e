"""What the house knows of somebody outside, put into the shapes of their own pages."""

from __future__ import annotations

from visitation.relations import RELATIONS
from visitation.services.own_people import OwnPerson
from web.own_shapes import PersonView, RelationView
from web.views import ms, words


def person_view(person: OwnPerson) -> PersonView:
    return PersonView(
        id=person.id,
        state=person.state,
        name=person.name,
        number=person.number,
        relation=words(person.relation),
        asked_at=ms(person.asked_at) if person.asked_at else None,
        expected_by=person.expected_by,
        reason=person.reason,
        prisoner=person.prisoner_id,
        prison=person.prison,
    )


def relation_views() -> list[RelationView]:
    return [
        RelationView(code=code, words=words(each.words), official=each.official)
        for code, each in RELATIONS.items()
    ]
