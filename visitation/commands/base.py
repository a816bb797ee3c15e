"""What all commands have in common: closed shapes, and texts of a bounded length that can be shown."""

from __future__ import annotations

from typing import Annotated, Final
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from visitation.errors import BadInput

LANGUAGE_TAG: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"


class Command(BaseModel):
    """Read from the wire or a file, and from rows; unknown fields are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True, use_enum_values=True, validate_default=True
    )


def _shown(text: str) -> str:
    if any(category(char) in ("Cc", "Cs") for char in text if char != "\n"):
        raise ValueError("control characters and lone surrogates cannot be shown")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("one line")
    return _shown(text)


_strip = StringConstraints(strip_whitespace=True)
Id = Annotated[str, Field(min_length=1, max_length=36)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
Label = Annotated[str, _strip, Field(min_length=1, max_length=20), AfterValidator(_one_line)]
Name = Annotated[str, _strip, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
MaybeName = Annotated[str, _strip, Field(max_length=60), AfterValidator(_one_line)]
Title = Annotated[str, _strip, Field(min_length=1, max_length=100), AfterValidator(_one_line)]
MaybeTitle = Annotated[str, _strip, Field(max_length=100), AfterValidator(_one_line)]
Reason = Annotated[str, _strip, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
MaybeReason = Annotated[str, _strip, Field(max_length=200), AfterValidator(_one_line)]
Prose = Annotated[str, _strip, Field(min_length=1, max_length=2000), AfterValidator(_shown)]
MaybeProse = Annotated[str, _strip, Field(max_length=2000), AfterValidator(_shown)]
Languages = Annotated[tuple[Annotated[str, Field(pattern=LANGUAGE_TAG)], ...], Field(max_length=10)]

_reason: Final[TypeAdapter[str]] = TypeAdapter(MaybeReason)


def reason_of(text: str, *, required: bool = True) -> str:
    """A reason that people read, in one line. Raises BadInput, reason_required among them."""
    try:
        reason = _reason.validate_python(text)
    except ValidationError:
        raise BadInput from None
    if required and not reason:
        raise BadInput("reason_required")
    return reason
