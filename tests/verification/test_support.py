"""What severely disabled adults without work are paid for their living (民发〔2022〕83号, 1(1))."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import ReportChange, report_change
from services.decision.printed import page
from services.verification.decisions import CompleteCheck, complete, record_home_visit
from services.verification.model import CHECK
from services.verification.rules.account import lines_of_one_kind
from shared.accounts import require_income_of_members
from shared.calendar import CALENDAR_VERSION
from shared.contracts.circumstances import AgeGroup, Occupation
from shared.contracts.fields import (
    Due,
    ExcludedIncome,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    LineSource,
    Supporter,
)
from shared.kernel.decider import Refusal
from shared.kernel.spec import spec
from shared.regions import load_regions
from tests.decision import household as decided
from tests.documents import document
from tests.verification.circumstances import PHYSICAL_2, PHYSICAL_3, UNABLE, household, lives
from tests.verification.household import (
    CASE,
    FIRST,
    HUSBAND,
    MEMBERS,
    MOTHER,
    all_answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
    wage,
)

SUPPORT_FEN, WAGES_FEN = 400_00, 500_00
EVE, FIRST_DAY = date(2022, 10, 19), date(2022, 10, 20)
THEY: dict[str, Any] = UNABLE | PHYSICAL_2
"""Of whom the rule is: grown up, without work, severely disabled."""


def paid(paid_by: Supporter | None, **changed: Any) -> IncomeLine:
    """What the mother is given a month to live on."""
    stated: dict[str, Any] = {
        "person_id": MOTHER,
        "kind": IncomeKind.TRANSFER,
        "source": LineSource.DECLARED,
        "amount_fen": SUPPORT_FEN,
        "paid_by": paid_by,
    }
    return IncomeLine(**(stated | changed))


def accounted(on: date, line: IncomeLine, **of_her: Any) -> Any:
    """The completed check of a household with a wage, whose mother is paid for her living."""
    due = {"survey_due": Due(on=on, calendar=CALENDAR_VERSION)}
    check = spec(CHECK, on=on).given(
        opened(accepted_on=on).model_copy(update=due),
        *asked(),
        *(answer.model_copy(update={"income": ()}) for answer in all_answered()),
    )
    mother = lives(MOTHER, **(THEY | of_her))
    stated = home_visit(
        on, income=(wage(HUSBAND, WAGES_FEN), line), circumstances=household(mother)
    )
    (visited,) = check.when(stated, record_home_visit).events
    (account,) = (
        check.given(visited, reviewed(on)).when(CompleteCheck(actor=FIRST), complete).events
    )
    return account


@pytest.mark.parametrize("paid_by", Supporter)
@pytest.mark.parametrize(("on", "counts"), [(EVE, True), (FIRST_DAY, False)], ids=str)
def test_by_siblings_or_people_of_sixty_does_not_count_from_october_2022(
    on: date, counts: bool, paid_by: Supporter
) -> None:
    line = paid(paid_by)
    account = accounted(on, line)
    assert account.income_fen == WAGES_FEN + (SUPPORT_FEN if counts else 0)
    left_out = ExcludedIncome(line=line, parameter="income_support_not_counted")
    assert account.excluded == (None if counts else (left_out,))


@pytest.mark.parametrize(
    "other",
    [
        {"age": AgeGroup.SIXTEEN_OR_SEVENTEEN},
        {"occupation": Occupation.UNSTEADY_WORK},
        {"occupation": Occupation.SCHOOL},
        PHYSICAL_3,
        {"disability": None},
    ],
)
def test_of_anybody_else_counts(other: dict[str, Any]) -> None:
    account = accounted(FIRST_DAY, paid(Supporter.SIBLING), **other)
    assert account.income_fen == WAGES_FEN + SUPPORT_FEN
    assert account.excluded is None


def test_by_somebody_else_counts() -> None:
    """Alimony of a child's, who is bound to pay it, is income as ever."""
    account = accounted(FIRST_DAY, paid(None))
    assert account.income_fen == WAGES_FEN + SUPPORT_FEN


def test_of_whom_no_survey_found_anything_counts() -> None:
    change = ReportChange(
        change_id=note("change").note_id,
        reporter=FIRST,
        income=(paid(Supporter.SIBLING),),
        deductions=(),
        explanation=note("explanation"),
    )
    case = decided.given(*decided.UP_TO_SECOND, decided.confirmed(), on=FIRST_DAY)
    (reported,) = case.when(change, report_change).events
    assert reported.counted_income_fen == SUPPORT_FEN


def test_that_a_household_reports_later_does_not_count_either() -> None:
    mother = lives(MOTHER, **THEY)
    known = decided.opened(circumstances=household(mother))
    change = ReportChange(
        change_id=note("change").note_id,
        reporter=FIRST,
        income=(wage(HUSBAND, WAGES_FEN), paid(Supporter.AGED_SIXTY)),
        deductions=(),
        explanation=note("explanation"),
    )
    events = (known, *decided.UP_TO_SECOND[1:], decided.confirmed())
    (reported,) = decided.given(*events, on=FIRST_DAY).when(change, report_change).events
    assert reported.counted_income_fen == WAGES_FEN


def test_is_a_transfer_and_no_item_beside() -> None:
    for wrong in ({"kind": IncomeKind.WAGE}, {"item": IncomeItem.SCHOLARSHIP}):
        with pytest.raises(Refusal, match="income-item-out-of-place"):
            require_income_of_members([paid(Supporter.SIBLING, **wrong)], MEMBERS)
    both = [paid(Supporter.SIBLING), paid(Supporter.AGED_SIXTY), paid(None)]
    require_income_of_members(both, MEMBERS)


def test_a_register_that_knows_of_it_without_a_name_does_not_count_it_again() -> None:
    bank = paid(None, source=LineSource.BANKS, amount_fen=SUPPORT_FEN + 1_00)
    stated = (paid(Supporter.SIBLING), bank)
    named, rest = lines_of_one_kind(stated)
    assert (named.paid_by, named.amount_fen) == (Supporter.SIBLING, SUPPORT_FEN)
    assert (rest.paid_by, rest.source, rest.amount_fen) == (None, LineSource.BANKS, 1_00)


def test_is_printed_with_who_pays_it() -> None:
    events = [decided.opened(income=(wage(HUSBAND, WAGES_FEN), paid(Supporter.SIBLING)))]
    documents = [
        document(event, case_id=CASE, on=FIRST_DAY, version=number)
        for number, event in enumerate(events, 1)
    ]
    told = page(CASE, documents, decided.policy(), load_regions(()))
    assert "兄弟姐妹给付的供养费 / paid by a sibling for their living" in told
