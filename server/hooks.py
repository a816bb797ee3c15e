"""Carry messages to a signed HTTP hook of the operator's: text messages and web push, which it sends on."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from visitation.notices.carrying import Browser, Fate, NotCarried, Parcel
from visitation.notices.kinds import Unsent
from visitation.notices.signing import signed

AGENT: Final = "Visitation"
# What a hook's answer means. Whatever is not here: it is not the hook we were told of, or it is not well.
_ANSWERS: Final[Mapping[int, tuple[Unsent, Fate]]] = {
    400: (Unsent.MESSAGE_REFUSED, Fate.REFUSED),
    401: (Unsent.SIGN_IN_REFUSED, Fate.AWAY),
    403: (Unsent.SIGN_IN_REFUSED, Fate.AWAY),
    410: (Unsent.ADDRESS_REFUSED, Fate.REFUSED),
    413: (Unsent.MESSAGE_REFUSED, Fate.REFUSED),
    422: (Unsent.MESSAGE_REFUSED, Fate.REFUSED),
    429: (Unsent.PUT_OFF, Fate.AWAY),
    500: (Unsent.PUT_OFF, Fate.LATER),
    503: (Unsent.PUT_OFF, Fate.AWAY),
}


@dataclass(frozen=True, slots=True)
class HookAddress:
    """Where to, and the secret that marks what is ours."""

    url: str
    secret: bytes = field(repr=False)
    context: ssl.SSLContext | None = None


class Hook:
    """A Carrier. Each call is a connection of its own: there are few, and the hook may move between them."""

    def __init__(self, address: HookAddress, now: Callable[[], datetime]) -> None:
        self._address = address
        self._now = now

    async def carry(self, parcel: Parcel) -> None:
        """Waits as long as the hook does: the caller sets the limit."""
        body = body_of(parcel, self._now())
        marks = signed(self._address.secret, parcel.id, self._now(), body)
        try:
            status, after = await self._post(body, {"Content-Type": "application/json", **marks})
        except aiohttp.ClientSSLError:
            raise NotCarried(Unsent.TLS_FAILED, Fate.AWAY) from None
        except aiohttp.ClientConnectorError:
            raise NotCarried(Unsent.UNREACHABLE, Fate.AWAY) from None
        except (aiohttp.ClientError, OSError):
            raise NotCarried(Unsent.CUT_SHORT, Fate.AWAY) from None
        if not 200 <= status < 300:
            reason, fate = _ANSWERS.get(status, (Unsent.UNREACHABLE, Fate.AWAY))
            raise NotCarried(reason, fate, _asked(after, self._now()) if fate is Fate.AWAY else None)

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        session = aiohttp.ClientSession(
            headers={"User-Agent": AGENT},
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(ssl=self._address.context or True, force_close=True),
        )
        async with (
            session,
            # A redirect would send the message on to somebody nobody named.
            session.post(self._address.url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, answer.headers.get("Retry-After", "")


def body_of(parcel: Parcel, now: datetime) -> bytes:
    """JSON {type, timestamp, data}. `data` of a "notice.sms": to, lang, text; of a "notice.web_push": subscription (as
    the browser gave it), lang, title, body, url, ttl (seconds)."""
    told, to = parcel.message, parcel.to
    data: dict[str, Any] = {"lang": parcel.lang}
    if isinstance(to, Browser):
        kind = "notice.web_push"
        keys = {"p256dh": to.p256dh, "auth": to.auth}
        left = max(0, int((parcel.worth_until - now).total_seconds()))
        data |= {"subscription": {"endpoint": to.endpoint, "keys": keys}, "ttl": left}
        data |= {"title": told.subject, "body": told.when, "url": told.service}
    else:
        kind = "notice.sms"
        data |= {"to": to, "text": told.short}
    said = {"type": kind, "timestamp": parcel.made_at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False).encode()


def _asked(text: str, now: datetime) -> timedelta | None:
    """Retry-After (RFC 9110 section 10.2.3): seconds, or a date."""
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 10**6))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (ValueError, TypeError):
        return None
