"""Hooks get what they need in one signed call, and what they answer decides what becomes of the message."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.hooks import Hook, HookAddress
from server.tls import server_context
from tests.server.hook_receiver import SECRET, Receiver
from tests.server.post_office import says
from tests.server.test_mail import PARCEL
from visitation.notices.carrying import Browser, Fate, NotCarried, Parcel
from visitation.notices.kinds import Unsent
from visitation.notices.signing import SecretRefused, secret_of, signed

SMS = replace(PARCEL, to="+358 40 000 0000")
PUSH = replace(PARCEL, to=Browser("https://push.example/abc", "BPubl1c", "s3cret"))


def now() -> datetime:
    """The receiver's library goes by the machine's clock."""
    return datetime.now(UTC)


def hook(url: str, context: ssl.SSLContext | None = None) -> Hook:
    return Hook(HookAddress(url, SECRET, context), now)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


async def failure(carrier: Hook, parcel: Parcel = SMS) -> NotCarried:
    with pytest.raises(NotCarried) as caught:
        await carrier.carry(parcel)
    assert caught.value.__cause__ is None
    return caught.value


async def test_a_text_message_is_handed_over_signed(receiver: Receiver):
    async with receiver.open() as url:
        await hook(url).carry(SMS)
    assert receiver.bodies == [
        {
            "type": "notice.sms",
            "timestamp": SMS.made_at.isoformat(),
            "data": {"to": "+358 40 000 0000", "lang": "fi", "text": SMS.message.short},
        }
    ]
    assert receiver.ids == [SMS.id]


async def test_a_browsers_message_has_no_secret_in_it(receiver: Receiver):
    until = now() + timedelta(hours=2)
    async with receiver.open() as url:
        await hook(url).carry(replace(PUSH, worth_until=until))
    data = receiver.bodies[0]["data"]
    assert data["subscription"] == {
        "endpoint": "https://push.example/abc",
        "keys": {"p256dh": "BPubl1c", "auth": "s3cret"},
    }
    assert (data["title"], data["body"]) == (PUSH.message.subject, "12.11.2026 klo 14.00")
    assert data["url"] == PUSH.message.service
    assert 7190 <= data["ttl"] <= 7200
    assert "secret-of-anna" not in str(data)


async def test_another_attempt_has_the_same_id(receiver: Receiver):
    async with receiver.open() as url:
        for _ in range(2):
            await hook(url).carry(SMS)
    assert receiver.ids == [SMS.id, SMS.id]


async def test_what_somebody_else_signed_is_not_taken(receiver: Receiver):
    async with receiver.open() as url:
        stranger = Hook(HookAddress(url, bytes(32)), now)
        assert (
            await failure(stranger)
        ).reason is Unsent.PUT_OFF  # the library's refusal is a fault of the receiver
    assert receiver.requests
    assert not receiver.bodies


@pytest.mark.parametrize(
    ("status", "reason", "fate"),
    [
        (301, Unsent.UNREACHABLE, Fate.AWAY),
        (400, Unsent.MESSAGE_REFUSED, Fate.REFUSED),
        (401, Unsent.SIGN_IN_REFUSED, Fate.AWAY),
        (404, Unsent.UNREACHABLE, Fate.AWAY),
        (410, Unsent.ADDRESS_REFUSED, Fate.REFUSED),
        (429, Unsent.PUT_OFF, Fate.AWAY),
        (500, Unsent.PUT_OFF, Fate.LATER),
        (502, Unsent.UNREACHABLE, Fate.AWAY),
        (503, Unsent.PUT_OFF, Fate.AWAY),
    ],
)
async def test_an_answer_decides_what_becomes_of_the_message(receiver: Receiver, status, reason, fate):
    receiver.status = status
    receiver.headers["Location"] = "/hook"
    async with receiver.open() as url:
        refused = await failure(hook(url))
    assert (refused.reason, refused.fate) == (reason, fate)
    assert len(receiver.bodies) == 1  # nobody was sent on elsewhere


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("120", timedelta(minutes=2)),
        ("999999999999999999999", timedelta(seconds=10**6)),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
async def test_a_hook_may_ask_for_time(receiver: Receiver, asked: str, waits: timedelta | None):
    receiver.status, receiver.headers["Retry-After"] = 503, asked
    async with receiver.open() as url:
        assert (await failure(hook(url))).after == waits


async def test_a_hook_may_name_a_date(receiver: Receiver):
    receiver.status, receiver.headers["Retry-After"] = 429, "Wed, 21 Oct 2015 07:28:00 GMT"
    async with receiver.open() as url:
        assert (await failure(hook(url))).after == timedelta()


async def test_a_hook_that_hangs_up_or_is_none_is_away(receiver: Receiver):
    receiver.gone = True
    async with receiver.open() as url:
        assert (await failure(hook(url))).reason is Unsent.CUT_SHORT
    assert (await failure(hook(url))).reason is Unsent.UNREACHABLE
    async with says(b"220 mail.example ESMTP\r\n") as port:
        assert (await failure(hook(f"http://localhost:{port}/"))).reason is Unsent.CUT_SHORT


async def test_a_hook_that_says_nothing_can_be_left(receiver: Receiver):
    receiver.silent = True
    async with receiver.open() as url:
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(hook(url).carry(SMS))
            await receiver.asked.wait()
            sending.cancel()
        assert sending.cancelled()


async def test_only_a_hook_that_is_trusted_gets_anything(receiver: Receiver, tmp_path: Path):
    server = server_context(tmp_path, "localhost", now())
    trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    async with receiver.open(server) as url:
        assert (await failure(hook(url))).reason is Unsent.TLS_FAILED
        assert not receiver.requests
        await hook(url, trusting).carry(SMS)
    assert receiver.ids == [SMS.id]


def test_a_signature_is_the_specifications():
    """Standard Webhooks 1.0, worked out by its authors' library."""
    secret = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    marks = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert marks == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("text", ["", "whsec_", "too short", "c2hvcnQ=", "whsec_" + "A" * 400, "ääkköset"])
def test_a_secret_that_is_none_is_refused_without_quoting_it(text: str):
    with pytest.raises(SecretRefused) as caught:
        secret_of(text)
    assert not text or text not in str(caught.value)


def test_a_secret_is_not_in_what_a_traceback_may_show():
    assert repr(SECRET) not in repr(HookAddress("https://hook.example", SECRET))
