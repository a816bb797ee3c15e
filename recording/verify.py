"""Checks one recording against its seals, chains and signatures, and names what is wrong."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recording.archive import LOG_TRACK, walk
from recording.findings import Report
from recording.keys import Keys, KeysRefused
from recording.manifest import ManifestRefused, Statement, line_hash, read_line
from recording.sealing import Altered, Place
from recording.vault import LOG_FILE, MANIFEST_FILE, parts, track_file, track_files
from recording.verify_file import Checked, check_log, check_track

__all__ = ["Report", "main", "verify"]


@dataclass(slots=True)
class _Part:
    """One part while it is checked."""

    number: int
    folder: Path
    statements: list[Statement] = field(default_factory=list)
    log: Checked | None = None
    heads: dict[str, dict[int, str]] = field(default_factory=dict)  # per file: frames -> chain head

    @property
    def final(self) -> bool:
        return bool(self.statements) and self.statements[-1].final


def verify(folder: Path, keys: Keys, *, deep: bool = True, expected_head: str | None = None) -> Report:
    """Checks everything below a recording's folder; nothing is written.

    `deep=False` leaves the media unread: log, signatures and frame headers only. `expected_head` is the log
    head that the catalogue holds of a closed recording.
    """
    report = Report()
    found = parts(folder)
    report.parts = len(found)
    if not found:
        report.add("no_parts")
    for number in sorted(set(range(1, max(found, default=0) + 1)) - set(found)):
        report.add("part_missing", number)
    for path in sorted(folder.iterdir()):
        if path not in found.values():
            report.add("unexpected_file", detail=path.name)
    checked: dict[int, _Part] = {}
    for number, path in found.items():
        part = checked[number] = _Part(number, path)
        _check_part(part, folder.name, keys, report, deep=deep)
        if part.log is not None:
            _check_previous(part.log.records, checked, report)
    if checked:
        last = checked[max(checked)]
        report.closed = last.final
        _check_expected(last, expected_head, report)
    return report


def _check_part(part: _Part, recording: str, keys: Keys, report: Report, *, deep: bool) -> None:
    _check_names(part, report)
    if _stillborn(part.folder):
        report.add("stillborn", part.number)
        _read_beginning(part, recording, keys, report)
        return
    _read_manifest(part, recording, keys, report)
    log = check_log(part.folder / LOG_FILE, recording, part.number, keys, report)
    if log is None:
        return
    part.log = log
    part.heads[str(LOG_TRACK)] = log.heads
    try:
        _check_contents(part, recording, log, keys, report, deep=deep)
    except (KeyError, TypeError, ValueError, AttributeError):
        report.add("log_unreadable", part.number, LOG_TRACK, detail="a record without what it must hold")


def _check_contents(
    part: _Part, recording: str, log: Checked, keys: Keys, report: Report, *, deep: bool
) -> None:
    _check_opening(part, recording, log.records, report)
    _check_tail(part, log, report)
    for record in log.records:
        if record["record"] == "gap":
            detail = f"{record['cause']}, {record['from_us'] // 1000} to {record['to_us'] // 1000} ms"
            report.add("gap", part.number, record["track"], detail=detail)
        elif record["record"] == "clock_step":
            report.add("clock_step", part.number, detail=f"{record['step_ms']} ms")
    _check_tracks(part, recording, log, keys, report, deep=deep)
    _check_heads(part, report)
    if not part.final:
        report.add("open_ended", part.number)


def _stillborn(folder: Path) -> bool:
    """Killed while the part was being made: no signed line yet, so no media either."""
    manifest, log = folder / MANIFEST_FILE, folder / LOG_FILE
    if track_files(folder) or (manifest.is_file() and b"\n" in manifest.read_bytes()):
        return False
    try:
        return not log.is_file() or len(walk(log).frames) <= 1
    except Altered:
        return True


def _read_beginning(part: _Part, recording: str, keys: Keys, report: Report) -> None:
    """The one frame a stillborn part may have: the part after it says that it found it."""
    try:
        begun = bool(walk(part.folder / LOG_FILE).frames)
    except (Altered, OSError):
        return
    part.log = check_log(part.folder / LOG_FILE, recording, part.number, keys, report) if begun else None
    if part.log is not None:
        part.heads[str(LOG_TRACK)] = part.log.heads


def _check_names(part: _Part, report: Report) -> None:
    known = {part.folder / LOG_FILE, part.folder / MANIFEST_FILE, *track_files(part.folder).values()}
    for path in sorted(part.folder.iterdir()):
        if path not in known:
            report.add("unexpected_file", part.number, detail=path.name)


def _read_manifest(part: _Part, recording: str, keys: Keys, report: Report) -> None:
    path = part.folder / MANIFEST_FILE
    data = path.read_bytes() if path.is_file() else b""
    *lines, tail = data.split(b"\n")
    before = ""
    for seq, line in enumerate(lines):
        try:
            statement = read_line(line, keys.signer)
        except ManifestRefused as refused:
            report.add(refused.code, part.number, index=seq, detail=str(refused))
            break
        if (statement.recording, statement.part) != (recording, part.number):
            report.add("foreign", part.number, index=seq, detail="signed statement")
            break
        if statement.seq != seq or statement.before != before or part.final:
            report.add("manifest_order", part.number, index=seq)
            break
        before = line_hash(line + b"\n")
        part.statements.append(statement)
    if tail:
        report.add("manifest_altered" if part.final else "torn_tail", part.number, detail="signed statements")
    if part.statements:
        report.signed += 1
    else:
        report.add("manifest_missing", part.number)


def _check_opening(part: _Part, recording: str, records: list[dict[str, Any]], report: Report) -> None:
    first = records[0] if records else {}
    if (
        first.get("record") != "opening"
        or first["spec"]["recording_id"] != recording
        or first["part"] != part.number
    ):
        report.add("log_unreadable", part.number, LOG_TRACK, 0, "no opening record")


def _check_tail(part: _Part, log: Checked, report: Report) -> None:
    """How the log ends: with its last frame when the part was closed, however it broke off when it was not."""
    if log.torn:
        report.add("extra_data" if part.final or log.ended else "torn_tail", part.number, LOG_TRACK)


def _check_tracks(
    part: _Part, recording: str, log: Checked, keys: Keys, report: Report, *, deep: bool
) -> None:
    named = {r["track"]: r for r in log.records if r["record"] == "track"}
    lines: dict[int, list[dict[str, Any]]] = {number: [] for number in named}
    for record in log.records:
        if record["record"] == "frame":
            lines.setdefault(record["track"], []).append(record)
    on_disk = track_files(part.folder)
    for number in sorted(set(named) | set(on_disk)):
        if number not in on_disk:
            report.add("file_missing", part.number, number)
            continue
        path = track_file(part.folder, number)
        place = Place(recording, part.number, number)
        closed = (part.final or log.ended) and not log.broken
        heads = check_track(
            path, place, named.get(number), lines.get(number, []), keys, report, closed=closed, deep=deep
        )
        part.heads[str(number)] = heads


def _check_heads(part: _Part, report: Report) -> None:
    """Every signed statement must be a place that the chains went through."""
    for statement in part.statements:
        signed = {LOG_TRACK: statement.log, **statement.tracks}
        for number, (frames, head) in signed.items():
            heads = part.heads.get(str(number), {})
            if frames not in heads:
                report.add("truncated", part.number, number, frames - 1, f"signed statement {statement.seq}")
            elif heads[frames] != head:
                report.add(
                    "head_differs", part.number, number, frames - 1, f"signed statement {statement.seq}"
                )
    if part.log is None or part.log.ended == part.final:
        return
    if part.log.ended:
        report.add("end_unsigned", part.number)
    elif not part.log.broken:
        report.add("mark_missing", part.number, LOG_TRACK)


def _check_previous(records: list[dict[str, Any]], checked: dict[int, _Part], report: Report) -> None:
    """A part's opening holds the heads of the part before it, as they were found."""
    previous = records[0].get("previous") if records else None
    if previous is None or previous["part"] not in checked:
        return  # none, or the part is missing, which is named already
    heads = checked[previous["part"]].heads
    for name, (frames, head) in previous["files"].items():
        if heads.get(name, {}).get(frames) != head:
            detail = f"{frames} frames were there"
            report.add("previous_changed", previous["part"], int(name), detail=detail)


