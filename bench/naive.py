"""The same calls on aiortc as its examples have it: MediaRelay decodes and encodes, MediaRecorder writes MP4."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiortc.codecs
from aioice import ice
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder, MediaRelay
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpCodecParameters

from bench.shapes import Seating


def _settle_codecs() -> None:
    """The payload types of our clients, and no header extensions: the rest stays as aiortc has it."""
    aiortc.codecs.CODECS["audio"] = [RTCRtpCodecParameters("audio/opus", 48000, 2, 111)]
    feedback = [RTCRtcpFeedback("nack"), RTCRtcpFeedback("nack", "pli"), RTCRtcpFeedback("goog-remb")]
    aiortc.codecs.CODECS["video"] = [
        RTCRtpCodecParameters("video/VP8", 90000, None, 96, feedback),
        RTCRtpCodecParameters("video/rtx", 90000, None, 97, parameters={"apt": 96}),
    ]
    aiortc.codecs.HEADER_EXTENSIONS.update(audio=[], video=[])
    ice.get_host_addresses = lambda *_, **__: ["127.0.0.1"]  # the clients are here


class _Leg:
    def __init__(self, publishes: list[str], slots: int) -> None:
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.connection = RTCPeerConnection(configuration)
        self.publishing = {kind: self.connection.addTransceiver(kind, "recvonly") for kind in publishes}
        self.slots = [
            {kind: self.connection.addTransceiver(kind, "sendonly") for kind in ("audio", "video")}
            for _ in range(slots)
        ]
        self.mids = [kind[0] for kind in publishes]
        self.mids += [f"{kind}{slot}" for slot in range(slots) for kind in "av"]

    def renamed(self, sdp: str, *, to_client: bool) -> str:
        """The same text with our clients' names of lines, or back."""
        theirs = [transceiver.mid or "" for transceiver in self.connection.getTransceivers()]
        old, new = (theirs, self.mids) if to_client else (self.mids, theirs)
        for before, after in zip(old, new, strict=True):
            sdp = re.sub(rf"^a=mid:{before}\r?$", f"a=mid:{after}\r", sdp, flags=re.MULTILINE)
        return re.sub(r"^a=group:BUNDLE.*$", f"a=group:BUNDLE {' '.join(new)}\r", sdp, flags=re.MULTILINE)


class NaiveCalls:
    """See bench.relay_server.Calls."""

    def __init__(self, folder: Path) -> None:
        _settle_codecs()
        self._folder = folder
        self._legs: dict[tuple[int, str], _Leg] = {}
        self._relay = MediaRelay()
        self._recorders: list[MediaRecorder] = []

    async def start(self) -> None:
        """Nothing to prepare."""

    async def stop(self) -> None:
        for recorder in self._recorders:
            await recorder.stop()
        for leg in self._legs.values():
            await leg.connection.close()

    async def join(self, call: int, leg: str, publishes: list[str], slots: int) -> str:
        made = self._legs[call, leg] = _Leg(publishes, slots)
        await made.connection.setLocalDescription(await made.connection.createOffer())
        return made.renamed(made.connection.localDescription.sdp, to_client=True)

    async def answer(self, call: int, leg: str, sdp: str) -> None:
        made = self._legs[call, leg]
        text = made.renamed(sdp, to_client=False)
        await made.connection.setRemoteDescription(RTCSessionDescription(text, "answer"))

    async def begin(self, call: int, seatings: list[Seating]) -> None:
        for leg, slot, party, _ in seatings:
            for kind, sending in self._legs[call, leg].slots[slot].items():
                source = self._legs[call, party].publishing[kind].receiver.track
                sending.sender.replaceTrack(self._relay.subscribe(source))
        for party in {party for _, _, party, _ in seatings}:
            recorder = MediaRecorder(str(self._folder / f"{call}-{party}.mp4"))
            for transceiver in self._legs[call, party].publishing.values():
                recorder.addTrack(self._relay.subscribe(transceiver.receiver.track))
            await recorder.start()
            self._recorders.append(recorder)

    def figures(self) -> dict[str, Any]:
        return {"recorder": None, "drops": {}, "errors": 0, "unrecorded": 0}
