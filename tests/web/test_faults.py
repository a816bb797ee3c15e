"""Everything that is wrong with what was sent is told at once, field by field, and nothing of it is quoted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from tests.web.notebook import NOTES
from visitation.errors import Reason, Refused
from visitation.words import LANGUAGES
from web.faults import MOST, body_refused, query_refused
from web.shapes import Place, Shape
from web.words import refusal_words

SECRET = "Hunter2"
UNTIL = dt.date(2030, 1, 1)


class Guest(Shape):
    name: Annotated[str, Field(min_length=2, max_length=5)]
    age: Annotated[int, Field(ge=0, lt=130)]


class Form(Shape):
    wish: Literal["early", "late"]
    guests: Annotated[list[Guest], Field(min_length=1, max_length=3)]
    note: str = ""


class Days(Place):
    until: Annotated[dt.date, Field(le=UNTIL)]
    limit: Annotated[int, Field(ge=1)] = 1


def reasons(model: type[Shape | Place], given: dict[str, Any]) -> list[Reason]:
    """As the gate reads them: a body as JSON's values, a query as text."""
    refused = body_refused if issubclass(model, Shape) else query_refused
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    found = refused(caught.value)
    assert found.code == "bad_input"
    assert SECRET not in repr([found.params, found.reasons])
    return list(found.reasons)


def test_all_that_is_wrong_is_told_together():
    found = reasons(
        Form,
        {
            "wish": SECRET,
            "guests": [{"name": "A", "age": -1}, {"name": SECRET, "age": 130}, {"age": SECRET}],
            SECRET: SECRET,
        },
    )
    assert found == [
        Reason("not_a_choice", {}, "/wish"),
        Reason("text_too_short", {"limit": 2}, "/guests/0/name"),
        Reason("number_too_small", {"limit": 0}, "/guests/0/age"),
        Reason("text_too_long", {"limit": 5}, "/guests/1/name"),
        Reason("number_too_large", {"limit": 130}, "/guests/1/age"),
        Reason("field_missing", {}, "/guests/2/name"),
        Reason("bad_input", {}, "/guests/2/age"),
        Reason("field_unknown", {}, ""),
    ]


@pytest.mark.parametrize(("guests", "code"), [([], "list_too_short"), ([{}] * 4, "list_too_long")])
def test_a_list_has_its_limits(guests, code):
    assert code in [each.code for each in reasons(Form, {"wish": "late", "guests": guests})]


def test_a_query_is_told_by_its_names():
    assert reasons(Days, {"until": "2031-01-01", "limit": "0", SECRET: "x"}) == [
        Reason("number_too_large", {"limit": "2030-01-01"}, "until"),
        Reason("number_too_small", {"limit": 1}, "limit"),
        Reason("field_unknown"),
    ]


def test_the_list_of_reasons_is_bounded():
    sent = {"wish": "late", "guests": [{"name": "Aino", "age": 1}], **{f"x{n}": n for n in range(1000)}}
    assert len(reasons(Form, sent)) == MOST


def test_a_refusal_has_one_reason_at_least_and_a_known_code():
    assert Refused("text_too_long", limit=5).reasons == (Reason("text_too_long", {"limit": 5}),)
    both = (Reason("text_required", {}, "/note"), Reason("bad_reason", {}, "/reason"))
    together = Refused.together(both)
    assert (together.code, together.reasons) == ("text_required", both)
    with pytest.raises(LookupError):
        Reason("no_such_code")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_person_reads_each_reason_in_their_language(house, lang):
    path = f"/api/officer/recordings/{house.has.recordings['ordinary']}/open"
    sent = {"reason": "boredom", "note": "x" * 501, SECRET: SECRET}
    answer = await house.ask("POST", path, "officer", json=sent, headers={"Accept-Language": lang})
    assert answer.status == 400
    assert SECRET not in await answer.text()
    body = await answer.json()
    assert body["detail"] == refusal_words("bad_input", {}, lang)
    assert [(each["code"], each["at"], each["detail"]) for each in body["refusals"]] == [
        ("not_a_choice", "/reason", refusal_words("not_a_choice", {}, lang)),
        ("text_too_long", "/note", refusal_words("text_too_long", {}, lang)),
        ("field_unknown", "", refusal_words("field_unknown", {}, lang)),
    ]


@pytest.mark.parametrize(
    ("sent", "at"),
    [({"stars": "3"}, "/stars"), ({"stars": 3.0}, "/stars"), ({"stars": True}, "/stars"), ({SECRET: 1}, "")],
)
async def test_a_command_of_the_house_is_read_as_strictly_as_a_shape(writing, notebook, sent, at):
    headers = {"Idempotency-Key": "a-key-of-16-chars"}
    answer = await writing.ask("POST", NOTES, "office", json={"text": "x", **sent}, headers=headers)
    assert answer.status == 400
    assert [each["at"] for each in (await answer.json())["refusals"]] == [at]
    assert notebook.notes == []


async def test_a_query_that_is_wrong_names_what(house):
    answer = await house.ask("GET", "/api/office/day?date=today&day=x", "office")
    refusals = (await answer.json())["refusals"]
    assert [(each["code"], each["at"]) for each in refusals] == [
        ("bad_input", "date"),
        ("field_unknown", None),
    ]
