"""The handlers by app; MODULES is the whole list of what is served."""

from __future__ import annotations

from types import ModuleType

from web.handlers import demo, office, officer, own_people, pages, policies, recordings, terminal, visitor

MODULES: tuple[ModuleType, ...] = (
    visitor,
    own_people,
    terminal,
    officer,
    recordings,
    office,
    policies,
    pages,
    demo,
)
DEMO_MODULES: tuple[ModuleType, ...] = (demo,)
