"""What was recorded is counted, and what is broken in it is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np

from bench.recorded import SAMPLE, Recorded, read


def mjr(kind: str, packets: list[bytes]) -> bytes:
    """As Janus writes it."""
    head = json.dumps({"t": kind, "c": "vp8"}).encode()
    samples = b"".join(
        SAMPLE.pack(b"MEET", 20 * number, len(one)) + one for number, one in enumerate(packets)
    )
    return b"MJR00002" + len(head).to_bytes(2, "big") + head + samples


def packet(*, marker: bool) -> bytes:
    return bytes((0x80, marker << 7 | 96)) + bytes(20)


def test_janus_files_are_counted_by_their_frames(tmp_path: Path) -> None:
    (tmp_path / "v.mjr").write_bytes(mjr("v", [packet(marker=index % 3 == 2) for index in range(9)]))
    (tmp_path / "a.mjr").write_bytes(mjr("a", [packet(marker=False)] * 5))
    assert read(tmp_path, 1) == Recorded(files=2, frames=3, sounds=5)


def test_a_janus_file_that_broke_is_an_error(tmp_path: Path) -> None:
    whole = mjr("v", [packet(marker=True)] * 4)
    for cut in (1, 25, 31):
        (tmp_path / "v.mjr").write_bytes(whole[:-cut])
        assert read(tmp_path, 1) == Recorded(files=1, frames=3, errors=1)
    (tmp_path / "v.mjr").write_bytes(b"MJR00001" + whole[8:])
    assert read(tmp_path, 1).errors == 1


def test_a_film_is_decoded_where_that_is_wanted_and_a_broken_one_noticed(tmp_path: Path) -> None:
    path = tmp_path / "0-party0.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * index, np.uint8), format="rgb24")
            film.mux(stream.encode(frame.reformat(format="yuv420p")))
        film.mux(stream.encode(None))
    assert read(tmp_path, 1) == Recorded(files=1, frames=10, decoded=10)
    assert read(tmp_path, 0) == Recorded(files=1, frames=10)
    path.write_bytes(path.read_bytes()[:200])
    assert read(tmp_path, 1).errors == 1
