"""The one table of who may do what: a permission holds when any of its rows holds whole."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from visitation.policy import predicates as p
from visitation.policy.permissions import Permission as P

Row = tuple[p.Predicate, ...]

_OFFICER: Final[Row] = (p.is_officer, p.of_this_prison)
_VISITOR: Final[Row] = (p.is_its_visitor, p.of_this_prison)
_PRISONER: Final[Row] = (p.is_its_prisoner, p.of_this_prison)

TABLE: Final[Mapping[P, tuple[Row, ...]]] = MappingProxyType(
    {
        P.SESSION_OPEN: ((p.anyone,),),
        P.SESSION_CLOSE: ((p.anyone,),),
        P.ME_SEE: ((p.signed_in,),),
        P.TICKET_TAKE: ((p.signed_in,),),
        P.VISIT_SEE: (_VISITOR, _PRISONER, (p.is_office, p.of_this_prison)),
        P.VISIT_JOIN: ((*_VISITOR, p.decided),),
        P.RING_ANSWER: ((*_PRISONER, p.decided),),
        P.CALL_WATCH: ((*_OFFICER, p.watchable),),
        P.CALL_LISTEN: ((*_OFFICER, p.watchable, p.audible),),
        P.CALL_WARN: ((*_OFFICER, p.supervised),),
        P.CALL_HOLD: ((*_OFFICER, p.supervised),),
        P.CALL_RESUME: ((*_OFFICER, p.supervised),),
        P.CALL_END: ((*_OFFICER, p.supervised),),
        P.WALL_SEE: (_OFFICER,),
        P.TERMINAL_DAY_SEE: ((p.is_at_this_terminal, p.of_this_prison),),
        P.OFFICE_DAY_SEE: ((p.is_office, p.of_this_prison),),
        P.RECORDING_LIST: (_OFFICER,),
        P.RECORDING_OPEN: ((*_OFFICER, p.is_recording, p.watchable, p.picture_recordable),),
        P.RECORDING_LISTEN: ((*_OFFICER, p.is_recording, p.audible, p.sound_recordable),),
    }
)
