"""Who enters alone without their family's check, and the check that the family is owed after it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    ConcludeReview,
    OpenReviewWhenDue,
    Propose,
    ScheduleReview,
    conclude_review,
    open_review,
    propose,
    schedule_review,
)
from services.decision.model import REVIEWS
from services.decision.reactions import on_check_completed
from shared.calendar import Month
from shared.contracts.assessments import (
    AssessmentReason,
    Outcome,
    SinglePerson,
    SinglePersonGround,
)
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.circumstances import PovertyStanding
from shared.contracts.decision import BenefitProposed, RefusalProposed, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.reviews import (
    FamilyMeans,
    HouseholdKind,
    ReviewConcluded,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.contracts.waivers import FamilyWaiver, WaivedFor
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.household import (
    CHANGE,
    CONFIRMED_ON,
    EXPLANATION,
    FOUR,
    OTHER,
    PROPOSER,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    proposed,
)
from tests.decision.test_printed import printed
from tests.documents import document
from tests.verification.circumstances import PHYSICAL_2, household, lives
from tests.verification.household import APPLICANT, CASE, FUJIAN, MOTHER, THIRD, note, wage
from tests.verification.test_decisions import completed

LAST_DAY = date(2020, 12, 31)
AFTER = date(2021, 1, 1)
WAIVER = FamilyWaiver(
    persons=(WaivedFor(person_id=MOTHER, ground=SinglePersonGround.UNLIFTED_SEVERE_DISABILITY),),
    decider=THIRD,
    decided_on=date(2020, 4, 7),
    until_on=LAST_DAY,
)
REVIEW = uuid5(CASE, f"review/{CONFIRMED_ON}")


def account(own_fen: int = 100_00, **changed: Any) -> Any:
    """The mother's account: what she has, and nothing of her family."""
    stated: dict[str, Any] = {
        "circumstances": household(lives(MOTHER, **PHYSICAL_2), poverty=PovertyStanding.UNLIFTED),
        "income": (wage(MOTHER, own_fen),) if own_fen else (),
        "deductions": (),
        "counted_income_fen": own_fen,
        "deposits_fen": 0,
        "houses": 0,
        "waiver": WAIVER,
    }
    return opened(**(stated | changed))


def proposing(own_fen: int = 100_00, **changed: Any) -> Decided:
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    return given(account(own_fen, **changed)).when(command, propose)


@pytest.mark.mechanism("S0-8", "S0-9", "S1-13")
class TestTheProposal:
    def test_enters_the_person_and_looks_at_nobody_else(self) -> None:
        drawn_up, benefit = proposing().events
        assert [(one.outcome, one.reason) for one in drawn_up.outcomes] == [
            (Outcome.NOT_REACHED, AssessmentReason.FAMILY_CHECK_WAIVED),
            (Outcome.QUALIFIES, AssessmentReason.SINGLE_PERSON_GROUND),
            *[(Outcome.NOT_REACHED, AssessmentReason.FAMILY_CHECK_WAIVED)] * 3,
        ]
        assert (drawn_up.persons, drawn_up.counted_income_fen) == (1, 100_00)
        assert isinstance(benefit, BenefitProposed)
        assert benefit.single_persons == (
            SinglePerson(
                person_id=MOTHER,
                ground=SinglePersonGround.UNLIFTED_SEVERE_DISABILITY,
                own_income_fen=100_00,
                amount_fen=500_00,
            ),
        )

    def test_is_no_whole_households_though_its_means_are_unknown(self) -> None:
        """With nothing on the account the four would be below the standard of four."""
        _drawn_up, benefit = proposing(0).events
        assert (benefit.persons, benefit.amount_fen) == (1, 600_00)

    @pytest.mark.parametrize(("own_fen", "enters"), [(599_99, True), (600_00, False)])
    def test_asks_for_an_own_income_below_the_standard(self, own_fen: int, enters: bool) -> None:
        _drawn_up, came_to = proposing(own_fen).events
        assert isinstance(came_to, BenefitProposed) is enters

    def test_to_refuse_names_whose_means_were_looked_at(self) -> None:
        _drawn_up, refusal = proposing(600_00).events
        assert isinstance(refusal, RefusalProposed)
        assert refusal.reason is RefusalReason.INCOME_NOT_BELOW_STANDARD
        assert (refusal.persons, refusal.counted_income_fen) == (1, 600_00)

    def test_rests_on_the_checks_waiver(self) -> None:
        check = completed().model_copy(update={"waiver": WAIVER})
        (submission,) = on_check_completed(document(check, case_id=CASE, on=CONFIRMED_ON))
        assert submission.command.account.waiver == WAIVER


