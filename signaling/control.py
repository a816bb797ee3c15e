"""How the listener speaks to the call about its recorder, and the hold that follows when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling import papers, phases, recorder
from signaling.timing import RECORDER_PATIENCE

if TYPE_CHECKING:
    from signaling.call import Call


def hold_without_recorder(call: Call) -> None:
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
        recorder.start_waiting(call)
