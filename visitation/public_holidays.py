"""Which days are public holidays, per country and part of a country."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


def is_public_holiday(country: str | None, subdivision: str | None, day: date) -> bool:
    """`country` ISO 3166-1 ("FI"), `subdivision` ISO 3166-2 without the country ("SCT"); no country = never.
    Raises ValueError for a place without known holidays."""
    return country is not None and day in _of_year(country, subdivision, day.year)


def has_known_holidays(country: str, subdivision: str | None = None) -> bool:
    """To be asked when a prison's country is edited."""
    found: dict[str, list[str]] = holidays.list_supported_countries()
    return country in found and (subdivision is None or subdivision in found[country])


@lru_cache(maxsize=256)
def _of_year(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known of {country} {subdivision or ''}") from error
