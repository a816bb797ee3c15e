"""The session of each app: its cookie, how it is set and read, and where its person came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import web

from visitation.services.audit import Fact
from web.shapes import App

APPS: tuple[App, ...] = ("visitor", "terminal", "officer", "office")
TOKEN_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A handler's answer: this app's cookie now carries the token."""

    app: App
    token: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A handler's answer: this app's cookie is gone."""

    app: App


def cookie_name(app: App) -> str:
    """`__Host-` binds the cookie to this host, to TLS (or localhost) and to Path=/ (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{app}"


def read_token(cookies: Mapping[str, str], app: App) -> str | None:
    """The token the browser sent for this app, or None when there is none worth looking up."""
    token = cookies.get(cookie_name(app), "")
    return token if 0 < len(token) <= TOKEN_LIMIT and token.isascii() and token.isprintable() else None


def whence(request: web.BaseRequest, *, behind_proxy: bool) -> dict[str, Fact]:
    """The address a person signs in from, for the audit log.

    Behind a proxy that address is the proxy's; the one it saw is the last of X-Forwarded-For, for what stands
    before it is the client's own word.
    """
    found: dict[str, Fact] = {"from": request.remote or ""}
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if behind_proxy and _is_address(seen):
        found["forwarded_for"] = seen
    return found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def set_cookie(response: web.StreamResponse, signed: SignedIn | SignedOut) -> None:
    """Give or take the app's cookie. It has no lifetime of its own: the session's limits are in the database.

    Lax, not Strict: a relative comes to the visit by a link from their mail, and must arrive signed in.
    """
    gone = isinstance(signed, SignedOut)
    response.set_cookie(
        cookie_name(signed.app),
        "" if isinstance(signed, SignedOut) else signed.token,
        max_age=0 if gone else None,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )
