"""Events: told in order, each subscriber failing alone."""

from __future__ import annotations

from visitation.events import ConditionsDecided, Events, OutcomeRecorded


async def test_subscribers_hear_their_own_kind_in_order():
    events, heard = Events(), []

    async def first(event: ConditionsDecided) -> None:
        heard.append(("first", event.visit_id))

    async def second(event: ConditionsDecided) -> None:
        heard.append(("second", event.visit_id))

    events.subscribe(ConditionsDecided, first)
    events.subscribe(ConditionsDecided, second)
    await events.publish(ConditionsDecided("v"))
    await events.publish(OutcomeRecorded("v", "completed_normally"))
    assert heard == [("first", "v"), ("second", "v")]


async def test_a_subscriber_that_fails_does_not_silence_the_next():
    events, heard = Events(), []

    async def broken(event: ConditionsDecided) -> None:
        raise RuntimeError("broken")

    async def whole(event: ConditionsDecided) -> None:
        heard.append(event)

    events.subscribe(ConditionsDecided, broken)
    events.subscribe(ConditionsDecided, whole)
    await events.publish(ConditionsDecided("v"))
    assert heard == [ConditionsDecided("v")]
