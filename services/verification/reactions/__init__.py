"""What events make verification do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.verification.reactions import checks, standing
from services.verification.reactions.checks import (
    OWN,
    on_application_accepted,
    on_check_completed,
    on_kin_filed,
    on_kin_noted,
    on_resurvey_ordered,
    on_spot_checks_drawn,
)
from shared.kernel.event import Event
from shared.kernel.reactions import React

_KINDS: Final = dict.fromkeys((*checks.FOREIGN, *standing.FOREIGN))

FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    kind: (*checks.FOREIGN.get(kind, ()), *standing.FOREIGN.get(kind, ())) for kind in _KINDS
}

__all__ = [
    "FOREIGN",
    "OWN",
    "on_application_accepted",
    "on_check_completed",
    "on_kin_filed",
    "on_kin_noted",
    "on_resurvey_ordered",
    "on_spot_checks_drawn",
]
