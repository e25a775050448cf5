"""A county's standards and a province's floor, as they are recorded, and cases of its township."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from shared.calendar import Month
from shared.contracts.standards import (
    DivisionLevel,
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
)
from shared.kernel.decider import HOUSE
from tests.decision.household import OTHER, PROPOSER
from tests.verification.household import note

PROVINCE, PREFECTURE, COUNTY = "350000000000", "350900000000", "350924000000"
STANDARD = uuid5(HOUSE, "tests/standard")
FLOOR = uuid5(HOUSE, "tests/floor")
JUNE, JULY = Month(2020, 6), Month(2020, 7)
NOTICE = note("notice")


def standard_proposed(**changed: Any) -> StandardProposed:
    """650 yuan from July 2020 on, proposed by the county."""
    return StandardProposed(**(_stated() | changed))


def standard_set(amount_fen: int = 650_00, from_month: Month = JULY, **changed: Any) -> StandardSet:
    """650 yuan from July 2020 on, set by the county."""
    stated = _stated() | {"amount_fen": amount_fen, "from_month": from_month, "approver": OTHER}
    return StandardSet(**(stated | changed))


def floor_set(amount_fen: int = 620_00, from_month: Month = JUNE) -> StandardSet:
    """The province's floor: 620 yuan from June 2020 on."""
    return standard_set(
        amount_fen,
        from_month,
        standard_id=FLOOR,
        division=PROVINCE,
        level=DivisionLevel.PROVINCE,
        force=StandardForce.FLOOR,
    )


def another(name: str) -> UUID:
    """Another standard's id."""
    return uuid5(STANDARD, name)


def _stated() -> dict[str, Any]:
    return {
        "standard_id": STANDARD,
        "proposer": PROPOSER,
        "division": COUNTY,
        "level": DivisionLevel.COUNTY,
        "kind": StandardKind.DIBAO,
        "force": StandardForce.STANDARD,
        "amount_fen": 650_00,
        "from_month": JULY,
        "notice": NOTICE,
    }
