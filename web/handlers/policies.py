"""What happens to a call, for everybody: the policy packs, read without signing in."""

from __future__ import annotations

from visitation.errors import NotFound, Unavailable
from visitation.jurisdictions.pack import PolicyUnreadable, pack_names
from web.gate import Ask
from web.policy_shapes import PackList, PackPlace, WhatHappens
from web.policy_views import pack_head, what_happens
from web.routes import route

LAW = "what the law makes of a visit is for everybody to read, before they have anything to do with it"


@route("GET", "/api/policies", public=LAW)
async def policy_packs(ask: Ask) -> PackList:
    """The policy packs, those that prisons of this house go by first."""
    policies = ask.services.policies
    used, found = await policies.in_use(), policies.readable()
    heads = [pack_head(pack, in_use=pack.pack in used) for pack in found]
    names = {pack.pack for pack in found}
    return PackList(
        packs=sorted(heads, key=lambda head: not head.in_use),
        unreadable=[name for name in used if name not in names],
    )


@route("GET", "/api/policies/{pack}", public=LAW)
async def policy_pack(ask: Ask, place: PackPlace) -> WhatHappens:
    """What one pack makes of each kind of visit: the words its calls are held under."""
    if place.pack not in pack_names():
        raise NotFound
    try:
        pack = ask.services.policies.named(place.pack)
    except PolicyUnreadable:
        raise Unavailable from None
    return what_happens(pack, in_use=place.pack in await ask.services.policies.in_use())
