"""What brings the story's household up to what its county set: 650 yuan from July 2020 on."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.fields import ParameterUsed
from shared.contracts.standards import AmountRedetermined, StandardSet
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision.household import given
from tests.decision.standards import JULY, STANDARD, standard_set

IN_JUNE, IN_JULY = date(2020, 6, 20), date(2020, 7, 1)
LAW = date(2026, 7, 1)


def around(case: Given, *of_county: StandardSet, province: tuple[StandardSet, ...] = ()) -> Given:
    """A case beside what its province, prefecture and county have set."""
    return case.beside(STANDARDS, *province).beside(STANDARDS).beside(STANDARDS, *of_county)


def levels(
    *events: Event,
    on: date = IN_JULY,
    standards: tuple[StandardSet, ...] = (standard_set(),),
    through: Month | None = None,
) -> list[Any]:
    """What brings a case up to the standards of its months, through the month of a day."""
    case = around(given(*events, on=on), *standards)
    states = [history.state for history in case.histories[1:]]
    at = with_standards(case.moment, states)
    facts = levelled(case.state, states, through or Month.of(on), at)
    assert all(fact.policy == at.policy.version for fact in facts)
    return [fact.event for fact in facts]


def redetermined(**changed: Any) -> AmountRedetermined:
    """From 200 yuan to 4 × 50 more."""
    stated: dict[str, Any] = {
        "standard_id": STANDARD,
        "persons": 4,
        "counted_income_fen": 2_200_00,
        "standard_before_fen": 600_00,
        "standard_fen": 650_00,
        "amount_before_fen": 200_00,
        "amount_fen": 400_00,
        "from_month": JULY,
        "parameters": (
            ParameterUsed(name="standard_monthly_fen", value=650_00, standard_id=STANDARD),
        ),
    }
    return AmountRedetermined(**(stated | changed))
