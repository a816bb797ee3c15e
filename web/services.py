"""What the HTTP door needs of the house, handed in by whoever starts it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from web.assets import Assets
from web.grants import ViewingGrants

if TYPE_CHECKING:
    from recording.catalogue import Catalogue
    from recording.playback import Playback
    from visitation.services.accounts import Accounts
    from visitation.services.audit import Audit
    from visitation.services.seed import DemoLinks
    from visitation.services.visits import Visits

    from visitation.ports import Clock


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
    """The demo's people and links; None in Services when this is no demo."""

    async def links(self) -> DemoLinks:
        """The links of today; visits that run now are made when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts a handler may use, and this door's own memory (grants, counters)."""

    accounts: Accounts
    visits: Visits
    audit: Audit
    catalogue: Catalogue
    playback: Playback
    live: LiveCalls
    clock: Clock
    settings: WebSettings
    demo: DemoDoor | None = None
    grants: ViewingGrants = field(default_factory=ViewingGrants)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # (operation, code) -> how often

    @property
    def assets(self) -> Assets:
        return Assets(self.settings.static)
