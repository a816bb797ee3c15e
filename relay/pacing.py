"""When a picture's packet may leave: bursts are spread, so that a key frame does not push out the sound.

Rules, the same in the native path: sound, control and packets sent again never wait, but what they take of the
line is taken from the pictures' share. A path without a rate costs one comparison. What waits is only named (output,
epoch, source sequence) and made into a packet when it leaves: a gate that was shut and an output that was detached
meanwhile leave nothing to send, and transport-wide sequences stay in sending order. Bounds: WAITING packets, then the
newest is dropped; PATIENCE_NS, then the oldest is dropped; both count in `pace_lost`, and a key frame is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relay.outputs import Epoch, Output
    from relay.table import Path

WAITING = 256
PATIENCE_NS = 400_000_000
BURST_NS = 40_000_000  # worth of the rate that may leave at once: an ordinary frame passes unhindered

Waiting = tuple["Output", "Epoch", int, int]  # ..., source sequence, since when


def charge(path: Path, size: int, now: int) -> None:
    """The line is taken for as long as `size` bytes need at the path's rate (generic cell rate algorithm)."""
    path.pace_free_at = max(path.pace_free_at, now - BURST_NS) + size * 8_000_000_000 // path.pace_rate


def leaves(output: Output, epoch: Epoch, sequence: int, size: int, now: int) -> bool | None:
    """Whether it leaves now; False: it waits, None: it is dropped. Only for a path with a rate."""
    path = output.path
    if output.kind != "audio" and (path.waiting or path.pace_free_at > now):
        if len(path.waiting) >= WAITING:
            path.pace_lost += 1
            path.needy = True
            return None
        path.waiting.append((output, epoch, sequence, now))
        return False
    charge(path, size, now)
    return True
