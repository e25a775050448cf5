"""What a periodic check found and stands has the case reviewed, whatever the household is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import ConcludeReview, conclude_review
from services.decision.decisions.early_reviews import OpenReviewOfLead, open_review_of_lead
from services.decision.duties import agenda
from services.decision.model import REVIEWS
from services.decision.printed.household import family_lines
from services.decision.reactions import FOREIGN
from services.decision.views.obligations import ReviewRow, fold_review
from shared.contracts.departments import Department
from shared.contracts.fields import DeductionKind, DeductionLine, Programme
from shared.contracts.leads import Contradiction, LeadKind
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.contracts.reviews import (
    FamilyMeans,
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewManner,
    ReviewOccasion,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.contracts.standing_households import ReviewCalledFor
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from shared.kernel.store import AgendaEntry
from tests.decision.household import FOUR, REPORTER, confirmed, given, opened, proposed
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, THIRD, note

ON = date(2025, 6, 2)
UNTIL = date(2026, 3, 9)
LEAD_REVIEW = uuid5(CASE, "review/lead/1")
VEHICLE = Contradiction(
    kind=LeadKind.VEHICLES_ABOVE_DECLARED, department=Department.VEHICLES, declared=0, reported=1
)
COMMAND = OpenReviewOfLead(case_id=CASE, lead=1, dead=False, concluded_by=THIRD)


def recognised(
    status: HouseholdStatus = HouseholdStatus.EDGE_HOUSEHOLD, until: date = UNTIL
) -> HouseholdRecognised:
    return HouseholdRecognised(
        status=status,
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        members=FOUR,
        valid_until=until,
    )


def ended(reason: RecognitionEndReason, since: date = ON) -> RecognitionEnded:
    return RecognitionEnded(
        status=HouseholdStatus.EDGE_HOUSEHOLD, reason=reason, since=since, members=FOUR
    )


def of_lead(**changed: Any) -> ReviewOpened:
    stated: dict[str, Any] = {
        "review_id": LEAD_REVIEW,
        "opened_on": ON,
        "due_on": date(2025, 6, 17),
        "occasion": ReviewOccasion.PERIODIC_CHECK,
        "division": FUJIAN,
        "concluded_by": THIRD,
    }
    return ReviewOpened(**(stated | changed))


def scheduled(due_on: date = date(2025, 10, 1)) -> ReviewScheduled:
    return ReviewScheduled(
        review_id=uuid5(CASE, "review/ahead"),
        division=FUJIAN,
        household=HouseholdKind.STABLE,
        since_on=date(2025, 4, 1),
        interval_months=6,
        opens_on=date(2025, 9, 16),
        due_on=due_on,
        parameters=(),
    )


def reviewing(*reviews: Event, after: tuple[Event, ...], on: date = ON) -> Given:
    """A case to which this has happened, beside its reviews."""
    return given(*after, on=on).beside(REVIEWS, *reviews)


EDGE = (opened(), recognised())
DIBAO = (opened(), proposed(), confirmed())


class TestOpening:
    def opening(
        self, *reviews: Event, after: tuple[Event, ...] = EDGE, command: Any = COMMAND
    ) -> Decided:
        return reviewing(*reviews, after=after).when(command, open_review_of_lead)

    @pytest.mark.mechanism("S4-43")
    def test_a_recognised_household_is_reviewed_for_it(self) -> None:
        self.opening().then(of_lead())

    def test_while_its_recognition_lasts(self) -> None:
        short = (opened(), recognised(until=date(2025, 6, 10)))
        self.opening(after=short).then(of_lead(due_on=date(2025, 6, 10)))

    @pytest.mark.mechanism("S4-43")
    def test_who_is_on_dibao_has_the_scheduled_review_now(self) -> None:
        (found,) = self.opening(scheduled(), after=DIBAO).events
        assert (found.review_id, found.due_on) == (scheduled().review_id, date(2025, 6, 17))
        assert (found.occasion, found.division) == (ReviewOccasion.PERIODIC_CHECK, None)
        assert found.concluded_by == THIRD
        sooner = self.opening(scheduled(date(2025, 6, 5)), after=DIBAO).events
        assert sooner[0].due_on == date(2025, 6, 5)

    @pytest.mark.mechanism("S4-43")
    def test_a_tekun_person_is_reviewed_for_it_though_not_from_time_to_time(self) -> None:
        tekun = {"programme": Programme.TEKUN, "members": FOUR[:1]}
        after = (opened(**tekun), proposed(), confirmed(programme=Programme.TEKUN))
        self.opening(after=after).then(of_lead())

    @pytest.mark.mechanism("S4-43")
    def test_a_death_is_the_occasion_where_somebody_is_recorded_dead(self) -> None:
        dead = COMMAND.model_copy(update={"dead": True})
        self.opening(command=dead).then(of_lead(occasion=ReviewOccasion.RECORDED_DEAD))

    def test_an_open_review_looks_into_it(self) -> None:
        self.opening(of_lead()).then()

    def test_of_who_is_neither_aided_nor_recognised_nothing_is_reviewed_here(self) -> None:
        self.opening(after=(opened(),)).then()
        over = (*EDGE, ended(RecognitionEndReason.VALIDITY_OVER))
        self.opening(after=over).then()
        self.opening(after=()).then()

    @pytest.mark.parametrize(
        ("kind", "dead"),
        [(LeadKind.VEHICLES_ABOVE_DECLARED, False), (LeadKind.RECORDED_DEAD, True)],
    )
    def test_what_verification_calls_for_is_heard(self, kind: LeadKind, dead: bool) -> None:
        said = VEHICLE.model_copy(update={"kind": kind})
        called = ReviewCalledFor(lead=1, contradiction=said, concluded_by=THIRD)
        (react,) = FOREIGN[ReviewCalledFor]
        (submission,) = react(document(called, case_id=CASE, on=ON))
        assert submission.command == COMMAND.model_copy(update={"dead": dead})

    def test_it_is_to_be_done_and_is_listed(self) -> None:
        seen = document(of_lead(), case_id=CASE, on=ON)
        missed = next(e for e in agenda(seen) if isinstance(e, AgendaEntry))
        assert missed.due_on == date(2025, 6, 18)
        row = fold_review("", None, seen)
        assert row is not None
        listed = ReviewRow.model_validate({"_id": CASE, **row})
        assert (listed.division, listed.due_on) == (FUJIAN, date(2025, 6, 17))


def means(counted_income_fen: int = 3_000_00, vehicles: int = 0) -> FamilyMeans:
    return FamilyMeans(
        counted_income_fen=counted_income_fen, deposits_fen=800_00, houses=1, vehicles=vehicles
    )


def concluding(
    outcome: ReviewOutcome,
    family: FamilyMeans | None,
    *reviews: Event,
    after: tuple[Event, ...] = EDGE,
    on: date = ON,
    reviewer: UUID = REPORTER,
) -> Decided:
    command = ConcludeReview(
        case_id=CASE,
        review_id=LEAD_REVIEW,
        reviewer=reviewer,
        manner=ReviewManner.HOME_VISIT,
        outcome=outcome,
        household=HouseholdKind.STABLE,
        findings=note("review"),
        family=family,
    )
    found = reviewing(*(reviews or (of_lead(),)), after=after, on=on)
    return found.when(command, conclude_review)


STAYS, OVER = ReviewOutcome.NO_CHANGE, ReviewOutcome.NO_LONGER_RECOGNISED


class TestARecognisedHousehold:
    """Fujian 2025: edge below 1.5 standards of 600 for four, 3,600; no vehicle."""

    @pytest.mark.mechanism("S4-43")
    @pytest.mark.parametrize(
        ("found", "outcome"),
        [
            (means(), STAYS),
            (means(3_599_99), STAYS),
            (means(3_600_00), OVER),
            (means(vehicles=1), OVER),
        ],
    )
    def test_stays_or_not_by_what_it_has_now(
        self, found: FamilyMeans, outcome: ReviewOutcome
    ) -> None:
        first, *rest = concluding(outcome, found).events
        assert isinstance(first, ReviewConcluded)
        gone = [ended(RecognitionEndReason.NO_LONGER_QUALIFIES)]
        assert rest == ([] if outcome is STAYS else gone)
        other = STAYS if outcome is OVER else OVER
        concluding(other, found).refuses("review-outcome-contradicts", by_the_means=outcome)

    def test_is_not_judged_without_its_means(self) -> None:
        concluding(STAYS, None).refuses("recognised-means-missing")

    def test_is_not_judged_once_the_recognition_is_over(self) -> None:
        after = (*EDGE, ended(RecognitionEndReason.VALIDITY_OVER))
        concluding(STAYS, means(), after=after).refuses("recognition-over", since="2025-06-02")

    @pytest.mark.mechanism("S4-43")
    def test_is_not_ended_by_who_took_its_answer_down(self) -> None:
        concluding(OVER, means(vehicles=1), reviewer=THIRD).refuses("same-hands", before="lead")
        assert concluding(STAYS, means(), reviewer=THIRD).events
        nobody = of_lead(concluded_by=None)
        assert concluding(OVER, means(vehicles=1), nobody, reviewer=THIRD).events

    def test_is_judged_late_with_its_lateness(self) -> None:
        late = concluding(STAYS, means(), on=date(2025, 6, 18)).events
        assert isinstance(late[0], ReviewDeadlineMissed)

    @pytest.mark.parametrize(("spent_fen", "outcome"), [(5_940_01, STAYS), (5_940_00, OVER)])
    def test_of_rigid_spending_is_measured_against_what_was_shown(
        self, spent_fen: int, outcome: ReviewOutcome
    ) -> None:
        """0.6 of 9,900 a month is 5,940, which has to be exceeded."""
        spending = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=spent_fen),)
        hard = recognised(HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD)
        after = (opened(rigid_spending=spending), hard)
        first, *_rest = concluding(outcome, means(9_900_00), after=after).events
        assert first.outcome is outcome

    def test_is_printed_with_what_it_has_and_nothing_of_dibao(self) -> None:
        (done,) = concluding(STAYS, means()).events
        (line,) = family_lines(done)
        assert "3,000.00" in line
        assert "整户" not in line


class TestWhoIsInBenefit:
    def test_a_tekun_persons_review_may_end_in_a_proposal_and_none_follows(self) -> None:
        tekun = {"programme": Programme.TEKUN, "members": FOUR[:1]}
        after = (opened(**tekun), proposed(), confirmed(programme=Programme.TEKUN))
        (done,) = concluding(ReviewOutcome.END_PROPOSED, None, after=after).events
        assert done.outcome is ReviewOutcome.END_PROPOSED

    @pytest.mark.parametrize("outcome", [OVER, ReviewOutcome.END_PROPOSED])
    def test_a_household_on_dibao_has_its_changes_reported(self, outcome: ReviewOutcome) -> None:
        astray = concluding(outcome, None, scheduled(), of_lead(), after=DIBAO)
        astray.refuses("review-change-astray")
