"""A visit that somebody would like to have, weighed by the rules as everything stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from visitation.commands.booking import WantedSlot
from visitation.eligibility import Assessment, Override, Proposal, Refusal, assess, hold_refusals
from visitation.eligibility.times import moment
from visitation.jurisdictions.pack import Packs
from visitation.services.arranging import Asker, Gathered, Gathering, Question

# Of a session that is not there nothing is said but that: any time on the grid will do.
_NO_TIME: Final = (time(0, 0), time(0, 5))


@dataclass(frozen=True, slots=True)
class Wanted:
    """`prison_id` is where staff arrange it; None = where the prisoner is. `visitor_ids` None = chosen later.
    `hold_id` and `visit_id` are the hold it comes from and the visit it would replace. `times` are those of
    a visit that is booked; None = those of the session as it is held now."""

    asker: Asker
    prison_id: str | None
    prisoner_id: str
    kind: str
    slot: WantedSlot
    visitor_ids: tuple[str, ...] | None
    terminal_id: str | None = None
    officer_id: str | None = None
    closed_wanted: bool = False
    overrides: frozenset[Override] = frozenset()
    hold_id: str | None = None
    visit_id: str | None = None
    times: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules say of it as everything stands."""

    wanted: Wanted
    gathered: Gathered
    proposal: Proposal
    assessment: Assessment

    @property
    def begins(self) -> datetime:
        """In UTC; to be asked only when nothing stands against the time."""
        return self._at()[0]

    @property
    def ends(self) -> datetime:
        return self._at()[1]

    def _at(self) -> tuple[datetime, datetime]:
        prison = self.gathered.facts.prison
        assert prison is not None
        at = moment(self.proposal.date, self.proposal.start, self.proposal.end, prison.timezone)
        assert at.starts_at is not None
        assert at.ends_at is not None
        return at.starts_at, at.ends_at

    def hold_refusals(self) -> tuple[Refusal, ...]:
        return hold_refusals(self.proposal, self.gathered.facts)


async def weigh(session: AsyncSession, packs: Packs, wanted: Wanted, now: datetime) -> Weighed:
    """Reads what is known now, in whatever transaction it is given."""
    question = Question(
        prisoner_id=wanted.prisoner_id,
        kind=wanted.kind,
        asker=wanted.asker,
        prison_id=wanted.prison_id,
        visitor_ids=wanted.visitor_ids,
        template_id=wanted.slot.template_id,
        officer_id=wanted.officer_id,
        visit_id=wanted.visit_id,
    )
    found = await Gathering(packs).facts(session, question, wanted.slot.day, 1, now)
    proposal = _proposal(wanted, found)
    return Weighed(wanted, found, proposal, assess(proposal, found.facts))


def _proposal(wanted: Wanted, found: Gathered) -> Proposal:
    slot = wanted.slot
    template = found.facts.templates.get(slot.template_id) if slot.template_id is not None else None
    start, end = (template.start, template.end) if template is not None else (slot.start, slot.end)
    if wanted.times is not None:
        start, end = wanted.times
    return Proposal(
        kind=wanted.kind,
        prison_id=wanted.prison_id or (found.prison.id if found.prison is not None else ""),
        prisoner_id=wanted.prisoner_id,
        date=slot.day,
        start=start or _NO_TIME[0],
        end=end or _NO_TIME[1],
        template_id=slot.template_id,
        user_type=wanted.asker.user_type,
        visitor_ids=wanted.visitor_ids,
        booker_id=wanted.asker.person_id,
        terminal_id=wanted.terminal_id,
        officer_id=wanted.officer_id,
        other_prisoner_id=found.other_prisoner_id,
        closed_wanted=wanted.closed_wanted,
        overrides=wanted.overrides,
        hold_id=wanted.hold_id,
        replaces_visit_id=wanted.visit_id,
    )
