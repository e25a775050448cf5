"""The means check's rules, each by the name the regulation gives it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.verification import rules
from shared import accounts
from shared.contracts.departments import Department
from shared.contracts.fields import DeductionKind, DeductionLine, IncomeKind, IncomeLine, LineSource
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.money import MAX_FEN
from shared.policy import Parameters, Policy
from tests.notices import notice
from tests.verification.household import (
    ACCEPTED_ON,
    DAUGHTER,
    DAYAO,
    FIRST,
    FUJIAN,
    HUSBAND,
    MEMBERS,
    MOTHER,
    SECOND,
    STRANGER,
    answered,
    wage,
)

POLICY = Policy.load()


def regime(division: str = FUJIAN, on: date = ACCEPTED_ON) -> Parameters:
    return POLICY.at(division, "dibao", on)


class TestTheLineThatCounts:
    def test_the_declared_one_where_no_department_reports(self) -> None:
        declared = wage(HUSBAND, 2_900_00)
        assert rules.counting_lines([declared]) == (declared,)

    def test_the_reported_one_where_it_is_higher(self) -> None:
        reported = wage(HUSBAND, 3_100_00, LineSource.TAX)
        assert rules.counting_lines([wage(HUSBAND, 2_900_00), reported]) == (reported,)

    def test_the_declared_one_where_it_is_higher(self) -> None:
        declared = wage(HUSBAND, 2_900_00)
        reported = wage(HUSBAND, 2_500_00, LineSource.TAX)
        assert rules.counting_lines([reported, declared]) == (declared,)

    def test_a_departments_at_equal_amounts(self) -> None:
        reported = wage(HUSBAND, 2_900_00, LineSource.SOCIAL_INSURANCE)
        assert rules.counting_lines([wage(HUSBAND, 2_900_00), reported]) == (reported,)

    def test_two_departments_reports_of_one_wage_count_once(self) -> None:
        tax = wage(HUSBAND, 2_500_00, LineSource.TAX)
        insurance = wage(HUSBAND, 2_700_00, LineSource.SOCIAL_INSURANCE)
        assert rules.counting_lines([tax, insurance]) == (insurance,)

    def test_two_employers_in_one_departments_report_are_added(self) -> None:
        lines = [wage(HUSBAND, 1_500_00, LineSource.TAX), wage(HUSBAND, 1_600_00, LineSource.TAX)]
        assert rules.counting_lines([wage(HUSBAND, 2_900_00), *lines]) == (
            wage(HUSBAND, 3_100_00, LineSource.TAX),
        )

    def test_each_person_and_each_kind_has_its_own(self) -> None:
        pension = IncomeLine(
            person_id=HUSBAND, kind=IncomeKind.TRANSFER, source=LineSource.DECLARED, amount_fen=1
        )
        lines = rules.counting_lines([wage(HUSBAND, 10), wage(MOTHER, 20), pension])
        assert {(line.person_id, line.kind) for line in lines} == {
            (HUSBAND, IncomeKind.WAGE),
            (HUSBAND, IncomeKind.TRANSFER),
            (MOTHER, IncomeKind.WAGE),
        }

    @given(
        st.lists(
            st.tuples(
                st.sampled_from([HUSBAND, MOTHER, DAUGHTER]),
                st.sampled_from(LineSource),
                st.integers(0, MAX_FEN),
            ),
            max_size=12,
        ),
        st.randoms(use_true_random=False),
    )
    def test_does_not_depend_on_who_answered_first(self, stated, random) -> None:  # type: ignore[no-untyped-def]
        lines = [wage(person, amount, source) for person, source, amount in stated]
        shuffled = random.sample(lines, len(lines))
        assert rules.counting_lines(shuffled) == rules.counting_lines(lines)


class TestTheAccount:
    def test_of_the_story_counts_2_200_yuan(self) -> None:
        deductions = (
            DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=400_00),
            DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),
        )
        account = rules.account(
            regime(),
            rules.Statement(income=(wage(HUSBAND, 2_900_00),), deductions=deductions),
            [answered(Department.TAX, wage(HUSBAND, 2_500_00, LineSource.TAX))],
        )
        assert account.income.income_fen == 2_900_00
        assert account.deducted_fen == 700_00
        assert account.counted_income_fen == 2_200_00

    def test_counts_nothing_where_spending_exceeds_income(self) -> None:
        assert accounts.counted_income_fen(300_00, 400_00) == 0

    def test_of_a_house_in_two_registers_is_one_house(self) -> None:
        account = rules.account(
            regime(),
            rules.Statement(),
            [
                answered(Department.HOUSING, houses=1),
                answered(Department.TAX, houses=1),
                answered(Department.BANKS, deposits_fen=9_000_00),
                answered(Department.VEHICLES, vehicles=2),
            ],
        )
        assert (account.houses, account.deposits_fen, account.vehicles) == (1, 9_000_00, 2)

    def test_holds_any_sum_within_the_contracts_bounds(self) -> None:
        lines = (wage(HUSBAND, MAX_FEN), wage(MOTHER, MAX_FEN))
        assert (
            rules.account(regime(), rules.Statement(income=lines), []).income.income_fen == MAX_FEN
        )


class TestDeductions:
    @pytest.mark.parametrize("kind", DeductionKind)
    def test_fujian_in_2020_deducts_rigid_spending_and_the_cost_of_working(
        self, kind: DeductionKind
    ) -> None:
        accounts.require_deductions_allowed(regime(), [DeductionLine(kind=kind, amount_fen=1)])

    def test_elsewhere_in_may_2020_only_the_cost_of_working(self) -> None:
        chengdu = regime("510104000000", date(2020, 5, 18))
        accounts.require_deductions_allowed(
            chengdu, [DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=1)]
        )
        with pytest.raises(Refusal) as refused:
            accounts.require_deductions_allowed(
                chengdu, [DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=1)]
            )
        assert refused.value.code == "deduction-not-allowed"
        assert refused.value.facts == {"kind": "illness", "allowed": "employment"}

    def test_dayao_in_2020_knows_no_epidemic_spending(self) -> None:
        epidemic = DeductionLine(kind=DeductionKind.EPIDEMIC, amount_fen=1)
        with pytest.raises(Refusal) as refused:
            accounts.require_deductions_allowed(regime(DAYAO), [epidemic])
        assert refused.value.facts["allowed"] == "illness, disability, schooling, employment"

    def test_each_kind_is_stated_once(self) -> None:
        illness = DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=1)
        with pytest.raises(Refusal, match="line-listed-twice"):
            accounts.require_deductions_allowed(regime(), [illness, illness])


class TestTheHousehold:
    def test_has_its_own_income_only(self) -> None:
        with pytest.raises(Refusal, match="person-not-in-household"):
            accounts.require_income_of_members([wage(STRANGER, 1)], MEMBERS)

    def test_states_each_kind_of_a_persons_income_once(self) -> None:
        with pytest.raises(Refusal, match="line-listed-twice"):
            accounts.require_income_of_members([wage(HUSBAND, 1), wage(HUSBAND, 2)], MEMBERS)


class TestSurveyors:
    def test_two_different_ones_are_enough(self) -> None:
        rules.require_surveyors(regime(), [FIRST, SECOND])

    def test_one_who_is_named_twice_is_one(self) -> None:
        with pytest.raises(Refusal) as refused:
            rules.require_surveyors(regime(), [FIRST, FIRST])
        assert refused.value.facts == {"different": 1, "needed": 2}
        assert refused.value.source == "民发〔2012〕220号 art. 18"


class TestTheDemocraticReview:
    def test_is_required_under_the_measures_of_2012(self) -> None:
        assert rules.review_required(regime(on=date(2021, 6, 30)))

    def test_is_held_on_objection_only_from_july_2021(self) -> None:
        assert not rules.review_required(regime(on=date(2021, 7, 1)))
        assert rules.review_due(regime(on=date(2021, 7, 1)), date(2021, 7, 2)) is None

    def test_is_due_five_working_days_after_the_survey(self) -> None:
        due = rules.review_due(regime(), date(2020, 4, 3))
        assert due is not None
        assert due.on == date(2020, 4, 13)

    @pytest.mark.parametrize(("present", "needed"), [(3, 2), (5, 4), (6, 4), (9, 6), (10, 7)])
    def test_needs_two_thirds_of_residents_representatives_among_those_present(
        self, present: int, needed: int
    ) -> None:
        assert Fraction(needed, present) >= Fraction(2, 3)
        rules.require_representatives(regime(), present, needed)
        with pytest.raises(Refusal) as refused:
            rules.require_representatives(regime(), present, needed - 1)
        assert refused.value.facts["needed"] == needed

    def test_has_no_such_share_from_july_2021(self) -> None:
        rules.require_representatives(regime(on=date(2021, 7, 1)), 9, 0)


class TestCase24MakeUpDays:
    """Accepted on Monday 2020-04-20, ten working days: 04-26 is worked, 05-01 to 05-05 are off."""

    def test_the_survey_is_due_on_the_sixth_of_may(self) -> None:
        due = working_day_due(regime(on=date(2020, 4, 20)), date(2020, 4, 20), 10)
        assert due.on == date(2020, 5, 6)
        assert not due.provisional
        assert due.calendar.startswith("chinesecalendar-")

    def test_a_year_without_a_calendar_gives_a_provisional_date(self) -> None:
        due = working_day_due(regime(on=date(2026, 12, 21)), date(2026, 12, 21), 10)
        assert due.provisional


def test_a_regime_that_counts_the_opening_day_ends_a_day_earlier(tmp_path: Path) -> None:
    place = notice(tmp_path, programme="all", working_days_count_from="same_day")
    parameters = Policy.load([place]).at(FUJIAN, "dibao", date(2020, 4, 20))
    assert working_day_due(parameters, date(2020, 4, 20), 10).on == date(2020, 4, 30)
