"""What verification's streams fold to.

A check per case, the uses of each bill, and of each county and programme the lot that spot checks
are drawn of.
"""

from __future__ import annotations

from typing import Any

from services.verification.model.bills import BILL, BillUses, bill_of
from services.verification.model.check import (
    CHECK,
    DEPARTMENT_QUERY,
    Check,
    Standing,
    Status,
    check_of,
)
from services.verification.model.home_counties import HomeInquiry
from services.verification.model.leads import Lead
from services.verification.model.lots import LOT, Draw, Listed, Lot, county_of, lot_of
from shared.kernel.decider import Aggregate

AGGREGATES: dict[str, Aggregate[Any]] = {a.name: a for a in (CHECK, BILL, LOT)}

__all__ = [
    "AGGREGATES",
    "BILL",
    "CHECK",
    "DEPARTMENT_QUERY",
    "LOT",
    "BillUses",
    "Check",
    "Draw",
    "HomeInquiry",
    "Lead",
    "Listed",
    "Lot",
    "Standing",
    "Status",
    "bill_of",
    "check_of",
    "county_of",
    "lot_of",
]
