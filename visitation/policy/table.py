"""The one table of who may do what: a permission holds when any of its rows holds whole."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from visitation.policy import predicates as p
from visitation.policy.permissions import Permission

Row = tuple[p.Predicate, ...]

_OFFICER: Final[Row] = (p.is_officer, p.of_this_prison)
_VISITOR: Final[Row] = (p.is_its_visitor, p.of_this_prison)
_THEMSELVES: Final[Row] = (p.on_own_pages, p.is_about_them)
_CONTACT: Final[Row] = (p.on_own_pages, p.is_the_contact)
_PRISONER: Final[Row] = (p.is_its_prisoner, p.of_this_prison)

TABLE: Final[Mapping[Permission, tuple[Row, ...]]] = MappingProxyType(
    {
        Permission.SESSION_OPEN: ((p.anyone,),),
        Permission.NAME_SEE: ((p.is_visitor,),),
        Permission.VISIT_SEE: (_VISITOR, _CONTACT, _PRISONER, (p.is_office, p.of_this_prison)),
        Permission.VISIT_JOIN: ((*_VISITOR, p.decided), (*_CONTACT, p.decided), (*_PRISONER, p.decided)),
        Permission.OWN_SEE: (_THEMSELVES,),
        Permission.OWN_VISIT_SEE: (_VISITOR, _CONTACT),
        Permission.OWN_VISIT_JOIN: ((*_VISITOR, p.decided), (*_CONTACT, p.decided)),
        Permission.LINK_ASK: (_THEMSELVES,),
        Permission.RING_ANSWER: ((*_PRISONER, p.decided),),
        Permission.CALL_WATCH: ((*_OFFICER, p.watchable),),
        Permission.CALL_LISTEN: ((*_OFFICER, p.watchable, p.audible),),
        Permission.CALL_WARN: ((*_OFFICER, p.supervised),),
        Permission.CALL_HOLD: ((*_OFFICER, p.supervised),),
        Permission.CALL_RESUME: ((*_OFFICER, p.supervised),),
        Permission.CALL_END: ((*_OFFICER, p.supervised),),
        Permission.WALL_SEE: (_OFFICER,),
        Permission.TERMINAL_DAY_SEE: ((p.is_at_this_terminal, p.of_this_prison),),
        Permission.OFFICE_DAY_SEE: ((p.is_office, p.of_this_prison),),
        Permission.RECORDING_LIST: (_OFFICER,),
        Permission.RECORDING_OPEN: ((*_OFFICER, p.is_recording, p.watchable, p.picture_recordable),),
        Permission.RECORDING_LISTEN: ((*_OFFICER, p.is_recording, p.audible, p.sound_recordable),),
    }
)
