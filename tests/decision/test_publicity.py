"""Publicity and objections, as the regimes of their days want them."""

from __future__ import annotations

from datetime import date

import pytest

from services.decision.decisions import (
    CompletePublicity,
    PostPublicity,
    RaiseObjection,
    ResolveObjection,
    complete_publicity,
    post_publicity,
    raise_objection,
    resolve_objection,
)
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.publicity import (
    ObjectionRaised,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
)
from shared.kernel.event import Event
from tests.decision.household import (
    APPROVED_ON,
    CONFIRMED_ON,
    FIRST_UNTIL,
    SECOND_UNTIL,
    UP_TO_APPROVAL,
    UP_TO_FIRST,
    UP_TO_PROPOSAL,
    UP_TO_SECOND,
    approved,
    confirmed,
    given,
    objected,
    objection,
    opened,
    posted,
    proposed,
    refusal_proposed,
    resolved,
)
from tests.verification.household import APPLICANT, FUJIAN, SURVEY_DUE, note

FIRST, SECOND = PublicityRound.FIRST, PublicityRound.SECOND
BOTH_ROUNDS = pytest.mark.parametrize(
    ("so_far", "round_", "until_on"),
    [(UP_TO_FIRST, FIRST, FIRST_UNTIL), (UP_TO_SECOND, SECOND, SECOND_UNTIL)],
)
OBJECT = RaiseObjection(objection_id=objection(), grounds=note("objection"))


def refused() -> CaseRefused:
    return CaseRefused(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        reason=RefusalReason.OBJECTION_UPHELD,
        notice_due=SURVEY_DUE,
    )


class TestTwoRoundsOf220:
    def test_the_first_lasts_seven_days_after_the_one_it_is_posted_on(self) -> None:
        given(*UP_TO_PROPOSAL).when(PostPublicity(round=FIRST), post_publicity).then(
            PublicityPosted(round=FIRST, from_on=date(2020, 4, 7), until_on=date(2020, 4, 14))
        )

    def test_the_second_follows_the_approval(self) -> None:
        given(*UP_TO_APPROVAL, on=APPROVED_ON).when(
            PostPublicity(round=SECOND), post_publicity
        ).then(PublicityPosted(round=SECOND, from_on=date(2020, 4, 15), until_on=SECOND_UNTIL))

    def test_the_second_is_not_posted_before_the_approval(self) -> None:
        given(*UP_TO_FIRST).when(PostPublicity(round=SECOND), post_publicity).refuses(
            "wrong-stage", stage="proposed", allowed="approved"
        )

    def test_the_first_is_not_posted_after_it(self) -> None:
        given(*UP_TO_APPROVAL).when(PostPublicity(round=FIRST), post_publicity).refuses(
            "wrong-stage", stage="approved", allowed="proposed"
        )

    @BOTH_ROUNDS
    def test_no_round_is_posted_twice(
        self, so_far: tuple[Event, ...], round_: PublicityRound, until_on: date
    ) -> None:
        given(*so_far, on=until_on).when(PostPublicity(round=round_), post_publicity).refuses(
            "publicity-posted", round=round_
        )


class TestOneRoundOf57:
    ACCEPTED_ON = date(2021, 7, 1)

    def test_the_first_lasts_seven_days(self) -> None:
        so_far = (opened(accepted_on=self.ACCEPTED_ON), proposed())
        on = date(2021, 7, 12)
        (event,) = given(*so_far, on=on).when(PostPublicity(round=FIRST), post_publicity).events
        assert (event.from_on, event.until_on) == (on, date(2021, 7, 19))

    def test_there_is_no_second(self) -> None:
        so_far = (opened(accepted_on=self.ACCEPTED_ON), proposed(), posted(), approved())
        given(*so_far, on=date(2021, 7, 20)).when(
            PostPublicity(round=SECOND), post_publicity
        ).refuses("no-such-publicity", round="second")

    def test_an_application_keeps_the_regime_of_its_acceptance(self) -> None:
        """Accepted on the last day of 220, decided under 57: the second publicity stays."""
        so_far = (opened(accepted_on=date(2021, 6, 30)), proposed(), posted(), approved())
        on = date(2021, 7, 20)
        (event,) = given(*so_far, on=on).when(PostPublicity(round=SECOND), post_publicity).events
        assert event.until_on == date(2021, 7, 27)


def test_a_proposal_to_refuse_is_not_made_public() -> None:
    so_far = (opened(counted_income_fen=2_900_00), refusal_proposed())
    given(*so_far).when(PostPublicity(round=FIRST), post_publicity).refuses("nothing-to-publicise")


def test_nothing_is_made_public_before_it_is_proposed() -> None:
    given(opened()).when(PostPublicity(round=FIRST), post_publicity).refuses(
        "wrong-stage", stage="opened", allowed="proposed"
    )


