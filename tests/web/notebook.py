"""A resource that is all machinery: pages, versions and commands over notes in memory, served by the real door."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from visitation.commands.base import Command
from visitation.errors import NotFound, NotNow
from visitation.policy.permissions import Permission
from web.answers import Created, Versioned
from web.gate import Ask
from web.paging import Page, PageQuery, key_of, paged
from web.routes import route
from web.shapes import Place, Shape
from web.subjects import own_prison

TEST = "it is a test, and no prison's"
NOTES, NOTE = "/api/office/notes", "/api/office/notes/{id}"
Text = Annotated[str, Field(min_length=1, max_length=100)]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Note(Shape):
    id: str
    number: int
    text: str


class Notes(Page[Note]):
    """A page of notes."""


class NewNote(Command):
    """A command of the house, as its services take them."""

    text: Text
    stars: Annotated[int, Field(ge=0, le=5)] = 0


class NotesQuery(PageQuery):
    colour: Colour | None = None


class NotePlace(Place):
    id: UUID


@dataclass
class Kept:
    """One note; `text` and `version` change."""

    number: int
    text: str
    version: int = 1
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def told(self) -> Note:
        return Note(id=self.id, number=self.number, text=self.text)


async def at_once() -> None:
    """Nothing stands in the way."""


class Notebook:
    """The notes, the module that serves them, and what comes before a note is written."""

    def __init__(self) -> None:
        self.notes: list[Kept] = []
        self.before_writing: Callable[[], Awaitable[None]] = at_once
        self.module = ModuleType("notebook")
        vars(self.module).update(_handlers(self))

    def add(self, text: str) -> Kept:
        self.notes.append(Kept(len(self.notes), text))
        return self.notes[-1]

    def find(self, id_: UUID) -> Kept:
        found = next((note for note in self.notes if note.id == str(id_)), None)
        if found is None:
            raise NotFound
        return found

    def change(self, id_: UUID, version: int) -> Kept:
        """As a service does in its transaction: the version that was read, or nothing."""
        note = self.find(id_)
        if note.version != version:
            raise NotNow("stale")
        note.version += 1
        return note


def _handlers(book: Notebook) -> dict[str, object]:
    guard: dict[str, Any] = {
        "app": "office",
        "permission": Permission.OFFICE_DAY_SEE,
        "subject": own_prison,
        "unlogged": TEST,
    }

    @route("GET", NOTES, **guard)
    async def notes_list(_ask: Ask, query: NotesQuery) -> Notes:
        """The notes in their order."""
        after = key_of(query.cursor, int, str)
        rows = [note for note in book.notes if after is None or (note.number, note.id) > after]
        page, following = paged(rows[: query.limit + 1], query.limit, lambda note: (note.number, note.id))
        return Notes(items=[note.told() for note in page], next=following)

    @route("POST", NOTES, keyed=True, **guard)
    async def note_make(_ask: Ask, body: NewNote) -> Created[Note]:
        """A note is written."""
        await book.before_writing()
        note = book.add(body.text)
        return Created(note.told(), f"{NOTES}/{note.id}", note.version)

    @route("GET", NOTE, **guard)
    async def note_read(_ask: Ask, place: NotePlace) -> Versioned[Note]:
        """One note."""
        note = book.find(place.id)
        return Versioned(note.told(), note.version)

    @route("PUT", NOTE, **guard)
    async def note_edit(_ask: Ask, place: NotePlace, version: int, body: NewNote) -> Versioned[Note]:
        """A note is written anew."""
        note = book.change(place.id, version)
        note.text = body.text
        return Versioned(note.told(), note.version)

    @route("DELETE", NOTE, **guard)
    async def note_drop(_ask: Ask, place: NotePlace, version: int) -> None:
        """A note is thrown away."""
        book.notes.remove(book.change(place.id, version))

    return dict(locals())
