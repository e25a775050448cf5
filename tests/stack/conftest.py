"""One stack for these tests, its payment twice over; and who works in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.demo.running import STANDARDS
from infra.stack import Stack


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


def processes_in(folder: Path) -> set[int]:
    """Ids of the processes that work in a folder: a stack's children, and its engines'."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            inside = entry.joinpath("cwd").readlink().is_relative_to(folder.resolve())
        except OSError:  # gone, or another user's
            continue
        if inside:
            found.add(int(entry.name))
    return found
