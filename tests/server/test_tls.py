"""The node's own certificate."""

import datetime as dt
import ssl
from pathlib import Path

from server.tls import VALID, server_context

NOW = dt.datetime(2026, 11, 5, 12, 0, tzinfo=dt.UTC)


def test_the_certificate_is_made_once_and_kept(tmp_path: Path) -> None:
    server_context(tmp_path / "tls", "127.0.0.1", NOW)
    first = (tmp_path / "tls" / "cert.pem").read_bytes()
    server_context(tmp_path / "tls", "127.0.0.1", NOW)
    assert (tmp_path / "tls" / "cert.pem").read_bytes() == first


def test_a_new_name_and_an_old_date_each_make_a_new_one(tmp_path: Path) -> None:
    server_context(tmp_path, "127.0.0.1", NOW)
    first = (tmp_path / "cert.pem").read_bytes()
    server_context(tmp_path, "visits.example", NOW)
    second = (tmp_path / "cert.pem").read_bytes()
    server_context(tmp_path, "visits.example", NOW + VALID)
    assert len({first, second, (tmp_path / "cert.pem").read_bytes()}) == 3


def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    server_context(tmp_path / "tls", "127.0.0.1", NOW)
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600


def test_a_broken_certificate_is_replaced(tmp_path: Path) -> None:
    server_context(tmp_path, "127.0.0.1", NOW)
    (tmp_path / "cert.pem").write_text("not a certificate")
    context = server_context(tmp_path, "127.0.0.1", NOW)
    assert isinstance(context, ssl.SSLContext)
