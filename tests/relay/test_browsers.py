"""Two people and a watcher in real Chromium."""

from __future__ import annotations

import pytest

from tests.relay.browsers import stage, until

pytestmark = pytest.mark.slow

PARTY = ["audio", "video", "preview"]


async def test_two_people_see_and_hear_each_other_and_a_watcher_sees_both():
    async with stage() as scene:
        anna, anna_leg = await scene.enter("anna", PARTY, 1)
        pekka, pekka_leg = await scene.enter("pekka", PARTY, 1)
        officer, officer_leg = await scene.enter("officer", [], 2)
        scene.hub.seat(anna_leg, 0, "pekka", audio=True, video="main")
        scene.hub.seat(pekka_leg, 0, "anna", audio=True, video="main")
        scene.hub.seat(officer_leg, 0, "anna", audio=False, video="preview")
        scene.hub.seat(officer_leg, 1, "pekka", audio=False, video="preview")
        scene.hub.release()
        for page in (anna, pekka):
            seen = await until(page, lambda r: r["in"].get("v0", {}).get("framesDecoded", 0) > 60)
            assert seen["in"]["a0"]["totalAudioEnergy"] >= 0
            assert seen["in"]["a0"]["packetsReceived"] > 50
        seen = await until(
            officer,
            lambda r: all(r["in"].get(mid, {}).get("framesDecoded", 0) > 10 for mid in ("v0", "v1")),
        )
        assert seen["in"]["v0"]["frameWidth"] <= 320
        assert seen["in"]["a0"]["packetsReceived"] == 0 if "a0" in seen["in"] else True
        print(scene.relay.stats(), scene.hub.stats())
