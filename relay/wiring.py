"""Who hears whom, brought to the table: gates, wishes, lines and what each source sends decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from relay.allowance import CEILING, FLOOR
from relay.congestion import LEVELS, Level
from relay.member import Member
from relay.publication import Publication

PREVIEW = 100_000  # bit/s at most, as the clients are told
USEFUL = 0.95  # of what a line takes: a picture that fills it to the brim never counts as carried
LEAST_MAIN = 200_000  # sound included: a full picture of less is no better than the preview

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


def suit_lines(members: Collection[Member], now: int) -> None:
    """With every beat: what each line carries decides its level, and its senders are told what is of use."""
    by_party = {one.seat.party: one for one in members if one.path is not None}
    for member in by_party.values():
        member.judge(_cost(member, by_party, "main", None), now)
    for member in by_party.values():
        video = member.publications.get("video")
        if video is not None:
            _limit(member, video, by_party)


def _cost(member: Member, by_party: Mapping[str, Member], best: Level, but: str | None) -> int:
    """bit/s of what its slots want, at most at this level, without one party's; 0 without a full picture."""
    cost, full = 0, False
    for wish in member.wishes:
        source = by_party.get(wish.party or "")
        if source is None or wish.party == but:
            continue
        level = min(wish.video, best, key=LEVELS.index)
        shown = (
            source.publications.get("video" if level == "main" else "preview") if level != "none" else None
        )
        sound = source.publications.get("audio") if wish.audio else None
        cost += sum(one.bitrate for one in (shown, sound) if one is not None)
        full = full or level == "main"
    return cost if full or but is not None else 0


def _limit(sender: Member, video: Publication, by_party: Mapping[str, Member]) -> None:
    """Never less than leaves a picture worth the name: a line below that has the preview, or is exhausted."""
    party, preview = sender.seat.party, sender.publications.get("preview")
    wanting = [one for one in by_party.values() if one.wants(party, "main" if preview else "preview")]
    if preview is not None and len(wanting) > 1:  # one poor line must not cost the others their picture
        wanting = [one for one in wanting if one.cap == "main"]
    limits = [one.takes - _cost(one, by_party, one.cap, party) for one in wanting if one.takes is not None]
    if not limits:
        video.allow(None if video.allowed is None else CEILING)
        return
    useful = max(int(USEFUL * min(limits)), FLOOR if preview is None else LEAST_MAIN)
    video.allow(min(CEILING, useful + (min(preview.bitrate, PREVIEW) if preview is not None else 0)))
