"""What may follow refused work, what must, and what becomes of it afterwards."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from services.decision.decisions import (
    DecideChange,
    HearAboutWork,
    decide_change,
    decide_work_consequence,
    hear_about_work,
    record_work_offer,
)
from services.decision.model import DETERMINATION, WORK
from services.decision.rules import work as rules
from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround, TopUp, TopUpKind
from shared.contracts.changes import PhaseOutStarted
from shared.contracts.standards import AmountRedetermined
from shared.contracts.work import WorkConsequenceCause, WorkConsequenceHeard, WorkResponse
from shared.kernel.event import Event
from shared.kernel.spec import spec
from tests.decision.dayao import GRANDMOTHER, JULY, SON, at_work, household, in_benefit, policy
from tests.decision.household import OTHER, REPORTER, given, reported
from tests.decision.work import (
    CONSEQUENCE,
    COUNTY,
    EXCUSED,
    JOB,
    NONE,
    REASON,
    REDUCE,
    RESTORE,
    STOP,
    TAKEN_UP,
    THRICE,
    TWICE,
    answered,
    cut,
    decide,
    decided,
    record,
    waiting,
    withheld,
)
from tests.notices import notice
from tests.verification.household import APPLICANT, CASE, FIRST, note

IN_2022 = date(2022, 3, 15)
UNDER_THE_LAW = date(2026, 7, 15)


def three_jobs(on: date) -> tuple[Event, ...]:
    of_jobs = [answered(n, n, kind=JOB, offered_on=on, answered_on=on) for n in (1, 2, 3)]
    return (*of_jobs, waiting(kind=JOB, on=on))


class TestDeciding:
    def test_it_is_told_to_payment_as_any_other_amount(self) -> None:
        came = decided(STOP)
        own, changed = came.facts
        assert own.stream is not None
        assert changed.stream is None  # the determination's own, which is what others hear
        assert {fact.policy for fact in came.facts} == {policy().version}
        names = {used.name: used.value for used in changed.event.parameters}
        assert names["hearing_before_reduction_or_stop"] == 0

    def test_what_the_share_is_reduced_by_stands_in_the_decision(self) -> None:
        _, changed = decided(REDUCE).events
        assert changed.withheld == (withheld(Fraction(1, 2)),)
        used = {used.name for used in changed.parameters}
        assert "work_refusals_reduction_share" in used

    def test_jobs_must_have_a_consequence(self) -> None:
        """649, art. 45: 应当, where the county's plan for projects says 可."""
        spec = at_work(*three_jobs(JULY))
        refusal = spec.when(decide(NONE, explanation=REASON), decide_work_consequence)
        assert (
            "国务院令第649号"
            in refusal.refuses("work-consequence-not-allowed", allowed="reduce, stop").source
        )
        assert spec.when(decide(STOP), decide_work_consequence).events[1].amount_fen == 400_00

    def test_from_july_2021_jobs_count_by_the_measures(self) -> None:
        spec = at_work(*three_jobs(IN_2022), on=IN_2022)
        refusal = spec.when(decide(NONE, explanation=REASON), decide_work_consequence)
        assert "民发〔2021〕57号" in refusal.refuses("work-consequence-not-allowed").source

    def test_under_the_law_the_household_is_heard_first(self) -> None:
        day = UNDER_THE_LAW
        spec = at_work(*three_jobs(day), on=day)
        refusal = spec.when(decide(STOP), decide_work_consequence).refuses("hearing-missing")
        assert "社会救助法" in refusal.source
        hear = HearAboutWork(case_id=CASE, consequence_id=CONSEQUENCE, statement=note("heard"))
        (heard,) = spec.when(hear, hear_about_work).events
        spec = at_work(*three_jobs(day), heard, on=day)
        assert spec.when(decide(STOP), decide_work_consequence).events[1].amount_fen == 400_00

    def test_it_keeps_the_regime_of_the_day_it_opened(self) -> None:
        """Opened on the last day before the law, decided under it: nobody has to be heard."""
        spec = at_work(*three_jobs(date(2026, 6, 30)), on=date(2026, 7, 1))
        assert spec.when(decide(STOP), decide_work_consequence).events

    def test_hands_are_apart(self) -> None:
        for actor, step in ((REPORTER, "record"), (FIRST, "survey")):
            decided(STOP, actor=actor).refuses("same-hands", before=step)
        decided(STOP, role="township_approver").refuses("not-the-deciding-level")

    def test_there_is_something_to_decide(self) -> None:
        decided(STOP, *TWICE).refuses("no-such-work-consequence")
        hear = HearAboutWork(case_id=CASE, consequence_id=CONSEQUENCE, statement=note("heard"))
        at_work(*TWICE).when(hear, hear_about_work).refuses("no-such-work-consequence")

    def test_a_household_that_leaves_is_not_cut_beside(self) -> None:
        leaving = PhaseOutStarted(
            change_id=CONSEQUENCE,
            decider=OTHER,
            persons=3,
            standard_fen=375_00,
            counted_income_fen=2_000_00,
            parameters=(),
            amount_fen=600_00,
            first_month=Month(2020, 8),
            last_month=Month(2021, 1),
        )
        spec = at_work(*THRICE, after=(leaving,))
        spec.when(decide(STOP), decide_work_consequence).refuses("already-leaving")

    def test_for_jobs_and_projects_both_the_share_is_withheld_once(self) -> None:
        after = (cut(500_00, withheld(Fraction(1, 2))),)
        spec = at_work(*three_jobs(JULY), after=after)
        _, changed = spec.when(decide(STOP), decide_work_consequence).events
        assert (changed.amount_fen, changed.withheld_fen) == (400_00, 200_00)
        assert changed.withheld == (withheld(Fraction(1, 2)), withheld(kind=JOB))

    def test_a_province_may_reduce_by_another_share(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "532326", work_refusals_reduction_share="1/4")
        spec = at_work(*THRICE, folders=(place,))
        assert spec.when(decide(REDUCE), decide_work_consequence).events[1].amount_fen == 550_00

    def test_what_was_added_to_the_gap_stays_told_beside_what_is_withheld(self) -> None:
        added = TopUp(person_id=GRANDMOTHER, kind=TopUpKind.SEVENTY_OR_OVER, amount_fen=60_00)
        account, proposal, *rest, confirmation = in_benefit()
        history = (
            account,
            proposal.model_copy(update={"topups": (added,), "amount_fen": 660_00}),
            *rest,
            confirmation.model_copy(update={"amount_fen": 660_00}),
        )
        case = spec(DETERMINATION, on=JULY, policy=policy()).given(*history)
        _, changed = case.beside(WORK, *THRICE).when(decide(STOP), decide_work_consequence).events
        assert (changed.amount_fen, changed.withheld_fen) == (440_00, 220_00)
        assert changed.topups == (added,)

    def test_who_entered_alone_has_an_amount_of_their_own(self) -> None:
        alone = [
            SinglePerson(
                person_id=person,
                ground=SinglePersonGround.ILLNESS,
                own_income_fen=0,
                amount_fen=amount_fen,
            )
            for person, amount_fen in ((SON, 300_00), (GRANDMOTHER, 100_00))
        ]
        shares = rules.own_shares(400_00, (APPLICANT, SON, GRANDMOTHER), alone)
        assert shares == {SON: 300_00, GRANDMOTHER: 100_00}
        assert rules.own_shares(200_00, (), alone) == {SON: 150_00, GRANDMOTHER: 50_00}

    def test_who_entered_alone_has_their_own_amount_by_the_standard_that_counts(self) -> None:
        """375 − 225 and 375 by the old standard, 175 and 400 by that of 400: 175 is the son's."""
        alone = tuple(
            SinglePerson(
                person_id=person,
                ground=SinglePersonGround.POOR_DEPENDENT_DISABILITY,
                own_income_fen=own_fen,
                amount_fen=375_00 - own_fen,
            )
            for person, own_fen in ((SON, 225_00), (GRANDMOTHER, 0))
        )
        account, proposal, *rest, confirmation = in_benefit()
        two = confirmation.members[1:]
        raised = AmountRedetermined(
            standard_id=CONSEQUENCE,
            persons=2,
            counted_income_fen=225_00,
            standard_before_fen=375_00,
            standard_fen=400_00,
            amount_before_fen=525_00,
            amount_fen=575_00,
            from_month=Month(2020, 7),
            parameters=(),
        )
        history = (
            account,
            proposal.model_copy(update={"single_persons": alone, "amount_fen": 525_00}),
            *rest,
            confirmation.model_copy(update={"members": two, "amount_fen": 525_00}),
            raised,
        )
        spec = given(*history, on=JULY).beside(WORK, *THRICE)
        decided, changed = spec.when(decide(STOP), decide_work_consequence).events
        assert (decided.own_share_fen, changed.withheld_fen) == (175_00, 175_00)
        assert changed.amount_fen == 400_00


