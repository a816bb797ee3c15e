"""What every message must name about itself before it can be written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from visitation.policy.permissions import Permission


@dataclass(frozen=True)
class Nothing:
    """An answer without content."""


class Command:
    """A message from a browser. A subclass names its event, and per sender the Permission that guards it."""

    event: ClassVar[str]
    guards: ClassVar[Mapping[str, Permission]]
    result: ClassVar[type]

    def __init_subclass__(
        cls,
        *,
        event: str,
        result: type = Nothing,
        visitor: Permission | None = None,
        prisoner: Permission | None = None,
        officer: Permission | None = None,
    ) -> None:
        super().__init_subclass__()
        given = {"visitor": visitor, "prisoner": prisoner, "officer": officer}
        cls.guards = {sender: guard for sender, guard in given.items() if guard is not None}
        if not cls.guards:
            raise TypeError(f"{cls.__name__} names no Permission")
        cls.event, cls.result = event, result


class News:
    """A message from the server. A subclass names its event."""

    event: ClassVar[str]

    def __init_subclass__(cls, *, event: str) -> None:
        super().__init_subclass__()
        cls.event = event
