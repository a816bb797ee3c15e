"""The per-packet path: drain the socket, decrypt, hand on what the table says; it decides nothing.

Table in, packets out, facts up (`Facts`); recorded packets leave in batches of fixed binary records. A native
thread can take the place of this file and sender.py: nothing else touches the socket or a packet in flight.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Protocol

from relay import leg
from relay.leg import Address
from relay.packets import header_extension, parse_rtp
from relay.sender import Sender
from relay.table import (
    DUPLICATE,
    IN_ORDER,
    LATE,
    PLAIN_HEADER,
    RECORD,
    RECORD_RTP,
    Kept,
    Path,
    Sink,
    Table,
    Track,
    picture_start,
)

logger = logging.getLogger(__name__)

MAX_DRAIN = 128  # datagrams per wakeup: then timers and other sockets get their turn
MAX_DATAGRAM = 1500
MAX_CONTROL_SOURCES = 32  # per leg; Firefox reports under one for each line

_read_header = PLAIN_HEADER.unpack_from
_record = RECORD.pack


class Facts(Protocol):
    """What the packet path tells those who decide; called on the loop, must return at once."""

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        """Neither RTP nor RTCP of a connected leg: STUN, DTLS or rubbish."""

    def control(self, path: Path, data: bytes, now: int) -> None:
        """One authentic compound RTCP packet."""

    def stranger(self, path: Path, ssrc: int, authentic: Callable[[], bool], now: int) -> None:
        """RTP with an SSRC that the leg never announced."""

    def keyframe(self, track: Track, now: int) -> None:
        """A picture that was waited for has begun."""


class Forwarder:
    """Owns the packet buffers and the receiving side of the socket."""

    def __init__(
        self, sock: socket.socket, table: Table, sender: Sender, facts: Facts, clock: Callable[[], int]
    ) -> None:
        self._table = table
        self._facts = facts
        self._clock = clock
        self._receive_into = sock.recvfrom_into
        self._data, self._view, self._length = leg.packet_buffer()
        self._long_addresses = sock.family == socket.AF_INET6
        self._send_packet = sender.send_packet
        self._send_control = sender.send_control
        self._unprotect_rtp = leg.unprotect_rtp
        self.datagrams = self.errors = 0

    def drain(self) -> None:
        """Take what waits on the socket; no datagram, however odd, may end more than itself (T1, T6)."""
        paths, view, clock, receive_into = self._table.paths, self._view, self._clock, self._receive_into
        for _ in range(MAX_DRAIN):
            try:
                size, address = receive_into(view)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                self._table.drop("socket error")
                return
            self.datagrams += 1
            if self._long_addresses:
                address = address[:2]
            try:
                path = paths.get(address)
                if path is not None and size > 11 and 127 < view[0] < 192:
                    self._media(path, size, clock())
                else:
                    self._facts.datagram(bytes(view[:size]), address, clock())
            except ValueError:
                self._table.drop("malformed")  # T6
            except Exception:
                self._stumbled()

    def _stumbled(self) -> None:
        self.errors += 1
        self._table.drop("exception")
        if self.errors & (self.errors - 1) == 0:  # 1, 2, 4, 8 ...: a flood must not fill the disk
            logger.exception("packet dropped by an exception, %d so far", self.errors)  # noqa: LOG004 - from drain()

    def _media(self, path: Path, size: int, now: int) -> None:
        view, length = self._view, self._length
        first, second, sequence, timestamp, ssrc = _read_header(view)
        if 192 <= second <= 223:
            return self._control(path, size, now)
        track = path.tracks.get(ssrc)
        if track is None:
            return self._facts.stranger(path, ssrc, lambda: self._unprotect(path, size), now)
        length[0] = size
        if size > MAX_DATAGRAM or self._unprotect_rtp(path.rx, self._data, length):
            return self._table.drop("not authentic")
        size = length[0]
        path.heard = now
        path.bytes_in += size
        path.packets_left -= 1
        path.octets_left -= size
        if path.packets_left < 0 or path.octets_left < 0:
            return self._table.drop("too fast")  # T4
        end = size
        start = 12 + ((first & 0x0F) << 2)
        if first & 0x10:
            if not path.congestion_tag:
                pass
            elif start + 8 <= size and view[start + 4] == path.congestion_tag:
                self._arrived(path, view[start + 5] << 8 | view[start + 6], now)
            else:
                self._find_congestion(path, size, now)
            start += 4 + ((view[start + 2] << 8 | view[start + 3]) << 2)
        if first & 0x20:
            end -= view[size - 1]
        if start > end or not start <= size:
            return self._table.drop("malformed")
        primary = track.primary
        if primary is not None:
            if end - start < 2 or second & 0x7F != track.payload_type:
                return self._table.drop("probe")  # of the line: its arrival is noted, that is all it is for
            sequence = view[start] << 8 | view[start + 1]
            start += 2
            second = second & 0x80 | primary.payload_type
            size = 0
            track = primary
        elif second & 0x7F != track.payload_type:
            return self._table.drop("payload type")  # T9
        self._accept(track, (sequence, timestamp, second, bytes(view[start:end])), size, now)
        if track.missing or track.waiting:
            path.needy = True
        return None

    def _accept(self, track: Track, kept: Kept, size: int, now: int) -> None:
        """One new packet of a track; `size` of the original in the buffer, 0 where it came as a retransmission."""
        sequence, timestamp, _, payload = kept
        if sequence == track.expected:
            order = IN_ORDER
            track.expected = sequence + 1
            if sequence == 0xFFFF:
                track.expected = 0
                track.cycles += 0x10000
        else:
            order = track.misordered(sequence)
            if order == DUPLICATE:
                return self._table.drop("duplicate")
        track.received += 1
        if not size:
            track.repaired += 1
        track.bytes += len(payload)
        if order == IN_ORDER:
            track.highest_timestamp = timestamp
            track.last_arrival = now
            transit = now * track.clock_rate / 1e9 - timestamp
            difference = abs(transit - track.transit)
            track.transit = transit
            if difference < track.clock_rate:  # RFC 3550 appendix A.8; a wrapped clock is no jitter
                track.jitter += (difference - track.jitter) / 16
        if not track.open:
            return self._table.drop("gate shut")
        track.history[sequence & track.mask] = kept
        if track.waiting:
            self._splice(track, kept, now)
        for output in track.outputs:
            epoch = output.current
            if epoch is not None and not (order == LATE and (sequence - epoch.first) & 0x8000):
                self._send_packet(output, epoch, kept, now)
        for sink, number in track.sinks:
            self._note(sink, number, track, kept, size, now)
        return None

    def _splice(self, track: Track, kept: Kept, now: int) -> None:
        """Let waiting outputs in where a decoder can start."""
        if track.kind != "audio":
            start = picture_start(kept[3])
            if start is None or not start.keyframe:
                return
            self._facts.keyframe(track, now)
        waiting, track.waiting = track.waiting, []
        for output in waiting:
            output.awaited = None
            output.leave()
            output.splice(track, kept, now)
            track.outputs.append(output)

    def _note(self, sink: Sink, number: int, track: Track, kept: Kept, size: int, now: int) -> None:
        if size:
            packet = bytes(self._view[:size])
        else:
            packet = PLAIN_HEADER.pack(0x80, kept[2], kept[0], kept[1], track.ssrc) + kept[3]
        sink.parts.append(_record(16 + len(packet), RECORD_RTP, number, 0, now))
        sink.parts.append(packet)
        sink.size += 16 + len(packet)
        if sink.size >= sink.FULL:
            sink.flush()

    def _find_congestion(self, path: Path, size: int, now: int) -> None:
        """The transport-wide sequence where another element comes first."""
        packet = self._view[:size]
        value = header_extension(packet, parse_rtp(packet), path.congestion_tag >> 4)
        if value is not None and len(value) >= 2:
            self._arrived(path, value[0] << 8 | value[1], now)

    def _arrived(self, path: Path, sequence: int, now: int) -> None:
        feedback = path.arrived(sequence, now)
        if feedback is not None:
            self._send_control(path, feedback)

    def _unprotect(self, path: Path, size: int) -> bool:
        self._length[0] = size
        return size <= MAX_DATAGRAM and not leg.unprotect_rtp(path.rx, self._data, self._length)

    def _control(self, path: Path, size: int, now: int) -> None:
        ssrc = int.from_bytes(self._view[4:8], "big")
        if ssrc not in path.control_ssrcs and len(path.control_ssrcs) >= MAX_CONTROL_SOURCES:
            return self._table.drop(
                "too many control sources"
            )  # T5: each would cost libsrtp a stream for ever
        self._length[0] = size
        if size > MAX_DATAGRAM or leg.unprotect_rtcp(path.rx, self._data, self._length):
            return self._table.drop("not authentic")
        path.control_ssrcs.add(ssrc)
        path.heard = now
        path.packets_left -= 1
        if path.packets_left < 0:
            return self._table.drop("too fast")
        data = bytes(self._view[: self._length[0]])
        if path.calm(data, now):
            return None
        return self._facts.control(path, data, now)
