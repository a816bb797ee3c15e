"""One-line questions about who asks and about what; an unexpected subject answers no."""

from __future__ import annotations

from collections.abc import Callable

from visitation.conditions import Conditions, Recording
from visitation.policy.identity import Identity
from visitation.policy.subjects import (
    PersonSubject,
    PrisonSubject,
    RecordingSubject,
    Subject,
    TerminalSubject,
    VisitSubject,
)

Predicate = Callable[[Identity | None, Subject | None], bool]


def _visit(subject: Subject | None) -> VisitSubject | None:
    """The visit a subject is, or belongs to."""
    if isinstance(subject, RecordingSubject):
        return subject.visit
    return subject if isinstance(subject, VisitSubject) else None


def _prison(subject: Subject | None) -> str | None:
    if isinstance(subject, PrisonSubject | TerminalSubject):
        return subject.prison_id
    visit = _visit(subject)
    return visit.prison_id if visit else None


def _conditions(subject: Subject | None) -> Conditions | None:
    visit = _visit(subject)
    return visit.conditions if visit else None


def anyone(_who: Identity | None, _what: Subject | None) -> bool:
    return True


def is_visitor(who: Identity | None, _what: Subject | None) -> bool:
    return who is not None and who.kind == "visitor"


def is_officer(who: Identity | None, _what: Subject | None) -> bool:
    return who is not None and who.kind == "officer"


def is_office(who: Identity | None, _what: Subject | None) -> bool:
    return who is not None and who.kind == "office"


def of_this_prison(who: Identity | None, what: Subject | None) -> bool:
    return who is not None and bool(who.prison_id) and who.prison_id == _prison(what)


def is_its_visitor(who: Identity | None, what: Subject | None) -> bool:
    visit = _visit(what)
    if who is None or visit is None or who.kind != "visitor":
        return False
    return (who.visit_id, who.person_id) == (visit.visit_id, visit.contact_id)


def on_own_pages(who: Identity | None, _what: Subject | None) -> bool:
    """Signed in as themselves, not by the link of one visit."""
    return who is not None and who.kind == "visitor" and who.visit_id is None


def is_about_them(who: Identity | None, what: Subject | None) -> bool:
    about = what.person_id if isinstance(what, PersonSubject) else None
    return about is not None and who is not None and who.person_id == about


def is_the_contact(who: Identity | None, what: Subject | None) -> bool:
    visit = _visit(what)
    return visit is not None and who is not None and who.person_id == visit.contact_id


def is_its_prisoner(who: Identity | None, what: Subject | None) -> bool:
    """The person the visit is for, at the terminal it is booked for."""
    visit = _visit(what)
    if who is None or visit is None or who.kind != "prisoner":
        return False
    return (who.person_id, who.terminal_id) == (visit.prisoner_id, visit.terminal_id)


def is_at_this_terminal(who: Identity | None, what: Subject | None) -> bool:
    at = what.terminal_id if isinstance(what, TerminalSubject) else None
    return at is not None and who is not None and who.kind == "prisoner" and who.terminal_id == at


def decided(_who: Identity | None, what: Subject | None) -> bool:
    return _conditions(what) is not None


def supervised(_who: Identity | None, what: Subject | None) -> bool:
    """Decided, and not closed: for a closed call no supervisor's way in exists."""
    held = _conditions(what)
    return held is not None and not held.closed


def watchable(_who: Identity | None, what: Subject | None) -> bool:
    held = _conditions(what)
    return held is not None and not held.closed and held.watchable


def audible(_who: Identity | None, what: Subject | None) -> bool:
    held = _conditions(what)
    return held is not None and not held.closed and held.audible


def picture_recordable(_who: Identity | None, what: Subject | None) -> bool:
    held = _conditions(what)
    return held is not None and held.record_picture is not Recording.FORBIDDEN


def sound_recordable(_who: Identity | None, what: Subject | None) -> bool:
    held = _conditions(what)
    return held is not None and held.record_sound is not Recording.FORBIDDEN


def is_recording(_who: Identity | None, what: Subject | None) -> bool:
    return isinstance(what, RecordingSubject)
