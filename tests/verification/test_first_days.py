"""What a check meets on the first day of its rules: departments, bills, pensions, lots, waivers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.verification.decisions import (
    CompleteCheck,
    HoldReview,
    OpenCheck,
    complete,
    hold_review,
    open_check,
    record_answer,
    record_home_visit,
    set_answer_aside,
)
from services.verification.decisions.spot_checks import draw_spot_checks
from services.verification.model import BILL, CHECK
from shared.contracts.circumstances import Occupation
from shared.contracts.departments import AnswerSetAside, DepartmentAnswered, DepartmentAsked
from shared.contracts.fields import DeductionKind, IncomeItem, Programme
from shared.contracts.leads import LeadRaised
from shared.contracts.spot_checks import NamedForSpotCheck, SpotCheckGround
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.decision.children import DEAD, MISSING, child
from tests.verification import (
    test_asking,
    test_children,
    test_income,
    test_spending,
    test_spot_checks,
    test_subsidies,
)
from tests.verification.circumstances import MENTAL_3, household, lives
from tests.verification.household import (
    ASKED,
    CASE,
    FIRST,
    FUJIAN,
    HUSBAND,
    MOTHER,
    all_answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
)
from tests.verification.leads import HIGHER, reporting
from tests.verification.test_deductions import CHENGDU
from tests.verification.test_home_counties import AWAY, opening
from tests.verification.test_necessities import MOTHER_DISABLED, SCOOTER, owned
from tests.verification.test_regime_days import check
from tests.verification.test_signing import BY_PHONE, recording
from tests.verification.test_waivers import waiving

FIRST_OF_220, FIRST_OF_62, FIRST_OF_52 = date(2012, 12, 12), date(2020, 1, 1), date(2016, 1, 1)
FIRST_OF_57 = date(2021, 7, 1)
DIBAO, CHILD = Programme.DIBAO, Programme.CHILD_ALLOWANCE
LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
DAY = timedelta(days=1)
KIN, DOUBT, COMPLAINT = SpotCheckGround.KIN, SpotCheckGround.DOUBT, SpotCheckGround.COMPLAINT
WITHOUT_MEANS = pytest.mark.parametrize(
    ("programme", "on"), [(CHILD, FIRST_OF_62), (LIVING, FIRST_OF_52), (CARE, FIRST_OF_52)]
)


def first_day(*events: Event, division: str = FUJIAN) -> Given:
    """A check that is opened, and its departments asked, on the first day of all."""
    begun = opened(division, FIRST_OF_220)
    return spec(CHECK, on=FIRST_OF_220).given(begun, *asked(), *events)


class TestDepartments:
    def test_are_the_same_five_on_the_first_day(self) -> None:
        command = OpenCheck(**opened(accepted_on=FIRST_OF_220).model_dump())
        _opened, *named = spec(CHECK, on=FIRST_OF_220).when(command, open_check).events
        assert {one.department for one in named} == set(ASKED)

    def test_of_a_childs_parents_are_those_six_on_the_first_day(self) -> None:
        command = OpenCheck(**test_children.check(accepted_on=FIRST_OF_62).model_dump())
        _opened, *named = spec(CHECK, on=FIRST_OF_62).when(command, open_check).events
        assert {one.department for one in named} == set(test_children.ASKED)

    @pytest.mark.parametrize(("days", "used"), [(31, True), (32, False)])
    def test_answer_with_data_of_a_month_on_the_first_day(self, days: int, *, used: bool) -> None:
        answer = test_asking.TestDataOfADay().answer(FIRST_OF_220 - days * DAY)
        (first, *_more) = first_day().when(answer, record_answer).events
        assert isinstance(first, DepartmentAnswered if used else AnswerSetAside)

    def test_are_asked_anew_on_the_first_day(self) -> None:
        useless, *again = first_day().when(test_asking.USELESS, set_answer_aside).events
        assert isinstance(useless, AnswerSetAside)
        tomorrow = FIRST_OF_220 + DAY
        assert again == [DepartmentAsked(department=test_asking.TAX, not_before=tomorrow)]

    def test_whose_data_contradict_are_answered_within_ten_days_on_the_first_day(self) -> None:
        visited = home_visit(FIRST_OF_220, income=(test_income.wage(HUSBAND, 2_900_00),))
        (recorded,) = first_day().when(visited, record_home_visit).events
        events = first_day(recorded).when(reporting(HIGHER), record_answer).events
        (lead,) = (event for event in events if isinstance(event, LeadRaised))
        assert lead.answer_due == date(2012, 12, 22)


def test_no_home_county_is_asked_on_the_first_day() -> None:
    assert opening(FIRST_OF_220, AWAY) == []


def test_nobody_is_surveyed_by_phone_on_the_first_day() -> None:
    by_phone = recording(FIRST_OF_220, contactless=BY_PHONE)
    by_phone.refuses("survey-contactless-not-allowed", manner="phone")


def test_a_basic_pension_counts_on_the_first_day() -> None:
    pension = test_income.transfer(IncomeItem.BASIC_PENSION)
    (account,) = test_income.completing(FIRST_OF_220, pension).events
    assert account.income_fen == test_income.WAGES_FEN + test_income.PENSION_FEN


def test_a_disabled_members_scooter_does_not_count_on_the_first_day() -> None:
    stated = home_visit(
        FIRST_OF_220, circumstances=household(MOTHER_DISABLED), property=owned(SCOOTER)
    )
    (recorded,) = first_day().when(stated, record_home_visit).events
    done = first_day(*all_answered(), recorded, reviewed(FIRST_OF_220))
    (account,) = done.when(CompleteCheck(actor=FIRST), complete).events
    assert (account.houses, account.vehicles) == (1, 0)


class TestBills:
    @pytest.mark.parametrize(
        "kind", [k for k in DeductionKind if k is not DeductionKind.EMPLOYMENT]
    )
    @pytest.mark.parametrize("accepted_on", [FIRST_OF_220, date(2024, 12, 31)])
    def test_of_what_is_not_deducted_are_not_taken_before_2025(
        self, kind: DeductionKind, accepted_on: date
    ) -> None:
        """Ill and disabled people's spending is deducted since July 2021 all the same."""
        shown = test_spending.visit(
            test_spending.bill(issued_on=accepted_on, kind=kind), on=accepted_on + DAY
        )
        decided = check(DIBAO, accepted_on, CHENGDU).beside(BILL).when(shown, record_home_visit)
        deducted = {DeductionKind.ILLNESS, DeductionKind.DISABILITY}
        if accepted_on > FIRST_OF_220 and kind in deducted:
            assert decided.events
        else:
            decided.refuses("deduction-not-allowed", kind=kind)

    @pytest.mark.parametrize(("months", "taken"), [(12, True), (13, False)])
    def test_go_back_twelve_months_on_the_first_day(self, months: int, *, taken: bool) -> None:
        issued = date(2011, 12, 12) if taken else date(2011, 12, 11)
        shown = test_spending.visit(test_spending.bill(issued_on=issued), on=FIRST_OF_220 + DAY)
        decided = check(DIBAO, FIRST_OF_220).beside(BILL).when(shown, record_home_visit)
        decided.refuses("deduction-not-allowed" if taken else "bill-outside-window")


