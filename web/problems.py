"""Every refusal as application/problem+json (RFC 9457): a code and words for people, never an exception's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from visitation.errors import (
    REFUSAL_CODES,
    BadInput,
    Forbidden,
    NotFound,
    NotNow,
    NotSignedIn,
    Reason,
    Refused,
    Unavailable,
)
from visitation.words import Lang
from web.shapes import Against, Problem
from web.words import refusal_words

STATUS: Final[Mapping[type[Refused], int]] = {
    BadInput: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    NotNow: 409,
    Unavailable: 503,
}
# What HTTP has a status of its own for, whoever refuses it.
STATUS_OF_CODE: Final[Mapping[str, int]] = {"key_reused": 422, "stale": 412}
# What aiohttp itself refuses (no such address, wrong method, body over the limit), in our codes.
HTTP_CODES: Final[Mapping[int, str]] = {
    404: "not_found",
    405: "bad_input",
    413: "too_large",
    415: "bad_input",
}
Params = Mapping[str, str | int]
KIND = "urn:visitation:refusal:{code}"


class AtTheDoor(Refused):
    """Refused for the way it was asked in HTTP, with a status of its own."""

    status: int


class TooLarge(AtTheDoor):
    """The body is over the route's limit."""

    status = 413

    def __init__(self) -> None:
        super().__init__("too_large")


class NotJson(AtTheDoor):
    """The body is not application/json."""

    status = 415

    def __init__(self) -> None:
        super().__init__("bad_input")


class VersionMissing(AtTheDoor):
    """An edit without If-Match (RFC 6585 section 3)."""

    status = 428

    def __init__(self) -> None:
        super().__init__("version_missing")


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal; the nearest ancestor decides."""
    if isinstance(refused, AtTheDoor):
        return refused.status
    if refused.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[refused.code]
    return next((STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS), 400)


def problem(
    status: int, code: str, lang: Lang, params: Params | None = None, reasons: Sequence[Reason] = ()
) -> web.Response:
    """The answer for a refusal: `code` of REFUSAL_CODES and every reason, in words of `lang`.

    Without `reasons` the code is the only one.
    """
    params = params or {}
    body = Problem(
        type=KIND.format(code=code),
        title=REFUSAL_CODES[code],
        status=status,
        detail=refusal_words(code, params, lang),
        code=code,
        params=dict(params),
        refusals=[_against(reason, lang) for reason in reasons or (Reason(code, params),)],
    )
    return web.Response(
        status=status,
        body=body.model_dump_json().encode(),
        content_type="application/problem+json",
        headers={"Content-Language": lang, "Vary": "Accept-Language"},
    )


def _against(reason: Reason, lang: Lang) -> Against:
    return Against(
        code=reason.code,
        detail=reason.words[lang] if reason.words else refusal_words(reason.code, reason.params, lang),
        params=dict(reason.params),
        at=reason.at,
        about=reason.about,
    )


def refusal(refused: Refused, lang: Lang) -> web.Response:
    """The answer for a refusal raised by the house."""
    return problem(status_of(refused), refused.code, lang, refused.params, refused.reasons)


def http_refusal(error: web.HTTPException, lang: Lang) -> web.Response:
    """The answer for what aiohttp refused, with the headers RFC 9110 asks for (Allow with 405)."""
    response = problem(error.status, HTTP_CODES.get(error.status, "bad_input"), lang)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
