"""Who entered alone in Fujian in 2020 and is weighed anew after July 2021: each month by its own.

The mother is severely disabled, with 250 yuan of her own. In 2020 she enters for her disability and
is paid the full standard, 600 (闽民救〔2020〕21号, 2(2).1). A change of November 2021 is decided by
民发〔2021〕57号: what she lacks, 350, from December on. Then the standard is another.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import DecideChange, decide_change
from services.decision.decisions.former_accounts import months_of_former_accounts
from services.decision.decisions.levelling import after, levelled, with_standards
from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.circumstances import HouseholdCircumstances, PovertyStanding
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import StandardSet
from shared.kernel.event import Event
from tests.decision.appeals import restored
from tests.decision.household import CHANGE, FOUR, OTHER, confirmed, given, opened, proposed
from tests.decision.levelling import around, levels
from tests.decision.standards import standard_set
from tests.decision.test_alone import ON, told
from tests.verification.circumstances import PHYSICAL_2, lives
from tests.verification.household import HUSBAND, MOTHER, wage

IN_FULL = SinglePerson(
    person_id=MOTHER,
    ground=SinglePersonGround.DISABILITY,
    own_income_fen=250_00,
    amount_fen=600_00,
)
ENTERED: tuple[Event, ...] = (
    opened(
        accepted_on=date(2020, 5, 18),
        counted_income_fen=2_750_00,
        income=(wage(HUSBAND, 2_500_00), wage(MOTHER, 250_00)),
        deductions=(),
        circumstances=HouseholdCircumstances(
            poverty=PovertyStanding.UNLIFTED, members=(lives(MOTHER, **PHYSICAL_2),)
        ),
    ),
    proposed(persons=1, counted_income_fen=250_00, amount_fen=600_00, single_persons=(IN_FULL,)),
    confirmed(
        amount_fen=600_00,
        members=tuple(m for m in FOUR if m.person_id == MOTHER),
        pay_from=Month(2020, 7),
    ),
)
REPORTED = told(250_00)


def weighed_anew() -> tuple[Event, ...]:
    command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
    decided = given(*ENTERED, REPORTED, on=ON).when(command, decide_change).events
    return (*ENTERED, REPORTED, *decided)


def by_month(case: tuple[Event, ...], *months: Month, on: date) -> list[int]:
    amounts = given(*case, on=on).state.amounts
    return [amounts.at(month) // 100 for month in months]


OCTOBER, NOVEMBER, DECEMBER = (Month(2021, n) for n in (10, 11, 12))
JANUARY, MARCH, APRIL = (Month(2022, n) for n in (1, 3, 4))
RAISED = standard_set(from_month=JANUARY)


@pytest.mark.mechanism("S0-10")
def test_a_later_standard_goes_by_the_rules_under_which_she_was_weighed_last() -> None:
    on = date(2022, 1, 4)
    assert [e.amount_fen for e in levels(*ENTERED, on=on, standards=(RAISED,))] == [650_00]
    assert [e.amount_fen for e in levels(*weighed_anew(), on=on, standards=(RAISED,))] == [400_00]


def test_a_standard_of_past_months_brings_each_what_its_own_account_gives() -> None:
    """650 from October 2021, set in January 2022."""
    on = date(2022, 1, 4)
    raised: StandardSet = standard_set(from_month=OCTOBER)
    spec = around(given(*weighed_anew(), on=on), raised)
    states = [history.state for history in spec.histories[1:]]
    at = with_standards(spec.moment, states)
    facts = [
        *months_of_former_accounts(spec.state, OCTOBER, at),
        *levelled(spec.state, states, JANUARY, at),
    ]
    amounts: Any = after(spec.state, facts).amounts
    months = [Month(2021, 9), OCTOBER, NOVEMBER, DECEMBER, JANUARY]
    assert [amounts.at(month) // 100 for month in months] == [600, 650, 650, 400, 400]


def test_what_falls_on_appeal_leaves_her_the_full_standard_of_2020() -> None:
    on = date(2022, 3, 8)
    case = weighed_anew()
    raised = levels(*case, on=date(2022, 1, 4), standards=(RAISED,))
    case = (*case, *raised)
    months = (NOVEMBER, DECEMBER, JANUARY, MARCH, APRIL)
    assert by_month(case, *months, on=on) == [600, 350, 400, 400, 400]
    amounts = restored(
        given(*case, on=on),
        RAISED,
        subject=NoticeSubject.AMOUNT_CHANGED,
        filed_on=date(2021, 12, 20),
    ).amounts
    assert [amounts.at(month) // 100 for month in months] == [600, 600, 650, 650, 650]
