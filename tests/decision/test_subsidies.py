"""The two subsidies for disabled people: who gets them, from which month on, and how much."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    DecideTermination,
    ObjectToTermination,
    Propose,
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
from services.decision.rules.subsidies import SUBSIDIES
from shared.calendar import Month
from shared.contracts.changes import (
    BenefitStopped,
    HouseholdChange,
    HouseholdChangeCause,
    StopReason,
)
from shared.contracts.circumstances import DisabilityCircumstances, DisabilityKind
from shared.contracts.decision import BenefitProposed, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.standards import AmountRedetermined, StandardKind
from shared.contracts.subsidies import Support
from shared.contracts.terminations import TerminationGround, TerminationProposed
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.policy import MissingValue
from tests.decision.household import (
    APPROVER,
    EXPLANATION,
    OTHER,
    PROPOSER,
    approved,
    confirmed,
    policy,
)
from tests.decision.standards import standard_set
from tests.decision.subsidies import (
    ALONE,
    APRIL,
    CARE,
    CARE_FEN,
    DECIDED_ON,
    LIVING,
    LIVING_FEN,
    MARCH,
    OF_DIBAO,
    account,
    begun,
    disability,
    given,
    over,
    proposal,
)
from tests.notices import notice
from tests.verification.household import APPLICANT, CASE, note

Reason, Ground = RefusalReason, TerminationGround
PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
BY_COUNTY = Decide(actor=OTHER, role="county_approver")
ON_DIBAO = (begun(),)
FIRST_DAY, NEXT_YEAR = date(2016, 1, 1), date(2024, 2, 5)
"""The first day of 国发〔2015〕52号; a day long after."""


def proposing(
    programme: Programme,
    found: DisabilityCircumstances | None = None,
    supports: tuple[Event, ...] = ON_DIBAO,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    spec = given(account(programme, found, **changed), supports=supports, folders=folders)
    return spec.when(PROPOSE, propose_subsidy)


def reason(decided: Decided) -> RefusalReason | None:
    """Why it was refused; ``None`` where the standard was proposed."""
    (event,) = decided.events
    if isinstance(event, BenefitProposed):
        assert event.amount_fen == event.standard_fen > 0
        return None
    found: RefusalReason = event.reason
    return found


@pytest.mark.mechanism("S0-26")
@pytest.mark.parametrize(("programme", "fen"), [(LIVING, LIVING_FEN), (CARE, CARE_FEN)])
def test_each_is_proposed_at_its_own_standard_and_asks_nothing_of_means(
    programme: Programme, fen: int
) -> None:
    (proposed,) = proposing(programme).events
    assert (proposed.amount_fen, proposed.standard_fen) == (fen, fen)
    assert (proposed.persons, proposed.counted_income_fen) == (1, 0)
    names = {one.name for one in proposed.parameters}
    assert "disability_subsidy_monthly_fen" in names
    assert not any(name.startswith(("property_", "standard_monthly")) for name in names)


class TestTheLivingSubsidy:
    @pytest.mark.parametrize("grade", [1, 4])
    def test_is_for_any_grade_in_a_household_on_dibao(self, grade: int) -> None:
        assert reason(proposing(LIVING, disability(grade))) is None

    @pytest.mark.parametrize(
        ("supports", "refused"),
        [
            pytest.param((), Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED, id="not on dibao"),
            pytest.param(ON_DIBAO, None, id="on dibao"),
            pytest.param(
                (begun(), over(Month(2023, 2))),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="no longer, when it was applied for",
            ),
            pytest.param((begun(), over(MARCH)), None, id="to the end of that month"),
            pytest.param(
                (begun(Support.EDGE_HOUSEHOLD),),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="at its edge",
            ),
            pytest.param(
                (begun(Support.RIGID_EXPENDITURE_HOUSEHOLD),),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="of rigid spending",
            ),
        ],
    )
    def test_rests_on_the_households_standing(
        self, supports: tuple[Event, ...], refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(LIVING, supports=supports)) is refused

    def test_is_extended_by_a_place(self, tmp_path: Path) -> None:
        since = date(2016, 1, 1)
        extended = notice(tmp_path, "3509", LIVING, since=since)
        text = (tmp_path / "notice.toml").read_text("utf-8")
        value = '["dibao", "edge_household"]'
        line = f'living_subsidy_households = [{{ document = "notice", value = {value} }}]\n'
        (tmp_path / "notice.toml").write_text(text + line, "utf-8")
        at_the_edge = (begun(Support.EDGE_HOUSEHOLD),)
        assert reason(proposing(LIVING, supports=at_the_edge, folders=(extended,))) is None


class TestTheCareSubsidy:
    @pytest.mark.parametrize(
        ("kind", "grade", "refused"),
        [
            (DisabilityKind.PHYSICAL, 1, None),
            (DisabilityKind.PHYSICAL, 2, None),
            (DisabilityKind.PHYSICAL, 3, Reason.GRADE_NOT_COVERED),
            (DisabilityKind.MENTAL, 2, None),
            (DisabilityKind.MENTAL, 3, Reason.GRADE_NOT_COVERED),
        ],
    )
    def test_is_for_grades_one_and_two_of_any_kind(
        self, kind: DisabilityKind, grade: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(CARE, disability(grade, kind))) is refused

    @pytest.mark.parametrize(
        ("kind", "grade", "refused"),
        [
            (DisabilityKind.INTELLECTUAL, 3, None),
            (DisabilityKind.INTELLECTUAL, 4, Reason.GRADE_NOT_COVERED),
            (DisabilityKind.PHYSICAL, 3, Reason.GRADE_NOT_COVERED),
        ],
    )
    def test_is_extended_by_a_place_to_lighter_disability_of_the_mind(
        self, tmp_path: Path, kind: DisabilityKind, grade: int, refused: RefusalReason | None
    ) -> None:
        since = date(2016, 1, 1)
        extended = notice(
            tmp_path,
            "35",
            CARE,
            since=since,
            care_subsidy_intellectual_or_mental_least_grade=3,
        )
        found = proposing(CARE, disability(grade, kind), folders=(extended,))
        assert reason(found) is refused

    def test_is_extended_by_a_place_to_grade_three(self, tmp_path: Path) -> None:
        wider = notice(tmp_path, "35", CARE, since=date(2016, 1, 1), care_subsidy_least_grade=3)
        assert reason(proposing(CARE, disability(3), folders=(wider,))) is None
        refused = reason(proposing(CARE, disability(4), folders=(wider,)))
        assert refused is Reason.GRADE_NOT_COVERED

    @pytest.mark.parametrize(
        ("months", "refused"),
        [(5, Reason.NO_LONG_TERM_CARE), (6, None), (0, Reason.NO_LONG_TERM_CARE)],
    )
    def test_is_for_care_of_six_months_or_more(
        self, months: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(CARE, disability(care_months=months))) is refused

    def test_rests_on_nothing_of_the_household(self) -> None:
        assert reason(proposing(CARE, supports=())) is None


class TestWhatTheyAreNotPaidBeside:
    @pytest.mark.parametrize("programme", SUBSIDIES)
    def test_tekun_gets_neither(self, programme: Programme) -> None:
        of_tekun = begun(Support.TEKUN, MARCH, CASE)
        refused = reason(proposing(programme, supports=(*ON_DIBAO, of_tekun)))
        assert refused is Reason.SUPPORTED_AS_TEKUN

    @pytest.mark.parametrize(
        ("programme", "refused"), [(LIVING, Reason.PAID_AS_CHILD), (CARE, None)]
    )
    def test_a_child_paid_whole_may_get_the_care_subsidy_only(
        self, programme: Programme, refused: RefusalReason | None
    ) -> None:
        of_child = begun(Support.CHILD_ALLOWANCE, MARCH, CASE)
        assert reason(proposing(programme, supports=(*ON_DIBAO, of_child))) is refused

    @pytest.mark.parametrize("programme", SUBSIDIES)
    def test_nor_care_that_work_injury_insurance_pays(self, programme: Programme) -> None:
        found = disability(work_injury_care=True)
        assert reason(proposing(programme, found)) is Reason.WORK_INJURY_CARE

    @pytest.mark.parametrize("programme", SUBSIDIES)
    def test_nobody_gets_either_without_a_valid_certificate(self, programme: Programme) -> None:
        nothing = DisabilityCircumstances(disability=None, care_months=12)
        assert reason(proposing(programme, nothing)) is Reason.NO_DISABILITY_CERTIFICATE

    def test_who_was_tekun_before_is_paid_from_the_month_after(self) -> None:
        was = (begun(Support.TEKUN, Month(2022, 1), CASE), over(MARCH, Support.TEKUN, CASE))
        (event,) = confirming(LIVING, (begun(since=Month(2022, 1)), *was)).events
        assert event.pay_from == APRIL


def confirming(
    programme: Programme,
    supports: tuple[Event, ...] = ON_DIBAO,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    so_far = (account(programme, **changed), proposal(programme), approved())
    spec = given(*so_far, supports=supports, folders=folders)
    return spec.when(BY_COUNTY, confirm_subsidy)


class TestTheFirstMonth:
    @pytest.mark.parametrize(
        ("applied_on", "first"),
        [(date(2023, 3, 31), MARCH), (date(2023, 4, 1), APRIL), (None, APRIL)],
    )
    def test_is_that_of_the_application_not_of_the_decision(
        self, applied_on: date | None, first: Month
    ) -> None:
        (event,) = confirming(CARE, applied_on=applied_on).events
        assert (event.pay_from, event.amount_fen) == (first, CARE_FEN)

    @pytest.mark.parametrize(
        ("since", "first"), [(Month(2023, 2), MARCH), (MARCH, MARCH), (APRIL, APRIL)]
    )
    def test_is_none_before_the_household_was_on_dibao(self, since: Month, first: Month) -> None:
        (event,) = confirming(LIVING, (begun(since=since),)).events
        assert event.pay_from == first

    def test_is_another_where_a_place_pays_from_the_month_after(self, tmp_path: Path) -> None:
        later = notice(
            tmp_path, "35", CARE, since=date(2016, 1, 1), pay_first_month="month_after_decision"
        )
        (event,) = confirming(CARE, folders=(later,)).events
        assert event.pay_from == Month(2023, 5)


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


@pytest.mark.parametrize("programme", SUBSIDIES)
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

    @pytest.mark.parametrize("programme", SUBSIDIES)
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

    @pytest.mark.parametrize("programme", SUBSIDIES)
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
