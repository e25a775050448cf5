"""A subsidy's case: how it is decided, by which standard it is paid, how it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    DecideTermination,
    ObjectToTermination,
    ProposeTermination,
    ReportChange,
    ScheduleReview,
    StopSubsidy,
    approve,
    by_recorded_standards,
    confirm_subsidy,
    decide_change,
    decide_termination,
    object_to_termination,
    propose_subsidy,
    propose_termination,
    refuse_subsidy,
    report_change,
    schedule_review,
    stop_subsidy,
)
from services.decision.model import DETERMINATION, REVIEWS, STANDARDS, TERMINATIONS
from shared.calendar import Month
from shared.contracts.changes import (
    BenefitStopped,
    HouseholdChange,
    HouseholdChangeCause,
    StopReason,
)
from shared.contracts.fields import DeductionKind, DeductionLine, Programme
from shared.contracts.standards import AmountRedetermined, StandardKind
from shared.contracts.subsidies import Support
from shared.contracts.terminations import TerminationGround, TerminationProposed
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.policy import MissingValue
from tests.decision import children
from tests.decision.household import APPROVER, OTHER, PROPOSER, approved, confirmed, policy
from tests.decision.standards import standard_set
from tests.decision.subsidies import (
    APRIL,
    BY_COUNTY,
    CARE,
    CARE_FEN,
    DECIDED_ON,
    LIVING,
    LIVING_FEN,
    MARCH,
    OF_DIBAO,
    ON_DIBAO,
    PROPOSE,
    Reason,
    account,
    begun,
    given,
    proposal,
    proposing,
)
from tests.verification.household import ALONE, APPLICANT, CASE, note

Ground = TerminationGround
FIRST_DAY, NEXT_YEAR = date(2016, 1, 1), date(2024, 2, 5)
"""The first day of 国发〔2015〕52号; a day long after."""


class TestTheProcedure:
    def test_has_no_publicity_and_is_decided_by_the_county(self) -> None:
        made = spec_of_case(account(), proposal())
        (event,) = made.when(Approve(actor=APPROVER), approve).events
        assert event.decision_due.on == date(2023, 4, 23)
        township = Decide(actor=OTHER, role="township_approver")
        made = given(account(), proposal(), approved(), supports=ON_DIBAO)
        made.when(township, confirm_subsidy).refuses("not-the-deciding-level", decided_by="county")

    def test_a_ground_that_went_before_the_decision_is_seen(self) -> None:
        spec = given(account(), proposal(), approved(), supports=())
        spec.when(BY_COUNTY, confirm_subsidy).refuses("subsidy-ground-gone")
        (refused,) = spec.when(BY_COUNTY, refuse_subsidy).events
        assert refused.reason is Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED

    def test_nothing_is_refused_without_a_reason(self) -> None:
        spec = given(account(), proposal(), approved(), supports=ON_DIBAO)
        spec.when(BY_COUNTY, refuse_subsidy).refuses("no-reason-to-refuse")

    def test_a_place_without_a_standard_is_told_so_by_name(self) -> None:
        with pytest.raises(MissingValue, match="disability_subsidy_monthly_fen"):
            proposing(CARE, division="611022001000")

    def test_a_check_that_says_nothing_of_disability_is_no_ground(self) -> None:
        silent = account().model_copy(update={"disability": None})
        spec = given(silent, supports=ON_DIBAO)
        spec.when(PROPOSE, propose_subsidy).refuses("disability-circumstances-missing")

    def test_it_is_reviewed_once_a_year(self) -> None:
        made = spec_of_case(account(CARE), proposal(CARE), CONFIRMED).beside(REVIEWS)
        (event,) = made.when(ScheduleReview(case_id=CASE), schedule_review).events
        assert (event.interval_months, event.due_on) == (12, date(2024, 4, 10))


@pytest.mark.parametrize("programme", [LIVING, CARE])
class TestTheFirstDayOf52:
    """2016-01-01: accepted, proposed, approved, decided and reviewed under its values."""

    def account(self, programme: Programme) -> Event:
        return account(programme, accepted_on=FIRST_DAY, applied_on=FIRST_DAY)

    def test_leads_to_the_standard_from_that_month_on(self, programme: Programme) -> None:
        known = (begun(since=Month(2015, 12)),)
        opened_ = self.account(programme)
        made = given(opened_, supports=known, on=FIRST_DAY)
        (proposed,) = made.when(PROPOSE, propose_subsidy).events
        assert proposed.amount_fen == (LIVING_FEN if programme is LIVING else CARE_FEN)
        so_far = (opened_, proposed)
        made = spec_of_case(*so_far, on=FIRST_DAY)
        (approved_,) = made.when(Approve(actor=APPROVER), approve).events
        assert approved_.decision_due.on == date(2016, 1, 15)
        made = given(*so_far, approved_, supports=known, on=FIRST_DAY)
        (confirmed_,) = made.when(BY_COUNTY, confirm_subsidy).events
        assert confirmed_.pay_from == Month(2016, 1)
        made = spec_of_case(*so_far, approved_, confirmed_, on=FIRST_DAY).beside(REVIEWS)
        (review,) = made.when(ScheduleReview(case_id=CASE), schedule_review).events
        assert (review.opens_on, review.due_on) == (date(2016, 12, 17), date(2017, 1, 1))

    def test_leads_to_a_refusal_in_three_working_days(self, programme: Programme) -> None:
        child = begun(Support.TEKUN, Month(2015, 12), CASE)
        opened_ = self.account(programme)
        made = given(opened_, supports=(child,), on=FIRST_DAY)
        (proposed,) = made.when(PROPOSE, propose_subsidy).events
        made = given(opened_, proposed, supports=(child,), on=FIRST_DAY)
        (refused,) = made.when(BY_COUNTY, refuse_subsidy).events
        assert refused.notice_due.on == date(2016, 1, 6)


CONFIRMED = confirmed(programme=CARE, members=ALONE, amount_fen=CARE_FEN, pay_from=MARCH)


def spec_of_case(*events: Event, on: date = DECIDED_ON) -> Any:
    return spec(DETERMINATION, on=on, policy=policy()).given(*events)


@pytest.mark.mechanism("S1-27")
class TestTheStandardOfTheMonth:
    """Raised by the county from April 2023 on, between application and decision."""

    def decided(self, from_month: Month) -> list[Event]:
        raised = standard_set(
            130_00,
            from_month,
            kind=StandardKind.DISABILITY_LIVING_SUBSIDY,
        )
        made = given(account(), proposal(), approved(), supports=ON_DIBAO)
        made = made.beside(STANDARDS, raised).beside(STANDARDS).beside(STANDARDS)
        decide = by_recorded_standards(confirm_subsidy, 1)
        return list(made.when(BY_COUNTY, decide).events)

    def test_is_that_month_s_own_from_the_application_on(self) -> None:
        confirmed_, raised = self.decided(APRIL)
        assert (confirmed_.pay_from, confirmed_.amount_fen) == (MARCH, LIVING_FEN)
        assert isinstance(raised, AmountRedetermined)
        assert (raised.from_month, raised.amount_fen) == (APRIL, 130_00)

    def test_begins_with_the_first_month_where_it_was_raised_before(self) -> None:
        _, raised = self.decided(MARCH)
        assert (raised.from_month, raised.amount_fen) == (MARCH, 130_00)

    def test_waits_for_its_month_where_that_lies_ahead(self) -> None:
        (confirmed_,) = self.decided(Month(2023, 5))
        assert confirmed_.amount_fen == LIVING_FEN


class TestItsEndByOfficials:
    def paid(self, programme: Programme, on: date) -> Any:
        """A case that is paid this month."""
        confirmed_ = confirmed(
            programme=programme, members=ALONE, amount_fen=CARE_FEN, pay_from=Month.of(on)
        )
        return spec_of_case(account(programme), proposal(programme), confirmed_, on=on)

    def ending(
        self, ground: TerminationGround, programme: Programme = CARE, on: date | None = None
    ) -> Decided:
        command = ProposeTermination(
            case_id=CASE,
            termination_id=OF_DIBAO,
            proposer=PROPOSER,
            ground=ground,
            explanation=note("ending"),
        )
        made = self.paid(programme, on or NEXT_YEAR).beside(TERMINATIONS)
        return made.when(command, propose_termination)

    @pytest.mark.parametrize("programme", [LIVING, CARE])
    @pytest.mark.parametrize("on", [FIRST_DAY, NEXT_YEAR])
    def test_is_decided_without_publicity_and_without_a_hearing(
        self, programme: Programme, on: date
    ) -> None:
        (proposed,) = self.ending(Ground.VOLUNTARY, programme, on).events
        assert isinstance(proposed, TerminationProposed)
        made = self.paid(programme, on).beside(TERMINATIONS, proposed)
        object_ = ObjectToTermination(
            case_id=CASE, termination_id=OF_DIBAO, objection_id=CASE, grounds=note("objection")
        )
        made.when(object_, object_to_termination).refuses("no-publicity-running")
        decide = DecideTermination(
            case_id=CASE, termination_id=OF_DIBAO, actor=OTHER, role="county_approver"
        )
        stopped, _concluded = made.when(decide, decide_termination).events
        assert (stopped.reason, stopped.last_month) == (StopReason.VOLUNTARY, Month.of(on))

    @pytest.mark.parametrize(
        ("ground", "programme"),
        [
            (Ground.LABOUR_REGAINED, CARE),
            (Ground.MEANS, LIVING),
            (Ground.GRADE_NOT_COVERED, LIVING),
            (Ground.NO_LONG_TERM_CARE, LIVING),
        ],
    )
    def test_is_on_a_ground_of_its_own(
        self, ground: TerminationGround, programme: Programme
    ) -> None:
        self.ending(ground, programme).refuses("termination-ground-out-of-place", ground=ground)

    @pytest.mark.parametrize("programme", [LIVING, CARE])
    def test_a_certificate_that_lapsed_ends_either(self, programme: Programme) -> None:
        assert self.ending(Ground.NO_DISABILITY_CERTIFICATE, programme).events


class TestItsEndByItself:
    def stop(self, last_month: Month) -> StopSubsidy:
        return StopSubsidy(
            change_id=OF_DIBAO,
            actor=OTHER,
            reason=StopReason.HOUSEHOLD_NO_LONGER_COUNTS,
            last_month=last_month,
        )

    def test_stops_once_and_earlier_only_if_more_is_known(self) -> None:
        case = (account(CARE), proposal(CARE), CONFIRMED)
        made = spec_of_case(*case, on=NEXT_YEAR)
        (stopped,) = made.when(self.stop(Month(2024, 1)), stop_subsidy).events
        assert isinstance(stopped, BenefitStopped)
        again = made.given(stopped)
        again.when(self.stop(Month(2024, 1)), stop_subsidy).then()
        again.when(self.stop(Month(2024, 2)), stop_subsidy).then()
        (earlier,) = again.when(self.stop(Month(2023, 12)), stop_subsidy).events
        assert earlier.last_month == Month(2023, 12)

    def test_leaves_a_case_alone_that_is_not_paid(self) -> None:
        spec_of_case(account(CARE)).when(self.stop(MARCH), stop_subsidy).then()


def test_a_death_that_is_reported_with_the_case_stops_it_with_that_month() -> None:
    report = ReportChange(
        change_id=OF_DIBAO,
        reporter=PROPOSER,
        income=(),
        deductions=(),
        explanation=note("died"),
        happened_on=date(2023, 12, 31),
        household=HouseholdChange(
            cause=HouseholdChangeCause.DEATH, left=(APPLICANT,), certificate="0" * 64
        ),
    )
    made = spec_of_case(account(CARE), proposal(CARE), CONFIRMED, on=NEXT_YEAR)
    made = made.given(*made.when(report, report_change).events)
    decide = DecideChange(actor=OTHER, role="county_approver", change_id=OF_DIBAO)
    gone, stopped, _months = made.when(decide, decide_change).events
    assert (gone.left, gone.members) == ((APPLICANT,), ())
    assert (stopped.reason, stopped.last_month) == (StopReason.NOBODY_LEFT, Month(2023, 12))


def test_nobody_reports_means_of_it_and_nobody_joins_it() -> None:
    report = ReportChange(
        change_id=OF_DIBAO,
        reporter=PROPOSER,
        income=(),
        deductions=(),
        explanation=note("income"),
    )
    made = spec_of_case(account(CARE), proposal(CARE), CONFIRMED, on=NEXT_YEAR)
    made.when(report, report_change).refuses("programme-without-changes", programme=CARE)


@pytest.mark.parametrize("kind", DeductionKind)
@pytest.mark.parametrize("programme", [CARE, LIVING, Programme.CHILD_ALLOWANCE])
def test_no_deduction_is_told_with_a_death_where_no_means_are_tested(
    programme: Programme, kind: DeductionKind
) -> None:
    """Nor are any of a subsidy or an allowance that nobody's income lowers."""
    died = ReportChange(
        change_id=OF_DIBAO,
        reporter=PROPOSER,
        income=(),
        deductions=(DeductionLine(kind=kind, amount_fen=100_00),),
        explanation=note("died"),
        happened_on=date(2023, 12, 31),
        household=HouseholdChange(
            cause=HouseholdChangeCause.DEATH, left=(APPLICANT,), certificate="0" * 64
        ),
    )
    so_far = (
        children.CONFIRMED
        if programme is Programme.CHILD_ALLOWANCE
        else (
            account(programme),
            proposal(programme),
            CONFIRMED.model_copy(update={"programme": programme}),
        )
    )
    made = spec_of_case(*so_far, on=NEXT_YEAR)
    made.when(died, report_change).refuses("deduction-not-allowed", kind=kind.value, allowed="")
