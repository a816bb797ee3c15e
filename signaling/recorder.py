"""Whether a call that is recorded has its recorder, and what happens while it has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from signaling import papers, phases
from signaling.shapes import RecordingState
from signaling.timing import RECORDER_GRACE, RECORDER_PATIENCE
from visitation.conditions import WithoutRecorder

if TYPE_CHECKING:
    from signaling.call import Call


@dataclass
class RecorderState:
    """`running` is what the recorder last said; `ever` that it has said so before."""

    running: bool = False
    ever: bool = False


def shown(call: Call) -> RecordingState:
    if not call.conditions.recorded:
        return "none"
    if call.phase in ("held", "ended"):
        return "off"
    if call.recorder.running:
        return "on"
    return "interrupted" if call.was_live and call.recorder.ever else "armed"


def start_waiting(call: Call) -> None:
    """Recording is due and nobody records: for a moment that is borne, then by the rule of the visit."""
    if (
        call.conditions.recorded
        and not call.recorder.running
        and call.conditions.without_recorder is WithoutRecorder.HOLD_THEN_END
    ):
        call.timers.set("recorder_hold", call.now + RECORDER_GRACE)


def hold(call: Call) -> None:
    if phases.hold(call, "recorder", "technical", ""):
        papers.decided(call, "hold", None, "technical", "")
    call.timers.set("recorder_end", call.now + RECORDER_PATIENCE)


class Control:
    """The listener's way to speak to the call: by its mailbox."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def recorder_ready(self) -> None:
        self._call.post(self._running)

    def recorder_back(self) -> None:
        self._call.post(self._running)

    def recorder_lost(self) -> None:
        self._call.post(self._lost)

    async def _running(self) -> None:
        call = self._call
        if not call.live or call.recorder.running:
            return
        if call.recorder.ever:
            call.note("recorder_back")
        call.recorder.running = call.recorder.ever = True
        call.timers.drop("recorder_hold", "recorder_end")
        phases.lift(call, "recorder")

    async def _lost(self) -> None:
        call = self._call
        if not call.live or not call.recorder.running:
            return
        call.recorder.running = False
        call.note("gap")
        start_waiting(call)
