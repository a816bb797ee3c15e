"""What checking a recording can find, each with a code, a place and plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["broken", "note"]

# Broken: something is not as it was written. Notes: honest things a reader must know.
BROKEN = {
    "no_parts": "there is no part at all",
    "part_missing": "a part is missing",
    "file_missing": "a file is missing",
    "unexpected_file": "a file that no recorder wrote",
    "manifest_missing": "there is no signed statement",
    "manifest_altered": "a signed statement was changed",
    "manifest_order": "signed statements are missing or in another order",
    "signature_wrong": "a signature does not fit its statement",
    "signer_unknown": "signed by another node's key",
    "wrong_key": "sealed under another master key",
    "header_altered": "a file's header was changed",
    "foreign": "a file or frame of another recording, part or track",
    "altered": "sealed content was changed",
    "reordered": "a frame stands in another frame's place",
    "chain_broken": "the chain of hashes is broken",
    "truncated": "the end is cut off",
    "extra_data": "bytes after the end",
    "end_unsigned": "the log was closed, but the signed statement of its end is missing",
    "head_differs": "the chain does not lead to what was signed",
    "log_unreadable": "the log does not say what it must",
    "previous_changed": "an earlier part was changed after it was left",
}
NOTES = {
    "open_ended": "the closing record is missing: the recorder ended without warning",
    "stillborn": "the recorder ended while it began this part: nothing is in it",
    "mark_missing": "the recorder ended between signing the end and its last, empty mark",
    "torn_tail": "a last, half-written frame is left out",
    "unlogged": "a last whole frame is there that the log did not live to mention",
    "gap": "nothing was recorded for a while, as the log says",
    "clock_step": "the wall clock was set",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; part, track and frame index where they apply, `detail` in plain words."""

    code: str
    part: int | None = None
    track: int | None = None
    index: int | None = None
    detail: str = ""

    @property
    def severity(self) -> Severity:
        return "broken" if self.code in BROKEN else "note"

    def line(self) -> str:
        place = ", ".join(
            f"{name} {value}"
            for name, value in (("part", self.part), ("track", self.track), ("frame", self.index))
            if value is not None
        )
        words = BROKEN.get(self.code) or NOTES[self.code]
        return f"{self.severity:6} {self.code:18} {place or 'recording'}: {words}" + (
            f" ({self.detail})" if self.detail else ""
        )


@dataclass(slots=True)
class Report:
    """`ok`: nothing broken. `closed`: the last part was ended and signed. `signed`: parts with a good signature."""

    findings: list[Finding] = field(default_factory=list)
    parts: int = 0
    signed: int = 0
    frames: int = 0
    closed: bool = False

    @property
    def ok(self) -> bool:
        return not any(finding.severity == "broken" for finding in self.findings)

    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings}

    def add(
        self,
        code: str,
        part: int | None = None,
        track: int | None = None,
        index: int | None = None,
        detail: str = "",
    ) -> None:
        assert code in BROKEN or code in NOTES
        self.findings.append(Finding(code, part, track, index, detail))