class TestTheCountysVisit:
    @WITHOUT_MEANS
    @pytest.mark.parametrize("ground", [KIN, DOUBT, COMPLAINT])
    def test_of_who_has_no_means_test_is_for_kin_and_complaints_and_by_no_lot(
        self, programme: Programme, on: date, ground: SpotCheckGround
    ) -> None:
        listed = test_spot_checks.listed(CASE, accepted_on=on, completed_on=on)
        named = NamedForSpotCheck(case_id=CASE, ground=ground)
        draw = test_spot_checks.drawing(named, until_on=on, programme=programme)
        decided = test_spot_checks.lot(listed, on=on).when(draw, draw_spot_checks)
        if ground is DOUBT:
            decided.refuses("spot-check-ground-unknown", allowed="kin, complaint")
        else:
            (drawn,) = decided.events
            assert (drawn.named, drawn.strata) == ((named,), ())

    @pytest.mark.parametrize(
        ("on", "due_on"),
        [(date(2021, 6, 30), date(2021, 7, 7)), (FIRST_OF_57, date(2021, 7, 15))],
    )
    def test_of_dibao_is_owed_within_the_time_of_the_decision_of_the_day(
        self, on: date, due_on: date
    ) -> None:
        listed = test_spot_checks.listed(CASE, accepted_on=on, completed_on=on)
        draw = test_spot_checks.drawing(until_on=on)
        (drawn,) = test_spot_checks.lot(listed, on=on).when(draw, draw_spot_checks).events
        assert drawn.due.on == due_on