class TestAfterwards:
    STOPPED = (cut(400_00, withheld()),)

    def record_of_the_stop(self) -> tuple[Event, ...]:
        own, _ = decided(STOP).events
        return (*THRICE, own)

    @pytest.mark.parametrize("response", [TAKEN_UP, EXCUSED])
    def test_taking_part_later_brings_the_share_up_for_return(self, response: WorkResponse) -> None:
        spec = at_work(*self.record_of_the_stop(), after=self.STOPPED)
        spec.when(record(4, response), record_work_offer).then(
            answered(4, 0, response), waiting(WorkConsequenceCause.ROW_BROKEN, 0)
        )

    def test_the_share_comes_back_from_the_next_month_on_without_a_hearing(self) -> None:
        day = UNDER_THE_LAW
        broken = waiting(WorkConsequenceCause.ROW_BROKEN, 0, day)
        spec = at_work(*self.record_of_the_stop(), broken, after=self.STOPPED, on=day)
        _, changed = spec.when(decide(RESTORE), decide_work_consequence).events
        assert (changed.amount_fen, changed.from_month) == (600_00, Month(2026, 8))
        assert (changed.withheld, changed.withheld_fen) == (None, None)

    def test_nothing_else_can_follow_a_broken_row_and_no_return_an_unbroken_one(self) -> None:
        broken = waiting(WorkConsequenceCause.ROW_BROKEN, 0)
        spec = at_work(*self.record_of_the_stop(), broken, after=self.STOPPED)
        spec.when(decide(STOP), decide_work_consequence).refuses(
            "work-consequence-not-allowed", chosen="stop", allowed="restore"
        )
        decided(RESTORE).refuses(
            "work-consequence-not-allowed", chosen="restore", allowed="reduce, stop, none"
        )

    def test_taking_part_in_a_project_returns_nothing_that_was_withheld_for_jobs(self) -> None:
        after = (cut(400_00, withheld(kind=JOB)),)
        (event,) = at_work(*TWICE, after=after).when(record(3, TAKEN_UP), record_work_offer).events
        assert event.refusals == 0

    def test_what_is_withheld_stays_so_when_the_income_changes(self) -> None:
        """A gap of 300 instead of 600: 100 each, and the son's is withheld."""
        change = reported(income=(), counted_income_fen=825_00)
        spec = household(*self.STOPPED, change)
        command = DecideChange(actor=OTHER, role=COUNTY, change_id=change.change_id)
        (event,) = spec.when(command, decide_change).events
        assert (event.amount_fen, event.withheld_fen) == (200_00, 100_00)
        assert event.withheld == (withheld(),)

    def test_a_report_that_waits_is_not_decided_by_it(self) -> None:
        spec = household(reported(income=(), counted_income_fen=825_00), *self.STOPPED)
        assert spec.state.change is not None


def test_a_consequence_that_was_heard_about_is_marked() -> None:
    heard = WorkConsequenceHeard(consequence_id=CONSEQUENCE, statement=note("heard"))
    given = at_work(*THRICE, heard)
    record_state = given.histories[1].state
    assert record_state.waiting[CONSEQUENCE].heard is True
