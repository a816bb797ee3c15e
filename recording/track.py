"""Writes what one track's packets made into its sealed file, and keeps the lines that the log must hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recording import mux
from recording.keys import Keys
from recording.made import Begun, Cluster, Gap, Made, Media
from recording.sealing import LAST, Meta, Place, Sealer, file_header
from recording.vault import AppendFile, VaultFailed


class SealedWriter:
    """One sealed file being written."""

    def __init__(self, path: Path, place: Place, keys: Keys) -> None:
        """Creates it under a fresh data key. Raises VaultFailed."""
        key, wrapped = keys.new_data_key()
        header = file_header(place, keys.key_id, wrapped)
        self.place = place
        self._file = AppendFile(path)
        try:
            self._file.append(header)
        except VaultFailed:
            self._file.close()
            raise
        self._sealer = Sealer(key, place, header)
        self.first_head = self._sealer.head.hex()

    @property
    def head(self) -> tuple[int, str]:
        return self._sealer.index, self._sealer.head.hex()

    def append(self, plain: bytes, meta: Meta) -> dict[str, Any]:
        """Seals and writes one frame; its line for the log. Raises VaultFailed: then the file is done with."""
        index, offset = self._sealer.index, self._file.size
        self._file.append(*self._sealer.seal(plain, meta))
        return {
            "record": "frame",
            "track": self.place.track,
            "index": index,
            "offset": offset,
            "size": self._file.size - offset,
            "head": self._sealer.head.hex(),
        }

    def sync(self) -> None:
        """Waits for the disk; may be called in a thread of its own. Raises VaultFailed."""
        self._file.sync()

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """What the relay said of a track: its number there; `rate` is the RTP clock in Hz."""

    number: int
    party: str
    kind: Media
    leg: str
    rate: int


class TrackWriter:
    """One track of one part. `lines` collects what the part's log must hold, in order."""

    def __init__(self, info: TrackInfo, path: Path, place: Place, keys: Keys) -> None:
        self.info = info
        self.lines: list[dict[str, Any]] = []
        self.file: SealedWriter | None = None  # from the first frame on
        self.dirty = False  # something was written that the disk was not asked for yet
        self.asked_ns = 0
        self._path, self._place, self._keys = path, place, keys

    def write(self, made: Made) -> None:
        """Raises VaultFailed."""
        if isinstance(made, Cluster):
            self._append(made.data, made.meta)
        elif isinstance(made, Begun):
            self._begin(made.meta)
        elif isinstance(made, Gap):
            self.lines.append({
                "record": "gap", "cause": "loss", "track": made.track, "from_us": made.from_us, "to_us": made.to_us,
                "packets": made.packets,
            })  # fmt: skip
        else:
            self.lines.append({
                "record": "report", "track": made.track, "ntp": made.ntp, "rtp": made.rtp, "at_us": made.at_us,
            })  # fmt: skip

    def end(self, at_us: int) -> None:
        """Writes the closing frame. Raises VaultFailed."""
        if self.file is not None:
            self._append(b"", Meta(flags=LAST, first_us=at_us, last_us=at_us))

    def _begin(self, meta: Meta) -> None:
        self.file = SealedWriter(self._path, self._place, self._keys)
        info = self.info
        picture = info.kind == "video"
        begun = {
            "record": "track", "track": self._place.track, "party": info.party, "kind": info.kind, "leg": info.leg,
            "rate": info.rate, "codec": "vp8" if picture else "opus", "head": self.file.first_head,
        }  # fmt: skip
        self._append(mux.video_init(meta.width, meta.height) if picture else mux.audio_init(), meta)
        self.lines.insert(-1, begun)  # before its first frame, and only if that was written

    def _append(self, plain: bytes, meta: Meta) -> None:
        assert self.file is not None
        self.lines.append(self.file.append(plain, meta))
        self.dirty = True
