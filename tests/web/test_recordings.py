"""Opening a recording: the reason, the grant, the bytes, and who never gets them."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest
from sqlalchemy import text

from tests.recording.media import pictures, sounds
from visitation.services.audit import AuditKind

WHY = {"reason": "complaint", "note": "complaint 114"}


def base(house, name: str) -> str:
    return f"/api/officer/recordings/{house.has.recordings[name]}"


async def opened(house, name: str) -> dict:
    answer = await house.ask("POST", base(house, name) + "/open", "officer", json=WHY)
    assert answer.status == 200
    return await answer.json()


async def webm(house, name: str, track: dict) -> bytes:
    """The whole track, as the review page fetches it."""
    place = f"{base(house, name)}/tracks/{track['id']}"
    found = []
    for path in ["init", *(f"clusters/{cluster['index']}" for cluster in track["clusters"])]:
        answer = await house.ask("GET", f"{place}/{path}", "officer")
        assert answer.status == 200
        assert answer.content_type == f"{track['kind']}/webm"
        assert answer.headers["Cache-Control"] == "no-store"
        found.append(await answer.read())
    return b"".join(found)


async def refusal(answer) -> tuple[int, str]:
    return answer.status, (await answer.json())["code"]


async def test_the_list_has_what_may_be_opened_and_says_whether_there_is_sound(house):
    answer = await (await house.ask("GET", "/api/officer/recordings", "officer")).json()
    rows = {row["recording"]: row for row in answer["items"]}
    assert set(rows) == {house.has.recordings["ordinary"], house.has.recordings["listened"]}
    row = rows[house.has.recordings["ordinary"]]
    assert (row["prisoner"], row["visitor"], row["cell"], row["status"]) == (
        "Pekka",
        "Anna",
        "A-12",
        "closed",
    )
    assert (row["duration_ms"], row["sound"]) == (2000, False)
    assert rows[house.has.recordings["listened"]]["sound"] is True


async def test_the_list_comes_by_pages_and_leaves_out_what_may_not_be_opened(house):
    """The furniture's three begin at one moment, and one is of a privileged visit."""
    found, path = [], "/api/officer/recordings?limit=1"
    for left in (2, 1, 0):
        body = await (await house.ask("GET", path, "officer")).json()
        assert (body["next"] is None) == (left == 0)
        assert len(body["items"]) <= 1
        found += [row["recording"] for row in body["items"]]
        path = f"/api/officer/recordings?limit=1&cursor={body['next']}"
    assert sorted(found) == sorted(house.has.recordings[name] for name in ("ordinary", "listened"))


async def test_an_opened_recording_plays_picture_and_sound(house):
    timeline = await opened(house, "listened")
    assert timeline["sound"] is True
    assert timeline["finished"] is True
    assert timeline["proof"] == {"parts": 1, "signed": 1, "verified": True}
    tracks = {track["id"]: track for track in timeline["tracks"]}
    assert len(pictures(await webm(house, "listened", tracks["prisoner-video"]))) == 60
    assert len(sounds(await webm(house, "listened", tracks["prisoner-audio"]))) == 100


async def test_a_recording_of_picture_alone_has_no_sound_to_give(house):
    timeline = await opened(house, "ordinary")
    assert timeline["sound"] is False
    assert [track["kind"] for track in timeline["tracks"]] == ["video"]
    answer = await house.ask("GET", base(house, "ordinary") + "/tracks/prisoner-audio/init", "officer")
    assert answer.status == 404


async def test_sound_that_was_recorded_is_kept_from_whom_the_table_does_not_let_listen(house):
    """The sound is in the vault and playable; the visit's conditions are those of an ordinary visit."""
    async with house.database.write() as session:
        await session.execute(
            text("UPDATE recording SET visit_id = :visit WHERE recording_id = :recording"),
            {"visit": house.has.visits["ordinary"], "recording": house.has.recordings["listened"]},
        )
    timeline = await opened(house, "listened")
    assert timeline["sound"] is False
    assert [track["kind"] for track in timeline["tracks"]] == ["video"]
    for path in ("init", "clusters/0"):
        answer = await house.ask("GET", f"{base(house, 'listened')}/tracks/prisoner-audio/{path}", "officer")
        assert await refusal(answer) == (403, "sound_not_allowed")
        assert (await house.lines())[-1].kind == AuditKind.RECORDING_REFUSED


