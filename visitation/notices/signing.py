"""Sign what goes to a hook as Standard Webhooks 1.0 says, so that ready libraries can check it. Pure."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST: Final = 24  # bytes of a secret, as the specification has it
LONGEST: Final = 64


class SecretRefused(ValueError):
    """The secret is none; the words do not quote it."""


def secret_of(text: str) -> bytes:
    """The bytes of a secret as it is written down: base64, with or without "whsec_". Raises SecretRefused."""
    try:
        secret = b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretRefused("it is not base64") from None
    if not SHORTEST <= len(secret) <= LONGEST:
        raise SecretRefused(f"it must have {SHORTEST} to {LONGEST} bytes")
    return secret


def signed(secret: bytes, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that go with `body`. `id_` is the same at every attempt, `at` is when it was made; whoever gets it
    refuses what is old, and does what has the same id once."""
    seconds = str(int(at.timestamp()))
    content = b".".join([id_.encode(), seconds.encode(), body])
    mark = b64encode(hmac.digest(secret, content, sha256)).decode()
    return {"webhook-id": id_, "webhook-timestamp": seconds, "webhook-signature": f"v1,{mark}"}
