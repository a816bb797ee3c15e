"""The security headers of every answer, whichever way it came about."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

# connect-src 'self' covers the socket too (CSP 3 section 6.7.2.8 matches ws of the same host); Safari before
# 15.4 did not, so the host's own ws addresses are named as well.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'{sockets}; manifest-src 'self'; worker-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
FEATURES: Final = (
    "camera=(self), microphone=(self), fullscreen=(self), autoplay=(self), screen-wake-lock=(self), "
    "display-capture=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), hid=(), "
    "clipboard-read=(), publickey-credentials-get=(self), browsing-topics=()"
)
FIXED: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": FEATURES,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HOST: Final = re.compile(r"[a-z0-9.-]+")
A_YEAR: Final = "max-age=31536000"


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    """Runs before any answer is sent (`on_response_prepare`): refusals and files get them too."""
    response.headers.update(FIXED)
    response.headers["Content-Security-Policy"] = POLICY.format(
        sockets=_sockets(request.headers.get("Host", ""))
    )
    if request.secure:
        response.headers["Strict-Transport-Security"] = A_YEAR
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)


def _sockets(host: str) -> str:
    """The host's own socket addresses, or nothing when the Host header is no plain host (it is quoted back)."""
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    place = name if port is None else f"{name}:{port}"
    if not name or place != host.lower() or not HOST.fullmatch(name):
        return ""
    return f" ws://{place} wss://{place}"