def test_the_print_names_the_waiver_and_its_source() -> None:
    told = printed(account(), *proposing().events)
    assert "免予家庭经济状况核对 / The family's check is waived: 2020-04-07" in told
    assert "至 / until 2020-12-31" in told
    assert "父母 / parent，未脱贫建档立卡户中的重度残疾人" in told
    assert "依据 / by: 闽民救〔2020〕21号 art. 2(2).1" in told
    assert "未予评估 / not looked at: the family's check is waived" in told
    assert "family's check" not in printed(opened())


IN_BENEFIT: tuple[Event, ...] = (
    account(),
    proposed(
        persons=1,
        counted_income_fen=100_00,
        amount_fen=500_00,
        single_persons=proposing().events[1].single_persons,
    ),
    *UP_TO_SECOND[2:],
    confirmed(amount_fen=500_00),
)


def reviewed(*reviews: Event, on: date) -> Given:
    return given(*IN_BENEFIT, on=on).beside(REVIEWS, *reviews)


def scheduling(on: date, *reviews: Event) -> ReviewScheduled:
    command = ScheduleReview(case_id=CASE)
    (scheduled,) = reviewed(*reviews, on=on).when(command, schedule_review).events
    assert isinstance(scheduled, ReviewScheduled)
    return scheduled


def opening(scheduled: ReviewScheduled, on: date) -> Event:
    command = OpenReviewWhenDue(case_id=CASE)
    (opened_,) = reviewed(scheduled, on=on).when(command, open_review).events
    assert isinstance(opened_, ReviewOpened | ReviewScheduled)
    return opened_


def concluding(**changed: Any) -> ConcludeReview:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "review_id": REVIEW,
        "reviewer": OTHER,
        "manner": ReviewManner.HOME_VISIT,
        "outcome": ReviewOutcome.NO_CHANGE,
        "household": HouseholdKind.STABLE,
        "findings": note("review"),
    }
    return ConcludeReview(**(stated | changed))


FOUND = FamilyMeans(counted_income_fen=2_399_99, deposits_fen=800_00, houses=1, vehicles=0)


