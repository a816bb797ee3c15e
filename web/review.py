"""What the recording room knows of recordings, put into the shapes of the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from recording.playback import Timeline, Track
from visitation.services.visits import VisitFacts
from web.recording_shapes import (
    ClusterView,
    Gap,
    PartySpan,
    Proof,
    RecordedParty,
    RecordingRow,
    TimelineEvent,
    TimelineView,
    TrackView,
)
from web.views import ms, words

if TYPE_CHECKING:
    from recording.catalogue import CatalogueRow


def recording_row(row: CatalogueRow, facts: VisitFacts, *, sound: bool) -> RecordingRow:
    """One line of the officer's list."""
    return RecordingRow(
        recording=row.recording_id,
        visit=row.visit_id,
        prisoner=facts.prisoner_name,
        visitor=facts.visitor_name,
        relation=words(facts.relation),
        cell=facts.cell,
        begun_at=row.begun_ms,
        ended_at=row.ended_ms,
        duration_ms=None if row.ended_ms is None else row.ended_ms - row.begun_ms,
        status=row.status,
        gaps=row.gaps,
        sound=sound,
    )


def timeline_view(timeline: Timeline, until: datetime, *, sound: bool) -> TimelineView:
    """An opened recording; tracks of sound, and gaps in them, only where sound may be heard."""
    tracks = [track for track in timeline.tracks if sound or track.kind != "audio"]
    shown = {track.id for track in tracks} | {None}
    return TimelineView(
        recording=timeline.recording,
        begun_at=timeline.begun_ms,
        duration_ms=timeline.duration_ms,
        granted_until=ms(until),
        finished=timeline.closed,
        sound=any(track.kind == "audio" for track in tracks),
        parties=[RecordedParty(party=party, name=name) for party, name in timeline.parties.items()],
        tracks=[_track(track) for track in tracks],
        events=[
            TimelineEvent(kind=e.kind, at_ms=e.at_ms, party=e.party, text=e.text, code=e.code)
            for e in timeline.events
        ],
        gaps=[
            Gap(from_ms=g.from_ms, to_ms=g.to_ms, reason=g.reason, track=g.track)
            for g in timeline.gaps
            if g.track in shown
        ],
        proof=Proof(
            parts=timeline.proof.parts, signed=timeline.proof.signed, verified=timeline.proof.verified
        ),
    )


def _track(track: Track) -> TrackView:
    return TrackView(
        id=track.id,
        party=track.party,
        kind="audio" if track.kind == "audio" else "video",
        codec=track.codec,
        spans=[
            PartySpan(from_ms=s.from_ms, to_ms=s.to_ms, width=s.width, height=s.height) for s in track.spans
        ],
        clusters=[
            ClusterView(index=c.index, from_ms=c.from_ms, to_ms=c.to_ms, keyframe=c.keyframe)
            for c in track.clusters
        ],
    )
