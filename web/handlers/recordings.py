"""Recordings in the officer's app: the list, opening one with a reason, and its bytes under the grant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from aiohttp import web

from recording.keys import WrongKey
from recording.playback import NotFound as NoSuchPiece
from recording.playback import NotPlayable
from recording.sealing import Altered
from visitation.errors import BadInput, Forbidden, NotFound, Unavailable
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.policy.subjects import RecordingSubject
from visitation.services.audit import AuditKind
from web.gate import Ask, write_refusal
from web.paging import PageQuery, key_of, paged
from web.recording_shapes import (
    ClusterPlace,
    OpenRecording,
    RecordingPlace,
    RecordingRow,
    Recordings,
    TimelineView,
    TrackPlace,
)
from web.repeatable import ANOTHER_OPENING
from web.review import recording_row, timeline_view
from web.routes import route
from web.subjects import facts_or_none, own_prison, recording_of_place
from web.unlogged import OPENED
from web.views import ms

if TYPE_CHECKING:
    from recording.catalogue import CatalogueRow

WEBM: Final = ("video/webm", "audio/webm")
OPEN: Final = Permission.RECORDING_OPEN
T = TypeVar("T")


@route(
    "GET",
    "/api/officer/recordings",
    app="officer",
    permission=Permission.RECORDING_LIST,
    subject=own_prison,
    shows=AuditKind.RECORDINGS_LISTED,
)
async def recordings_list(ask: Ask, query: PageQuery) -> Recordings:
    """The recordings of the officer's prison, newest first; only those that may be opened."""
    after = key_of(query.cursor, int, str)
    rows = await ask.services.catalogue.list(ask.who.prison_id, limit=query.limit + 1, after=after)
    page, following = paged(rows, query.limit, lambda row: (row.begun_ms, row.recording_id))
    found = [await _row(ask, row) for row in page]
    return Recordings(now=ms(ask.now), items=[row for row in found if row is not None], next=following)


async def _row(ask: Ask, row: CatalogueRow) -> RecordingRow | None:
    facts = await facts_or_none(ask, row.visit_id)
    if facts is None:
        return None
    subject = RecordingSubject(row.recording_id, facts.subject())
    if not permits(ask.who, OPEN, subject):
        return None
    return recording_row(row, facts, sound=permits(ask.who, Permission.RECORDING_LISTEN, subject))


@route(
    "POST",
    "/api/officer/recordings/{id}/open",
    app="officer",
    permission=OPEN,
    subject=recording_of_place,
    writes=(AuditKind.RECORDING_OPENED,),
    repeatable=ANOTHER_OPENING,
)
async def recording_open(ask: Ask, place: RecordingPlace, body: OpenRecording) -> TimelineView:
    """Open a recording for 15 minutes; the reason is written to the audit log before anything is shown."""
    if body.reason == "other" and not body.note.strip():
        raise BadInput("text_required")
    id_ = str(place.id)
    timeline = await _unsealed(ask, lambda: ask.services.playback.timeline(id_))
    facts = {"reason": body.reason, "note": body.note, "visit": ask.subject.visit.visit_id}
    await ask.services.audit.append(AuditKind.RECORDING_OPENED, ask.who, id_, facts)
    until = ask.services.grants.give(ask.who.session_id, id_, ask.now)
    return timeline_view(timeline, until, sound=_may_listen(ask))


@route(
    "GET",
    "/api/officer/recordings/{id}/tracks/{track}/init",
    app="officer",
    permission=OPEN,
    subject=recording_of_place,
    unlogged=OPENED,
    media=WEBM,
)
async def recording_init(ask: Ask, place: TrackPlace) -> web.StreamResponse:
    """A track's WebM header, to be given to MediaSource first."""
    return await _bytes(ask, place, lambda id_: ask.services.playback.init_segment(id_, place.track))


@route(
    "GET",
    "/api/officer/recordings/{id}/tracks/{track}/clusters/{index}",
    app="officer",
    permission=OPEN,
    subject=recording_of_place,
    unlogged=OPENED,
    media=WEBM,
)
async def recording_cluster(ask: Ask, place: ClusterPlace) -> web.StreamResponse:
    """One WebM cluster of a track; its timecodes are milliseconds of the recording."""
    return await _bytes(ask, place, lambda id_: ask.services.playback.cluster(id_, place.track, place.index))


async def _bytes(ask: Ask, place: TrackPlace, read: Callable[[str], bytes]) -> web.StreamResponse:
    id_ = str(place.id)
    if not ask.services.grants.holds(ask.who.session_id, id_, ask.now):
        raise Forbidden("grant_missing")
    timeline = await _unsealed(ask, lambda: ask.services.playback.timeline(id_))
    kind = next((track.kind for track in timeline.tracks if track.id == place.track), None)
    if kind == "audio" and not _may_listen(ask):
        await write_refusal(ask, "recording_track", Permission.RECORDING_LISTEN)
        raise Forbidden("sound_not_allowed")
    data = await _unsealed(ask, lambda: read(id_))
    return web.Response(body=data, content_type=f"{kind or 'video'}/webm")


def _may_listen(ask: Ask) -> bool:
    return permits(ask.who, Permission.RECORDING_LISTEN, ask.subject)


async def _unsealed(ask: Ask, work: Callable[[], T]) -> T:
    """Run blocking reading and decryption off the loop. Its errors become refusals of ours."""
    async with ask.services.unsealing:
        try:
            return await asyncio.to_thread(work)
        except NoSuchPiece:
            raise NotFound("recording_unknown") from None
        except NotPlayable:
            raise Forbidden("sound_not_allowed") from None
        except (Altered, WrongKey, OSError):
            raise Unavailable("recording_unreadable") from None
