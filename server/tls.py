"""Make and keep the node's own certificate, for addresses other than localhost."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.addresses import names_of

VALID = dt.timedelta(days=397)  # the longest that browsers accept
RENEW = dt.timedelta(days=30)


def server_context(folder: Path, host: str, now: dt.datetime) -> ssl.SSLContext:
    """A TLS context with the node's certificate, made anew when its names or dates no longer fit.

    `folder` gets cert.pem and key.pem (mode 0600). Raises OSError when it cannot be written.
    """
    names = names_of(host)
    cert, key = folder / "cert.pem", folder / "key.pem"
    if not _fits(cert, key, names, now):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(cert, key, names, now)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    return context


def _fits(cert: Path, key: Path, names: frozenset[str], now: dt.datetime) -> bool:
    try:
        loaded = x509.load_pem_x509_certificate(cert.read_bytes())
        extension = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    held = {str(name.value) for name in extension.value}
    return key.exists() and names <= held and now + RENEW < loaded.not_valid_after_utc


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make(cert: Path, key: Path, names: frozenset[str], now: dt.datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Visitation")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in sorted(names)]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(key, pem)
    _write(cert, certificate.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, data: bytes) -> None:
    """Replaces the file at once, so that a reader never sees half a key."""
    half = path.with_suffix(".new")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    half.replace(path)
