"""The bytes of WebM that players need and FFmpeg forgives."""

from __future__ import annotations

import pytest

from recording import mux


def test_sound_says_its_look_ahead_and_how_far_before_a_seek_decoding_must_begin():
    init = mux.audio_init()
    assert bytes.fromhex("56aa 83") + (6_500_000).to_bytes(3, "big") in init  # CodecDelay, ns
    assert bytes.fromhex("56bb 84") + (80_000_000).to_bytes(4, "big") in init  # SeekPreRoll, ns
    assert b"OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00" in init


def test_a_cluster_says_its_own_size_and_takes_another_time():
    cluster = mux.cluster(1_234, [(0, True, b"a" * 200), (33, False, b"b")])
    assert int.from_bytes(cluster[5:12], "big") == len(cluster) - 12
    moved = mux.retimed(cluster, 99_000_000)
    assert len(moved) == len(cluster)
    assert moved == mux.cluster(99_000_000, [(0, True, b"a" * 200), (33, False, b"b")])


def test_what_is_no_cluster_is_not_retimed():
    with pytest.raises(ValueError, match="not a cluster"):
        mux.retimed(bytes(100), 0)
