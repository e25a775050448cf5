"""Waiting for what another thread or process does: polled, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE_S = 30.0


def eventually(
    is_so: Callable[[], object], *, within_s: float = DEADLINE_S, every_s: float = 0.01
) -> bool:
    """Whether something becomes true before a deadline; asked again and again."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True
