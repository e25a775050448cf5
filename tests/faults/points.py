"""Named places at which a real process kills or stops itself, and what springs there."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

VARIABLE: Final = "DOUDI_TEST_FAULTS"

BEFORE_INSERT: Final = "before insert"
BEFORE_COMMIT: Final = "before commit"
AFTER_COMMIT: Final = "after commit, before the answer"
AFTER_PRODUCE: Final = "after produce"
BEFORE_POSITION: Final = "before the position is saved"
AFTER_POLL: Final = "after poll"
BETWEEN_DOCUMENTS: Final = "between view documents"
BEFORE_VIEW_POSITION: Final = "before the view's position"
IN_REDRIVE: Final = "in a redrive"
BEFORE_COPY: Final = "positions moved, the copies not written"
BEFORE_COPY_COMMIT: Final = "copies written, not committed"
AFTER_COPY: Final = "copies committed, nobody told"
BEFORE_BESIDE: Final = "before a generation stands beside"
BEFORE_BESIDE_POSITION: Final = "before the position of the generation beside"
BEFORE_SWITCH: Final = "before readers see the generation beside"
BEFORE_SWEEP: Final = "before generations that are gone are dropped"


@dataclass(frozen=True)
class Faults:
    """What befalls one life of a process.

    At the ``nth`` passage of ``point`` (that has to do with an event of the name ``event``, where
    one is given) it writes the file ``mark``, unless that is there, and sends itself ``how``.
    ``spoiled`` names the event to which every reaction fails, as in a broken release;
    ``event_bytes`` makes events large that are not.
    """

    point: str = ""
    event: str = ""
    nth: int = 1
    how: str = "SIGKILL"
    mark: str = ""
    spoiled: str = ""
    event_bytes: int = 0

    def __str__(self) -> str:
        return f"{self.point}" + (f" ({self.event})" if self.event else "")

    def planted(self) -> str:
        """As the variable of the environment."""
        return json.dumps(asdict(self))


class Trap:
    """Counts passages, and springs once."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._left = faults.nth
        self._guard = threading.Lock()

    def passing(self, point: str, types: Iterable[str]) -> None:
        """A thread passes a point with what has to do with these types of event."""
        faults = self.faults
        if point != faults.point:
            return
        if faults.event and faults.event not in {name_of(each) for each in types}:
            return
        with self._guard:
            self._left -= 1
            if self._left == 0 and _first(Path(faults.mark)):
                # To this thread, which then does not come back from here: a signal to the process
                # may stop it by another thread, after this one has gone on.
                signal.pthread_kill(threading.get_ident(), signal.Signals[faults.how])


def _first(mark: Path) -> bool:
    """Whether nobody else, of those to whom the same may happen, was there before us."""
    draft = mark.with_suffix(f".{os.getpid()}")
    draft.write_text(str(os.getpid()), encoding="ascii")
    try:
        mark.hardlink_to(draft)
    except FileExistsError:
        return False
    return True


def name_of(event_type: str) -> str:
    """``doudi.payment.run-approved.v1`` is called ``run-approved``."""
    return event_type.split(".")[2] if event_type.count(".") == 3 else ""
