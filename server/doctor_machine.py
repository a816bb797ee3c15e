"""What the doctor looks at in the kernel: buffers, open files, randomness, clocks, processors, ranks."""

from __future__ import annotations

import ctypes
import os
import resource
import time
import zoneinfo
from datetime import datetime
from typing import TYPE_CHECKING

from relay.port import Port
from server.findings import Finding, change, good, size, stops
from server.machine import NICE, Unfit, check_cpus, cpu_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.settings import Settings

FILES = 8192  # 512 legs with page and socket connections, and their files
FEWEST_FILES = 256  # the server's own at rest, and a few calls
SLOW_CLOCKS = {
    "hpet",
    "acpi_pm",
    "jiffies",
    "pit",
}  # each reading is a trap or a port access, several a packet
STOLEN = 0.05
UNSYNCHRONISED = 0x0040  # STA_UNSYNC of adjtimex(2)
ZONE = "Europe/Helsinki"
SYSCTL = "Type as root: sysctl -w {line}\nand put the line `{line}` into /etc/sysctl.d/60-visitation.conf, for the next start."


def findings(settings: Settings, root: Path) -> Iterator[Finding]:
    yield from _buffers(settings, root)
    yield _open_files()
    yield _randomness()
    yield _clock_source(root)
    yield clock_set(clock_status())
    yield _time_zones()
    yield _processors(settings, root)
    yield _rank(settings)


def _buffers(settings: Settings, root: Path) -> Iterator[Finding]:
    wanted = settings.media_buffer
    for way, limit in (("receive", "rmem_max"), ("send", "wmem_max")):
        name, most = f"{way} buffer", _number(root / "proc/sys/net/core" / limit)
        if most is not None and most >= wanted:
            yield good(name, f"the kernel gives the {size(wanted)} that are wanted (net.core.{limit}).")
        elif _given(way, wanted) >= wanted:
            yield good(
                name,
                f"net.core.{limit} is smaller, but this user may take the {size(wanted)} that are wanted.",
            )
        else:
            words = f"net.core.{limit} allows {size(most or 0)} of the {size(wanted)} wanted"
            yield change(
                name, f"{words}; a short stall would lose packets of every call.",
                SYSCTL.format(line=f"net.core.{limit}={wanted}"),
            )  # fmt: skip


def _given(way: str, wanted: int) -> int:
    """What a port of ours would get: the limit does not bind who may administer the network."""
    port = Port("127.0.0.1", 0, wanted)
    port.close()
    return port.receiving if way == "receive" else port.sending


def _open_files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else 1 << 30
    remedy = f"systemd: LimitNOFILE={FILES}; elsewhere `* hard nofile {FILES}` in /etc/security/limits.conf."
    if most < FEWEST_FILES:
        return stops("open files", f"the limit is {most}; a node at rest needs {FEWEST_FILES}.", remedy)
    if most < FILES:
        return change("open files", f"the limit is {most}; a full node needs {FILES}.", remedy)
    raised = "" if soft >= FILES else f" (the server raises its own from {soft})"
    return good("open files", f"up to {'any number' if most == 1 << 30 else most}{raised}.")


def _randomness() -> Finding:
    try:
        os.getrandom(32, os.GRND_NONBLOCK)
    except BlockingIOError:
        return stops(
            "randomness",
            "the kernel has not gathered enough yet; keys could not be made.",
            "Wait for the end of the boot; give a virtual machine a virtio-rng device.",
        )
    return good("randomness", "the kernel's generator is ready.")


def _clock_source(root: Path) -> Finding:
    source = _text(root / "sys/devices/system/clocksource/clocksource0/current_clocksource")
    if source in SLOW_CLOCKS:
        return change(
            "clock source",
            f"{source}, of which each reading costs about a microsecond; every packet reads it.",
            "Try `clocksource=tsc` (in a virtual machine: kvm-clock or hyperv_clocksource) on the kernel's command line.",
        )
    steps = time.get_clock_info("monotonic").resolution * 1e9
    return good("clock source", f"{source or 'not told by this kernel'}, steps of {steps:.0f} ns.")


