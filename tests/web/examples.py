"""How each operation of the API is asked rightly, by somebody who may: every route has its example here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientResponse

from web.routes import Route

if TYPE_CHECKING:
    from tests.web.conftest import House


@dataclass(frozen=True)
class Example:
    """`role` signs in first, `body` may hold {codes}; `after` is an operation to be asked before. `of` is the
    visit, or what was asked for, whose id stands in the address; else it is a recording's."""

    role: str | None = None
    body: dict[str, Any] | None = None
    after: str | None = None
    of: str | None = None


EXAMPLES = {
    "visitor_sign_in": Example(body={"link": "{visitor}"}),
    "visitor_sign_out": Example("visitor"),
    "visitor_visit": Example("visitor"),
    "visitor_ticket": Example("visitor"),
    "visitor_me": Example("visitor"),
    "visitor_visit_of": Example("own", of="ordinary"),
    "visitor_ticket_for": Example("own", of="ordinary"),
    "own_people": Example("own"),
    "own_people_ask": Example(
        "own",
        {
            "prisoner_number": "DB07",
            "prisoner_name": "Oskari",
            "prisoner_born_on": "1984-02-29",
            "relation": "friend",
        },
    ),
    "own_people_withdraw": Example("own", of="link"),
    "terminal_sign_in": Example(body={"code": "{terminal}"}),
    "terminal_sign_out": Example("terminal"),
    "terminal_visits": Example("terminal"),
    "terminal_ticket": Example("terminal"),
    "officer_sign_in": Example(body={"code": "{officer}"}),
    "officer_sign_out": Example("officer"),
    "officer_me": Example("officer"),
    "officer_ticket": Example("officer"),
    "recordings_list": Example("officer"),
    "recording_open": Example("officer", {"reason": "complaint", "note": ""}),
    "recording_init": Example("officer", after="recording_open"),
    "recording_cluster": Example("officer", after="recording_open"),
    "office_sign_in": Example(body={"code": "{office}"}),
    "office_sign_out": Example("office"),
    "office_me": Example("office"),
    "office_visits": Example("office"),
    "policy_packs": Example(),
    "policy_pack": Example(),
    "demo_links": Example(),
}


def place_of(house: House, route: Route) -> str:
    """The address with everything in it that the example is about."""
    example = EXAMPLES[route.name]
    ids = house.has.visits | house.has.asked if example.of else house.has.recordings
    places = {
        "id": ids[example.of or "ordinary"],
        "track": "prisoner-video",
        "index": "0",
        "pack": "finland",
    }
    return route.path.format(**places)


async def ask_rightly(house: House, route: Route) -> ClientResponse:
    """Ask by the example; what it needs before is not done here."""
    example = EXAMPLES[route.name]
    body = example.body and {
        name: value.format(**house.has.codes) if isinstance(value, str) else value
        for name, value in example.body.items()
    }
    return await house.ask(route.method, place_of(house, route), example.role, json=body, headers=fresh_key())


def fresh_key() -> dict[str, str]:
    """A key that no command has had; what takes none does not mind it."""
    return {"Idempotency-Key": uuid.uuid4().hex}
