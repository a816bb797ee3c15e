"""The built browser apps as files: which page an address gets, which asset a name, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aiohttp import web

NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
IMMUTABLE: Final = "public, max-age=31536000, immutable"  # the name carries the content's hash
REVALIDATE: Final = "no-cache"
NOT_BUILT: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Visitation</title>
<h1>The pages have not been built yet</h1>
<p>The server is running. Run <code>python3 -m visitation</code> to build the pages, then load this address again.</p>
<p lang="fi">Palvelin on käynnissä, mutta sivuja ei ole vielä koottu.</p>
<p lang="sv">Servern är i gång, men sidorna har inte byggts ännu.</p>
</html>
"""


class Assets:
    """Reads the folder at each request, so a fresh build is served without a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def page(self, name: str) -> web.StreamResponse:
        """An app's page, by its name in the folder; a plain page of our own when it has not been built."""
        found = self._answer([f"{name}.html"], REVALIDATE)
        if found is not None:
            return found
        return web.Response(
            status=503, text=NOT_BUILT, content_type="text/html", headers={"Retry-After": "10"}
        )

    def asset(self, tail: str) -> web.StreamResponse | None:
        """A hashed file below assets/, or None."""
        return self._answer(["assets", *tail.split("/")], IMMUTABLE)

    def loose(self, name: str) -> web.StreamResponse | None:
        """A file with a fixed name beside the pages (an icon, a manifest), or None."""
        return self._answer([name], REVALIDATE)

    def _answer(self, parts: list[str], caching: str) -> web.StreamResponse | None:
        path = self._find(parts)
        if path is None:
            return None
        # FileResponse takes a .br or .gz sibling by itself, and answers conditional and range requests.
        return web.FileResponse(path, headers={"Content-Type": TYPES[path.suffix], "Cache-Control": caching})

    def _find(self, parts: list[str]) -> Path | None:
        """Only plain names of known types, and no link out of the folder: there is nothing to traverse."""
        if not all(NAME.fullmatch(part) for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        if path.suffix not in TYPES or not path.is_file():
            return None
        return path if path.resolve().is_relative_to(self._folder.resolve()) else None
