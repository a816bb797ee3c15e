"""Whom somebody visits, on their own pages: seen, asked for once, and taken back."""

from __future__ import annotations

from visitation.commands.contacts import AskForPrisoner
from visitation.policy.permissions import Permission
from visitation.policy.subjects import PersonSubject
from visitation.services.audit import AuditKind
from web.gate import Ask
from web.own_shapes import PeopleView, PersonView
from web.own_views import person_view, relation_views
from web.routes import route
from web.shapes import IdPlace
from web.subjects import oneself
from web.unlogged import OWN

PEOPLE = "/api/visitor/people"


async def asker(ask: Ask) -> PersonSubject | None:
    """Whose request the address names."""
    person_id = await ask.services.own.people.asker_of(str(ask.place.id))
    return PersonSubject(person_id) if person_id else None


@route("GET", PEOPLE, app="visitor", permission=Permission.OWN_SEE, subject=oneself, unlogged=OWN)
async def own_people(ask: Ask) -> PeopleView:
    """Whom whoever is signed in visits, or has asked to visit, and what the prison said."""
    found = await ask.services.own.people.of(ask.who.person_id)
    return PeopleView(people=[person_view(each) for each in found], relations=relation_views())


@route(
    "POST",
    PEOPLE,
    app="visitor",
    permission=Permission.LINK_ASK,
    subject=oneself,
    writes=(AuditKind.LINK_ASKED, AuditKind.LINK_ADDED, AuditKind.LINK_CHANGED),
    keyed=True,
)
async def own_people_ask(ask: Ask, body: AskForPrisoner) -> PersonView:
    """Ask to visit a prisoner, once and for the whole estate. The answer is the same whether there is one."""
    return person_view(await ask.services.own.people.ask(body, ask.who))


@route(
    "DELETE",
    f"{PEOPLE}/{{id}}",
    app="visitor",
    permission=Permission.LINK_ASK,
    subject=asker,
    writes=(AuditKind.LINK_WITHDRAWN, AuditKind.LINK_CHANGED),
)
async def own_people_withdraw(ask: Ask, place: IdPlace) -> None:
    """Take a request back that has not been answered."""
    await ask.services.own.people.withdraw(str(place.id), ask.who)
