"""The outgoing half of the packet path: headers rewritten by the table, encrypted in place, sent at once.

Nothing is queued here but names of paced packets (pacing.py): what the socket does not take is dropped, counted,
and asked for again by its receiver.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from relay import leg, pacing
from relay.leg import Address
from relay.packets import set_vp8_ids
from relay.table import (
    EPOCH_REACH,
    PLAIN_HEADER,
    SENT,
    WIDE_HEADER,
    WIDE_PROFILE,
    Epoch,
    Kept,
    Output,
    Path,
    Table,
    picture_start,
)

RESEND_SHIFT = 2  # resent bytes: at most a quarter of the media's
MAX_RESENDS = 64  # with one call

_write_plain = PLAIN_HEADER.pack_into
_write_wide = WIDE_HEADER.pack_into


class Sender:
    """Owns the buffer in which packets are made and the sending side of the socket."""

    def __init__(self, sock: socket.socket, table: Table, clock: Callable[[], int]) -> None:
        self._table = table
        self.clock = clock
        self._paced: dict[Path, None] = {}  # whose packets wait, in order
        self.when_waiting: Callable[[], None] = lambda: None  # told when one begins to wait
        self._send_to = sock.sendto
        self._data, self._view, self._length = leg.packet_buffer()
        self._protect_rtp = leg.protect_rtp
        self.datagrams = 0

    def send_packet(self, output: Output, epoch: Epoch, kept: Kept, now: int) -> None:
        if output.path.pace_rate:
            left = pacing.leaves(output, epoch, kept[0], len(kept[3]), now)
            if left is None:
                return self._table.drop("paced too long")
            if not left:
                return self._wait(output.path)
        return self._send_now(output, epoch, kept, now)

    def _wait(self, path: Path) -> None:
        if path not in self._paced:
            self._paced[path] = None
            self.when_waiting()

    def release(self, now: int) -> int | None:
        """Send what waited long enough; when to come again, None while nothing waits."""
        for path in list(self._paced):
            self._release(path, now)
            if not path.waiting:
                del self._paced[path]
        return min((path.pace_free_at for path in self._paced), default=None)

    def _release(self, path: Path, now: int) -> None:
        waiting = path.waiting
        while waiting:
            output, epoch, sequence, since = waiting[0]
            if now - since > pacing.PATIENCE_NS:
                path.pace_lost += 1
                path.needy = True
                self._table.drop("paced too long")
            elif path.pace_rate and path.pace_free_at > now:
                return
            else:
                kept = epoch.source.kept(sequence) if output.current is epoch else None
                if kept is None:
                    self._table.drop("overtaken while paced")  # its slot was turned away meanwhile
                else:
                    if path.pace_rate:
                        pacing.charge(path, len(kept[3]), now)
                    self._send_now(output, epoch, kept, now)
            waiting.popleft()

    def _send_now(self, output: Output, epoch: Epoch, kept: Kept, now: int) -> None:
        sequence, timestamp, second, payload = kept
        path, view = output.path, self._view
        sequence = (sequence + epoch.sequence) & 0xFFFF
        timestamp = (timestamp + epoch.timestamp) & 0xFFFFFFFF
        second = second & 0x80 | output.payload_type
        if (sequence - epoch.first_out) & 0xFFFF >= 2 * EPOCH_REACH:
            output.age(epoch, sequence)
        if output.wide:
            wide = path.depart(now, 20 + len(payload))
            _write_wide(view, 0, 0x90, second, sequence, timestamp, output.ssrc, WIDE_PROFILE,
                        output.wide << 24 | wide << 8)  # fmt: skip
            start = 20
        else:
            _write_plain(view, 0, 0x80, second, sequence, timestamp, output.ssrc)
            start = 12
        end = start + len(payload)
        view[start:end] = payload
        if epoch.rewrites:
            self._renumber(epoch, payload, start)
        output.packets += 1
        output.octets += end - start
        path.resend_octets_left += end >> RESEND_SHIFT
        end = self._protect(path, end)
        if output.sent and end:
            output.sent[sequence % SENT] = sequence, bytes(view[:end])

    def _protect(self, path: Path, end: int) -> int:
        """Encrypt what is in the buffer and send it; its size, or 0: then the buffer may still be in the clear."""
        length = self._length
        length[0] = end
        if self._protect_rtp(path.tx, self._data, length):
            self._table.drop("not protected")
            return 0
        end = length[0]
        path.bytes_out += end
        self.datagrams += 1
        try:
            self._send_to(self._view[:end], path.address)
        except OSError:  # a full send buffer or a vanished route: the receiver asks again
            self._table.drop("not sent")
        return end

    def _renumber(self, epoch: Epoch, payload: bytes, at: int) -> None:
        start = picture_start(payload)
        if start is not None and start.picture_id is not None:
            picture, tl0 = start.picture_id + epoch.picture, (start.tl0 or 0) + epoch.tl0
            set_vp8_ids(self._view, at, start, picture_id=picture & 0x7FFF, tl0=tl0 & 0xFF)  # type: ignore[arg-type]

    def send_control(self, path: Path, data: bytes) -> None:
        """Protect and send one compound RTCP packet."""
        self._view[: len(data)] = data
        self._length[0] = len(data)
        if leg.protect_rtcp(path.tx, self._data, self._length):
            return self._table.drop("not protected")
        self.send(self._view[: self._length[0]], path.address)
        return None

    def send(self, data: bytes | memoryview, address: Address) -> None:
        """Put one datagram on the port (STUN, DTLS, RTCP)."""
        self.datagrams += 1
        try:
            self._send_to(data, address)
        except OSError:
            self._table.drop("not sent")

    def resend(self, output: Output, sequences: Sequence[int], least: int) -> list[int]:
        """Answer one NACK from what is kept: over RTX (RFC 4588), or where there is none the very same datagrams.

        Returns the bytes sent of each, 0 where it is not kept; they are taken from the leg's allowance. The list is
        shorter where the allowance came to `least` (bytes) or MAX_RESENDS were tried.
        """
        sizes: list[int] = []
        for sequence in sequences[:MAX_RESENDS]:
            if output.path.resend_octets_left <= least:
                break
            sizes.append(self._resend(output, sequence))
        return sizes

    def refuse(self, why: str) -> None:
        """Count what a receiver asked for and is not told."""
        self._table.drop(why)

    def _resend(self, output: Output, sequence: int) -> int:
        if not output.covers(sequence):
            return 0
        size = self._send_again(output, sequence) if output.sent else self._send_kept(output, sequence)
        output.path.resend_octets_left -= size
        return size

    def _send_kept(self, output: Output, sequence: int) -> int:
        epoch = output.current
        assert epoch is not None
        kept = epoch.source.kept((sequence - epoch.sequence) & 0xFFFF)
        if kept is None:
            return 0
        output.resent += 1
        now = self.clock()
        if output.path.pace_rate:
            pacing.charge(output.path, len(kept[3]), now)
        self._send_rtx(output, epoch, kept, sequence, now)
        return len(kept[3])

    def _send_again(self, output: Output, sequence: int) -> int:
        entry = output.sent[sequence % SENT]
        if entry is None or entry[0] != sequence:
            return 0
        output.resent += 1
        output.path.bytes_out += len(entry[1])
        self.send(entry[1], output.path.address)
        return len(entry[1])

    def _send_rtx(self, output: Output, epoch: Epoch, kept: Kept, sequence: int, now: int) -> None:
        path, view = output.path, self._view
        output.rtx_sequence = (output.rtx_sequence + 1) & 0xFFFF
        second = kept[2] & 0x80 | output.rtx_payload_type
        timestamp = (kept[1] + epoch.timestamp) & 0xFFFFFFFF
        start = 12
        if output.wide:
            wide = path.depart(now, 22 + len(kept[3]))
            extension = WIDE_PROFILE << 32 | output.wide << 24 | wide << 8
            view[12:20] = extension.to_bytes(8, "big")
            start = 20
        first = 0x90 if output.wide else 0x80
        _write_plain(view, 0, first, second, output.rtx_sequence, timestamp, output.rtx_ssrc)
        view[start : start + 2] = sequence.to_bytes(2, "big")
        start += 2
        end = start + len(kept[3])
        view[start:end] = kept[3]
        if epoch.rewrites:
            self._renumber(epoch, kept[3], start)
        self._protect(path, end)
