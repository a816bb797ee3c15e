"""Reads JSON values into frozen dataclasses by their type hints, strictly, and writes them back."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any, str], Any]

# Never text: half a surrogate pair cannot be written as UTF-8, and a zero ends strings in other languages.
_BROKEN = re.compile("[\x00\ud800-\udfff]")
# C0 and C1 controls but the line feed, and the marks that turn the direction of text around: no name or
# sentence needs them, and they can make one text look like another.
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Malformed(ValueError):
    """A value does not have the shape asked for; `field` is its path, `why` a code, never the value itself."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Text:
    """Limits of a string: length in characters, a full-match pattern; `raw` lets control characters through."""

    most: int
    least: int = 0
    pattern: str | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """Limits of an integer, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Many:
    """Limit of how many entries a list or table may have."""

    most: int


def read(cls: type[T], value: Any, path: str = "") -> T:
    """An instance of `cls` from decoded JSON; raises Malformed naming the first field that is wrong."""
    plan = _plan(cast("Any", cls))
    if type(value) is not dict:
        raise Malformed(path or "message", "not_an_object")
    for name in value:
        if name not in plan:
            # The name is the sender's: it may be anything, so only known names are ever repeated.
            raise Malformed(path or "message", "unknown_field")
    filled: dict[str, Any] = {}
    for name, (reader, required) in plan.items():
        where = f"{path}.{name}" if path else name
        if name in value:
            filled[name] = reader(value[name], where)
        elif required:
            raise Malformed(where, "missing")
    return cls(**filled)


def dump(value: Any) -> Any:
    """Plain JSON values of a dataclass, in the order of its fields."""
    if is_dataclass(value):
        return {field.name: dump(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: dump(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [dump(entry) for entry in value]
    return value


def hints(cls: type) -> dict[str, Any]:
    """The fields of a dataclass with their resolved types, in order (class variables left out)."""
    resolved = get_type_hints(cls, include_extras=True)
    return {field.name: resolved[field.name] for field in fields(cls)}


@cache  # at most one entry per message class
def _plan(cls: Any) -> dict[str, tuple[Reader, bool]]:
    defaults = {field.name: field.default for field in fields(cls)}
    return {name: (_reader(hint), defaults[name] is MISSING) for name, hint in hints(cls).items()}


def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin is Annotated:
        base, limit = get_args(hint)
        return _limited(base, limit)
    if origin is Literal:
        return _one_of(frozenset(get_args(hint)))
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if hint is bool:
        return _exactly(bool)
    if is_dataclass(hint):
        return lambda value, path: read(hint, value, path)  # type: ignore[arg-type]
    raise TypeError(f"no strict reader for {hint!r}: strings, numbers and lists need a limit")


def _limited(base: Any, limit: Any) -> Reader:
    if base is str and isinstance(limit, Text):
        return _text(limit)
    if base is int and isinstance(limit, Whole):
        return _whole(limit)
    if get_origin(base) is tuple and isinstance(limit, Many):
        return _many(_reader(get_args(base)[0]), limit)
    if get_origin(base) is dict and isinstance(limit, Many):
        key, entry = get_args(base)
        return _table(_reader(key), _reader(entry), limit)
    raise TypeError(f"{base!r} cannot be limited by {limit!r}")


def _exactly(kind: type) -> Reader:
    def reader(value: Any, path: str) -> Any:
        if type(value) is not kind:
            raise Malformed(path, f"not_{kind.__name__}")
        return value

    return reader


def _one_of(values: frozenset[Any]) -> Reader:
    # JSON's true equals Python's 1, so the type is compared as well.
    kinds = {value: type(value) for value in values}

    def reader(value: Any, path: str) -> Any:
        if type(value) not in (str, int) or value not in kinds or type(value) is not kinds[value]:
            raise Malformed(path, "not_one_of")
        return value

    return reader


def _optional(hint: Any) -> Reader:
    others = [part for part in get_args(hint) if part is not type(None)]
    if len(others) != 1 or len(others) == len(get_args(hint)):
        raise TypeError(f"{hint!r}: only 'X | None' can be told apart on the wire")
    inner = _reader(others[0])
    return lambda value, path: None if value is None else inner(value, path)


def _text(limit: Text) -> Reader:
    pattern = re.compile(limit.pattern) if limit.pattern is not None else None

    def reader(value: Any, path: str) -> str:
        if type(value) is not str:
            raise Malformed(path, "not_text")
        if not limit.least <= len(value) <= limit.most:
            raise Malformed(path, "length")
        if (_BROKEN if limit.raw else _HIDDEN).search(value):
            raise Malformed(path, "hidden_characters")
        if pattern is not None and not pattern.fullmatch(value):
            raise Malformed(path, "pattern")
        return value

    return reader


def _whole(limit: Whole) -> Reader:
    def reader(value: Any, path: str) -> int:
        if type(value) is not int:
            raise Malformed(path, "not_whole")
        if not limit.least <= value <= limit.most:
            raise Malformed(path, "range")
        return value

    return reader


def _many(entry: Reader, limit: Many) -> Reader:
    def reader(value: Any, path: str) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Malformed(path, "not_a_list")
        if len(value) > limit.most:
            raise Malformed(path, "length")
        return tuple(entry(part, f"{path}[{index}]") for index, part in enumerate(value))

    return reader


def _table(key: Reader, entry: Reader, limit: Many) -> Reader:
    def reader(value: Any, path: str) -> dict[Any, Any]:
        if type(value) is not dict:
            raise Malformed(path, "not_an_object")
        if len(value) > limit.most:
            raise Malformed(path, "length")
        return {key(name, f"{path} key"): entry(part, f"{path} entry") for name, part in value.items()}

    return reader
