"""Fit the process to its machine: processors, the media thread's place and rank, open files, the collector."""

from __future__ import annotations

import gc
import os
import resource
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from server.settings import Settings

log = structlog.get_logger()

NICE = -10  # before everything that was started without a wish of its own, behind the kernel's threads
REALTIME = 1  # the least of the ranks: whatever else is real-time on this machine goes first

NO_SUCH_CPU = "{name} names processors that this process may not use ({given}); it may use {allowed}."
NOT_ALLOWED = (
    "VISITATION_MEDIA_PRIORITY=realtime is not permitted to this user. Give the service CAP_SYS_NICE "
    "(systemd: AmbientCapabilities=CAP_SYS_NICE) or LimitRTPRIO=1, or choose auto."
)
NO_THREAD = (
    "VISITATION_{name} places the native packet path's own thread, and here packets go through {path}. "
    "Leave it out, or get the native path (`visitation doctor` says how)."
)


class Unfit(Exception):
    """A setting that this machine cannot follow, in words."""


def settle(settings: Settings) -> None:
    """To be called while the process has one thread: what it sets is inherited. Raises Unfit."""
    check_cpus(settings)
    if settings.cpus:
        os.sched_setaffinity(0, settings.cpus)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:  # the soft one is for programs that still use select(); we do not
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def check_cpus(settings: Settings) -> None:
    """Raises Unfit where a setting names processors that are not there, or not this process'."""
    allowed = os.sched_getaffinity(0)
    for name in ("cpus", "media_cpus", "recorder_cpus"):
        given = getattr(settings, name)
        if not given <= allowed:
            words = {"given": cpu_words(given - allowed), "allowed": cpu_words(allowed)}
            raise Unfit(NO_SUCH_CPU.format(name=f"VISITATION_{name.upper()}", **words))


def place_media_thread(thread: int | None, path: str, settings: Settings) -> str:
    """Put the media thread (its kernel id; None: there is none) where it is wanted. Its rank in words. Raises Unfit."""
    if thread is None:
        for name, wanted in (("MEDIA_CPUS", settings.media_cpus), ("MEDIA_PRIORITY", settings.realtime)):
            if wanted:
                raise Unfit(NO_THREAD.format(name=name, path=path))
        return "normal"
    if settings.media_cpus:
        os.sched_setaffinity(thread, settings.media_cpus)
    if settings.realtime:
        try:
            os.sched_setscheduler(thread, os.SCHED_RR, os.sched_param(REALTIME))
        except PermissionError as error:
            raise Unfit(NOT_ALLOWED) from error
        return "realtime"
    if settings.media_priority == "auto":
        try:
            os.setpriority(os.PRIO_PROCESS, thread, NICE)
        except PermissionError:
            return "normal"
        return f"nice {NICE}"
    return "normal"


def freeze() -> None:
    """Once everything is wired: what lives as long as the process is not looked through again at each collection.

    That is some 150 000 objects and a stop of a tenth of a second. The thresholds stay Python's: with higher ones a
    burst of joins spends as long in collections, in fewer and longer stops.
    """
    gc.collect()
    gc.freeze()


def cpu_words(cpus: frozenset[int] | set[int]) -> str:
    """As the kernel writes lists of processors: "0-2,5"."""
    runs: list[list[int]] = []
    for cpu in sorted(cpus):
        if runs and cpu == runs[-1][-1] + 1:
            runs[-1][1:] = [cpu]
        else:
            runs.append([cpu])
    return ",".join("-".join(map(str, run)) for run in runs)


def read_cpus(text: str) -> frozenset[int]:
    """The processors that "0-2,5" names; nothing means all. Raises ValueError."""
    cpus: set[int] = set()
    for part in text.replace(" ", "").split(",") if text.strip() else ():
        first, dash, last = part.partition("-")
        if not (first.isdecimal() and (last if dash else first).isdecimal()):
            raise ValueError(f'"{text}" is no list of processors such as 0-2,5')
        begin, end = int(first), int(last or first)
        if not begin <= end < 4096:
            raise ValueError(f'"{part}" is no range of processors')
        cpus.update(range(begin, end + 1))
    return frozenset(cpus)
