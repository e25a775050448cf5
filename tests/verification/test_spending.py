"""Rigid spending by bills, and the cost of working and assumed wages by local practice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.decision.reactions import on_check_completed
from services.verification import rules
from services.verification.decisions import (
    CompleteCheck,
    RecordHomeVisit,
    complete,
    record_home_visit,
)
from services.verification.model import BILL, CHECK, bill_of
from services.verification.rules.work import employment_costs, imputed_wages
from shared.calendar import CALENDAR_VERSION
from shared.contracts.circumstances import (
    AgeGroup,
    Disability,
    DisabilityKind,
    HouseholdCircumstances,
    LabourAbility,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    Due,
    IncomeItem,
    IncomeLine,
    LineSource,
)
from shared.contracts.home_visits import Bill, BillPresented, HomeVisitRecorded
from shared.contracts.leads import LeadKind, LeadRaised
from shared.contracts.verification import EmploymentCost, ImputedWage
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.money import MAX_FEN
from shared.policy import Policy
from tests.documents import document
from tests.notices import notice
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    CASE,
    DAUGHTER,
    FIRST,
    FUJIAN,
    HUSBAND,
    MEMBERS,
    MOTHER,
    SHAANXI,
    STRANGER,
    VISITED_ON,
    all_answered,
    asked,
    home_visit,
    opened,
    reviewed,
    wage,
)

OTHER_CASE = uuid5(HOUSE, "tests/other case")
PUTIAN = "350302100000"
SUMMER = date(2021, 7, 1)
MINIMUM_WAGE_FEN = 1_800_00


def bill(
    number: str = "a",
    amount_fen: int = 1_200_00,
    reimbursed_fen: int = 0,
    issued_on: date = date(2020, 1, 15),
    kind: DeductionKind = DeductionKind.ILLNESS,
    person_id: UUID = MOTHER,
) -> Bill:
    return Bill(
        person_id=person_id,
        kind=kind,
        number_digest=sha256(number.encode()).hexdigest(),
        issued_on=issued_on,
        amount_fen=amount_fen,
        reimbursed_fen=reimbursed_fen,
    )


def visit(*bills: Bill, on: date = VISITED_ON, **changed: Any) -> RecordHomeVisit:
    stated = {"income": (wage(HUSBAND, 2_900_00),), "bills": bills, "case_id": CASE}
    return home_visit(on, **(stated | changed))


def check(policy: Policy | None = None, division: str = FUJIAN, on: date = ACCEPTED_ON) -> Given:
    """A check whose departments know of nothing."""
    opening = opened(division, on).model_copy(
        update={"survey_due": Due(on=date(2021, 8, 1), calendar=CALENDAR_VERSION)}
    )
    nothing = (a.model_copy(update={"income": ()}) for a in all_answered())
    today = date(2020, 4, 7) if on == ACCEPTED_ON else on
    return spec(CHECK, on=today, policy=policy).given(opening, *asked(), *nothing)


def recording(command: RecordHomeVisit, *uses: Event, beginning: Given | None = None) -> Decided:
    """A visit, whose first bill has been used so; its other bills have not."""
    made = beginning or check()
    for place, _bill in enumerate(command.bills):
        made = made.beside(BILL, *(uses if place == 0 else ()))
    return made.when(command, record_home_visit)


def deductions_fen(command: RecordHomeVisit) -> dict[DeductionKind, int]:
    visited = recording(command).events[0]
    return {line.kind: line.amount_fen for line in visited.deductions}


class TestBills:
    def test_after_reimbursement_are_spread_over_twelve_months(self) -> None:
        """12,000 yuan of which 7,200 were reimbursed: 400 a month, as in the story."""
        shown = visit(bill(amount_fen=12_000_00, reimbursed_fen=7_200_00))
        assert deductions_fen(shown) == {DeductionKind.ILLNESS: 400_00}

    def test_of_each_kind_are_a_line(self) -> None:
        shown = visit(
            bill("a", 1_200_00),
            bill("b", 2_400_00),
            bill("c", 600_00, kind=DeductionKind.SCHOOLING, person_id=DAUGHTER),
        )
        assert deductions_fen(shown) == {
            DeductionKind.ILLNESS: 300_00,
            DeductionKind.SCHOOLING: 50_00,
        }

    @hypothesis_given(st.lists(st.integers(0, 10**8), min_size=1, max_size=6))
    def test_come_to_the_same_however_they_are_split(self, amounts: list[int]) -> None:
        parameters = Policy.load().at(FUJIAN, "dibao", ACCEPTED_ON)
        split = [bill(str(n), amount) for n, amount in enumerate(amounts)]
        whole = [bill("whole", sum(amounts))]
        assert rules.monthly_deductions(parameters, split) == rules.monthly_deductions(
            parameters, whole
        )

    def test_come_to_no_more_than_a_contract_holds(self) -> None:
        large = [bill(str(n), MAX_FEN) for n in range(13)]
        assert deductions_fen(visit(*large)) == {DeductionKind.ILLNESS: MAX_FEN}

    @pytest.mark.parametrize("day", [date(2019, 4, 1), VISITED_ON], ids=str)
    def test_count_from_the_day_twelve_months_before_acceptance_to_the_visit(
        self, day: date
    ) -> None:
        assert deductions_fen(visit(bill(issued_on=day)))

    @pytest.mark.parametrize("day", [date(2019, 3, 31), date(2020, 4, 4)], ids=str)
    def test_of_the_day_before_and_after_do_not(self, day: date) -> None:
        recording(visit(bill(issued_on=day))).refuses(
            "bill-outside-window",
            bill=1,
            issued_on=day.isoformat(),
            earliest="2019-04-01",
            latest="2020-04-03",
        )

    def test_of_a_leap_day_reach_back_to_the_last_of_february(self) -> None:
        assert rules.first_day_of_window(date(2020, 2, 29), 12) == date(2019, 2, 28)

    def test_that_were_reimbursed_whole_deduct_nothing(self) -> None:
        shown = visit(bill(amount_fen=100, reimbursed_fen=100))
        assert deductions_fen(shown) == {DeductionKind.ILLNESS: 0}
        recording(visit(bill(amount_fen=100, reimbursed_fen=101))).refuses(
            "bill-reimbursed-beyond", bill=1
        )

    def test_are_of_members_each_once_and_not_of_working(self) -> None:
        recording(visit(bill(person_id=STRANGER))).refuses("person-not-in-household", lines=1)
        recording(visit(bill(), bill())).refuses("line-listed-twice")
        recording(visit(bill(kind=DeductionKind.EMPLOYMENT))).refuses("bill-of-no-rigid-spending")

    def test_of_what_the_place_does_not_deduct_are_refused(self) -> None:
        elsewhere = check(division="510104000000")
        recording(visit(bill()), beginning=elsewhere).refuses(
            "deduction-not-allowed", kind="illness"
        )

    def test_leave_no_amount_to_be_typed_beside(self) -> None:
        typed = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=1),)
        recording(visit(bill(), deductions=typed)).refuses(
            "deduction-stated-and-billed", kind="illness"
        )
        other = (DeductionLine(kind=DeductionKind.SCHOOLING, amount_fen=1),)
        assert recording(visit(bill(), deductions=other)).events

    def test_are_recorded_and_stand_behind_the_account(self) -> None:
        shown = bill()
        visited, presented = recording(visit(shown)).events
        assert (visited.bills, visited.window_months) == ((shown,), 12)
        assert presented == BillPresented(case_id=CASE, bill=shown)
        (account,) = (
            check().given(visited, reviewed()).when(CompleteCheck(actor=FIRST), complete).events
        )
        assert (account.bills, account.window_months) == ((shown,), 12)
        assert account.deductions == visited.deductions
        assert (account.deducted_fen, account.counted_income_fen) == (100_00, 2_800_00)


RIGID_FROM = date(2025, 1, 1)


class TestBillsThatNothingDeducts:
    """Schooling in Shaanxi: no deduction of 民发〔2021〕57号, rigid spending from 2025 on."""

    SCHOOLING = bill(
        "s",
        1_200_00,
        kind=DeductionKind.SCHOOLING,
        person_id=DAUGHTER,
        issued_on=date(2024, 9, 1),
    )

    def shown(self, *bills: Bill, on: date = RIGID_FROM, **changed: Any) -> Decided:
        begun = check(division=SHAANXI, on=on)
        return recording(visit(*bills, on=on, **changed), beginning=begun)

    def test_are_taken_and_handed_on_and_lower_no_income(self) -> None:
        ill = bill("i", 2_400_00, issued_on=date(2024, 9, 1))
        events = self.shown(ill, self.SCHOOLING).events
        (visited,) = (event for event in events if isinstance(event, HomeVisitRecorded))
        assert [line.kind for line in visited.deductions] == [DeductionKind.ILLNESS]
        begun = check(division=SHAANXI, on=RIGID_FROM).given(visited)
        (account,) = begun.when(CompleteCheck(actor=FIRST), complete).events
        assert (account.deducted_fen, account.counted_income_fen) == (200_00, 2_700_00)
        assert account.rigid_spending == (
            DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=200_00),
            DeductionLine(kind=DeductionKind.SCHOOLING, amount_fen=100_00),
        )
        (handed,) = on_check_completed(document(account, case_id=CASE, on=RIGID_FROM))
        assert handed.command.account.rigid_spending == account.rigid_spending

    def test_are_not_taken_before_such_households_were_recognised(self) -> None:
        self.shown(self.SCHOOLING, on=date(2024, 12, 31)).refuses(
            "deduction-not-allowed", kind="schooling"
        )

    def test_of_a_kind_that_counts_for_nothing_are_refused(self) -> None:
        epidemic = self.SCHOOLING.model_copy(update={"kind": DeductionKind.EPIDEMIC})
        self.shown(epidemic).refuses("deduction-not-allowed", kind="epidemic")

    def test_a_plain_statement_of_it_is_refused(self) -> None:
        """Bills are what such spending is known by (原则上依据有效票据认定)."""
        stated = (DeductionLine(kind=DeductionKind.SCHOOLING, amount_fen=100_00),)
        self.shown(deductions=stated).refuses("deduction-not-allowed", kind="schooling")


class TestABillUsedTwice:
    used = BillPresented(case_id=OTHER_CASE, bill=bill())

    def test_in_another_case_is_a_lead_and_no_refusal(self) -> None:
        _visited, presented, lead = recording(visit(bill()), self.used).events
        assert presented.case_id == CASE
        assert lead.contradiction.kind is LeadKind.BILL_USED_ELSEWHERE
        assert lead.contradiction.other_case == OTHER_CASE
        assert lead.contradiction.number_digest == bill().number_digest

    def test_in_the_same_case_is_the_same_bill(self) -> None:
        own = BillPresented(case_id=CASE, bill=bill())
        events = recording(visit(bill()), own).events
        assert [type(event).__name__ for event in events] == ["HomeVisitRecorded"]

    def test_stays_with_whoever_used_it_first_when_they_are_visited_again(self) -> None:
        """Else it would be deducted nowhere: the later case has its lead already."""
        own = BillPresented(case_id=CASE, bill=bill())
        events = recording(visit(bill()), own, self.used).events
        assert [type(event).__name__ for event in events] == ["HomeVisitRecorded"]
        later = recording(visit(bill()), self.used, own).events
        assert [event.contradiction.other_case for event in later[1:]] == [OTHER_CASE]

    def test_is_found_by_the_stream_of_its_number(self) -> None:
        facts = recording(visit(bill())).facts
        assert facts[1].stream == bill_of(bill().number_digest)


class TestPlainStatements:
    @pytest.fixture
    def strict(self, tmp_path: Path) -> Policy:
        """A deployment that counts rigid spending by bills only."""
        by_bills = notice(tmp_path, programme="all", rigid_spending_plain_statements=False)
        return Policy.load((by_bills,))

    def test_are_enough_unless_the_place_says_otherwise(self, strict: Policy) -> None:
        typed = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=400_00),)
        assert recording(visit(deductions=typed)).events
        recording(visit(deductions=typed), beginning=check(strict)).refuses(
            "bills-needed", kind="illness"
        )

    def test_of_the_cost_of_working_need_no_bills(self, strict: Policy) -> None:
        working = (DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),)
        assert recording(visit(deductions=working), beginning=check(strict)).events


def member(
    person_id: UUID,
    occupation: Occupation = Occupation.NO_WORK,
    labour: LabourAbility = LabourAbility.FULL,
    *,
    disabled: bool = False,
) -> MemberCircumstances:
    return MemberCircumstances(
        person_id=person_id,
        age=AgeGroup.EIGHTEEN_TO_FIFTY_NINE,
        labour=labour,
        occupation=occupation,
        disability=Disability(kind=DisabilityKind.HEARING, grade=3) if disabled else None,
    )


class TestPutian:
    """Local practice: 30% of wages; unsteady work at the minimum wage; disabled, the higher of
    30% of the wage and half the minimum wage."""

    @pytest.fixture
    def policy(self, tmp_path: Path) -> Policy:
        city = notice(tmp_path, "3503", "all", minimum_wage_monthly_fen=MINIMUM_WAGE_FEN)
        return Policy.load((city,))

    def account(
        self, policy: Policy, *described: MemberCircumstances, income: Sequence[IncomeLine]
    ) -> Any:
        known = {m.person_id for m in described}
        rest = (member(m.person_id) for m in MEMBERS if m.person_id not in known)
        circumstances = HouseholdCircumstances(
            poverty=PovertyStanding.NOT_REGISTERED, members=(*described, *rest)
        )
        beginning = check(policy, PUTIAN, SUMMER)
        stated = visit(on=SUMMER, income=tuple(income), circumstances=circumstances)
        (visited,) = beginning.when(stated, record_home_visit).events
        (account,) = beginning.given(visited).when(CompleteCheck(actor=FIRST), complete).events
        return account

    def test_deducts_three_tenths_of_each_wage(self, policy: Policy) -> None:
        account = self.account(
            policy,
            member(HUSBAND, Occupation.STEADY_WORK),
            income=[wage(HUSBAND, 2_900_00), wage(APPLICANT, 1_00)],
        )
        costs = {c.person_id: c.amount_fen for c in account.employment_costs}
        assert costs == {HUSBAND: 870_00, APPLICANT: 30}
        assert account.deductions == (
            DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=870_30),
        )
        assert account.counted_income_fen == 2_901_00 - 870_30

    def test_takes_unsteady_work_to_bring_the_minimum_wage(self, policy: Policy) -> None:
        account = self.account(
            policy,
            member(HUSBAND, Occupation.UNSTEADY_WORK),
            income=[wage(HUSBAND, 1_000_00)],
        )
        assert account.imputed == (
            ImputedWage(person_id=HUSBAND, stated_fen=1_000_00, imputed_fen=MINIMUM_WAGE_FEN),
        )
        assert (account.income_fen, account.deducted_fen) == (1_800_00, 540_00)

    @pytest.mark.parametrize(("stated_fen", "imputed"), [(179_999, True), (180_000, False)])
    def test_lets_what_was_stated_stand_from_the_minimum_wage_on(
        self, policy: Policy, stated_fen: int, imputed: bool
    ) -> None:
        account = self.account(
            policy,
            member(HUSBAND, Occupation.UNSTEADY_WORK),
            income=[wage(HUSBAND, stated_fen)],
        )
        assert (account.imputed is not None) is imputed
        assert account.income_fen == MINIMUM_WAGE_FEN

    def test_takes_a_wage_of_which_a_register_names_a_part_as_one(self, policy: Policy) -> None:
        regime = policy.at(PUTIAN, "dibao", SUMMER)
        named, rest = wage(HUSBAND, 1_000_00, LineSource.TAX), wage(HUSBAND, 900_00)
        named = named.model_copy(update={"item": IncomeItem.OLD_AGE_ALLOWANCE})
        for disabled, cost_fen in ((False, 570_00), (True, 900_00)):
            unsteady = member(HUSBAND, Occupation.UNSTEADY_WORK, disabled=disabled)
            found = HouseholdCircumstances(
                poverty=PovertyStanding.NOT_REGISTERED, members=(unsteady,)
            )
            assert imputed_wages(regime, found, (named, rest)) == ()
            (cost,) = employment_costs(regime, found, (named, rest))
            assert (cost.wage_fen, cost.amount_fen) == (1_900_00, cost_fen)

    def test_assumes_no_wage_of_who_cannot_work(self, policy: Policy) -> None:
        account = self.account(
            policy,
            member(HUSBAND, Occupation.UNSTEADY_WORK, LabourAbility.NONE),
            income=[wage(HUSBAND, 1_000_00)],
        )
        assert (account.imputed, account.income_fen) == (None, 1_000_00)

    @pytest.mark.parametrize(
        ("wage_fen", "cost_fen"),
        [(2_900_00, 900_00), (3_000_00, 900_00), (3_000_10, 900_03), (500_00, 500_00)],
    )
    def test_deducts_of_a_disabled_persons_wage_the_higher_share(
        self, policy: Policy, wage_fen: int, cost_fen: int
    ) -> None:
        account = self.account(
            policy,
            member(HUSBAND, Occupation.STEADY_WORK, disabled=True),
            income=[wage(HUSBAND, wage_fen)],
        )
        assert account.employment_costs == (
            EmploymentCost(person_id=HUSBAND, wage_fen=wage_fen, amount_fen=cost_fen),
        )

    def test_takes_no_typed_cost_and_needs_to_know_what_members_do(self, policy: Policy) -> None:
        beginning = check(policy, PUTIAN, SUMMER)
        typed = (DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),)
        beginning.when(visit(on=SUMMER, deductions=typed), record_home_visit).refuses(
            "employment-cost-computed"
        )
        beginning.when(visit(on=SUMMER), record_home_visit).refuses("circumstances-missing")

    def test_begins_with_its_practice(self, policy: Policy) -> None:
        before = check(policy, PUTIAN, date(2021, 6, 30))
        typed = (DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),)
        seen = visit(on=date(2021, 6, 30), deductions=typed)
        assert before.when(seen, record_home_visit).events


def test_a_lead_of_a_bill_that_a_later_visit_leaves_out_is_cleared() -> None:
    used = BillPresented(case_id=OTHER_CASE, bill=bill())
    first = recording(visit(bill()), used)
    visited, _presented, lead = first.events
    assert isinstance(lead, LeadRaised)
    later = check().given(visited, lead).when(visit(), record_home_visit).events
    assert [(type(e).__name__, getattr(e, "lead", None)) for e in later] == [
        ("HomeVisitRecorded", None),
        ("LeadCleared", 1),
    ]
