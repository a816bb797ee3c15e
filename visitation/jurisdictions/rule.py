"""What the law makes of one kind of visit: how far it is recorded and watched, and why."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from visitation.degrees import Recording, Watching, WithoutRecorder, WithoutSupervisor, is_closed
from visitation.jurisdictions.shapes import Basis, Code, Data
from visitation.jurisdictions.texts import Notice, notices_of
from visitation.words import Words


class Rule(Data):
    """`basis` says whether law, the agency's guidance or nothing but caution is behind `legal_basis`."""

    rule: Code
    kind: Code
    listening_decision: bool = Field(description="For visits with a decision to listen, made beforehand")
    children_may_be_heard: bool = Field(description="The sound stays open when a child is in the visit")
    basis: Basis
    legal_basis: Words
    why: Words = Field(description="The answer to 'why?' beside the banner")
    record_picture: Recording
    record_sound: Recording
    watch_picture: Watching
    watch_sound: Watching
    end_to_end: bool
    max_minutes: int = Field(ge=5, le=240)
    max_parties: int = Field(ge=2, le=8)
    without_supervisor: WithoutSupervisor
    without_recorder: WithoutRecorder
    show_watchers: bool
    approval: Literal["automatic", "office"] = Field(
        description="Who approves a booking nothing speaks against"
    )

    @property
    def closed(self) -> bool:
        return is_closed(self)

    @property
    def sound_open(self) -> bool:
        """An officer may hear it, now or later."""
        return self.watch_sound.open or self.record_sound is not Recording.FORBIDDEN

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What everybody in such a visit is told, the banner first."""
        return notices_of(self, self.why)

    @model_validator(mode="after")
    def _the_server_does_what_is_told(self) -> Self:
        """Each of these would be a sentence on the screen that nothing in the server makes true."""
        if self.watch_sound is Watching.CONTINUOUS:
            raise ValueError(f"{self.rule}: nothing keeps an officer listening; say on_demand")
        if self.watch_sound.open and not self.watch_picture.open:
            raise ValueError(f"{self.rule}: nobody can listen who may not watch")
        if (self.watch_picture is Watching.CONTINUOUS) != (self.without_supervisor is WithoutSupervisor.HOLD):
            raise ValueError(
                f"{self.rule}: watched continuously means held without a supervisor, and only that"
            )
        required = Recording.REQUIRED in (self.record_picture, self.record_sound)
        if required != (self.without_recorder is WithoutRecorder.HOLD_THEN_END):
            raise ValueError(
                f"{self.rule}: a required recording means held, then ended without it, and only that"
            )
        if self.children_may_be_heard and not self.sound_open:
            raise ValueError(f"{self.rule}: nobody is heard, so no child is")
        if self.listening_decision and not self.watch_sound.open:
            raise ValueError(f"{self.rule}: a decision to listen that opens no sound")
        notices_of(self, self.why)  # raises where a behaviour has no words
        return self