async def test_opening_is_written_down_with_its_reason_before_anything_is_shown(house):
    await opened(house, "ordinary")
    line = (await house.lines())[-1]
    assert line.kind == AuditKind.RECORDING_OPENED
    assert line.subject == house.has.recordings["ordinary"]
    assert line.actor == house.has.people["officer"].person_id
    assert json.loads(line.facts) == {**WHY, "visit": house.has.visits["ordinary"]}
    assert (await house.services.audit.verify()).whole


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"note": "no reason"},
        {"reason": "", "note": ""},
        {"reason": "curiosity", "note": "x"},
        {"reason": "complaint", "note": "x" * 501},
        {"reason": "complaint", "note": None},
        {"reason": "complaint", "note": "x", "sound": True},
        {"reason": "other", "note": "  "},
    ],
)
async def test_without_a_reason_from_the_list_nothing_is_opened(house, body):
    before = len(await house.lines())
    answer = await house.ask("POST", base(house, "ordinary") + "/open", "officer", json=body)
    assert answer.status == 400
    assert len(await house.lines()) == before
    init = await house.ask("GET", base(house, "ordinary") + "/tracks/prisoner-video/init", "officer")
    assert await refusal(init) == (403, "grant_missing")


async def test_a_grant_is_this_sessions_alone_and_ends_after_fifteen_minutes(house):
    await opened(house, "ordinary")
    init = base(house, "ordinary") + "/tracks/prisoner-video/init"
    again = ("officer", await house.accounts.sign_in("officer", house.has.codes["officer"]))
    assert await refusal(await house.ask("GET", init, token=again)) == (403, "grant_missing")
    house.clock.move(minutes=14, seconds=59)
    assert (await house.ask("GET", init, "officer")).status == 200
    house.clock.move(seconds=1)
    assert await refusal(await house.ask("GET", init, "officer")) == (403, "grant_missing")


async def test_a_grant_for_one_recording_opens_no_other(house):
    await opened(house, "ordinary")
    answer = await house.ask("GET", base(house, "listened") + "/tracks/prisoner-video/init", "officer")
    assert await refusal(answer) == (403, "grant_missing")


async def test_signing_out_ends_the_grant(house):
    await opened(house, "ordinary")
    assert (await house.ask("DELETE", "/api/officer/session", "officer")).status == 204
    session, recording = house.has.people["officer"].session_id, house.has.recordings["ordinary"]
    assert not house.services.grants.holds(session, recording, house.clock.now())
    answer = await house.ask("GET", base(house, "ordinary") + "/tracks/prisoner-video/init", "officer")
    assert await refusal(answer) == (401, "not_signed_in")


@pytest.mark.parametrize("by", ["recording", "visit"])
@pytest.mark.parametrize("path", ["open", "tracks/prisoner-video/init", "tracks/prisoner-audio/clusters/0"])
async def test_of_a_privileged_visit_nothing_exists_and_every_try_is_written_down(house, by, path):
    """Even were there a recording, by a fault: the table has no row that opens it."""
    found = {"recording": house.has.recordings, "visit": house.has.visits}[by]["privileged"]
    before = len(await house.lines())
    method, body = ("POST", WHY) if path == "open" else ("GET", None)
    answer = await house.ask(method, f"/api/officer/recordings/{found}/{path}", "officer", json=body)
    assert await refusal(answer) == (404, "not_found")
    lines = await house.lines()
    assert len(lines) == before + 1
    assert (lines[-1].kind, lines[-1].subject) == (AuditKind.PRIVILEGED_REFUSED, found)
    house.services.grants.give(house.has.people["officer"].session_id, found, house.clock.now())
    assert (
        await house.ask(method, f"/api/officer/recordings/{found}/{path}", "officer", json=body)
    ).status == 404


@pytest.mark.parametrize("track", ["visitor-video", "prisoner", "1", "keys"])
async def test_a_track_or_cluster_that_is_not_there_is_not_found(house, track):
    await opened(house, "ordinary")
    for path in (f"tracks/{track}/init", "tracks/prisoner-video/clusters/99"):
        answer = await house.ask("GET", f"{base(house, 'ordinary')}/{path}", "officer")
        assert await refusal(answer) == (404, "recording_unknown")


async def test_a_recording_whose_files_are_broken_is_refused_in_words(house, tmp_path):
    timeline = await opened(house, "ordinary")
    for sealed in (tmp_path / "vault" / house.has.recordings["ordinary"]).rglob("*.sealed"):
        data = sealed.read_bytes()
        sealed.write_bytes(data[:1000] + bytes(len(data) - 1000))
    last = timeline["tracks"][0]["clusters"][-1]["index"]
    place = f"{base(house, 'ordinary')}/tracks/prisoner-video/clusters/{last}"
    assert await refusal(await house.ask("GET", place, "officer")) == (503, "recording_unreadable")


async def test_unsealing_keeps_off_the_loop(house):
    await opened(house, "ordinary")
    loop = threading.get_ident()
    seen: list[int] = []
    read = house.services.playback.init_segment

    def init_segment(recording_id: str, track: str) -> bytes:
        seen.append(threading.get_ident())
        return read(recording_id, track)

    house.services.playback.init_segment = init_segment
    place = base(house, "ordinary") + "/tracks/prisoner-video/init"
    await asyncio.gather(*(house.ask("GET", place, "officer") for _ in range(8)))
    assert len(seen) == 8
    assert loop not in seen
