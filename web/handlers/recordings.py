"""Recordings in the officer's app: the list, opening one with a reason, and its bytes under the grant."""

from __future__ import annotations

from aiohttp import web

from visitation.policy.permissions import Permission
from web.gate import Ask
from web.routes import route
from web.shapes import ClusterPlace, OpenRecording, RecordingPlace, Recordings, TimelineView, TrackPlace
from web.subjects import own_prison, recording_of_place

WEBM = ("video/webm", "audio/webm")
OPEN = Permission.RECORDING_OPEN


@route(
    "GET", "/api/officer/recordings", app="officer", permission=Permission.RECORDING_LIST, subject=own_prison
)
async def recordings_list(ask: Ask) -> Recordings:
    """The recordings of the officer's prison, newest first. A privileged visit has none."""
    raise NotImplementedError


@route(
    "POST", "/api/officer/recordings/{id}/open", app="officer", permission=OPEN, subject=recording_of_place
)
async def recording_open(ask: Ask, place: RecordingPlace, body: OpenRecording) -> TimelineView:
    """Open a recording for 15 minutes; the reason is written to the audit log before anything is shown."""
    raise NotImplementedError


@route(
    "GET",
    "/api/officer/recordings/{id}/tracks/{track}/init",
    app="officer",
    permission=OPEN,
    subject=recording_of_place,
    media=WEBM,
)
async def recording_init(ask: Ask, place: TrackPlace) -> web.StreamResponse:
    """A track's WebM header, to be given to MediaSource first."""
    raise NotImplementedError


@route(
    "GET",
    "/api/officer/recordings/{id}/tracks/{track}/clusters/{index}",
    app="officer",
    permission=OPEN,
    subject=recording_of_place,
    media=WEBM,
)
async def recording_cluster(ask: Ask, place: ClusterPlace) -> web.StreamResponse:
    """One WebM cluster of a track; its timecodes are milliseconds of the recording."""
    raise NotImplementedError