def clock_status() -> int | None:
    """The status bits of adjtimex(2), which reads without any right; None where it cannot be asked."""
    record = (ctypes.c_char * 512)()  # struct timex, with room to spare; all zero: change nothing
    try:
        asked = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(record))
    except (OSError, AttributeError):
        return None
    at = 5 * ctypes.sizeof(ctypes.c_long)  # modes (padded), offset, freq, maxerror, esterror
    return None if asked < 0 else ctypes.c_int.from_buffer(record, at).value


def clock_set(status: int | None) -> Finding:
    remedy = "Start a time service: apt-get install chrony, or timedatectl set-ntp true."
    if status is None:
        return change("wall clock", "the kernel does not say whether a time service sets it.", remedy)
    if status & UNSYNCHRONISED:
        return change(
            "wall clock",
            "no time service keeps it right; visits begin by it, and recordings are dated by it.",
            remedy,
        )
    return good("wall clock", "kept right by a time service.")


def _time_zones() -> Finding:
    try:
        # In force since 2019 and asked of a date to come: an empty or cut database answers otherwise.
        offset = datetime(2031, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo(ZONE)).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        offset = None
    if offset is None or offset.total_seconds() != 3 * 3600:
        return stops(
            "time zones",
            f"{ZONE} is not in the time zone database, and visits are kept in local time.",
            "apt-get install tzdata, or pip install tzdata.",
        )
    return good("time zones", f"{ZONE} is known.")


def _processors(settings: Settings, root: Path) -> Finding:
    name = "processors"
    try:
        check_cpus(settings)
    except Unfit as reason:
        return stops(name, str(reason), "Correct that setting.")
    allowed = settings.cpus or os.sched_getaffinity(0)
    quota = _quota(root)
    if quota is not None and quota < 1:
        return change(
            name,
            f"the container may use {quota:.2f} of one; packets wait whenever that is used up.",
            "Give it at least one whole processor.",
        )
    stolen = _stolen(root)
    if stolen > STOLEN:
        return change(
            name,
            f"{stolen:.0%} of their time since the start went to other guests of this machine's host.",
            "Ask for reserved processors, or for a less busy host.",
        )
    number = len(allowed)
    if number < 2:
        return change(
            name,
            "one; media, recording and pages share it.",
            "Two carry more than twice the calls: packets then wait for nobody.",
        )
    return good(name, f"{number} ({cpu_words(allowed)}), {stolen:.1%} of their time stolen by other guests.")


def _stolen(root: Path) -> float:
    """The share of all processor time since the start that the hypervisor gave to others (proc(5): the 8th figure)."""
    figures = _figures((_text(root / "proc/stat") or "").partition("\n")[0].split()[1:9])
    return figures[7] / max(1, sum(figures)) if len(figures) == 8 else 0.0


def _quota(root: Path) -> float | None:
    """Processors that the control group allows; None: all."""
    figures = _figures((_text(root / "sys/fs/cgroup/cpu.max") or "").split())
    return figures[0] / max(1, figures[1]) if len(figures) == 2 else None


def _rank(settings: Settings) -> Finding:
    name = "media priority"
    if settings.media_priority == "normal":
        return good(name, "normal, as it was set.")
    kind = resource.RLIMIT_RTPRIO if settings.realtime else resource.RLIMIT_NICE
    needed = 1 if settings.realtime else 20 - NICE
    if _capable() or resource.getrlimit(kind)[0] >= needed:
        return good(name, "real time." if settings.realtime else f"nice {NICE}.")
    if settings.realtime:
        return stops(
            name,
            "real time was set, and is not permitted to this user.",
            "systemd: LimitRTPRIO=1 or AmbientCapabilities=CAP_SYS_NICE; or set it to auto.",
        )
    return change(
        name,
        "the media thread cannot be put before other programs; a busy machine would delay packets.",
        f"systemd: LimitNICE={NICE} or AmbientCapabilities=CAP_SYS_NICE; or set VISITATION_MEDIA_PRIORITY=normal.",
    )


def _capable() -> bool:
    """Whether this process has CAP_SYS_NICE (bit 23 of capabilities(7))."""
    with open("/proc/self/status") as status:  # noqa: PTH123  this process' own, whatever root is looked at
        effective = next(line.split()[1] for line in status if line.startswith("CapEff"))
    return bool(int(effective, 16) >> 23 & 1)


def _text(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if text and text.isdecimal() else None


def _figures(words: list[str]) -> list[int]:
    """All of them as numbers, or none where one is not."""
    return [int(word) for word in words] if all(map(str.isdecimal, words)) else []
