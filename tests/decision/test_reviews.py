"""Reviews: how often by household and place, opened when due under the day's regime, missed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    ConcludeReview,
    ExtendReview,
    NoteMissedReview,
    OpenReviewWhenDue,
    ScheduleReview,
    conclude_review,
    extend_review,
    note_missed_review,
    open_review,
    schedule_review,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import REVIEWS, reviews_of
from services.decision.reactions import OWN, on_case_confirmed
from services.decision.rules.reviews import household_kind
from shared.contracts.circumstances import LabourAbility, Occupation, PovertyStanding
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.dayao import SON, THREE, circumstances, household, policy
from tests.decision.household import CHANGE, OTHER, REPORTER, confirmed, reported
from tests.documents import document
from tests.notices import notice
from tests.verification.household import CASE, DAYAO, note

CONFIRMED_ON = date(2021, 8, 10)
REVIEW = uuid5(CASE, f"review/{CONFIRMED_ON}")
DUE = date(2022, 2, 10)
IN_2023 = date(2023, 5, 15)
OPENS = date(2022, 1, 26)
UNCHANGING, STABLE = HouseholdKind.UNCHANGING, HouseholdKind.STABLE
UNSTABLE, UNKNOWN = HouseholdKind.UNSTABLE, HouseholdKind.UNKNOWN


def scheduled(
    since_on: date = CONFIRMED_ON,
    months: int = 6,
    opens_on: date = OPENS,
    due_on: date = DUE,
    of: HouseholdKind = UNSTABLE,
) -> ReviewScheduled:
    return ReviewScheduled(
        review_id=uuid5(CASE, f"review/{since_on}"),
        division=DAYAO,
        household=of,
        since_on=since_on,
        interval_months=months,
        opens_on=opens_on,
        due_on=due_on,
        parameters=(),
    )


def opened_(on: date = OPENS, due_on: date = DUE) -> ReviewOpened:
    return ReviewOpened(review_id=REVIEW, opened_on=on, due_on=due_on)


def reviewed(*reviews: Event, on: date, after: tuple[Event, ...] = (), **changed: Any) -> Given:
    """The household of Dayao on a day, and its reviews."""
    return household(*after, on=on, **changed).beside(REVIEWS, *reviews)


def conclude(**changed: Any) -> ConcludeReview:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "review_id": REVIEW,
        "reviewer": REPORTER,
        "manner": ReviewManner.HOME_VISIT,
        "outcome": ReviewOutcome.NO_CHANGE,
        "household": STABLE,
        "findings": note("review"),
    }
    return ConcludeReview(**(stated | changed))


def extend(**changed: Any) -> ExtendReview:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "review_id": REVIEW,
        "actor": OTHER,
        "role": "county_approver",
        "due_on": date(2022, 5, 10),
        "grounds": note("emergency"),
    }
    return ExtendReview(**(stated | changed))


class TestTheInterval:
    @pytest.mark.parametrize(
        ("son", "occupation", "kind"),
        [
            (LabourAbility.NONE, Occupation.NO_WORK, UNCHANGING),
            (LabourAbility.FULL, Occupation.STEADY_WORK, STABLE),
            (LabourAbility.FULL, Occupation.SCHOOL, STABLE),
            (LabourAbility.FULL, Occupation.UNSTEADY_WORK, UNSTABLE),
            (LabourAbility.PARTIAL, Occupation.NO_WORK, UNSTABLE),
        ],
    )
    def test_who_can_work_at_what_tells_how_much_can_change(
        self, son: LabourAbility, occupation: Occupation, kind: HouseholdKind
    ) -> None:
        found = circumstances().members
        members = [
            one.model_copy(update={"labour": son, "occupation": occupation})
            if one.person_id == SON
            else one
            for one in found
        ]
        assert household_kind(circumstances(PovertyStanding.UNLIFTED, *members)) is kind
        assert household_kind(None) is UNKNOWN

    @pytest.mark.parametrize(
        ("on", "kind", "area", "months"),
        [
            (date(2021, 6, 30), UNCHANGING, "rural", 12),
            (date(2021, 6, 30), STABLE, "rural", 6),
            (date(2021, 6, 30), UNSTABLE, "rural", 3),
            (date(2021, 6, 30), UNSTABLE, "urban", 1),
            (date(2021, 6, 30), UNSTABLE, "none", 1),
            (date(2021, 6, 30), UNKNOWN, "rural", 3),
            (date(2021, 7, 1), UNCHANGING, "urban", 12),
            (date(2021, 7, 1), STABLE, "urban", 12),
            (date(2021, 7, 1), UNSTABLE, "urban", 6),
            (date(2021, 7, 1), UNKNOWN, "none", 6),
        ],
    )
    def test_it_is_that_of_the_day_by_household_and_place(
        self, tmp_path: Path, on: date, kind: HouseholdKind, area: str, months: int
    ) -> None:
        place = notice(tmp_path, "532326", area_kind=area)
        spec = reviewed(scheduled(of=kind), opened_(on), on=on, folders=(place,))
        _, following = spec.when(conclude(household=kind), conclude_review).events
        assert (following.household, following.interval_months) == (kind, months)


class TestScheduling:
    def test_a_confirmation_schedules_the_first(self) -> None:
        submission, _ = on_case_confirmed(document(confirmed(), case_id=CASE, on=CONFIRMED_ON))
        assert (submission.on, submission.reads[1]) == (CONFIRMED_ON, reviews_of(CASE))
        came = reviewed(on=CONFIRMED_ON).when(submission.command, schedule_review)
        (event,) = came.events
        expected = scheduled().model_dump(exclude={"parameters"})
        assert event.model_dump(exclude={"parameters"}) == expected
        assert came.facts[0].stream == reviews_of(CASE)
        assert OWN

    def test_a_case_that_is_confirmed_again_is_reviewed_from_then_on(self) -> None:
        spec = reviewed(scheduled(), opened_(), on=IN_2023)
        (event,) = spec.when(ScheduleReview(case_id=CASE), schedule_review).events
        assert (event.since_on, event.due_on) == (IN_2023, date(2023, 11, 15))
        after = reviewed(scheduled(), opened_(), event, on=IN_2023)
        after.when(conclude(), conclude_review).refuses("no-such-review")

    def test_a_tekun_person_is_not(self) -> None:
        command = ScheduleReview(case_id=CASE)
        of_tekun = reviewed(on=CONFIRMED_ON, programme=Programme.TEKUN)
        of_tekun.when(command, schedule_review).then()

    def test_a_review_of_a_month_opens_in_time(self) -> None:
        """Fifteen days before its last day, never on the day it is counted from."""
        first = reviewed(scheduled(), opened_(), on=date(2021, 6, 30))
        (_, following) = first.when(conclude(household=UNSTABLE), conclude_review).events
        assert following.opens_on == following.due_on - timedelta(days=15)


class TestOpening:
    COMMAND = OpenReviewWhenDue(case_id=CASE)

    def test_it_opens_on_its_day(self) -> None:
        reviewed(scheduled(), on=OPENS).when(self.COMMAND, open_review).then(opened_())

    def test_a_longer_interval_that_came_since_schedules_it_anew(self) -> None:
        """Six months by the measures of 2012, twelve by those that hold when it would open."""
        before = scheduled(date(2021, 3, 1), 6, date(2021, 8, 17), date(2021, 9, 1), STABLE)
        (event,) = reviewed(before, on=date(2021, 8, 17)).when(self.COMMAND, open_review).events
        assert (event.review_id, event.interval_months) == (before.review_id, 12)
        assert event.due_on == date(2022, 3, 1)

    def test_a_day_before_the_new_measures_it_opens_as_scheduled(self) -> None:
        before = scheduled(date(2021, 1, 15), 6, date(2021, 6, 30), date(2021, 7, 15), STABLE)
        (event,) = reviewed(before, on=date(2021, 6, 30)).when(self.COMMAND, open_review).events
        assert isinstance(event, ReviewOpened)

    def test_nothing_opens_twice_or_after_the_end(self) -> None:
        ended = CaseEnded(
            programme=Programme.DIBAO, division=DAYAO, members=THREE, reason=EndReason.STOPPED
        )
        reviewed(scheduled(), opened_(), on=OPENS).when(self.COMMAND, open_review).then()
        reviewed(scheduled(), on=OPENS, after=(ended,)).when(self.COMMAND, open_review).then()
        reviewed(on=OPENS).when(self.COMMAND, open_review).then()


class TestConcluding:
    def at(self, on: date, *more: Event, after: tuple[Event, ...] = ()) -> Given:
        return reviewed(scheduled(), opened_(), *more, on=on, after=after)

    def test_no_change_is_recorded_and_the_next_is_counted_from_there(self) -> None:
        done, following = self.at(DUE).when(conclude(), conclude_review).events
        assert isinstance(done, ReviewConcluded)
        assert (done.outcome, done.change_id) == (ReviewOutcome.NO_CHANGE, None)
        assert (following.since_on, following.due_on) == (DUE, date(2023, 2, 10))

    def test_on_the_last_day_it_is_in_time_a_day_later_late(self) -> None:
        assert len(self.at(DUE).when(conclude(), conclude_review).events) == 2
        late, *_ = self.at(DUE + timedelta(days=1)).when(conclude(), conclude_review).events
        assert late == ReviewDeadlineMissed(review_id=REVIEW, due_on=DUE)

    def test_what_has_changed_is_reported_first_and_named(self) -> None:
        changed = conclude(outcome=ReviewOutcome.CHANGE_REPORTED, change_id=CHANGE)
        report = reported(on=OPENS, income=(), counted_income_fen=825_00)
        done, _ = self.at(DUE, after=(report,)).when(changed, conclude_review).events
        assert done.change_id == CHANGE
        self.at(DUE).when(changed, conclude_review).refuses("no-such-change")
        for command in (
            conclude(outcome=ReviewOutcome.CHANGE_REPORTED),
            conclude(change_id=CHANGE),
        ):
            self.at(DUE).when(command, conclude_review).refuses("review-change-astray")

    def test_without_a_visit_only_once_an_emergency_has_moved_it(self) -> None:
        by_phone = conclude(manner=ReviewManner.PHONE)
        refusal = self.at(DUE).when(by_phone, conclude_review)
        assert "57号" in refusal.refuses("review-manner-not-allowed", manner="phone").source
        (moved,) = self.at(OPENS).when(extend(), extend_review).events
        assert self.at(date(2022, 5, 10), moved).when(by_phone, conclude_review).events

    def test_only_the_one_that_is_open(self) -> None:
        spec = reviewed(scheduled(), on=DUE)
        assert spec.when(conclude(), conclude_review).refuses("no-such-review").status == 404


class TestExtending:
    def test_an_emergency_moves_the_last_day(self) -> None:
        spec = reviewed(scheduled(), opened_(), on=OPENS)
        (moved,) = spec.when(extend(), extend_review).events
        assert isinstance(moved, ReviewExtended)
        after = reviewed(scheduled(), opened_(), moved, on=date(2022, 5, 10))
        assert len(after.when(conclude(), conclude_review).events) == 2

    def test_only_to_a_later_day_and_by_the_deciding_level(self) -> None:
        spec = reviewed(scheduled(), opened_(), on=OPENS)
        spec.when(extend(due_on=DUE), extend_review).refuses("review-extension-not-later")
        assert spec.when(extend(due_on=DUE + timedelta(days=1)), extend_review).events
        clerkly = extend(role="township_approver")
        spec.when(clerkly, extend_review).refuses("not-the-deciding-level")

    def test_a_review_that_opened_before_july_2021_is_not_extended(self) -> None:
        opening = opened_(date(2021, 6, 30), date(2021, 7, 10))
        spec = reviewed(scheduled(), opening, on=date(2021, 7, 5))
        refusal = spec.when(extend(), extend_review).refuses("review-extension-not-provided-for")
        assert "民发〔2012〕220号" in refusal.source


class TestTheAgenda:
    def entries(self, event: Event) -> list[Any]:
        return list(agenda(document(event, case_id=CASE, on=OPENS)))

    def test_a_review_opens_and_is_missed_on_the_day_after_its_last(self) -> None:
        (opens,) = self.entries(scheduled())
        assert isinstance(opens, AgendaEntry)
        assert (opens.kind, opens.due_on) == ("review-opens", OPENS)
        assert DUTIES["review-opens"](opens).command == OpenReviewWhenDue(case_id=CASE)
        done, missed = self.entries(opened_())
        assert isinstance(done, AgendaDone)
        assert (missed.kind, missed.due_on) == ("review-missed", DUE + timedelta(days=1))
        assert DUTIES["review-missed"](missed).reads == (reviews_of(CASE),)

    @pytest.mark.parametrize(("on", "events"), [(DUE, 0), (DUE + timedelta(days=1), 1)])
    def test_what_nobody_concluded_is_recorded_once(self, on: date, events: int) -> None:
        given = spec(REVIEWS, on=on, policy=policy()).given(scheduled(), opened_())
        came = given.when(NoteMissedReview(), note_missed_review)
        assert len(came.events) == events
        given.given(*came.events).when(NoteMissedReview(), note_missed_review).then()

    def test_with_the_case_its_reviews_end(self) -> None:
        ended = CaseEnded(
            programme=Programme.DIBAO, division=DAYAO, members=THREE, reason=EndReason.STOPPED
        )
        done = {one.kind for one in self.entries(ended) if isinstance(one, AgendaDone)}
        assert {"review-opens", "review-missed"} <= done
