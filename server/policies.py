"""The commands that read policy packs: which there are, and whether a file is one."""

from __future__ import annotations

import sys
from pathlib import Path

from visitation.jurisdictions.pack import PolicyPack, PolicyUnreadable, load_pack, pack_names, read_pack


def list_packs() -> int:
    """One line for each pack of this version. Exit code 0 = all can be used, 1 = one cannot."""
    code = 0
    for name in pack_names():
        try:
            print(_line(load_pack(name)))  # noqa: T201  words for a person
        except PolicyUnreadable as unreadable:
            code = 1
            print(f"{name}: cannot be used. {len(unreadable.faults)} faults: {unreadable}")  # noqa: T201
    return code


def check_pack(file: Path) -> int:
    """Says what a pack would do, or everything that is wrong. Exit code 0 = whole, 1 = faulty, 2 = no file."""
    try:
        text = file.read_bytes()
    except OSError as error:
        print(f"{file}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return 2
    try:
        pack = read_pack(text)
    except PolicyUnreadable as unreadable:
        count = len(unreadable.faults)
        print(*unreadable.faults, sep="\n")  # noqa: T201
        print(f"{file}: {count} faults. Nothing would be started, recorded or watched by it.")  # noqa: T201
        return 1
    for rule in pack.rules:
        print(f"{rule.rule} ({rule.basis}): {rule.notices[0].words['en']}")  # noqa: T201
    print(f"Whole: {_line(pack)}")  # noqa: T201
    return 0


def _line(pack: PolicyPack) -> str:
    until = f" until {pack.valid_until}" if pack.valid_until else ""
    return (
        f"{pack.pack} {pack.version}, {pack.jurisdiction['en']}: {len(pack.kinds())} kinds of visit, "
        f"in force from {pack.valid_from}{until}, {pack.review}."
    )