@pytest.mark.mechanism("S0-10", "S1-51")
class TestAfterVictory:
    """打赢脱贫攻坚战后，按低保政策进行动态管理."""

    SCHEDULED = scheduling(date(2020, 12, 1))

    def test_the_family_is_owed_its_check_on_the_next_day(self) -> None:
        """Of a household with stable income, confirmed in December, the review lies in June."""
        assert self.SCHEDULED.without_waiver
        assert (self.SCHEDULED.opens_on, self.SCHEDULED.due_on) == (AFTER, date(2021, 1, 16))

    def test_a_review_within_the_campaign_is_as_any_other(self) -> None:
        """Six months from 23 April; the one after it is the family's."""
        first = scheduling(CONFIRMED_ON)
        assert first.without_waiver is None
        assert first.due_on == date(2020, 10, 23)
        review = ReviewOpened(
            review_id=first.review_id, opened_on=date(2020, 10, 8), due_on=first.due_on
        )
        done = reviewed(first, review, on=date(2020, 10, 20)).when(concluding(), conclude_review)
        _concluded, following = done.events
        assert following.without_waiver
        assert following.opens_on == AFTER

    def test_who_is_confirmed_after_it_is_reviewed_at_once(self) -> None:
        late = scheduling(date(2021, 1, 20))
        assert late.without_waiver
        assert (late.opens_on, late.due_on) == (date(2021, 1, 21), date(2021, 2, 5))

    def test_the_review_opens_and_says_so(self) -> None:
        opened_ = opening(self.SCHEDULED, AFTER)
        assert isinstance(opened_, ReviewOpened)
        assert opened_.without_waiver
        assert "免予核对已到期" in printed(account(), self.SCHEDULED, opened_)

    REVIEW_OF_THE_FAMILY = ReviewOpened(
        review_id=SCHEDULED.review_id,
        opened_on=AFTER,
        due_on=SCHEDULED.due_on,
        without_waiver=True,
    )

    def owed(self, on: date = date(2021, 1, 12)) -> Given:
        return reviewed(self.SCHEDULED, self.REVIEW_OF_THE_FAMILY, on=on)

    def test_it_is_not_concluded_without_the_familys_means(self) -> None:
        command = concluding(review_id=self.SCHEDULED.review_id)
        self.owed().when(command, conclude_review).refuses("family-means-missing")

    @pytest.mark.parametrize(("counted_fen", "entitled"), [(2_399_99, True), (2_400_00, False)])
    def test_it_records_them_and_what_the_household_comes_to(
        self, counted_fen: int, entitled: bool
    ) -> None:
        found = FOUND.model_copy(update={"counted_income_fen": counted_fen})
        command = concluding(review_id=self.SCHEDULED.review_id, family=found)
        concluded, _following = self.owed().when(command, conclude_review).events
        assert isinstance(concluded, ReviewConcluded)
        assert (concluded.family, concluded.household_entitled) == (found, entitled)
        told = printed(account(), concluded)
        assert f"整户{'符合 / is' if entitled else '不符合 / is not'} entitled" in told

    @pytest.mark.parametrize(
        ("found", "entitled"),
        [
            ({"counted_income_fen": 1_799_99}, True),
            ({"counted_income_fen": 1_800_00}, False),
            ({"counted_income_fen": 0, "deposits_fen": 64_800_00}, True),
            ({"counted_income_fen": 0, "deposits_fen": 64_800_01}, False),
        ],
    )
    def test_of_those_who_are_left_of_the_family(
        self, found: dict[str, int], entitled: bool
    ) -> None:
        """One has died since: three are held against three standards, and three years' of each."""
        died = HouseholdChanged(
            change_id=CHANGE,
            programme=Programme.DIBAO,
            division=FUJIAN,
            cause=HouseholdChangeCause.DEATH,
            happened_on=date(2020, 11, 3),
            members=FOUR[3:],
            left=(FOUR[2].person_id,),
            joined=(),
            payee=APPLICANT,
            from_month=Month(2020, 12),
        )
        command = concluding(
            review_id=self.SCHEDULED.review_id, family=FOUND.model_copy(update=found)
        )
        case = given(*IN_BENEFIT, died, on=date(2021, 1, 12))
        owed = case.beside(REVIEWS, self.SCHEDULED, self.REVIEW_OF_THE_FAMILY)
        concluded, _following = owed.when(command, conclude_review).events
        assert concluded.household_entitled is entitled

    def test_property_above_the_limits_entitles_nobody(self) -> None:
        rich = FOUND.model_copy(update={"vehicles": 1})
        command = concluding(review_id=self.SCHEDULED.review_id, family=rich)
        concluded, _following = self.owed().when(command, conclude_review).events
        assert concluded.household_entitled is False

    def test_it_is_owed_once(self) -> None:
        command = concluding(review_id=self.SCHEDULED.review_id, family=FOUND)
        concluded, following = self.owed().when(command, conclude_review).events
        assert following.without_waiver is None
        assert following.due_on == date(2021, 7, 12)
        later = ReviewOpened(
            review_id=following.review_id, opened_on=date(2021, 6, 27), due_on=following.due_on
        )
        so_far = (self.SCHEDULED, self.REVIEW_OF_THE_FAMILY, concluded, following, later)
        done = reviewed(*so_far, on=date(2021, 7, 1))
        plain = concluding(review_id=following.review_id)
        assert done.when(plain, conclude_review).refusal is None
        again = concluding(review_id=following.review_id, family=FOUND)
        done.when(again, conclude_review).refuses("family-means-out-of-place")

    @pytest.mark.parametrize(("on", "owed"), [(LAST_DAY, False), (AFTER, True)])
    def test_a_review_that_was_open_over_the_day_looks_into_them(
        self, on: date, owed: bool
    ) -> None:
        first = scheduling(date(2020, 7, 10))
        review = ReviewOpened(
            review_id=first.review_id, opened_on=date(2020, 12, 26), due_on=first.due_on
        )
        decided = reviewed(first, review, on=on).when(
            concluding(review_id=first.review_id), conclude_review
        )
        if owed:
            decided.refuses("family-means-missing")
        else:
            assert decided.events[-1].opens_on == AFTER
