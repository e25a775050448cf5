"""Which tests go to one worker together, where several workers run them."""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = ("tests/faults/", "tests/lived/", "tests/stack/")
"""Folders whose files share what is costly to start and to keep: engines, systems of many
processes, two lived stories. Side by side they would have one each, and starve each other."""

SIMULATION: Final = "tests/simulation/"
"""Its tests share nothing, and take long."""


class ByNeed(LoadScopeScheduling):
    """A file's tests share a worker, and with it their fixtures."""

    def _split_scope(self, nodeid: str) -> str:
        """The name of the group that a test goes with."""
        if nodeid.startswith(SIMULATION):
            return nodeid
        folders = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(folders, nodeid.split("::", 1)[0])
