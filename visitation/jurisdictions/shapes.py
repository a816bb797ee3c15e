"""What all policy data has in common: closed shapes, codes, and where a value comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]

# "policy": no source read so far says it; the value that protects people most was chosen.
Basis = Literal["law", "guidance", "policy"]


class PolicyUnreadable(Exception):
    """The data is missing or does not say everything; nothing may be decided by it.

    `faults` are for a person who is to mend it: where, and what.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults[:3]))
        self.faults = faults


class Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stated(Data):
    """A value with where it is stated; with the basis "policy", `source` says why it was chosen."""

    basis: Basis
    source: str = Field(min_length=10)
