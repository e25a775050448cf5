"""Payment's read models: payments, runs, paydays, funds, fraud by ids; entitlements by case."""

from __future__ import annotations

from typing import Final

from services.payment.views.entitlements import (
    ENTITLEMENTS,
    DifferenceRow,
    EntitlementRow,
    PartRow,
    difference_rows,
    fold_entitlement,
    part_rows,
)
from services.payment.views.fraud import FRAUDS, FraudRow
from services.payment.views.funds import FUNDS, AdvanceRow, FundRow, fold_fund
from services.payment.views.paydays import PAYDAYS, PaydayRow
from services.payment.views.payments import PAYMENTS, PaymentRow, fold_payment
from services.payment.views.runs import RUNS, RunRow, fold_run

__all__ = [
    "ENTITLEMENTS",
    "FRAUDS",
    "FUNDS",
    "PAYDAYS",
    "PAYMENTS",
    "PROJECTIONS",
    "RUNS",
    "AdvanceRow",
    "DifferenceRow",
    "EntitlementRow",
    "FraudRow",
    "FundRow",
    "PartRow",
    "PaydayRow",
    "PaymentRow",
    "RunRow",
    "difference_rows",
    "fold_entitlement",
    "fold_fund",
    "fold_payment",
    "fold_run",
    "part_rows",
]

PROJECTIONS: Final = (PAYMENTS, RUNS, ENTITLEMENTS, FUNDS, PAYDAYS, FRAUDS)