class TestAChild:
    def test_is_looked_into_without_means_on_the_first_day(self) -> None:
        case = test_children.given(test_children.check(accepted_on=FIRST_OF_62), on=FIRST_OF_62)
        stated = test_children.visit(child(DEAD, MISSING), visited_on=FIRST_OF_62)
        (recorded,) = case.when(stated, record_home_visit).events
        (account,) = case.given(recorded).when(CompleteCheck(actor=FIRST), complete).events
        assert (account.counted_income_fen, account.review_agreed) == (0, None)

    def test_has_parents_that_registers_know_of_since_2021_as_before(self) -> None:
        on = date(2021, 1, 4)
        opening = test_children.check(test_children.FATHER, accepted_on=on)
        case = test_children.given(opening, on=on)
        stated = test_children.visit(child(test_children.REGISTERED, MISSING), visited_on=on)
        assert case.when(stated, record_home_visit).events


@WITHOUT_MEANS
def test_no_village_reviews_who_has_no_means_test(programme: Programme, on: date) -> None:
    if programme is CHILD:
        case = test_children.given(test_children.check(accepted_on=on), on=on)
        stated = test_children.visit(child(DEAD, MISSING), visited_on=on)
    else:
        begun = test_subsidies.check(programme).model_copy(update={"accepted_on": on})
        case = spec(CHECK, on=on).given(begun)
        stated = test_subsidies.visit(visited_on=on)
    (recorded,) = case.when(stated, record_home_visit).events
    review = HoldReview(
        held_on=on, present=3, representatives=2, agreed=3, upheld=True, minutes=note("minutes")
    )
    case.given(recorded).when(review, hold_review).refuses("review-not-provided-for")


class TestAFamilysCheck:
    def test_is_waived_for_nobody_on_the_first_day(self) -> None:
        begun = opened(CHENGDU, FIRST_OF_220)
        waiving(MOTHER_DISABLED, on=FIRST_OF_220, check=begun).refuses(
            "family-waiver-not-provided-for", programme="dibao"
        )

    def test_is_in_fujian_waived_on_grounds_of_its_own_paper(self) -> None:
        """On 31 March 2020 nobody of these enters alone there; a day later the nation's do."""
        begun = opened(FUJIAN, date(2020, 3, 31))
        refusal = waiving(MOTHER_DISABLED, on=date(2020, 3, 31), check=begun).refuses(
            "family-waiver-without-ground", allowed="none"
        )
        assert refusal.source == "法规未作规定"
        assert waiving(MOTHER_DISABLED, check=opened(FUJIAN, date(2020, 4, 1))).events

    @pytest.mark.parametrize("division", [CHENGDU, FUJIAN])
    def test_is_not_waived_for_the_mildly_disabled_or_a_pupil(self, division: str) -> None:
        begun = opened(division, date(2020, 4, 1))
        for member in (lives(MOTHER, **MENTAL_3), lives(MOTHER, occupation=Occupation.SCHOOL)):
            waiving(member, check=begun).refuses("family-waiver-without-ground")
