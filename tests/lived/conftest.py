"""Systems in which the story was lived, once for this folder: embedded, and on real engines.

A test that asks for ``lived`` runs on both; it finds the story's case at its end, on 8 May 2020.
After the folder's last test they end: a stack that stands idle takes half a core from the rest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from tests.lived import Place


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def lived_embedded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """The embedded system in which the story was lived."""
    from tests.lived import embedded

    async with embedded(tmp_path_factory.mktemp("lived")) as place:
        await place.live()
        yield place


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def lived_on_engines(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """The stack on which the story was lived."""
    from tests.lived import on_engines

    async with on_engines(tmp_path_factory.mktemp("stack-lived")) as place:
        await place.live()
        yield place


@pytest.fixture(params=["lived_embedded", "lived_on_engines"], ids=["embedded", "engines"])
def lived(request: pytest.FixtureRequest) -> Place:
    """A system in which the story was lived: a test that asks for it runs on each."""
    place: Place = request.getfixturevalue(request.param)
    return place