def _check_expected(last: _Part, expected: str | None, report: Report) -> None:
    if expected is None or last.log is None:
        return
    if expected not in last.log.heads.values():
        report.add("truncated", last.number, LOG_TRACK, detail="the catalogue knows a later end")


def main(argv: list[str] | None = None) -> int:
    """`visitation recording verify`. Exit code 0 = nothing broken, 1 = broken, 2 = cannot check."""
    parser = argparse.ArgumentParser(prog="visitation recording verify", description=__doc__)
    parser.add_argument("folder", type=Path, help="the recording's folder")
    parser.add_argument("--keys", type=Path, required=True, help="the folder of the node's keys")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    options = parser.parse_args(argv)
    try:
        report = verify(options.folder.resolve(), Keys.load(options.keys))
    except (OSError, KeysRefused) as error:
        sys.stderr.write(f"Cannot check: {error}\n")
        return 2
    sys.stdout.write(_as_json(report) if options.json else _as_words(report))
    return 0 if report.ok else 1


def _as_json(report: Report) -> str:
    findings = [
        {
            "code": f.code,
            "severity": f.severity,
            "part": f.part,
            "track": f.track,
            "frame": f.index,
            "detail": f.detail,
        }
        for f in report.findings
    ]
    return (
        json.dumps({"ok": report.ok, "closed": report.closed, "parts": report.parts, "findings": findings})
        + "\n"
    )


def _as_words(report: Report) -> str:
    lines = [finding.line() for finding in report.findings]
    state = "whole" if report.ok else "BROKEN"
    ended = "closed and signed" if report.closed else "open-ended"
    lines.append(
        f"{state}, {ended}: {report.frames} frames in {report.parts} parts, {report.signed} of them signed"
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