class TestTheLastDay:
    @BOTH_ROUNDS
    def test_is_over_on_the_day_after(
        self, so_far: tuple[Event, ...], round_: PublicityRound, until_on: date
    ) -> None:
        after = date(until_on.year, until_on.month, until_on.day + 1)
        decided = given(*so_far, on=after).when(CompletePublicity(round=round_), complete_publicity)
        decided.then(PublicityCompleted(round=round_))
        assert decided.facts[0].effective_on == until_on

    @BOTH_ROUNDS
    def test_still_counts(
        self, so_far: tuple[Event, ...], round_: PublicityRound, until_on: date
    ) -> None:
        given(*so_far, on=until_on).when(
            CompletePublicity(round=round_), complete_publicity
        ).refuses("publicity-not-over", round=round_)

    def test_is_recorded_once(self) -> None:
        given(*UP_TO_FIRST, PublicityCompleted(round=FIRST), on=APPROVED_ON).when(
            CompletePublicity(round=FIRST), complete_publicity
        ).then()

    def test_is_recorded_for_a_case_that_was_confirmed_that_very_morning(self) -> None:
        given(*UP_TO_SECOND, confirmed(), on=CONFIRMED_ON).when(
            CompletePublicity(round=SECOND), complete_publicity
        ).then(PublicityCompleted(round=SECOND))

    def test_says_nothing_of_a_case_that_was_refused_before_it(self) -> None:
        given(*UP_TO_FIRST, refused(), on=APPROVED_ON).when(
            CompletePublicity(round=FIRST), complete_publicity
        ).refuses("wrong-stage")

    def test_of_a_publicity_that_was_never_posted_is_none(self) -> None:
        given(*UP_TO_PROPOSAL, on=APPROVED_ON).when(
            CompletePublicity(round=FIRST), complete_publicity
        ).refuses("publicity-missing", round="first")


class TestAnObjection:
    @BOTH_ROUNDS
    def test_is_taken_in_to_the_last_day(
        self, so_far: tuple[Event, ...], round_: PublicityRound, until_on: date
    ) -> None:
        (raised,) = given(*so_far, on=until_on).when(OBJECT, raise_objection).events
        assert isinstance(raised, ObjectionRaised)
        assert (raised.objection_id, raised.grounds) == (objection(), note("objection"))

    def test_in_the_second_publicity_has_the_case_decided_in_twenty_working_days(self) -> None:
        """220, art. 29: over Labour Day and its two make-up days."""
        (raised,) = given(*UP_TO_SECOND, on=SECOND_UNTIL).when(OBJECT, raise_objection).events
        assert raised.decision_due.on == date(2020, 5, 21)

    def test_in_the_first_publicity_sets_no_day(self) -> None:
        (raised,) = given(*UP_TO_FIRST, on=FIRST_UNTIL).when(OBJECT, raise_objection).events
        assert raised.decision_due is None

    def test_sets_no_day_where_the_measures_name_none(self) -> None:
        """Those of 2021 have one publicity; a place may add a second, and no day for it."""
        account = opened(accepted_on=date(2021, 7, 1))
        case = given(account, *UP_TO_SECOND[1:], on=SECOND_UNTIL)
        (raised,) = case.when(OBJECT, raise_objection).events
        assert raised.decision_due is None

    @pytest.mark.parametrize("accepted_on", [date(2012, 12, 12), date(2021, 6, 30)])
    def test_has_that_day_from_the_first_to_the_last_of_the_measures(
        self, accepted_on: date
    ) -> None:
        account = opened(accepted_on=accepted_on)
        case = given(account, *UP_TO_SECOND[1:], on=SECOND_UNTIL)
        (raised,) = case.when(OBJECT, raise_objection).events
        assert raised.decision_due.on == date(2020, 5, 21)

    @BOTH_ROUNDS
    def test_comes_too_late_on_the_day_after(
        self, so_far: tuple[Event, ...], round_: PublicityRound, until_on: date
    ) -> None:
        after = date(until_on.year, until_on.month, until_on.day + 1)
        given(*so_far, on=after).when(OBJECT, raise_objection).refuses("no-publicity-running")

    def test_comes_too_early_before_anything_is_posted(self) -> None:
        given(*UP_TO_PROPOSAL).when(OBJECT, raise_objection).refuses("no-publicity-running")

    def test_is_not_raised_against_a_decided_case(self) -> None:
        given(*UP_TO_SECOND, confirmed(), on=SECOND_UNTIL).when(OBJECT, raise_objection).refuses(
            "wrong-stage", stage="confirmed", allowed="proposed, approved"
        )

    @pytest.mark.parametrize("upheld", [True, False])
    def test_is_resolved_once(self, upheld: bool) -> None:
        command = ResolveObjection(
            objection_id=objection(), upheld=upheld, findings=note("findings of objection")
        )
        spec = given(*UP_TO_FIRST, objected())
        spec.when(command, resolve_objection).then(resolved(upheld=upheld))
        refusal = (
            spec.given(resolved(upheld=upheld))
            .when(command, resolve_objection)
            .refuses("no-such-objection")
        )
        assert refusal.status == 404

    def test_of_another_leaves_the_first_open(self) -> None:
        spec = given(*UP_TO_FIRST, objected("one"), objected("two"), resolved("one"))
        assert spec.state.objections == {objection("two")}
