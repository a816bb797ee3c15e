"""A command sent twice is done once: the Idempotency-Key of a request, and the answer its repeat is given."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web
from pydantic import BaseModel

from visitation.audit_chain import canonical
from visitation.errors import BadInput, Reason, Refused
from visitation.policy.identity import Identity
from visitation.services.idempotency import Given, Idempotency
from visitation.storage.database import DATABASE_AWAY

HEADER: Final = "Idempotency-Key"
# draft-ietf-httpapi-idempotency-key-header writes it as a quoted string; most clients leave the quotes out.
PATTERN: Final = r"[A-Za-z0-9_-]{16,64}"
_KEY: Final = re.compile(f'"{PATTERN}"|{PATTERN}')
_KEPT: Final = ("ETag", "Location", "Content-Type")
Work = Callable[[], Awaitable[web.StreamResponse]]
log = structlog.get_logger()


def key_in(request: web.Request) -> str:
    """The one key of a command. Raises BadInput without one, for then a repeat could not be told from a wish."""
    given = request.headers.getall(HEADER, [])
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        raise BadInput.together([Reason("key_missing", at=HEADER)])
    return given[0].strip('"')


def fingerprint(operation: str, parts: Mapping[str, Any]) -> str:
    """SHA-256 in hex of all that is asked, as it was read: how the JSON was laid out makes no other command."""
    said = {name: _plain(part) for name, part in parts.items()}
    return hashlib.sha256(canonical([operation, said]).encode()).hexdigest()


def _plain(part: Any) -> Any:
    return part.model_dump_json() if isinstance(part, BaseModel) else part


async def once(kept: Idempotency, who: Identity, key: str, asked: str, work: Work) -> web.StreamResponse:
    """Do the work unless it was done; its answer either way. A refusal does nothing, so it is not kept."""
    before = await kept.begin(who, key, asked)
    if before is not None:
        return web.Response(status=before.status, headers=before.headers, body=before.body.encode())
    try:
        response = await work()
    except Refused:
        await kept.refused(who, key)
        raise
    except Exception:
        await _told(kept.broke(who, key))
        raise
    await _told(kept.answered(who, key, _given(response)))
    return response


def _given(response: web.StreamResponse) -> Given:
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    body = response.body if isinstance(response, web.Response) else None
    return Given(response.status, headers, body.decode() if isinstance(body, bytes) else "")


async def _told(note: Awaitable[None]) -> None:
    """Whatever was done is done: that it cannot be noted now must not turn the answer into a failure."""
    try:
        await note
    except DATABASE_AWAY as away:
        log.warning("answer_not_kept", error=type(away).__name__)
