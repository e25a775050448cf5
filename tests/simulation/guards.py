"""The guards that can be taken out, by name: each alone must be missed within 500 seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.memory import Guards
from tests.simulation.house import Removed

GUARDS: Final[Mapping[str, Removed]] = {
    "lock": Removed(store=Guards(lock=False)),
    "handled": Removed(store=Guards(handled=False)),
    "compare-and-set": Removed(store=Guards(compare_and_set=False)),
    "parking-order": Removed(store=Guards(parking=False)),
    "acknowledgement-wait": Removed(acknowledgement=True),
    "view-guard": Removed(views=True),
}
