"""Which tests go to one worker together, where several workers run them."""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling

LIVED: Final = "tests/lived/"
"""Files of this folder look at the same two systems, which are lived once."""

SIMULATION: Final = "tests/simulation/"
"""Its tests share nothing, and take long."""


class ByNeed(LoadScopeScheduling):
    """A file's tests share a worker, and with it their fixtures."""

    def _split_scope(self, nodeid: str) -> str:
        """The name of the group that a test goes with."""
        if nodeid.startswith(SIMULATION):
            return nodeid
        return LIVED if nodeid.startswith(LIVED) else nodeid.split("::", 1)[0]
