"""The real application over a real database and vault, copied from one that is furnished once."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestClient
from sqlalchemy import select
from yarl import URL

from recording.catalogue import Catalogue
from recording.keys import Keys
from recording.playback import Playback
from tests.web.contract import Contract
from tests.web.furniture import ROLES, Furniture, HandClock, database_in, furnish
from tests.web.notebook import Notebook
from visitation.jurisdictions.pack import Packs, load_pack
from visitation.model.audit import AuditLine
from visitation.services.accounts import Accounts
from visitation.services.audit import Audit
from visitation.services.desk import Desk
from visitation.services.idempotency import Idempotency
from visitation.services.outcomes import Outcomes
from visitation.services.own_pages import open_own_pages
from visitation.services.policies import Policies
from visitation.services.seed import seed_demo
from visitation.services.visits import Visits
from visitation.storage.database import Database
from web.app import create_app
from web.handlers import MODULES
from web.openapi import document
from web.routes import routes_of
from web.services import Services, WebSettings

PUBLIC = "https://visits.example"


class Phases(dict[str, str]):
    """The live calls' port, as told by a test."""

    def phase(self, visit_id: str) -> str | None:
        return self.get(visit_id)


@dataclass
class House:
    """Everything a test asks of the application, and what it looks at behind it."""

    client: TestClient[Any, Any]
    services: Services
    database: Database
    clock: HandClock
    live: Phases
    static: Path
    has: Furniture
    contract: Contract
    public: str = PUBLIC

    @property
    def origin(self) -> str:
        return str(self.client.make_url("/")).rstrip("/")

    @property
    def accounts(self) -> Accounts:
        return self.services.accounts

    def cookie(self, role: str, token: str | None = None) -> dict[str, str]:
        return {"Cookie": f"__Host-{ROLES[role]}={token or self.has.tokens[role]}"}

    async def ask(
        self,
        method: str,
        path: str,
        role: str | None = None,
        *,
        token: tuple[str, str] | None = None,
        **more: Any,
    ) -> ClientResponse:
        """As a page of ours asks: with its Origin, and the cookie of `role` or of `token` (app, token).

        Whatever the API answers is held against its document.
        """
        headers = {"Origin": self.origin, **(more.pop("headers", None) or {})}
        if role:
            headers |= self.cookie(role)
        if token:
            headers |= self.cookie(*token)
        answer = await self.client.request(method, URL(path, encoded=True), headers=headers, **more)
        if path.startswith("/api/") and path != "/api/openapi.json":
            self.contract.check(method, path, answer.status, answer.headers, await answer.read())
        return answer

    async def raw(self, path: str, headers: dict[str, str] | None = None) -> ClientResponse:
        """The address as written; no packing unless asked for, and the body left as it was sent."""
        more = {"Accept-Encoding": "identity", **(headers or {})}
        async with ClientSession(auto_decompress=False) as session:
            answer = await session.get(URL(self.origin + path, encoded=True), headers=more)
            await answer.read()
            return answer

    async def lines(self) -> list[AuditLine]:
        async with self.database.read() as session:
            return list(await session.scalars(select(AuditLine).order_by(AuditLine.number)))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Furniture]:
    folder = tmp_path_factory.mktemp("furnished")
    return folder, asyncio.run(furnish(folder))


MakeHouse = Callable[..., Awaitable[House]]


@pytest.fixture
async def make_house(
    tmp_path: Path, furnished: tuple[Path, Furniture], aiohttp_client: Any
) -> AsyncIterator[MakeHouse]:
    folder, has = furnished
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    database, clock, live = database_in(tmp_path), HandClock(), Phases()

    async def make(
        *, demo: bool = True, packs: Packs = load_pack, modules: Sequence[ModuleType] = MODULES
    ) -> House:
        services = Services(
            accounts=Accounts(database, clock),
            visits=Visits(database, clock),
            outcomes=Outcomes(database, clock),
            policies=Policies(database, packs),
            own=open_own_pages(Desk(database, clock)),
            audit=Audit(database, clock),
            idempotency=Idempotency(database, clock),
            catalogue=Catalogue(database.engine),
            playback=Playback(tmp_path / "vault", Keys.load_or_create(tmp_path / "keys")),
            live=live,
            clock=clock,
            settings=WebSettings(static=tmp_path / "dist", public_url=PUBLIC),
            demo=(lambda: seed_demo(database, clock.now())) if demo else None,
        )
        client = await aiohttp_client(create_app(services, modules))
        contract = Contract(document(routes_of(modules)))
        return House(client, services, database, clock, live, tmp_path / "dist", has, contract)

    yield make
    await database.close()


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def writing(make_house: MakeHouse, notebook: Notebook) -> House:
    """A house that serves the notebook and nothing else."""
    return await make_house(modules=[notebook.module])


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    return await make_house()


@pytest.fixture
def build() -> Callable[[Path], None]:
    return _build


@pytest.fixture
def built(house: House) -> House:
    _build(house.static)
    return house


def _build(folder: Path) -> None:
    """What a build of the apps leaves, and what must never be served beside it."""
    (folder / "assets").mkdir(parents=True)
    for page in ("index", "visitor", "terminal", "officer", "office", "policies"):
        (folder / f"{page}.html").write_text(f"<!doctype html><title>{page}</title>")
    script = folder / "assets" / "app-1a2b.js"
    script.write_text("export {};\n" * 100)
    script.with_name("app-1a2b.js.gz").write_bytes(gzip.compress(script.read_bytes()))
    script.with_name("app-1a2b.js.br").write_bytes(b"a brotli stream")  # no test unpacks it
    script.with_name("app-1a2b.js.map").write_text("secret")
    script.with_name(".hidden.js").write_text("secret")
    (folder / "icons.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text("secret")
    (folder.parent / "secret.json").write_text("secret")
    (folder / "manifest.py").write_text("secret")
    script.with_name("link.js").symlink_to(outside / "secret.json")
    (folder / "link.json").symlink_to(outside / "secret.json")
    script.with_name("linked").symlink_to(outside, target_is_directory=True)
