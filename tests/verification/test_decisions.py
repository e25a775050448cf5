"""The check of a household, as the regulation's sentences: given, when, then."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.verification import decisions
from services.verification.decisions import (
    AskAgain,
    CompleteCheck,
    HoldReview,
    NoteMissedReview,
    NoteMissedSurvey,
    OpenCheck,
    RecordAnswer,
    RecordFailure,
    RecordHomeVisit,
)
from services.verification.model import CHECK
from shared.contracts.departments import (
    Department,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
)
from shared.contracts.fields import DeductionKind, DeductionLine, IncomeLine, LineSource
from shared.contracts.home_visits import SurveyDeadlineMissed
from shared.contracts.verification import CheckCompleted, DemocraticReviewHeld, ReviewDeadlineMissed
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    DEDUCTIONS,
    FIRST,
    FUJIAN,
    HUSBAND,
    MEMBERS,
    REVIEW_DUE,
    SECOND,
    SHAANXI,
    STRANGER,
    SURVEY_DUE,
    THIRD,
    all_answered,
    answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
    visited,
    wage,
)


def given(*events: Event, on: date = date(2020, 4, 7)) -> Given:
    """A check to which this has happened, on a day in the story."""
    return spec(CHECK, on=on).given(*events)


def visit(
    visited_on: date = date(2020, 4, 3),
    surveyors: tuple[UUID, ...] = (FIRST, SECOND),
    income: tuple[IncomeLine, ...] = (wage(HUSBAND, 2_900_00),),
    deductions: tuple[DeductionLine, ...] = DEDUCTIONS,
    recorder: UUID = FIRST,
    *,
    as_surveyor: bool = True,
) -> RecordHomeVisit:
    return home_visit(
        visited_on,
        surveyors=surveyors,
        income=income,
        deductions=deductions,
        recorder=recorder,
        as_surveyor=as_surveyor,
    )


def review(
    held_on: date = date(2020, 4, 7),
    present: int = 9,
    representatives: int = 7,
    agreed: int = 9,
    *,
    upheld: bool = True,
) -> HoldReview:
    return HoldReview(
        held_on=held_on,
        present=present,
        representatives=representatives,
        agreed=agreed,
        upheld=upheld,
        minutes=note("minutes"),
    )


def completed(
    income: tuple[IncomeLine, ...] = (wage(HUSBAND, 2_900_00),),
    income_fen: int = 2_900_00,
    counted_income_fen: int = 2_200_00,
    missing: tuple[Department, ...] = (),
    surveyors: tuple[UUID, ...] = (FIRST, SECOND),
) -> CheckCompleted:
    return CheckCompleted(
        programme=opened().programme,
        division=FUJIAN,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=ACCEPTED_ON,
        surveyors=surveyors,
        income=income,
        deductions=DEDUCTIONS,
        income_fen=income_fen,
        deducted_fen=700_00,
        counted_income_fen=counted_income_fen,
        deposits_fen=0,
        houses=0,
        vehicles=0,
        missing=missing,
        review_agreed=True,
    )


class TestOpening:
    command = OpenCheck(
        programme=opened().programme,
        division=FUJIAN,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=ACCEPTED_ON,
        survey_due=SURVEY_DUE,
    )

    def test_asks_every_department(self) -> None:
        given().when(self.command, decisions.open_check).then(opened(), *asked())

    def test_happens_once(self) -> None:
        given(opened(), *asked()).when(self.command, decisions.open_check).then()


class TestADepartment:
    def test_answers_once(self) -> None:
        command = RecordAnswer(
            department=Department.TAX, income=(), deposits_fen=0, houses=1, vehicles=0
        )
        answer = answered(Department.TAX, houses=1)
        check = given(opened(), *asked())
        check.when(command, decisions.record_answer).then(answer)
        check.given(answer).when(command, decisions.record_answer).then()

    def test_that_failed_has_no_late_answer(self) -> None:
        failed = DepartmentFailed(
            department=Department.TAX, failure=DepartmentFailure.MALFORMED_ANSWER
        )
        command = RecordAnswer(
            department=Department.TAX, income=(), deposits_fen=0, houses=0, vehicles=0
        )
        given(opened(), *asked(), failed).when(command, decisions.record_answer).then()

    def test_that_failed_is_asked_again_on_request(self) -> None:
        failed = DepartmentFailed(department=Department.TAX, failure=DepartmentFailure.REFUSED)
        check = given(opened(), *asked())
        check.when(
            RecordFailure(department=Department.TAX, failure=DepartmentFailure.REFUSED),
            decisions.record_failure,
        ).then(failed)
        check.given(failed).when(AskAgain(department=Department.TAX), decisions.ask_again).then(
            DepartmentAsked(department=Department.TAX)
        )

    def test_that_has_not_failed_is_not_asked_again(self) -> None:
        given(opened(), *asked()).when(
            AskAgain(department=Department.BANKS), decisions.ask_again
        ).refuses("department-not-failed", failed="none")


class TestAHomeVisit:
    def test_takes_down_what_the_household_states_and_sets_the_reviews_last_day(self) -> None:
        given(opened(), *asked()).when(visit(), decisions.record_home_visit).then(visited())

    def test_takes_every_line_as_declared_whatever_it_claims(self) -> None:
        claimed = visit(income=(wage(HUSBAND, 2_900_00, LineSource.TAX),))
        given(opened()).when(claimed, decisions.record_home_visit).then(visited())

    def test_is_recorded_by_a_surveyor_only_who_took_part(self) -> None:
        given(opened()).when(visit(recorder=THIRD), decisions.record_home_visit).refuses(
            "recorder-no-surveyor"
        )

    def test_recorded_by_a_clerk_names_the_clerk(self) -> None:
        command = visit(recorder=THIRD, as_surveyor=False)
        events = given(opened()).when(command, decisions.record_home_visit).events
        assert [event.recorded_by for event in events] == [THIRD]
        own = visit(recorder=SECOND, as_surveyor=False)
        events = given(opened()).when(own, decisions.record_home_visit).events
        assert [event.recorded_by for event in events] == [None]

    def test_needs_two_different_surveyors(self) -> None:
        given(opened()).when(visit(surveyors=(FIRST, FIRST)), decisions.record_home_visit).refuses(
            "too-few-surveyors", different=1, needed=2
        )

    @pytest.mark.parametrize("day", [date(2020, 3, 31), date(2020, 4, 8)])
    def test_lies_between_acceptance_and_today(self, day: date) -> None:
        given(opened()).when(visit(day), decisions.record_home_visit).refuses(
            "visit-day-impossible",
            day=day.isoformat(),
            earliest="2020-04-01",
            latest="2020-04-07",
        )

    @pytest.mark.parametrize("day", [date(2020, 4, 1), date(2020, 4, 7)])
    def test_may_be_on_the_day_of_acceptance_or_today(self, day: date) -> None:
        events = given(opened()).when(visit(day), decisions.record_home_visit).events
        assert [event.visited_on for event in events] == [day]

    def test_knows_the_households_income_only(self) -> None:
        stranger = visit(income=(wage(STRANGER, 1),))
        given(opened()).when(stranger, decisions.record_home_visit).refuses(
            "person-not-in-household", lines=1
        )

    def test_deducts_what_region_and_acceptance_date_provide_for(self) -> None:
        epidemic = (DeductionLine(kind=DeductionKind.EPIDEMIC, amount_fen=1),)
        in_chengdu = opened(division="510104000000")
        given(in_chengdu).when(visit(deductions=epidemic), decisions.record_home_visit).refuses(
            "deduction-not-allowed", kind="epidemic", allowed="employment"
        )

    def test_keeps_the_regime_of_the_acceptance_date(self) -> None:
        """Accepted before the measures of 2021, visited under them: the review stays due."""
        check = given(opened(accepted_on=date(2021, 6, 30)), on=date(2021, 7, 5))
        events = check.when(visit(date(2021, 7, 5)), decisions.record_home_visit).events
        assert events[-1].review_due is not None

    def test_after_the_last_day_is_recorded_with_its_lateness(self) -> None:
        late = visit(date(2020, 4, 17))
        events = (
            given(opened(), on=date(2020, 4, 17)).when(late, decisions.record_home_visit).events
        )
        assert events[0] == SurveyDeadlineMissed(due=SURVEY_DUE)
        assert len(events) == 2

    def test_puts_an_earlier_review_aside(self) -> None:
        check = given(opened(), *asked(), *all_answered(), visited(), reviewed(), visited())
        check.when(CompleteCheck(actor=FIRST), decisions.complete).refuses("review-missing")

    def test_is_impossible_once_the_check_is_complete(self) -> None:
        given(opened(), completed()).when(visit(), decisions.record_home_visit).refuses(
            "check-not-open", status="completed"
        )

    def test_is_impossible_before_there_is_a_check(self) -> None:
        given().when(visit(), decisions.record_home_visit).refuses("check-not-open", status="none")


class TestADemocraticReview:
    def test_follows_the_visit(self) -> None:
        given(opened(), visited()).when(review(), decisions.hold_review).then(reviewed())

    def test_is_impossible_before_the_visit(self) -> None:
        given(opened()).when(review(), decisions.hold_review).refuses("review-before-visit")

    @pytest.mark.parametrize("day", [date(2020, 4, 2), date(2020, 4, 8)])
    def test_lies_between_visit_and_today(self, day: date) -> None:
        given(opened(), visited()).when(review(day), decisions.hold_review).refuses(
            "review-day-impossible",
            day=day.isoformat(),
            earliest="2020-04-03",
            latest="2020-04-07",
        )

    def test_needs_two_thirds_representatives(self) -> None:
        given(opened(), visited()).when(
            review(representatives=5, agreed=5), decisions.hold_review
        ).refuses("too-few-representatives", present=9, representatives=5, needed=6)

    @pytest.mark.parametrize(("representatives", "agreed"), [(10, 9), (9, 10)])
    def test_has_no_more_votes_than_people(self, representatives: int, agreed: int) -> None:
        given(opened(), visited()).when(
            review(representatives=representatives, agreed=agreed), decisions.hold_review
        ).refuses("review-counts-contradict", present=9)

    def test_after_five_working_days_is_recorded_with_its_lateness(self) -> None:
        events = (
            given(opened(), visited(), on=date(2020, 4, 14))
            .when(review(date(2020, 4, 14)), decisions.hold_review)
            .events
        )
        assert events[0] == ReviewDeadlineMissed(due=REVIEW_DUE)
        assert isinstance(events[1], DemocraticReviewHeld)

    def test_on_the_last_day_is_in_time(self) -> None:
        last_day = date(2020, 4, 13)
        given(opened(), visited(), on=last_day).when(review(last_day), decisions.hold_review).then(
            reviewed(last_day)
        )


class TestCompleting:
    def test_draws_up_the_account_of_the_story(self) -> None:
        """Wages 2,900, rigid spending 400, cost of working 300: 2,200 yuan count."""
        given(opened(), *asked(), *all_answered(), visited(), reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).then(completed())

    def test_takes_the_departments_line_where_it_is_higher(self) -> None:
        reported = wage(HUSBAND, 3_100_00, LineSource.TAX)
        answers = (answered(Department.TAX, reported), *all_answered()[1:])
        given(opened(), *asked(), *answers, visited(), reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).then(completed((reported,), income_fen=3_100_00, counted_income_fen=2_400_00))

    def test_waits_for_every_department(self) -> None:
        given(opened(), *asked(), *all_answered()[:3], visited(), reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).refuses("departments-outstanding", departments="vehicles, banks")

    def test_does_without_a_department_that_failed_and_says_so(self) -> None:
        failed = DepartmentFailed(department=Department.BANKS, failure=DepartmentFailure.REFUSED)
        given(opened(), *asked(), *all_answered()[:4], failed, visited(), reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).then(completed(missing=(Department.BANKS,)))

    def test_needs_the_visit(self) -> None:
        given(opened(), *asked(), *all_answered()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).refuses("visit-missing")

    def test_needs_the_review_where_the_regime_requires_it(self) -> None:
        given(opened(), *asked(), *all_answered(), visited()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).refuses("review-missing")

    @pytest.mark.parametrize(
        "division",
        [FUJIAN, pytest.param(SHAANXI, marks=pytest.mark.mechanism("S4-3"), id="shaanxi")],
    )
    def test_needs_none_from_july_2021(self, division: str) -> None:
        check = opened(division, accepted_on=date(2021, 7, 1))
        seen = visited(date(2021, 7, 2), review_due=None).model_copy(update={"deductions": ()})
        events = (
            given(check, *asked(), *all_answered(), seen, on=date(2021, 7, 2))
            .when(CompleteCheck(actor=FIRST), decisions.complete)
            .events
        )
        assert [event.review_agreed for event in events] == [None]

    def test_after_a_contesting_review_needs_another_visit(self) -> None:
        given(opened(), *asked(), *all_answered(), visited(), reviewed(upheld=False)).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).refuses("review-contested")

    def test_names_everybody_who_ever_visited_as_surveyor(self) -> None:
        again = visited(date(2020, 4, 7), surveyors=(SECOND, THIRD))
        given(opened(), *asked(), *all_answered(), visited(), again, reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).then(completed(surveyors=(FIRST, SECOND, THIRD)))

    def test_counts_who_recorded_a_visit_for_others_among_the_hands(self) -> None:
        seen = visited().model_copy(update={"recorded_by": THIRD})
        given(opened(), *asked(), *all_answered(), seen, reviewed()).when(
            CompleteCheck(actor=FIRST), decisions.complete
        ).then(completed(surveyors=(FIRST, SECOND, THIRD)))

    def test_happens_once(self) -> None:
        given(opened(), completed()).when(CompleteCheck(actor=FIRST), decisions.complete).refuses(
            "check-not-open", status="completed"
        )


class TestMissedDeadlines:
    def test_nobody_visited_in_time(self) -> None:
        check = given(opened(), on=date(2020, 4, 17))
        missed = SurveyDeadlineMissed(due=SURVEY_DUE)
        check.when(NoteMissedSurvey(), decisions.note_missed_survey).then(missed)
        check.given(missed).when(NoteMissedSurvey(), decisions.note_missed_survey).then()

    def test_a_visit_in_time_leaves_nothing_to_note(self) -> None:
        given(opened(), visited(), on=date(2020, 4, 17)).when(
            NoteMissedSurvey(), decisions.note_missed_survey
        ).then()

    def test_no_review_in_time(self) -> None:
        given(opened(), visited(), on=date(2020, 4, 14)).when(
            NoteMissedReview(due_on=REVIEW_DUE.on), decisions.note_missed_review
        ).then(ReviewDeadlineMissed(due=REVIEW_DUE))

    def test_a_review_in_time_leaves_nothing_to_note(self) -> None:
        given(opened(), visited(), reviewed(), on=date(2020, 4, 14)).when(
            NoteMissedReview(due_on=REVIEW_DUE.on), decisions.note_missed_review
        ).then()

    def test_a_later_visit_moved_the_reviews_last_day(self) -> None:
        moved = REVIEW_DUE.model_copy(update={"on": date(2020, 4, 20)})
        check = given(opened(), visited(), visited(review_due=moved), on=date(2020, 4, 14))
        check.when(NoteMissedReview(due_on=REVIEW_DUE.on), decisions.note_missed_review).then()
