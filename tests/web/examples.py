"""How each operation of the API is asked rightly, by somebody who may: every route has its example here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientResponse

from web.routes import Route

if TYPE_CHECKING:
    from tests.web.conftest import House


@dataclass(frozen=True)
class Example:
    """`role` signs in first, `body` may hold {codes}; `after` is an operation to be asked before."""

    role: str | None = None
    body: dict[str, Any] | None = None
    after: str | None = None


EXAMPLES = {
    "visitor_sign_in": Example(body={"link": "{visitor}"}),
    "visitor_sign_out": Example("visitor"),
    "visitor_visit": Example("visitor"),
    "visitor_ticket": Example("visitor"),
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


async def ask_rightly(house: House, route: Route) -> ClientResponse:
    """Ask by the example; what it needs before is not done here."""
    example = EXAMPLES[route.name]
    places = {
        "id": house.has.recordings["ordinary"],
        "track": "prisoner-video",
        "index": "0",
        "pack": "finland",
    }
    body = example.body and {
        name: value.format(**house.has.codes) if isinstance(value, str) else value
        for name, value in example.body.items()
    }
    return await house.ask(route.method, route.path.format(**places), example.role, json=body)
