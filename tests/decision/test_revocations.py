"""A decision that fell on appeal: a revocation restores all months."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import DecideChange, carry_out_ruling, decide_change
from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling, DecisionRevoked
from shared.contracts.changes import (
    AmountChanged,
    HouseholdChangeCause,
    MonthsRedetermined,
    PhaseOutStarted,
)
from shared.contracts.decision import CaseConfirmed, CaseRefused, RefusalReason
from shared.contracts.fields import Member, Programme, Relation
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
    RecognitionWithdrawn,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.appeals import (
    IN_AUGUST_2021,
    NOBODY_LEFT,
    RESTORER,
    appealed,
    carry_out,
    filed,
    ruled,
)
from tests.decision.changes import ENDED, PHASE_OUT, STOP
from tests.decision.household import (
    APPROVER,
    CHANGE,
    CONFIRMED,
    FOUR,
    OTHER,
    PROPOSER,
    REPORTER,
    amount_changed,
    given,
    opened,
    refusal_proposed,
    reported,
)
from tests.verification.household import APPLICANT, FIRST, FUJIAN, SURVEY_DUE

REFUSED = CaseRefused(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
    notice_due=SURVEY_DUE,
)
CUT = amount_changed(2_350_00, 50_00)


def carried_out(
    *after: Event,
    on: date = IN_AUGUST_2021,
    ruling: AppealRuling = AppealRuling.REVOKED,
    **changed: Any,
) -> Decided:
    """A phase-out (or what else followed) that fell on appeal."""
    case = (*CONFIRMED, reported(), *after)
    spec = appealed(filed(), ruled(ruling), on=on, case=case)
    return spec.when(carry_out(**changed), carry_out_ruling)


class TestARevocation:
    def test_it_restores_every_month_even_after_the_phase_out_has_ended(self) -> None:
        """Case 2's phase-out ran out in May 2021 and fell in August: 200 a month all along."""
        revoked, again, amount, beside, done = carried_out(PHASE_OUT, ENDED).events
        assert isinstance(revoked, DecisionRevoked)
        assert (revoked.from_month, revoked.redo) == (Month(2020, 6), False)
        assert isinstance(again, CaseConfirmed)
        assert again.pay_from == Month(2021, 6)
        assert isinstance(amount, AmountChanged)
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 6), 200_00)
        assert isinstance(beside, MonthsRedetermined)
        assert [(str(m.month), m.before_fen, m.after_fen) for m in beside.months] == [
            ("2021-06", 0, 200_00),
            ("2021-07", 0, 200_00),
            ("2021-08", 0, 200_00),
        ]
        assert beside.difference_fen == 600_00
        assert done.restorer == RESTORER
        state = appealed(
            on=IN_AUGUST_2021,
            case=(*CONFIRMED, reported(), PHASE_OUT, ENDED, revoked, again, amount),
        ).state
        assert (state.stage, state.ended, state.leaving) == (Stage.CONFIRMED, None, None)
        assert (state.amount_fen, state.income) == (200_00, opened().income)

    @pytest.mark.parametrize(
        ("reason", "again"),
        [(RecognitionEndReason.CASE_ENDED, True), (RecognitionEndReason.VALIDITY_OVER, False)],
    )
    def test_what_the_household_was_recognised_as_beside_it_it_is_again(
        self, reason: RecognitionEndReason, again: bool
    ) -> None:
        """Its other members were an edge household until the case ended."""
        recognised = HouseholdRecognised(
            status=HouseholdStatus.EDGE_HOUSEHOLD,
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            members=FOUR,
        )
        over = RecognitionEnded(
            status=recognised.status, reason=reason, since=date(2021, 6, 1), members=FOUR
        )
        history = (recognised, PHASE_OUT, ENDED, over)
        events = carried_out(*history).events
        assert [e for e in events if isinstance(e, HouseholdRecognised)] == [recognised] * again
        state = given(*CONFIRMED, reported(), *history, *events[:-1], on=IN_AUGUST_2021).state
        assert (state.recognition_ended is None) is again

    def test_of_a_stop_that_runs_nothing_is_confirmed_again(self) -> None:
        stop = STOP.model_copy(update={"last_month": Month(2020, 5)})
        revoked, amount, beside, _ = carried_out(stop, on=date(2020, 8, 5)).events
        assert isinstance(revoked, DecisionRevoked)
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 6), 200_00)
        assert beside.difference_fen == 3 * 200_00

    def test_of_an_amount_the_one_before_counts_again(self) -> None:
        _, amount, beside, _ = carried_out(CUT, on=date(2020, 7, 5)).events
        assert (amount.amount_fen, beside.difference_fen) == (200_00, 2 * 150_00)

    def test_of_a_stop_in_a_phase_out_the_phase_out_goes_on(self) -> None:
        other = uuid5(HOUSE, "tests/another change")
        started = PHASE_OUT.model_copy(update={"change_id": other})
        stop = STOP.model_copy(update={"last_month": Month(2020, 7)})
        _, phase_out, beside, _ = carried_out(started, stop, on=date(2020, 9, 5)).events
        assert isinstance(phase_out, PhaseOutStarted)
        assert (phase_out.first_month, phase_out.last_month) == (Month(2020, 6), Month(2021, 5))
        assert beside.difference_fen == 2 * 200_00

    def test_it_is_carried_out_by_new_hands(self) -> None:
        for actor, step in (
            (OTHER, "decision"),
            (REPORTER, "report"),
            (FIRST, "survey"),
            (PROPOSER, "proposal"),
            (APPROVER, "approval"),
        ):
            carried_out(PHASE_OUT, actor=actor).refuses("same-hands", before=step)
        carried_out(PHASE_OUT, role="county_approver").refuses("not-the-deciding-level")

    def test_an_upheld_decision_stands(self) -> None:
        carried_out(PHASE_OUT, ruling=AppealRuling.UPHELD).refuses("nothing-to-carry-out")
        unruled = appealed(filed(), on=IN_AUGUST_2021)
        unruled.when(carry_out(), carry_out_ruling).refuses("nothing-to-carry-out")

    def test_once(self) -> None:
        *_, done = carried_out(PHASE_OUT).events
        case = (*CONFIRMED, reported(), PHASE_OUT)
        spec = appealed(filed(), ruled(), done, on=IN_AUGUST_2021, case=case)
        spec.when(carry_out(), carry_out_ruling).refuses("nothing-to-carry-out")

    def test_a_later_decision_is_taken_back_first(self) -> None:
        later = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/later")})
        carried_out(CUT, later).refuses("later-decision-stands")

    def test_a_later_decision_that_was_taken_back_is_none(self) -> None:
        """The cut of June, then a phase-out that fell on its own appeal: the cut can fall too."""
        other = uuid5(HOUSE, "tests/later")
        later = PHASE_OUT.model_copy(update={"change_id": other, "first_month": Month(2020, 7)})
        appeal_of_later = uuid5(HOUSE, "tests/appeal of later")
        of_later = filed(change_id=other, appeal_id=appeal_of_later)
        history = (*CONFIRMED, reported(), CUT, later)
        spec_ = appealed(of_later, ruled(), on=date(2020, 8, 5), case=history)
        *fell, _ = spec_.when(carry_out(appeal_id=appeal_of_later), carry_out_ruling).events
        state = given(*history, *fell, on=date(2020, 8, 5)).state
        assert [state.amounts.at(Month(2020, n)) for n in (5, 6, 7)] == [200_00, 50_00, 50_00]

        against_cut = filed(NoticeSubject.AMOUNT_CHANGED)
        on = date(2020, 8, 20)
        before = appealed(against_cut, ruled(), on=on, case=history)
        before.when(carry_out(), carry_out_ruling).refuses("later-decision-stands")
        since = appealed(against_cut, ruled(), on=on, case=(*history, *fell))
        *restored, _ = since.when(carry_out(), carry_out_ruling).events
        state = given(*history, *fell, *restored, on=on).state
        assert [state.amounts.at(Month(2020, n)) for n in (5, 6, 7, 8)] == [200_00] * 4

    def test_that_was_made_anew_is_later_again(self) -> None:
        other = uuid5(HOUSE, "tests/later")
        later = PHASE_OUT.model_copy(update={"change_id": other, "first_month": Month(2020, 7)})
        appeal_of_later = uuid5(HOUSE, "tests/appeal of later")
        history = (*CONFIRMED, reported(), CUT, later)
        of_later = filed(change_id=other, appeal_id=appeal_of_later)
        spec_ = appealed(of_later, ruled(AppealRuling.REDO), on=date(2020, 8, 5), case=history)
        *fell, _ = spec_.when(carry_out(appeal_id=appeal_of_later), carry_out_ruling).events
        anew = later.model_copy(update={"first_month": Month(2020, 9)})
        against_cut = filed(NoticeSubject.AMOUNT_CHANGED)
        case = (*history, *fell, anew)
        since = appealed(against_cut, ruled(), on=date(2020, 8, 20), case=case)
        since.when(carry_out(), carry_out_ruling).refuses("later-decision-stands")

    def test_to_be_made_anew_the_report_waits_again_for_new_hands(self) -> None:
        came = carried_out(PHASE_OUT, on=date(2020, 8, 5), ruling=AppealRuling.REDO)
        *events, _done = came.events
        spec = given(*CONFIRMED, reported(), PHASE_OUT, *events, on=date(2020, 8, 20))
        assert spec.state.change is not None
        anew = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
        spec.when(anew, decide_change).refuses("same-hands", before="revoked_decision")
        other = anew.model_copy(update={"actor": RESTORER})
        (event,) = spec.when(other, decide_change).events
        assert event.first_month == Month(2020, 9)

    def test_made_anew_it_takes_no_later_reports_place(self) -> None:
        """A child was born before the ruling: the household with the child waits, not the wages."""
        later = uuid5(HOUSE, "tests/later")
        birth = reported(2_900_00, date(2020, 7, 20), change_id=later)
        case = (*CONFIRMED, reported(), CUT, birth)
        redo = ruled(AppealRuling.REDO)
        spec = appealed(filed(NoticeSubject.AMOUNT_CHANGED), redo, on=date(2020, 8, 5), case=case)
        *events, _done = spec.when(carry_out(), carry_out_ruling).events
        state = given(*case, *events, on=date(2020, 8, 20)).state
        assert state.change.reported == birth

    def test_made_anew_it_opens_no_report_that_it_did_not_decide(self) -> None:
        """A cut for refused work, while a report waited that was decided later, and fell too."""
        work, other = uuid5(HOUSE, "tests/work"), uuid5(HOUSE, "tests/appeal of later")
        so_far = (*CONFIRMED, reported(), CUT.model_copy(update={"change_id": work}))
        later = amount_changed(2_300_00, 100_00, from_month=Month(2020, 7))
        of_later = filed(NoticeSubject.AMOUNT_CHANGED, appeal_id=other)
        spec = appealed(of_later, ruled(), on=date(2020, 8, 5), case=(*so_far, later))
        *fell, _ = spec.when(carry_out(appeal_id=other), carry_out_ruling).events
        of_work = filed(NoticeSubject.AMOUNT_CHANGED, change_id=work)
        case = (*so_far, later, *fell)
        spec = appealed(of_work, ruled(AppealRuling.REDO), on=date(2020, 8, 6), case=case)
        *events, _ = spec.when(carry_out(), carry_out_ruling).events
        assert given(*case, *events, on=date(2020, 8, 6)).state.change is None


