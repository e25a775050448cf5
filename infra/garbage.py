"""How often a process looks for garbage that only cycles hold; all other goes at once by itself."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Look after ten thousand new objects that stay, not after seven hundred.

    A start makes a million of them and reading a few events thousands, hardly one of them in a
    cycle: the default takes a sixth of the time of either.
    """
    gc.set_threshold(10_000, 20, 20)


def freeze() -> None:
    """Take what is loaded by now out of the garbage collector's sight: it stays for good.

    Otherwise every full collection goes through all modules again, and each event that is read
    brings the next one nearer.
    """
    look_seldom()
    gc.collect()
    gc.freeze()
