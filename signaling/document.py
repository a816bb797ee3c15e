"""Writes the tables of docs/protocol.md between its marks: `python -m signaling.document [PATH]`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final

from signaling.descriptions import described
from signaling.protocol import COMMANDS, NEWS, Hello
from signaling.reading import hints
from signaling.states import DO, DONE, PHASES, RULES
from signaling.typescript import classes, plain, type_of, unions
from visitation.errors import REFUSAL_CODES

TARGET: Final = Path(__file__).parents[1] / "docs/protocol.md"
_BLOCK: Final = re.compile(r"(<!-- begin ([a-z]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def generate(document: str) -> str:
    """The document with every marked block written anew. Raises KeyError for a mark that nobody writes."""
    return _BLOCK.sub(lambda block: f"{block[1]}{_WRITERS[block[2]]()}{block[3]}", document)


def _commands() -> str:
    lines = []
    for event, command in COMMANDS.items():
        guards = ", ".join(f"{sender} (`{guard}`)" for sender, guard in command.guards.items())
        lines += [
            f"### `{event}`\n",
            f"{described(command).summary}\n",
            f"From: {guards}. Answer: `{command.result.__name__}`.\n",
            _fields(command),
        ]
    return "\n".join(lines)


def _news() -> str:
    lines = []
    for event, cls in NEWS.items():
        lines += [f"### `{event}`\n", f"{described(cls).summary}\n"]
        lines.append(_fields(cls) if plain(cls) is cls else f"Carries a `{plain(cls).__name__}`.\n")
    return "\n".join(lines)


def _shapes() -> str:
    rest = [cls for cls in classes() if cls not in COMMANDS.values() and cls not in NEWS.values()]
    parts = [f"### `{cls.__name__}`\n\n{described(cls).summary}\n\n{_fields(cls)}" for cls in rest]
    named = [f"- `{name}`: {_cell(type_of(union, {}))}" for name, union in unions().items()]
    return "\n".join([*parts, "### Named values\n", *named, ""])


def _states() -> str:
    signs: Mapping[str, str] = {DO: "done", DONE: "ok, nothing changes"}
    lines = [f"| message | {' | '.join(PHASES)} |", "|---" * (len(PHASES) + 1) + "|"]
    for command, row in RULES.items():
        cells = " | ".join(signs.get(rule, f"`{rule}`") for rule in row)
        lines.append(f"| `{command.event}` | {cells} |")
    return "\n".join([*lines, ""])


def _codes() -> str:
    return "\n".join(
        ["| code | |", "|---|---|", *(f"| `{c}` | {words} |" for c, words in REFUSAL_CODES.items()), ""]
    )


def _fields(cls: type) -> str:
    if not fields(cls):
        return "No fields.\n" if cls in COMMANDS.values() or cls in NEWS.values() else ""
    defaults = {field.name: field.default for field in fields(cls)}
    words = described(cls).fields
    lines = ["| field | type | |", "|---|---|---|"]
    for name, hint in hints(cls).items():
        said = [words.get(name, "")] + ([] if defaults[name] is MISSING else ["may be left out"])
        lines.append(f"| `{name}` | {_cell(type_of(hint, unions()))} | {'; '.join(filter(None, said))} |")
    return "\n".join([*lines, ""])


def _cell(typed: str) -> str:
    return f"`{typed}`".replace("|", "\\|")


def _hello() -> str:
    return f"{described(Hello).summary}\n\n{_fields(Hello)}"


_WRITERS: Final[Mapping[str, Callable[[], str]]] = {
    "hello": _hello,
    "commands": _commands,
    "news": _news,
    "shapes": _shapes,
    "states": _states,
    "codes": _codes,
}


def main(arguments: list[Any]) -> None:
    target = Path(arguments[0]) if arguments else TARGET
    target.write_text(generate(target.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
