"""Whether a call that is recorded has its recorder, and what happens while it has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from signaling.shapes import RecordingState
from signaling.timing import RECORDER_GRACE
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
