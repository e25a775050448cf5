"""Reviews on the first day of their rules: how often, and whether an emergency puts them off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from services.decision.decisions import (
    ScheduleReview,
    conclude_review,
    extend_review,
    schedule_review,
)
from services.decision.model import DETERMINATION, REVIEWS
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.reviews import HouseholdKind, ReviewOpened, ReviewScheduled
from shared.kernel.spec import Given, spec
from tests.decision import subsidies, test_reviews
from tests.decision.dayao import in_benefit
from tests.decision.household import confirmed, opened, policy
from tests.notices import notice
from tests.verification.household import ALONE, CASE, SHAANXI

FIRST_OF_220, FIRST_OF_52, FIRST_OF_57 = date(2012, 12, 12), date(2016, 1, 1), date(2021, 7, 1)
DAY = timedelta(days=1)
STABLE, UNSTABLE = HouseholdKind.STABLE, HouseholdKind.UNSTABLE
UNCHANGING, UNKNOWN = HouseholdKind.UNCHANGING, HouseholdKind.UNKNOWN


class TestReviews:
    @pytest.mark.parametrize(
        ("kind", "months"), [(UNCHANGING, 12), (STABLE, 6), (UNSTABLE, 1), (UNKNOWN, 1)]
    )
    def test_come_by_household_on_the_first_day(self, kind: HouseholdKind, months: int) -> None:
        """Danfeng does not say whether it is town or country: the shorter of two intervals."""
        begun = test_reviews.scheduled(of=kind), test_reviews.opened_(FIRST_OF_220)
        case = spec(DETERMINATION, on=FIRST_OF_220).given(*in_benefit(division=SHAANXI))
        command = test_reviews.conclude(household=kind)
        (_done, following) = case.beside(REVIEWS, *begun).when(command, conclude_review).events
        assert following.interval_months == months
        assert following.opens_on == following.due_on - 15 * DAY

    @pytest.mark.parametrize(
        ("opened_on", "extended"), [(FIRST_OF_220, False), (FIRST_OF_57, True)]
    )
    def test_are_put_off_in_an_emergency_from_the_first_day_of_57(
        self, opened_on: date, *, extended: bool
    ) -> None:
        begun = test_reviews.opened_(opened_on, opened_on + 10 * DAY)
        case = test_reviews.reviewed(test_reviews.scheduled(), begun, on=opened_on)
        later = test_reviews.extend(due_on=opened_on + 20 * DAY)
        decided = case.when(later, extend_review)
        if extended:
            assert decided.events
        else:
            decided.refuses("review-extension-not-provided-for")

    def test_of_tekun_are_not_put_off_in_an_emergency(self) -> None:
        """民发〔2021〕43号 says nothing of it."""
        begun = test_reviews.opened_(FIRST_OF_57, FIRST_OF_57 + 10 * DAY)
        tekun = opened(programme=Programme.TEKUN, accepted_on=FIRST_OF_57, members=ALONE)
        case = spec(DETERMINATION, on=FIRST_OF_57, policy=policy()).given(tekun)
        later = test_reviews.extend(due_on=FIRST_OF_57 + 20 * DAY)
        decided = case.beside(REVIEWS, test_reviews.scheduled(), begun).when(later, extend_review)
        decided.refuses("review-extension-not-provided-for")


@pytest.mark.parametrize("programme", [subsidies.LIVING, subsidies.CARE])
class TestASubsidysReview:
    def case(self, programme: Programme, *folders: Path) -> Given:
        """Accepted and confirmed on the first day of 国发〔2015〕52号."""
        on = FIRST_OF_52
        return spec(DETERMINATION, on=on, policy=policy(*folders)).given(
            subsidies.account(programme, accepted_on=on, applied_on=on),
            subsidies.proposal(programme),
            confirmed(programme=programme, members=ALONE, pay_from=Month.of(on)),
        )

    def begun(self, case: Given) -> tuple[ReviewScheduled, ReviewOpened]:
        command = ScheduleReview(case_id=CASE)
        (scheduled,) = case.beside(REVIEWS).when(command, schedule_review).events
        due_on = FIRST_OF_52 + 10 * DAY
        opened = ReviewOpened(review_id=scheduled.review_id, opened_on=FIRST_OF_52, due_on=due_on)
        return scheduled, opened

    def following(self, case: Given, kind: HouseholdKind) -> ReviewScheduled:
        """What is scheduled once the first has found such a household."""
        scheduled, opened = self.begun(case)
        done = test_reviews.conclude(review_id=scheduled.review_id, household=kind)
        reviewed = case.beside(REVIEWS, scheduled, opened)
        _concluded, following = reviewed.when(done, conclude_review).events
        assert isinstance(following, ReviewScheduled)
        return following

    @pytest.mark.parametrize("kind", [UNCHANGING, STABLE, UNSTABLE, UNKNOWN])
    def test_comes_once_a_year_whatever_the_household(
        self, programme: Programme, kind: HouseholdKind
    ) -> None:
        following = self.following(self.case(programme), kind)
        assert (following.household, following.interval_months) == (kind, 12)

    @pytest.mark.parametrize("area", ["urban", "rural"])
    def test_comes_once_a_year_in_town_and_country(
        self, programme: Programme, area: str, tmp_path: Path
    ) -> None:
        place = notice(tmp_path, "350924", programme, since=FIRST_OF_52, area_kind=area)
        assert self.following(self.case(programme, place), UNSTABLE).interval_months == 12

    @pytest.mark.parametrize("shorter", ["urban", "rural"])
    def test_comes_by_the_shorter_interval_where_a_place_does_not_say_which_it_is(
        self, programme: Programme, shorter: str, tmp_path: Path
    ) -> None:
        own = {f"review_unstable_{shorter}_interval_months": 6}
        place = notice(tmp_path, "350924", programme, since=FIRST_OF_52, **own)
        assert self.following(self.case(programme, place), UNSTABLE).interval_months == 6

    def test_is_not_put_off_in_an_emergency(self, programme: Programme) -> None:
        case = self.case(programme)
        scheduled, opened = self.begun(case)
        later = test_reviews.extend(review_id=scheduled.review_id, due_on=opened.due_on + 10 * DAY)
        waiting = case.beside(REVIEWS, scheduled, opened)
        waiting.when(later, extend_review).refuses("review-extension-not-provided-for")