def test_who_had_joined_by_what_fell_is_of_the_household_no_more() -> None:
    baby = Member(person_id=uuid5(HOUSE, "tests/baby"), relation=Relation.CHILD)
    joined = NOBODY_LEFT.model_copy(
        update={
            "cause": HouseholdChangeCause.BIRTH,
            "members": (*FOUR, baby),
            "left": (),
            "joined": (baby.person_id,),
        }
    )
    more = amount_changed(2_200_00, 800_00, from_month=joined.from_month)
    case = (*CONFIRMED, reported(), joined, more)
    spec = appealed(filed(NoticeSubject.AMOUNT_CHANGED), ruled(), on=IN_AUGUST_2021, case=case)
    *events, _done = spec.when(carry_out(), carry_out_ruling).events
    (revoked,) = (e for e in events if isinstance(e, DecisionRevoked))
    assert (revoked.left, revoked.members) == ((baby.person_id,), FOUR)
    assert given(*case, *events, on=IN_AUGUST_2021).state.members == FOUR


class TestARefusalThatFell:
    def test_the_case_is_proposed_anew_by_others(self) -> None:
        case = (opened(), refusal_proposed(), REFUSED)
        spec = appealed(filed(NoticeSubject.REFUSAL), ruled(), on=date(2020, 8, 5), case=case)
        revoked, _done = spec.when(carry_out(), carry_out_ruling).events
        state = given(*case, revoked, on=date(2020, 8, 5)).state
        assert (state.stage, state.proposal, state.refused) == (Stage.OPENED, None, None)
        assert state.hands("survey")["revoked_decision"] == {PROPOSER}
        assert isinstance(revoked, DecisionRevoked)
        assert (revoked.members, revoked.left) == (FOUR, None)

    @pytest.mark.parametrize("over", [False, True])
    def test_what_the_household_was_recognised_as_beside_it_is_withdrawn(self, over: bool) -> None:
        """Else its members would have that standing for ever: nothing else ends it any more."""
        edge = HouseholdStatus.EDGE_HOUSEHOLD
        recognised = HouseholdRecognised(
            status=edge,
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            members=FOUR,
            valid_until=date(2021, 4, 30),
        )
        ended = RecognitionEnded(
            status=edge, reason=RecognitionEndReason.VALIDITY_OVER, since=date(2020, 8, 1)
        )
        case = (opened(), refusal_proposed(), recognised, *([ended] * over), REFUSED)
        spec = appealed(filed(NoticeSubject.REFUSAL), ruled(), on=date(2020, 8, 5), case=case)
        *events, _done = spec.when(carry_out(), carry_out_ruling).events
        withdrawn = RecognitionWithdrawn(status=edge, members=FOUR, since=date(2020, 8, 5))
        assert events[:-1] == ([] if over else [withdrawn])
        assert isinstance(events[-1], DecisionRevoked)
