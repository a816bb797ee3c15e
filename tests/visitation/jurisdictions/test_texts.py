"""What people are told is chosen by what is done, and what has no words cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from visitation.degrees import (
    Recording,
    Watching,
    WithoutRecorder,
    WithoutSupervisor,
    banner_code,
    is_closed,
    told_codes,
)
from visitation.jurisdictions.shapes import PolicyUnreadable
from visitation.jurisdictions.texts import notices_of
from visitation.words import Lang

WHY: dict[Lang, str] = {"fi": "Siksi.", "sv": "Därför.", "en": "Because."}


@dataclass(frozen=True)
class Mix:
    record_picture: Recording
    record_sound: Recording
    watch_picture: Watching
    watch_sound: Watching
    without_supervisor: WithoutSupervisor = WithoutSupervisor.GO_ON
    without_recorder: WithoutRecorder = WithoutRecorder.GO_ON
    show_watchers: bool = True


MIXES = [Mix(*degrees) for degrees in product(Recording, Recording, Watching, Watching)]


def truth(mix: Mix) -> tuple[object, ...]:
    """What can be seen from outside: recorded or not, and whether an officer may, must or cannot attend."""

    def attends(degree: Watching) -> object:
        return degree if degree is Watching.CONTINUOUS else degree.open

    return (
        mix.record_picture is not Recording.FORBIDDEN,
        mix.record_sound is not Recording.FORBIDDEN,
        attends(mix.watch_picture),
        attends(mix.watch_sound),
        is_closed(mix),
    )


def test_each_mix_of_degrees_has_its_own_true_banner():
    seen: dict[str, set[object]] = {}
    for mix in MIXES:
        seen.setdefault(banner_code(mix), set()).add(truth(mix))
    assert all(len(truths) == 1 for truths in seen.values())


def test_two_behaviours_never_have_the_same_words():
    words: dict[str, set[str]] = {}
    for mix in MIXES:
        try:
            banner = notices_of(mix, WHY)[0]
        except PolicyUnreadable:
            continue  # nobody wrote what this would be called, so no rule can do it
        words.setdefault(banner.words["en"], set()).add(banner.code)
    assert len(words) > 15
    assert all(len(codes) == 1 for codes in words.values())


def test_a_behaviour_without_words_is_refused():
    heard_only = Mix(Recording.FORBIDDEN, Recording.FORBIDDEN, Watching.NONE, Watching.ON_DEMAND)
    with pytest.raises(PolicyUnreadable):
        notices_of(heard_only, WHY)


@pytest.mark.parametrize("mix", MIXES)
def test_the_banner_says_recorded_only_of_what_is(mix: Mix):
    try:
        said = notices_of(mix, WHY)[0].words["en"]
    except PolicyUnreadable:
        return
    picture, sound, *_ = truth(mix)
    negative = "not recorded" in said.lower()
    assert negative == (not picture and not sound)
    assert ("Nobody listens" in said or "Nobody watches or listens" in said) == (not mix.watch_sound.open)


def test_the_rest_is_told_where_it_is_so():
    base = Mix(Recording.REQUIRED, Recording.FORBIDDEN, Watching.ON_DEMAND, Watching.NONE)
    assert told_codes(base)[1:] == ("officer_may_stop", "watchers_shown")
    strict = Mix(
        Recording.REQUIRED,
        Recording.FORBIDDEN,
        Watching.CONTINUOUS,
        Watching.NONE,
        WithoutSupervisor.HOLD,
        WithoutRecorder.HOLD_THEN_END,
        show_watchers=False,
    )
    assert told_codes(strict)[1:] == ("officer_may_stop", "recorder_required", "supervisor_required")
    closed = Mix(Recording.FORBIDDEN, Recording.FORBIDDEN, Watching.NONE, Watching.NONE)
    assert told_codes(closed) == ("closed", "time_is_known")
