"""Decision's aggregates: one determination per case, or one aid."""

from typing import Any, Final

from services.decision.model.determination import (
    DETERMINATION,
    IN_BENEFIT,
    Change,
    Determination,
    Stage,
    determination_of,
)
from shared.kernel.decider import Aggregate

AGGREGATES: Final[dict[str, Aggregate[Any]]] = {DETERMINATION.name: DETERMINATION}

__all__ = [
    "AGGREGATES",
    "DETERMINATION",
    "IN_BENEFIT",
    "Change",
    "Determination",
    "Stage",
    "determination_of",
]
