"""Payment's aggregates: entitlements, rosters, runs, payments and funds, each a fold."""

from __future__ import annotations

from typing import Final

from services.payment.model.entitlements import (
    ENTITLEMENT,
    MONTHLY_PROGRAMMES,
    ROSTER,
    Entitlement,
    Payday,
    Roster,
    RosterEntry,
    entitlement_of,
    evolve_entitlement,
    evolve_roster,
    roster_of,
)
from services.payment.model.fraud import Fraud
from services.payment.model.funds import FUND, Advance, AdvanceStage, Fund, evolve_fund, fund_of
from services.payment.model.payments import (
    BANK_INSTRUCTION,
    PAYMENT,
    Payment,
    PaymentStage,
    aid_payment_id_of,
    payment_intended_by,
    payment_of,
    payment_of_aid,
    payments_of,
)
from services.payment.model.runs import RUN, Run, RunStage, run_of
from shared.by_month import ByMonth, Stretch

__all__ = [
    "AGGREGATES",
    "BANK_INSTRUCTION",
    "ENTITLEMENT",
    "FUND",
    "MONTHLY_PROGRAMMES",
    "PAYMENT",
    "ROSTER",
    "RUN",
    "Advance",
    "AdvanceStage",
    "ByMonth",
    "Entitlement",
    "Fraud",
    "Fund",
    "Payday",
    "Payment",
    "PaymentStage",
    "Roster",
    "RosterEntry",
    "Run",
    "RunStage",
    "Stretch",
    "aid_payment_id_of",
    "entitlement_of",
    "evolve_entitlement",
    "evolve_fund",
    "evolve_roster",
    "fund_of",
    "payment_intended_by",
    "payment_of",
    "payment_of_aid",
    "payments_of",
    "roster_of",
    "run_of",
]

AGGREGATES: Final = {a.name: a for a in (ENTITLEMENT, ROSTER, RUN, PAYMENT, FUND)}
