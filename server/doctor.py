"""Look at the machine a node is to run on, and say in plain words what is good, what to change and what stops it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

from server import doctor_machine, doctor_node
from server.findings import Finding, Grade

if TYPE_CHECKING:
    from server.settings import Settings

SIGNS = {Grade.GOOD: "good  ", Grade.CHANGE: "change", Grade.STOPS: "stops "}
CLOSING = {
    Grade.GOOD: "Nothing to change.",
    Grade.CHANGE: "Calls can be held; what is marked `change` makes them better or safer.",
    Grade.STOPS: "No call can be held before what is marked `stops` is changed.",
}


async def examine(settings: Settings, root: Path) -> list[Finding]:
    """Every finding, in the order of the reading. `root` is where proc and sys are found below."""
    return [
        *await doctor_node.findings(settings),
        *doctor_machine.findings(settings, root),
    ]


async def consult(settings: Settings, *, root: Path, as_json: bool) -> int:
    """Prints the findings. Exit code 0 = nothing to change, 1 = something to change, 2 = no call can be held."""
    found = await examine(settings, root)
    worst = max(finding.grade for finding in found)
    if as_json:
        rows = [{**dataclasses.asdict(each), "grade": each.grade.name.lower()} for each in found]
        print(json.dumps({"grade": worst.name.lower(), "findings": rows}, ensure_ascii=False))  # noqa: T201
        return worst.value
    for finding in found:
        print(f"{SIGNS[finding.grade]}  {finding.name}: {finding.words}")  # noqa: T201
        if finding.remedy:
            print("\n".join(f"          {line}" for line in finding.remedy.splitlines()))  # noqa: T201
    print(f"\n{CLOSING[worst]}")  # noqa: T201
    return worst.value
