"""Random messages by random people in random states change nothing that the table does not allow."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from signaling import protocol as p
from signaling.message import Command
from signaling.sockets import Bucket, Socket
from signaling.states import may_lead, rule
from tests.signaling.house import House, Talk
from visitation.errors import REFUSAL_CODES, Refused
from visitation.policy.permits import permits

ROUNDS = 60


def any_command(chance: random.Random, talk: Talk) -> Command:
    visits = [talk.visit, talk.visit, talk.visit, "no-such-visit"]
    legs = [*talk.hub.legs, "no-such-leg"]
    visit, leg = chance.choice(visits), chance.choice(legs)
    yes = chance.random() < 0.5
    return chance.choice(
        [
            p.Join(),
            p.Join(),
            p.Leave(),
            p.AnswerRing(visit),
            p.AnswerRing(visit),
            p.DeclineRing(visit),
            p.OpenLeg(),
            p.AnswerLeg(leg, chance.choice(["answer", "bad"])),
            p.SetMedia(audio=yes, video=not yes),
            p.SeeWarning("no-such-warning"),
            p.Watch(visit),
            p.Focus(visit, full=yes),
            p.Unwatch(visit),
            p.Warn(visit, "order"),
            p.Hold(visit, "order"),
            p.Resume(visit),
            p.End(visit, "order"),
        ]
    )


def facts_of(talk: Talk) -> tuple[object, ...]:
    """Everything of a call that must not change by a refused message."""
    call = talk.call
    return (
        call.phase,
        call.ended,
        call.holds.shown,
        call.warnings.states(),
        tuple((m.passed, m.leg, m.audio, m.video) for m in call.roster),
        sorted(talk.hub.legs),
        talk.hub.open,
        dict(talk.hub.seats),
    )


@pytest.mark.parametrize("visitor", ["anna", "maria"])
@pytest.mark.parametrize("seed", range(6))
async def test_nothing_changes_that_the_table_does_not_allow(house: House, visitor: str, seed: int):
    chance = random.Random(seed)
    talk = await house.ringing(visitor)
    people = await everybody(house, talk)
    for _ in range(ROUNDS):
        sid = chance.choice(people)
        socket = house.calls.sockets.get(sid)
        assert socket is not None
        command = any_command(chance, talk)
        before, known = talk.call.phase, facts_of(talk)
        allowed = rule(type(command), before) == "do" and permitted(socket, command, talk)
        refused = await refusal_of(house, sid, command)
        assert refused is None or refused in REFUSAL_CODES
        assert (allowed and refused is None) or facts_of(talk) == known, command
        assert may_lead(type(command), before, talk.call.phase), command
        assert talk.hub.open == (talk.call.phase == "live")
        if talk.call.conditions.closed:
            assert all(seat.publishes == {"audio", "video"} for seat in talk.hub.legs.values())
        if chance.random() < 0.3:
            await house.advance(chance.choice([1, 6, 25]))
        if talk.call.phase == "ended" and chance.random() < 0.5:
            break


async def refusal_of(house: House, sid: str, command: Command) -> str | None:
    try:
        await house.say(sid, command)
    except Refused as refused:
        return refused.code
    return None


def permitted(socket: Socket, command: Command, talk: Talk) -> bool:
    guard = command.guards.get(socket.identity.kind)
    return guard is not None and permits(socket.identity, guard, talk.call.subject)


async def everybody(house: House, talk: Talk) -> list[str]:
    """Both sides, an officer, an officer of another prison, another prisoner and another visitor."""
    officer = await house.enter("officer")
    stranger = replace(house.identities["officer/None"], prison_id="another-prison", person_id="stranger")
    await house.calls.hello(Socket("stranger", stranger, None, Bucket(0)))
    other_terminal = await house.enter("terminal", "a-14")
    return [talk.visitor, talk.terminal, officer, "stranger", other_terminal]
