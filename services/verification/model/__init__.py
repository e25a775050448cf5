"""What verification's streams fold to.

A check per case, its household as far as it is on the books, the uses of each bill, and of each
county and programme the lot that spot checks are drawn of.
"""

from __future__ import annotations

from typing import Any

from services.verification.model.bills import BILL, BillUses, bill_of
from services.verification.model.check import (
    ANSWERS_LATER,
    CHECK,
    DEPARTMENT_QUERY,
    DEPARTMENT_RECEIPT,
    Check,
    Standing,
    Status,
    check_of,
)
from services.verification.model.home_counties import HomeInquiry
from services.verification.model.leads import Lead
from services.verification.model.lots import LOT, Draw, Listed, Lot, county_of, lot_of
from services.verification.model.obligors import ObligorInquiry, obligor_key
from services.verification.model.standing import (
    PERIODIC_QUERY,
    STANDING_HOUSEHOLD,
    StandingHousehold,
    query_key,
    standing_of,
)
from shared.kernel.decider import Aggregate

AGGREGATES: dict[str, Aggregate[Any]] = {a.name: a for a in (CHECK, STANDING_HOUSEHOLD, BILL, LOT)}

__all__ = [
    "AGGREGATES",
    "ANSWERS_LATER",
    "BILL",
    "CHECK",
    "DEPARTMENT_QUERY",
    "DEPARTMENT_RECEIPT",
    "LOT",
    "PERIODIC_QUERY",
    "STANDING_HOUSEHOLD",
    "BillUses",
    "Check",
    "Draw",
    "HomeInquiry",
    "Lead",
    "Listed",
    "Lot",
    "ObligorInquiry",
    "Standing",
    "StandingHousehold",
    "Status",
    "bill_of",
    "check_of",
    "county_of",
    "lot_of",
    "obligor_key",
    "query_key",
    "standing_of",
]
