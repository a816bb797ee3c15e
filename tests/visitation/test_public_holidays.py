"""Public holidays: those of the country, and of the part of it."""

from __future__ import annotations

from datetime import date

import pytest

from visitation.public_holidays import has_known_holidays, is_public_holiday


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 3), True),  # Good Friday
        (date(2027, 3, 26), True),  # Good Friday of the year after
        (date(2026, 5, 14), True),  # Ascension
        (date(2026, 6, 20), True),  # Midsummer, a Saturday
        (date(2026, 12, 6), True),
        (date(2026, 11, 12), False),
    ],
)
def test_finlands_holidays_move_as_the_law_says(day: date, *, expected: bool):
    assert is_public_holiday("FI", None, day) is expected
    assert not is_public_holiday(None, None, day)


def test_a_part_of_a_country_has_its_own():
    assert is_public_holiday("GB", "SCT", date(2026, 11, 30))
    assert not is_public_holiday("GB", "ENG", date(2026, 11, 30))


def test_a_place_without_known_holidays_is_a_fault_and_can_be_asked_for_before():
    assert has_known_holidays("FI")
    assert has_known_holidays("GB", "SCT")
    for country, part in (("XX", None), ("FI", "XX")):
        assert not has_known_holidays(country, part)
        with pytest.raises(ValueError, match=country):
            is_public_holiday(country, part, date(2026, 1, 1))
