"""A list by pages holds every entry once, however large the pages and whatever is added meanwhile."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.notebook import NOTES
from visitation.errors import BadInput
from web.paging import cursor_of, key_of, paged

NEXT = re.compile(r'<([^>]+)>; rel="next"')


async def pages(house, path: str) -> list[list[int]]:
    """The numbers of each page, by the addresses that the answers give."""
    found = []
    while path:
        answer = await house.ask("GET", path, "office")
        assert answer.status == 200
        body = await answer.json()
        found.append([item["number"] for item in body["items"]])
        link = NEXT.fullmatch(answer.headers.get("Link", ""))
        assert bool(link) == (body["next"] is not None)
        path = link[1] if link else ""
    return found


@pytest.mark.parametrize(
    ("count", "limit", "sizes"),
    [(0, 3, [0]), (2, 3, [2]), (3, 3, [3]), (4, 3, [3, 1]), (6, 3, [3, 3]), (60, None, [50, 10])],
)
async def test_every_entry_comes_once_and_in_order(writing, notebook, count, limit, sizes):
    for number in range(count):
        notebook.add(str(number))
    found = await pages(writing, NOTES + (f"?limit={limit}" if limit else ""))
    assert [len(page) for page in found] == sizes
    assert [number for page in found for number in page] == list(range(count))


async def test_the_next_page_is_asked_for_as_the_first_was(writing, notebook):
    for number in range(3):
        notebook.add(str(number))
    answer = await writing.ask("GET", NOTES + "?colour=red&limit=1", "office")
    assert answer.headers["Link"].startswith(f"<{NOTES}?colour=red&limit=1&cursor=")
    assert await pages(writing, NOTES + "?colour=red&limit=1") == [[0], [1], [2]]


async def test_what_is_dropped_meanwhile_costs_no_other_entry(writing, notebook):
    for number in range(6):
        notebook.add(str(number))
    first = await (await writing.ask("GET", NOTES + "?limit=3", "office")).json()
    del notebook.notes[1:3]
    rest = await (await writing.ask("GET", f"{NOTES}?limit=3&cursor={first['next']}", "office")).json()
    assert [item["number"] for item in rest["items"]] == [3, 4, 5]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        cursor_of((1,)),
        cursor_of((1, "x", "x")),
        cursor_of(("1", "x")),
        cursor_of((1, 2)),
        cursor_of((2**63, "x")),
        cursor_of((1, "\x00")),
        cursor_of((True, "x")),
        "WzEsICJ4Il0gIA",
        "bnVsbA==",
        "W1tbW1tbW1tb" * 50,
    ],
)
async def test_a_cursor_that_this_list_never_gave_is_refused(writing, cursor):
    answer = await writing.ask("GET", f"{NOTES}?cursor={cursor}", "office")
    assert answer.status == 400
    (refusal,) = (await answer.json())["refusals"]
    assert (refusal["code"], refusal["at"]) == ("cursor_unknown", "cursor")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=", "cursor=%2F", "cursor=" + "a" * 601]
)
async def test_a_page_has_its_limits(writing, query):
    answer = await writing.ask("GET", f"{NOTES}?{query}", "office")
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_input")


@given(
    st.tuples(st.integers(-(2**62), 2**62), st.text(st.characters(categories=["L", "N", "P"]), max_size=60))
)
def test_a_cursor_gives_back_its_key(key):
    assert key_of(cursor_of(key), int, str) == key


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading_of_cursors(text):
    with pytest.raises(BadInput) as refused:
        key_of(text, int, int, int)
    assert refused.value.code == "cursor_unknown"


def test_no_cursor_is_the_beginning():
    assert key_of(None, int) is None
    assert paged([], 5, lambda _: (1,)) == ([], None)
