"""The recorder process, spoken to over its socket."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from recording.spec import RecordingSpec
from recording.wire import Framer, Kind, body_json, message_json

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """The recorder, spoken to over its socket."""

    def __init__(self, folder: Path, *prefix: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.child = subprocess.Popen(
                [*prefix, sys.executable, "-m", "recording.recorder", "--socket-fd", str(theirs.fileno()),
                 "--vault", str(folder / "vault"), "--keys", str(folder / "keys"), "--reserve-bytes", "0"],
                pass_fds=[theirs.fileno()], cwd=ROOT, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self.socket = ours
        self.socket.settimeout(30)
        self.framer = Framer()
        self.heard: list[tuple[Kind, int, dict[str, Any]]] = []
        self.wait(Kind.READY, 0)

    def wait(self, kind: Kind, number: int) -> dict[str, Any]:
        """The next message of this kind for this recording; others are kept."""
        while True:
            for place, (heard, of, value) in enumerate(self.heard):
                if (heard, of) == (kind, number):
                    del self.heard[place]
                    return value
            data = self.socket.recv(1 << 16)
            assert data, "the recorder has gone"
            self.heard += [(kind, of, body_json(body)) for kind, of, body in self.framer.feed(data)]

    def open(self, number: int, wanted: RecordingSpec, origin_ns: int) -> None:
        opening = {"spec": wanted.to_json(), "origin_ns": origin_ns, "resume_ns": time.monotonic_ns()}
        self.socket.sendall(message_json(Kind.OPEN, number, opening))
        for track, kind, rate in ((1, "video", 90_000), (2, "audio", 48_000)):
            value = {"number": track, "party": "visitor", "kind": kind, "leg": "leg", "rate": rate}
            self.socket.sendall(message_json(Kind.TRACK, number, value))

    def event(self, number: int, event: int, at_us: int) -> None:
        record = {"record": "event", "number": event, "kind": "seen", "at_us": at_us}
        more = {"party": None, "text": None, "code": None}
        self.socket.sendall(message_json(Kind.EVENT, number, {"number": event, "record": {**record, **more}}))

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self) -> None:
        self.child.wait(30)
        self.socket.close()
