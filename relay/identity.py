"""Who the server is in a DTLS handshake: a key and certificate that legs share for a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiortc import RTCCertificate
from OpenSSL import SSL

IDENTITY_NS = 24 * 3600 * 1_000_000_000


class _Certificate(RTCCertificate):
    """Makes its TLS context once: that costs more than a handshake does."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            # A resumed session would bring the certificate of an earlier handshake: every leg shows its own.
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            # Nothing is said between the handshake and the goodbye: 40 kB a leg for records that do not come.
            self._context.set_mode(SSL.MODE_RELEASE_BUFFERS)
        return self._context


class Identity:
    """Who the server is in a handshake: a key and certificate that legs share (docs/decisions/0006)."""

    def __init__(self) -> None:
        self.certificate: RTCCertificate = _Certificate.generateCertificate()
        self.fingerprint = next(
            one.value for one in self.certificate.getFingerprints() if one.algorithm == "sha-256"
        )


class Identities:
    """The identity of new legs; another one each day. Legs keep theirs to their end."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._made = clock()
        self._current = Identity()

    def __call__(self) -> Identity:
        now = self._clock()
        if now - self._made >= IDENTITY_NS:
            self._made, self._current = now, Identity()
        return self._current
