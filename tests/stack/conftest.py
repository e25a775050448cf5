"""One stack for these tests, its payment twice over; and who works in a folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.demo.running import STANDARDS
from infra.stack import Stack
from tests.engines.probes import processes_in


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Engines and services, with two APIs and two workers of intake and of verification."""
    folder = tmp_path_factory.mktemp("stack")
    with Stack(
        folder,
        instances={"intake": 2, "verification": 2},
        settings={"POLICY_DIRS": str(STANDARDS)},
    ) as running:
        yield running
    assert not processes_in(folder)
