"""The handlers by app; MODULES is the whole list of what is served."""

from __future__ import annotations

from types import ModuleType

from web.handlers import demo, office, officer, pages, policies, recordings, terminal, visitor

MODULES: tuple[ModuleType, ...] = (visitor, terminal, officer, recordings, office, policies, pages, demo)
DEMO_MODULES: tuple[ModuleType, ...] = (demo,)
