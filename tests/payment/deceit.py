"""A finding of fraud on a case of May and June 2020, its fine, and that it was paid."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import uuid5

from shared.contracts.fields import Programme
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound
from shared.kernel.decider import HOUSE
from tests.payment.cases import JUNE, MAY, TOWNSHIP, payee
from tests.payment.words import NOTE

FINDING, FINE, FINDER, IMPOSER = (
    uuid5(HOUSE, f"tests/fraud/{name}") for name in ("finding", "fine", "finder", "imposer")
)
FOUND_ON, UNTIL_ON, PAID_ON = date(2020, 8, 3), date(2020, 7, 8), date(2020, 8, 10)
PAID: Final = FraudFinePaid(finding_id=FINDING, fine_id=FINE, paid_on=PAID_ON, amount_fen=450_00)


def found(**changed: Any) -> FraudFound:
    """300 yuan of May and June were obtained by deceit, which went on into July."""
    stated: dict[str, Any] = {
        "finding_id": FINDING,
        "finder": FINDER,
        "person_id": payee(1),
        "programme": Programme.DIBAO,
        "division": TOWNSHIP,
        "first_month": MAY,
        "last_month": JUNE,
        "until_on": UNTIL_ON,
        "obtained_fen": 300_00,
        "grounds": NOTE,
    }
    return FraudFound(**(stated | changed))


def imposed(**changed: Any) -> FraudFineImposed:
    """Half as much again, where once to three times is the law."""
    stated: dict[str, Any] = {
        "finding_id": FINDING,
        "fine_id": FINE,
        "imposer": IMPOSER,
        "imposed_on": FOUND_ON,
        "amount_fen": 450_00,
        "minimum_fen": 300_00,
        "maximum_fen": 900_00,
        "law_of": UNTIL_ON,
        "parameters": (),
        "grounds": NOTE,
    }
    return FraudFineImposed(**(stated | changed))
