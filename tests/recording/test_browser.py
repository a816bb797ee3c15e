"""What playback gives is what Chromium's Media Source Extensions take, seek in and paint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.recording.media import SECOND, Studio, audio, opus_frames, report, spec, video, vp8_frames

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PAGE = """<!doctype html><title>playback</title><video id="screen" muted></video><script>
const screen = document.getElementById("screen");
const bytes = async (path) => (await fetch(path)).arrayBuffer();
const once = (target, name) => new Promise((done, fail) => {
  target.addEventListener(name, done, { once: true });
  target.addEventListener("error", () => fail(new Error(name + ": " + (screen.error?.message ?? "?"))), { once: true });
});
const painted = () => new Promise((done) => screen.requestVideoFrameCallback((_, frame) => done(frame.mediaTime)));
async function load(timeline) {
  const source = new MediaSource();
  const first = painted();
  screen.src = URL.createObjectURL(source);
  await once(source, "sourceopen");
  const ranges = {};
  const types = { video: 'video/webm;codecs="vp8"', audio: 'audio/webm;codecs="opus"' };
  const buffers = timeline.tracks.map((track) => source.addSourceBuffer(types[track.kind]));
  for (const [place, track] of timeline.tracks.entries()) {
    const buffer = buffers[place];
    const append = async (path) => { const done = once(buffer, "updateend"); buffer.appendBuffer(await bytes(path)); await done; };
    await append(`/${track.id}/init`);
    for (const cluster of track.clusters) await append(`/${track.id}/${cluster.index}`);
    ranges[track.id] = Array.from({ length: buffer.buffered.length }, (_, i) => [buffer.buffered.start(i), buffer.buffered.end(i)]);
  }
  await first;  // else it may be painted late, and be taken for the first seek's picture
  return ranges;
}
async function seek(second) {
  const next = painted();
  const seeked = once(screen, "seeked");
  screen.currentTime = second;
  await seeked;
  const shown = await next;
  const canvas = Object.assign(document.createElement("canvas"), { width: 30, height: 30 });
  const context = canvas.getContext("2d");
  context.drawImage(screen, 0, 0, 30, 30);
  const pixels = context.getImageData(2, 5, 5, 20).data;
  let grey = 0;
  for (let i = 0; i < pixels.length; i += 4) grey += pixels[i];
  return { shown, grey: grey / (pixels.length / 4), width: screen.videoWidth };
}
async function play(seconds) {
  const from = screen.currentTime;
  await screen.play();
  while (screen.currentTime < from + seconds) await once(screen, "timeupdate");
  screen.pause();
  return screen.getVideoPlaybackQuality().droppedVideoFrames;
}
</script>"""


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield await browser.new_page()
        await browser.close()


@asynccontextmanager
async def served(page: Page, studio: Studio, recording_id: str) -> AsyncIterator[None]:
    """A page on localhost with the recording's bytes behind it."""

    async def index(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def piece(request: web.Request) -> web.Response:
        track, which = request.match_info["track"], request.match_info["which"]
        if which == "init":
            body = await asyncio.to_thread(studio.playback.init_segment, recording_id, track)
        else:
            body = await asyncio.to_thread(studio.playback.cluster, recording_id, track, int(which))
        return web.Response(body=body, content_type="video/webm")

    app = web.Application()
    app.add_routes([web.get("/", index), web.get("/{track}/{which}", piece)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield
    finally:
        await runner.cleanup()


@pytest.mark.slow
async def test_chromium_takes_every_cluster_and_paints_the_right_picture_wherever_it_seeks(tmp_path, page):
    """Four seconds, a minute's hold, four seconds; sound with reports 100 ms late on the network."""
    studio, wanted = Studio(tmp_path), spec()
    frames, heard = vp8_frames(), opus_frames()
    part = studio.part(wanted)
    studio.tracks(part)
    shown, sound, reports = [], [], []
    for begin in (0, 60 * SECOND):
        second = begin // SECOND
        pictures = video(
            frames, begin_ns=begin, timestamp=0xFFFF0000 + second * 90_000, sequence=second * 500
        )
        samples = audio(heard, begin_ns=begin, timestamp=0xFFFFF000 + second * 48_000, sequence=second * 50)
        late = [each.delayed(SECOND // 10) for each in samples]
        reports += [
            (each.arrival_ns, report(each.track, each.sent_ns, each.arrival_ns, each.timestamp))
            for each in [*pictures[10::40], *late[10::40]]
        ]
        shown += pictures
        sound += late
    part.close("time", studio.write(part, shown + sound, reports))

    timeline = studio.playback.timeline(wanted.recording_id)
    async with served(page, studio, wanted.recording_id):
        ranges = await page.evaluate("(timeline) => load(timeline)", asdict(timeline))
        for track in timeline.tracks:
            spans = [(span.from_ms / 1000, span.to_ms / 1000) for span in track.spans]
            assert len(ranges[track.id]) == len(spans) == 2
            for (begin, end), (span_begin, span_end) in zip(ranges[track.id], spans, strict=True):
                assert abs(begin - span_begin) < 0.02
                assert abs(end - span_end) < 0.05
        for moment in (0.5, 3.7, 1.9, 61.2, 63.5, 2.05, 60.0):
            found = await page.evaluate("(second) => seek(second)", moment)
            number = int((moment % 60) * 30 + 0.01)
            assert abs(found["shown"] - moment) < 0.04, moment
            assert abs(found["grey"] - number) < 14, (moment, found)
        await page.evaluate("() => seek(60.5)")
        assert await page.evaluate("() => play(1)") < 30


@pytest.mark.slow
async def test_chromium_plays_on_over_a_change_of_size(tmp_path, page):
    studio, wanted = Studio(tmp_path), spec()
    part = studio.part(wanted)
    studio.tracks(part)
    first = video(vp8_frames(2))
    second = video(vp8_frames(2, width=640, height=480), begin_ns=2 * SECOND, sequence=first[-1].sequence + 1,
                   picture=32_760, timestamp=0xFFFF0000 + 180_000)  # fmt: skip
    part.close("time", studio.write(part, first + second))
    async with served(page, studio, wanted.recording_id):
        timeline = studio.playback.timeline(wanted.recording_id)
        ranges = await page.evaluate("(timeline) => load(timeline)", asdict(timeline))
        assert len(ranges["prisoner-video"]) == 1
        before = await page.evaluate("() => seek(1.5)")
        after = await page.evaluate("() => seek(3.5)")
        assert (before["width"], after["width"]) == (320, 640)
        assert abs(after["grey"] - 45) < 14
        await page.evaluate("() => seek(1.5)")
        await page.evaluate("() => play(1)")
