"""Key frames are spread to a rate, sound is not; what waits is bounded, and gone when its gate shuts."""

from __future__ import annotations

from typing import Any

import pytest
from pylibsrtp import Policy, Session

from relay.packet_path import why_not_native
from relay.packets import RtpHeader, header_extension, parse_rtp
from tests.relay.odd_packets import PROFILES, home_of, session
from tests.relay.path_sides import NativeSide, PythonSide, Side
from tests.relay.peers import picture

MS = 1_000_000
RATE = 400_000  # bit/s: 1000 bytes take 20 ms
KEY_FRAME = 20  # packets of 1000 bytes


class Scene:
    """Anna sends to Pekka, whose leg is paced."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.path = side.paths["pekka"]
        self._sending: Session = session(PROFILES[0], 10, Policy.SSRC_ANY_OUTBOUND)
        self._reading: Session = session(PROFILES[0], 21, Policy.SSRC_ANY_INBOUND)
        for kind in ("audio", "video"):
            track, output = side.tracks["anna", kind], side.outputs["pekka", 0, kind]
            track.open = True
            track.wait(output)

    def send(self, kind: str, sequence: int, payload: bytes) -> None:
        ssrc, kind_of = (0, 111) if kind == "audio" else (1, 96)
        head = bytes((0x80, kind_of)) + sequence.to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big")
        self.side.feed(self._sending.protect(head + payload), home_of(0))

    def control(self, data: bytes) -> None:
        self.side.feed(self._sending.protect_rtcp(data), home_of(0))

    def key_frame(self, packets: int = KEY_FRAME, first: int = 1) -> None:
        for number in range(packets):
            payload = picture(7, key=True) if number == 0 else picture(7, start=False)
            self.send("video", first + number, payload + bytes(1000 - len(payload)))

    def came(self) -> list[tuple[str, int]]:
        """(kind, transport-wide sequence) of what has left since."""
        return [
            ("audio" if header.payload_type == 111 else "video", wide)
            for header, wide in map(self._read, [data for data, _ in self.side.taken()])
        ]

    def _read(self, data: bytes) -> tuple[RtpHeader, int]:
        packet = self._reading.unprotect(data)
        header = parse_rtp(packet)
        return header, int.from_bytes((header_extension(packet, header, 3) or b"")[:2], "big")

    def turn(self, ms: int) -> None:
        self.side.turn(self.side.now + ms * MS)

    def lost(self) -> int:
        return int(self.side.table.dropped().get("paced too long", 0))


SIDES: list[Any] = [
    PythonSide,
    pytest.param(
        NativeSide, marks=pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))
    ),
]


@pytest.fixture(params=SIDES)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param(2, PROFILES[0]))


def test_without_a_rate_a_key_frame_leaves_as_it_comes(scene: Scene):
    scene.key_frame()
    assert len(scene.came()) == KEY_FRAME
    assert scene.side.release() is None


def test_a_key_frame_is_spread_to_the_rate_in_its_order(scene: Scene):
    scene.path.pace(RATE)
    scene.key_frame()
    left = [scene.came()]
    assert len(left[0]) == 3  # 40 ms worth at once, and the one that fills them
    assert scene.path.paced == KEY_FRAME - 3
    due = scene.side.release()
    assert due is not None
    assert due > scene.side.now
    for _ in range(KEY_FRAME):
        scene.turn(20)
        scene.side.release()
        left.append(scene.came())
    assert all(len(packets) <= 1 for packets in left[1:])
    everything = [one for packets in left for one in packets]
    assert [wide for _, wide in everything] == list(range(1, KEY_FRAME + 1))
    assert (scene.side.release(), scene.path.paced, scene.lost()) == (None, 0, 0)


def test_sound_overtakes_a_key_frame_and_takes_of_its_share(scene: Scene):
    scene.path.pace(RATE)
    scene.key_frame()
    scene.came()
    for number in range(5):
        scene.send("audio", number, bytes(200))
    assert [kind for kind, _ in scene.came()] == ["audio"] * 5
    scene.turn(20)
    scene.side.release()
    assert scene.came() == []  # the line is still taken by the sound
    scene.turn(20)
    scene.side.release()
    assert [kind for kind, _ in scene.came()] == ["video"]


def test_a_shut_gate_and_a_detached_slot_leave_nothing_to_send(scene: Scene):
    scene.path.pace(RATE)
    scene.key_frame()
    scene.came()
    scene.side.tracks["anna", "video"].shut()
    scene.turn(100)
    scene.side.release()
    assert scene.came() == []
    scene.side.tracks["anna", "video"].open = True
    scene.side.tracks["anna", "video"].wait(scene.side.outputs["pekka", 0, "video"])
    scene.turn(100)
    scene.key_frame(first=100)
    scene.came()
    scene.side.outputs["pekka", 0, "video"].detach()
    scene.turn(100)
    scene.side.release()
    assert (scene.came(), scene.path.paced) == ([], 0)


def test_what_waits_too_long_and_what_is_too_much_is_dropped_and_counted(scene: Scene):
    scene.path.pace(RATE // 100)
    scene.key_frame()
    came = len(scene.came())
    scene.turn(401)
    scene.side.release()
    assert (scene.came(), scene.path.paced) == ([], 0)
    assert scene.path.pace_lost == scene.lost() == KEY_FRAME - came
    scene.side.paths["anna"].grant(1000, 1_000_000, 0)
    scene.key_frame(packets=300, first=100)
    assert scene.path.paced == 256
    assert scene.path.pace_lost == scene.lost() == KEY_FRAME - came + 300 - 256


def test_without_its_rate_all_that_waits_leaves(scene: Scene):
    scene.path.pace(RATE)
    scene.key_frame()
    came = len(scene.came())
    scene.path.pace(0)
    scene.side.release()
    assert len(scene.came()) == KEY_FRAME - came
    assert scene.path.paced == 0


def test_a_path_remembers_when_its_last_packets_left_and_how_long_they_were(scene: Scene):
    scene.key_frame(packets=2)
    first = scene.side.now
    scene.turn(30)
    scene.send("audio", 1, bytes(100))
    assert scene.path.departed(1, 5) == [
        (1, first, 1020), (2, first, 1020), (3, first + 30 * MS, 120),
    ]  # fmt: skip
    assert scene.path.departed(3, 1) == [(3, first + 30 * MS, 120)]
    assert scene.path.departed(60_000, 1000) == []
