"""What the HTTP door needs of the house, handed in by whoever starts it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from web.assets import Assets
from web.grants import ViewingGrants
from web.viewings import Viewings

if TYPE_CHECKING:
    from recording.catalogue import Catalogue
    from recording.playback import Playback
    from visitation.ports import Clock
    from visitation.services.accounts import Accounts
    from visitation.services.audit import Audit
    from visitation.services.idempotency import Idempotency
    from visitation.services.outcomes import Outcomes
    from visitation.services.own_pages import OwnPages
    from visitation.services.policies import Policies
    from visitation.services.seed import DemoLinks
    from visitation.services.visits import Visits


class LiveCalls(Protocol):
    """What the office's day wants to know of calls going on."""

    def phase(self, visit_id: str) -> str | None:
        """waiting, ringing, live, held or ended; None when no call of the visit is on this node."""
        ...


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`public_url` is the address browsers use, when a proxy is in front."""

    static: Path
    public_url: str | None = None


class DemoDoor(Protocol):
    """Fresh sign-ins of the demo, and visits that run now where there are none."""

    async def __call__(self) -> DemoLinks: ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts a handler may use, and this door's own memory (grants, viewings, counters).

    `demo` is None unless this installation is the demo; without it the demo's routes do not exist.
    """

    accounts: Accounts
    visits: Visits
    outcomes: Outcomes
    policies: Policies
    own: OwnPages
    audit: Audit
    idempotency: Idempotency
    catalogue: Catalogue
    playback: Playback
    live: LiveCalls
    clock: Clock
    settings: WebSettings
    demo: DemoDoor | None = None
    grants: ViewingGrants = field(default_factory=ViewingGrants)
    viewings: Viewings = field(default_factory=Viewings)
    # Reading ahead in several tabs must not fill every thread.
    unsealing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # (operation, code) -> how often

    @property
    def assets(self) -> Assets:
        return Assets(self.settings.static)
