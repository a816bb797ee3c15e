"""Join calls to the recorder: what the conditions let be recorded is tapped, and nothing else."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from recording.keys import WrongKey
from recording.playback import NotFound
from recording.sealing import Altered
from recording.spec import RecordingSpec, TimelineEvent
from visitation.conditions import Recording as Rule
from visitation.conditions import Watching
from visitation.services.audit import AuditKind, Fact

if TYPE_CHECKING:
    from recording.catalogue import Catalogue
    from recording.host import RecorderHost, Recording
    from recording.playback import Playback
    from relay.hub import Hub
    from signaling.ports import CallControl, CallEvent
    from visitation.ports import Clock
    from visitation.services.audit import Audit
    from visitation.services.calls import Calls
    from visitation.services.visits import VisitFacts

log = structlog.get_logger()


@dataclass
class _Live:
    """One call that is being recorded."""

    recording: Recording
    hub: Hub
    control: CallControl
    gaps: int = field(default=0)


class CallRecorder:
    """A call listener that opens, feeds and closes recordings (signaling.ports.CallListener).

    It also hears the recorder (recording.host.RecordingListener) and tells the call when the
    recorder is lost or back; what follows from that is the call's to decide.
    """

    def __init__(self, host: RecorderHost, catalogue: Catalogue, audit: Audit, clock: Clock) -> None:
        self._host = host
        self._catalogue = catalogue
        self._audit = audit
        self._clock = clock
        self._calls: dict[str, _Live] = {}
        self._by_recording: dict[str, str] = {}

    async def began(self, facts: VisitFacts, call_id: str, hub: Hub, control: CallControl) -> None:
        """Opens the recording if the conditions ask for or permit one; closed calls never get here."""
        conditions = facts.conditions
        if conditions is None or not conditions.recorded:
            return
        spec = RecordingSpec(
            recording_id=str(uuid.uuid4()),
            call_id=call_id,
            visit_id=facts.visit_id,
            prison_id=facts.prison_id,
            parties={"prisoner": facts.prisoner_name, "visitor": facts.visitor_name},
            picture=conditions.record_picture is not Rule.FORBIDDEN,
            sound=conditions.record_sound is not Rule.FORBIDDEN,
            picture_playable=conditions.watch_picture is not Watching.NONE,
            sound_playable=conditions.audible,
            policy=f"{conditions.policy.pack} {conditions.policy.version} {conditions.policy.rule}",
            begun_ms=int(self._clock.now().timestamp() * 1000),
        )
        await self._catalogue.add(spec)
        self._by_recording[spec.recording_id] = call_id
        recording = self._host.open(spec, self)
        self._calls[call_id] = live = _Live(recording, hub, control)
        self._tap(live)
        await self._write(AuditKind.RECORDING_BEGUN, spec, picture=spec.picture, sound=spec.sound)

    async def happened(self, call_id: str, event: CallEvent) -> None:
        """Writes the call's event into the recording's time line."""
        live = self._calls.get(call_id)
        if live is None:
            return
        live.recording.event(
            TimelineEvent(
                kind=event.kind,
                at_ms=event.at_ms,
                mono_ns=event.mono_ns,
                party=event.party,
                text=event.text,
                code=event.code,
            )
        )
        if event.kind == "gap":
            await self._catalogue.count_gaps(live.recording.spec.recording_id, live.gaps)
            await self._write(AuditKind.RECORDING_GAP, live.recording.spec, gaps=live.gaps)

    async def ended(self, call_id: str, reason: str) -> None:
        """Closes and signs the recording, and finishes its line in the catalogue."""
        live = self._calls.pop(call_id, None)
        if live is None:
            return
        live.hub.untap(live.recording)
        closed = await live.recording.close(reason)
        spec = live.recording.spec
        self._by_recording.pop(spec.recording_id, None)
        # The recording's own length: the wall clock may have been set meanwhile.
        ended_ms = spec.begun_ms + closed.duration_ms if closed else int(self._clock.now().timestamp() * 1000)
        await self._catalogue.finish(spec.recording_id, ended_ms=ended_ms, gaps=live.gaps, closed=closed)
        await self._write(
            AuditKind.RECORDING_ENDED, spec, reason=reason, gaps=live.gaps, closed=closed is not None
        )

    async def _write(self, kind: AuditKind, spec: RecordingSpec, **facts: Fact) -> None:
        said: dict[str, Fact] = {"visit": spec.visit_id, "call": spec.call_id, **facts}
        await self._audit.append(kind, None, spec.recording_id, said)

    def recorder_lost(self, recording_id: str) -> None:
        live = self._live(recording_id)
        if live is not None:
            live.gaps += 1
            live.control.recorder_lost()

    def recorder_back(self, recording_id: str, part: int) -> None:
        """A part is being written; the first one is the recording's beginning."""
        live = self._live(recording_id)
        if live is None:
            return
        log.info("recording.part", recording=recording_id, part=part)
        if part == 1:
            live.control.recorder_ready()
            return
        # A new part has no picture before a key frame: tapping anew asks for one, and tells the tracks again.
        live.hub.untap(live.recording)
        self._tap(live)
        live.control.recorder_back()

    def _tap(self, live: _Live) -> None:
        spec = live.recording.spec
        live.hub.tap(live.recording, parties=frozenset(spec.parties), audio=spec.sound, video=spec.picture)

    def _live(self, recording_id: str) -> _Live | None:
        return self._calls.get(self._by_recording.get(recording_id, ""))

    async def stop(self) -> None:
        """Closes every recording that a stopping node still has open."""
        async with asyncio.TaskGroup() as group:
            for call_id in list(self._calls):
                group.create_task(self.ended(call_id, "node_stopped"))


async def finish_interrupted(catalogue: Catalogue, playback: Playback, leases: Calls, node: str) -> None:
    """Lists what this node was recording when it died as open-ended, as long as what is there plays.

    To be called at the node's start, while it records nothing.
    """
    rows = await catalogue.unfinished()
    ours = await leases.of_node([row.call_id for row in rows], node)
    for row in rows:
        if row.call_id in ours:
            length_ms, gaps = await asyncio.to_thread(_what_is_there, playback, row.recording_id)
            await catalogue.finish(row.recording_id, ended_ms=row.begun_ms + length_ms, gaps=gaps)
            log.warning("recording.interrupted", recording=row.recording_id)


def _what_is_there(playback: Playback, recording_id: str) -> tuple[int, int]:
    """Length in ms and gaps of the whole; nothing, where nothing can be read (verify says why)."""
    try:
        timeline = playback.timeline(recording_id)
    except (NotFound, WrongKey, Altered, OSError):
        return 0, 0
    return timeline.duration_ms, sum(gap.track is None for gap in timeline.gaps)
