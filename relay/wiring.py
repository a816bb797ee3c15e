"""Who hears whom, brought to the table: gates, wishes, lines and what each source sends decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from relay.allowance import CEILING
from relay.congestion import LEVELS, Level
from relay.member import Member
from relay.publication import Publication

Muted = Mapping[str, tuple[bool, bool]]  # by party: (sound, picture)


def wire(members: Collection[Member], *, opened: bool, muted: Muted) -> None:
    """Make the table say what holds now; the same twice changes nothing.

    Gates come first: whatever fails later, what must not leave does not.
    """
    by_party = {one.seat.party: one for one in members if one.path is not None}
    for member in by_party.values():
        for publication in member.publications.values():
            _gate(publication, opened, muted.get(member.seat.party, (False, False)))
    for member in by_party.values():
        _seat(member, by_party)


def _gate(publication: Publication, opened: bool, muted: tuple[bool, bool]) -> None:
    track = publication.track
    opened = opened and not muted[publication.kind != "audio"]
    if track.open and not opened:
        track.shut()
    elif opened and not track.open:
        track.forget_holes()  # what was lost while it was shut was sent while it was shut: never to be let in late
        track.open = True
        publication.request_keyframe()


def _seat(member: Member, by_party: Mapping[str, Member]) -> None:
    for index, slot in member.slots.items():
        wish = member.wishes[index]
        source = by_party.get(wish.party) if wish.party is not None else None
        slot.level, picture = _picture(wish.video, member, source)
        sound = source.publications.get("audio") if source and wish.audio else None
        clock = source.clock if source else None
        slot.audio.point(sound if sound and sound.track.open else None, clock)
        slot.video.point(picture if picture and picture.track.open else None, clock)


def _picture(wanted: Level, member: Member, source: Member | None) -> tuple[Level, Publication | None]:
    """The best of what is wanted, what the line takes and what the source sends."""
    level = min(wanted, member.cap, key=LEVELS.index)
    if source is None:
        return level, None
    main, preview = source.publications.get("video"), source.publications.get("preview")
    if preview is None and wanted == "main" and (level == "preview" or not member.exhausted):
        level = "main"  # nothing to switch to: the sender is told to send less instead
    if level == "none":
        return level, None
    return level, main if level == "main" else preview


def limit_senders(members: Collection[Member]) -> None:
    """Without a preview to switch to, a sender must suit its slowest receiver."""
    for member in members:
        video = member.publications.get("video")
        if video is None or "preview" in member.publications:
            continue
        limits = [one.allowance for one in members if one.allowance and one.watches(member.seat.party)]
        if limits or video.allowed is not None:
            video.allowed = min(limits, default=CEILING)
