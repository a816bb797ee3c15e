"""By which channels a person is told: what they chose, as far as they can be reached. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from visitation.notices.kinds import Channel


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose. A browser that asked to be told in is told in until it is taken back."""

    email: bool
    sms: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One message's way to somebody; `device_id` names the browser of a web push."""

    channel: Channel
    device_id: str = ""


def ways(
    email: str | None, telephone: str | None, devices: tuple[str, ...], choice: Choice | None
) -> list[Way]:
    """At least one: a message with no way to go fails, and the office sees that the person was not told."""
    # An e-mail costs nobody anything: a text message goes to those who have only a telephone, or want one.
    wanted = choice or Choice(email=True, sms=not email)
    found = [Way(Channel.WEB_PUSH, device) for device in devices]
    if wanted.email and email:
        found.append(Way(Channel.EMAIL))
    if wanted.sms and telephone:
        found.append(Way(Channel.SMS))
    return found or [Way(Channel.EMAIL)]
