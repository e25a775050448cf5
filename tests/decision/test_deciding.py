"""Approval, confirmation and refusal: who, when, and what holds them back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.decision.decisions import Approve, Decide, approve, confirm, refuse
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.decision import (
    CaseRefused,
    ConfirmationDeferred,
    DeferralReason,
    RefusalReason,
    TownshipApproved,
)
from shared.contracts.fields import Due, Programme
from shared.contracts.publicity import PublicityRound
from shared.kernel.event import Event
from tests.decision.household import (
    APPROVED_ON,
    APPROVER,
    CONFIRMED_ON,
    FIRST_UNTIL,
    OTHER,
    PROPOSER,
    SECOND_UNTIL,
    UP_TO_APPROVAL,
    UP_TO_FIRST,
    UP_TO_PROPOSAL,
    UP_TO_SECOND,
    approved,
    confirmed,
    given,
    objected,
    opened,
    posted,
    proposed,
    refusal_proposed,
    resolved,
)
from tests.notices import notice
from tests.verification.household import APPLICANT, DAYAO, FIRST, FUJIAN, SECOND, SHAANXI

TOWNSHIP, COUNTY = "township_approver", "county_approver"
LATER = date(2021, 7, 20)
UNDER_57 = date(2021, 7, 1)


def deciding(actor: UUID = OTHER, role: str = TOWNSHIP) -> Decide:
    return Decide(actor=actor, role=role)


def refused(reason: RefusalReason, notice_on: date) -> CaseRefused:
    return CaseRefused(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        reason=reason,
        notice_due=Due(on=notice_on, calendar=CALENDAR_VERSION),
    )


def to_refuse(accepted_on: date = date(2020, 4, 1)) -> tuple[Event, ...]:
    account = opened(counted_income_fen=2_900_00, accepted_on=accepted_on)
    return (account, refusal_proposed())


class TestTheTownshipsApproval:
    def test_follows_the_first_publicity_and_sets_the_decisions_date(self) -> None:
        """Second publicity to Wed 22 April, then three working days: Thu, Fri, Sun 26 (worked)."""
        given(*UP_TO_FIRST, on=APPROVED_ON).when(Approve(actor=APPROVER), approve).then(
            TownshipApproved(
                approver=APPROVER,
                decision_due=Due(on=date(2020, 4, 26), calendar=CALENDAR_VERSION),
            )
        )

    def test_under_57_the_decision_is_due_ten_working_days_after_it(self) -> None:
        so_far = (opened(accepted_on=UNDER_57), proposed(), posted())
        (event,) = given(*so_far, on=LATER).when(Approve(actor=APPROVER), approve).events
        assert event.decision_due.on == date(2021, 8, 3)

    def test_waits_for_the_end_of_the_publicity(self) -> None:
        given(*UP_TO_FIRST, on=FIRST_UNTIL).when(Approve(actor=APPROVER), approve).refuses(
            "publicity-not-over", round="first"
        )

    def test_is_impossible_without_one(self) -> None:
        given(*UP_TO_PROPOSAL, on=APPROVED_ON).when(Approve(actor=APPROVER), approve).refuses(
            "publicity-missing", round="first"
        )

    def test_waits_for_open_objections(self) -> None:
        given(*UP_TO_FIRST, objected(), on=APPROVED_ON).when(
            Approve(actor=APPROVER), approve
        ).refuses("objection-open", open=1)

    def test_is_impossible_once_an_objection_was_upheld(self) -> None:
        given(*UP_TO_FIRST, objected(), resolved(upheld=True), on=APPROVED_ON).when(
            Approve(actor=APPROVER), approve
        ).refuses("objection-upheld")

    def test_goes_on_once_an_objection_was_dismissed(self) -> None:
        assert (
            given(*UP_TO_FIRST, objected(), resolved(), on=APPROVED_ON)
            .when(Approve(actor=APPROVER), approve)
            .events
        )

    def test_is_not_given_to_a_proposal_to_refuse(self) -> None:
        given(*to_refuse(), on=APPROVED_ON).when(Approve(actor=APPROVER), approve).refuses(
            "nothing-to-approve"
        )

    def test_is_given_once(self) -> None:
        given(*UP_TO_APPROVAL, on=APPROVED_ON).when(Approve(actor=OTHER), approve).refuses(
            "wrong-stage", stage="approved", allowed="proposed"
        )

    @pytest.mark.parametrize(
        ("actor", "step"), [(FIRST, "survey"), (SECOND, "survey"), (PROPOSER, "proposal")]
    )
    def test_is_not_given_by_hands_that_surveyed_or_proposed(self, actor: UUID, step: str) -> None:
        refusal = (
            given(*UP_TO_FIRST, on=APPROVED_ON)
            .when(Approve(actor=actor), approve)
            .refuses("same-hands", before=step)
        )
        assert (refusal.status, bool(refusal.source)) == (403, True)


class TestConfirmation:
    def test_in_fujian_in_2020_is_the_townships_after_the_second_publicity(self) -> None:
        decided = given(*UP_TO_SECOND, on=CONFIRMED_ON).when(deciding(), confirm)
        decided.then(confirmed())
        assert decided.facts[0].policy is not None

    def test_pays_from_the_month_after(self) -> None:
        for on, month in (
            (date(2020, 4, 30), Month(2020, 5)),
            (date(2020, 5, 1), Month(2020, 6)),
            (date(2020, 12, 31), Month(2021, 1)),
        ):
            (event,) = given(*UP_TO_SECOND, on=on).when(deciding(), confirm).events
            assert event.pay_from == month

    @pytest.mark.parametrize(
        ("division", "role"),
        [
            (FUJIAN, TOWNSHIP),
            pytest.param(SHAANXI, COUNTY, marks=pytest.mark.mechanism("S4-3"), id="shaanxi"),
        ],
    )
    def test_under_57_needs_no_second_publicity(self, division: str, role: str) -> None:
        account = opened(division=division, accepted_on=UNDER_57)
        so_far = (account, proposed(), posted(), approved())
        assert given(*so_far, on=LATER).when(deciding(role=role), confirm).events

    def test_under_220_is_impossible_without_it(self) -> None:
        given(*UP_TO_APPROVAL, on=CONFIRMED_ON).when(deciding(), confirm).refuses(
            "publicity-missing", round="second"
        )

    def test_is_deferred_while_it_runs_and_the_attempt_recorded(self) -> None:
        deferred = ConfirmationDeferred(reason=DeferralReason.PUBLICITY_RUNNING)
        spec = given(*UP_TO_SECOND, on=SECOND_UNTIL)
        spec.when(deciding(), confirm).then(deferred)
        assert spec.given(deferred).state.deferred is DeferralReason.PUBLICITY_RUNNING
        assert spec.given(deferred, confirmed()).state.deferred is None

    def test_is_deferred_while_an_objection_is_open(self) -> None:
        given(*UP_TO_SECOND, objected(), on=CONFIRMED_ON).when(deciding(), confirm).then(
            ConfirmationDeferred(reason=DeferralReason.OBJECTION_OPEN)
        )

    def test_goes_on_once_the_objection_was_dismissed(self) -> None:
        given(*UP_TO_SECOND, objected(), resolved(), on=CONFIRMED_ON).when(
            deciding(), confirm
        ).then(confirmed())

    def test_is_impossible_once_one_was_upheld(self) -> None:
        given(*UP_TO_SECOND, objected(), resolved(upheld=True), on=CONFIRMED_ON).when(
            deciding(), confirm
        ).refuses("objection-upheld")

    @pytest.mark.parametrize(
        "so_far", [(opened(),), UP_TO_PROPOSAL, UP_TO_FIRST, (*UP_TO_SECOND, confirmed())]
    )
    def test_follows_the_approval_and_nothing_else(self, so_far: tuple[Event, ...]) -> None:
        given(*so_far, on=CONFIRMED_ON).when(deciding(), confirm).refuses("wrong-stage")


class TestTheDecidingLevel:
    @pytest.mark.mechanism("S1-8")
    def test_in_fujian_is_delegated_to_the_township(self) -> None:
        refusal = (
            given(*UP_TO_SECOND, on=CONFIRMED_ON)
            .when(deciding(role=COUNTY), confirm)
            .refuses("not-the-deciding-level", decided_by="township")
        )
        assert refusal.status == 403
        assert "闽民救〔2020〕21号" in refusal.source

    @pytest.mark.parametrize(
        ("division", "accepted_on"),
        [(DAYAO, date(2020, 4, 1)), (FUJIAN, date(2020, 3, 30)), (FUJIAN, date(2023, 1, 9))],
    )
    def test_elsewhere_and_at_other_times_is_the_county(
        self, division: str, accepted_on: date
    ) -> None:
        account = opened(division=division, accepted_on=accepted_on)
        so_far = (account, proposed(), posted(), approved(), posted(PublicityRound.SECOND))
        spec = given(*so_far, on=date(2023, 2, 1))
        assert spec.when(deciding(role=COUNTY), confirm).events
        spec.when(deciding(role=TOWNSHIP), confirm).refuses(
            "not-the-deciding-level", decided_by="county"
        )

    @pytest.mark.mechanism("S4-2")
    def test_is_the_townships_where_a_county_delegates(self, tmp_path: Path) -> None:
        """民发〔2021〕57号, 2: the county decides, or the township that it delegates to."""
        delegated = notice(tmp_path, "61", procedure_decided_by="township")
        account = opened(division=SHAANXI, accepted_on=UNDER_57)
        so_far = (account, proposed(), posted(), approved())
        spec = given(*so_far, on=LATER, folders=(delegated,))
        assert spec.when(deciding(role=TOWNSHIP), confirm).events
        spec.when(deciding(role=COUNTY), confirm).refuses(
            "not-the-deciding-level", decided_by="township"
        )

    def test_is_asked_of_a_refusal_too(self) -> None:
        given(*to_refuse()).when(deciding(role=COUNTY), refuse).refuses("not-the-deciding-level")


@pytest.mark.parametrize(
    ("actor", "step"),
    [(FIRST, "survey"), (SECOND, "survey"), (PROPOSER, "proposal"), (APPROVER, "approval")],
)
@pytest.mark.parametrize("decide", [confirm, refuse])
def test_who_had_a_hand_in_any_step_before_decides_nothing(
    actor: UUID, step: str, decide: object
) -> None:
    assert callable(decide)
    refusal = (
        given(*UP_TO_SECOND, objected(), resolved(upheld=True), on=CONFIRMED_ON)
        .when(deciding(actor), decide)
        .refuses("same-hands", before=step)
    )
    assert refusal.status == 403


class TestARefusal:
    def test_as_proposed_is_told_in_writing_within_three_days(self) -> None:
        """220: three calendar days, over the weekend."""
        on = date(2020, 4, 10)
        given(*to_refuse(), on=on).when(deciding(), refuse).then(
            refused(RefusalReason.INCOME_NOT_BELOW_STANDARD, date(2020, 4, 13))
        )

    def test_under_57_within_three_working_days(self) -> None:
        on = date(2021, 7, 16)
        (event,) = given(*to_refuse(UNDER_57), on=on).when(deciding(), refuse).events
        assert event.notice_due == Due(on=date(2021, 7, 21), calendar=CALENDAR_VERSION)

    def test_follows_an_upheld_objection(self) -> None:
        given(*UP_TO_FIRST, objected(), resolved(upheld=True), on=FIRST_UNTIL).when(
            deciding(), refuse
        ).then(refused(RefusalReason.OBJECTION_UPHELD, date(2020, 4, 17)))

    def test_needs_a_reason(self) -> None:
        given(*UP_TO_FIRST, objected(), on=FIRST_UNTIL).when(deciding(), refuse).refuses(
            "no-reason-to-refuse"
        )

    @pytest.mark.parametrize("so_far", [(opened(),), (*UP_TO_SECOND, confirmed())])
    def test_is_impossible_before_a_proposal_and_after_the_decision(
        self, so_far: tuple[Event, ...]
    ) -> None:
        given(*so_far, on=CONFIRMED_ON).when(deciding(), refuse).refuses("wrong-stage")

    def test_is_given_once(self) -> None:
        reason = RefusalReason.INCOME_NOT_BELOW_STANDARD
        given(*to_refuse(), refused(reason, date(2020, 4, 13))).when(deciding(), refuse).refuses(
            "wrong-stage", stage="refused", allowed="proposed, approved"
        )
