"""What every story is given."""

from __future__ import annotations

import pytest

from tests.stories.story import Story


@pytest.fixture
async def story(tmp_path):
    """A story in English whose pages must end without a single complaint in their consoles."""
    async with Story(tmp_path) as told:
        yield told
    assert not told.complaints
