"""How the stories start Debian's Chromium."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to start
    "--disable-dev-shm-usage",
    # No name service answers for .local names here, and no Google service is reachable.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Several pages of one browser are all in front of somebody.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
