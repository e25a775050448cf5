"""How things end, in print: by whom, by what rule, told how; and what was never settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import DecideChange, decide_change
from services.decision.printed import page
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, DeathAdjustmentMissed, StopReason
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeDeadlineMissed, NoticeOwed, NoticeServed
from shared.contracts.recognition import HouseholdStatus, RecognitionEnded, RecognitionEndReason
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Document, Event
from shared.regions import load_regions
from tests.decision.household import (
    APPROVER,
    CASE,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    OTHER,
    given,
    opened,
    policy,
    reported,
)
from tests.decision.test_printed_history import done, told
from tests.decision.test_printed_notices import TestANotice
from tests.notices import notice
from tests.verification.household import FUJIAN, MEMBERS, note

REVIEW = uuid5(HOUSE, "tests/review")
ON = date(2022, 11, 15)
"""A phase-out may be granted by then, and a stop is lawful with a reason."""


def stop(reason: StopReason = StopReason.INCOME_ABOVE_STANDARD, **changed: Any) -> BenefitStopped:
    stated: dict[str, Any] = {
        "last_month": Month(2022, 11),
        "change_id": CHANGE,
        "decider": OTHER,
        "persons": 4,
        "standard_fen": 600_00,
        "counted_income_fen": 2_600_00,
        "parameters": (),
    }
    return BenefitStopped(reason=reason, **(stated | changed))


ENDED = CaseEnded(
    programme=Programme.DIBAO,
    division=FUJIAN,
    members=MEMBERS,
    reason=EndReason.STOPPED,
    last_month=Month(2022, 11),
)


def life(*events: Event | Document[Any], before: Sequence[Event] = CONFIRMED) -> str:
    """A confirmed household's page, with what happened since; each step by its own hand."""
    return told(*before, *events, on=ON)


def decided(event: Event, role: str = "township_approver") -> Document[Any]:
    """A step by an approver, after the confirmed household's."""
    return done(event, by=APPROVER, role=role, on=ON, version=len(CONFIRMED) + 2)


def owed(entry: UUID) -> NoticeOwed:
    return TestANotice().owed(entry, ON)


class TestAnEnd:
    STEP = len(CONFIRMED) + 2
    """The step of the stop, after the report."""

    def page(self, *between: Event) -> str:
        stopped = decided(stop())
        return life(reported(3_300_00, ON), stopped, owed(stopped.id), *between, ENDED)

    def test_names_the_decision_and_the_official_it_rests_on(self) -> None:
        section = self.page().rpartition("case ended\n")[2]
        assert f"终止所据 / Ended by: 第 {self.STEP} 步，{ON}，停发" in section
        assert (
            "乡镇审核审批人员 / township approver，鳌阳镇人民政府" in section.partition("签章")[0]
        )

    def test_says_that_nobody_served_the_notice(self) -> None:
        step = self.STEP + 1
        assert f"告知书 / Notice: 第 {step} 步应送达，截至本页未送达 / not served" in self.page()

    def test_says_when_the_notice_was_served(self) -> None:
        served = TestANotice().served(served_on=date(2022, 11, 17))
        assert f"第 {self.STEP + 2} 步，2022-11-17 送达 / served" in self.page(served)

    def test_without_a_notice_that_is_told(self) -> None:
        page_ = life(reported(3_300_00, ON), decided(stop()), ENDED)
        assert "无书面告知的记录 / no notice in writing is recorded" in page_


class TestAStop:
    def test_says_from_which_month_on_by_which_rule(self) -> None:
        page_ = life(reported(3_300_00, ON), stop())
        assert "自 2022-12 起停发 / not paid from then on（作出决定的下月，法规未作规定；" in page_

    def test_of_tekun_by_the_articles_own_words(self) -> None:
        tekun = opened(programme=Programme.TEKUN, accepted_on=date(2021, 8, 2))
        page_ = told(tekun, stop(StopReason.OBLIGOR_ABLE, opened_on=ON), on=ON)
        assert "作出决定的下月，民发〔2021〕43号 art. 26" in page_
        assert "停发情形的依据 / The ground's rule（" in page_

    def test_that_nobody_decides_is_told(self) -> None:
        by_itself = done(stop(StopReason.HOUSEHOLD_NO_LONGER_COUNTS), role="service", version=9)
        page_ = life(by_itself)
        assert "nobody decided it: it follows from what was recorded" in page_
        assert "nobody decided" not in life(reported(3_300_00, ON), decided(stop()))

    @pytest.mark.parametrize(
        ("counts_from", "last"),
        [("month_after_decision", Month(2020, 5)), ("month_of_decision", Month(2020, 4))],
    )
    def test_the_last_month_is_as_the_place_has_it(
        self, counts_from: str, last: Month, tmp_path: Path
    ) -> None:
        folder = notice(tmp_path, "350924", stop_counts_from=counts_from, phase_out_granted="no")
        report = reported(3_300_00)
        spec = given(*CONFIRMED, report, on=CHANGED_ON, folders=(folder,))
        command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
        (event,) = spec.when(command, decide_change).events
        assert isinstance(event, BenefitStopped)
        assert event.last_month == last
        steps = [done(one, version=n) for n, one in enumerate((*CONFIRMED, report, event), 1)]
        page_ = page(CASE, steps, policy(folder), load_regions(()))
        assert f"自 {last.next()} 起停发" in page_


class TestARecognition:
    def test_that_is_over_has_its_term_and_that_nobody_decided_it(self) -> None:
        over = RecognitionEnded(
            status=HouseholdStatus.EDGE_HOUSEHOLD,
            reason=RecognitionEndReason.VALIDITY_OVER,
            since=date(2022, 8, 2),
        )
        page_ = told(opened(accepted_on=date(2021, 7, 20)), over, on=date(2022, 8, 2))
        assert "over with its last day, undecided（12 个月 / months，法规未作规定" in page_


class TestAReview:
    OPENED = ReviewOpened(review_id=REVIEW, opened_on=ON, due_on=date(2022, 11, 30))
    MISSED = ReviewDeadlineMissed(review_id=REVIEW, due_on=date(2022, 11, 30))
    CONCLUDED = ReviewConcluded(
        review_id=REVIEW,
        reviewer=OTHER,
        manner=ReviewManner.HOME_VISIT,
        outcome=ReviewOutcome.NO_CHANGE,
        household=HouseholdKind.STABLE,
        findings=note("found"),
    )

    def page(self, *after: Document[Any]) -> str:
        return told(
            *CONFIRMED, self.OPENED, done(self.MISSED, on=date(2022, 12, 1), version=20), *after
        )

    def test_that_was_done_late_says_in_which_step_and_how_late(self) -> None:
        page_ = self.page(done(self.CONCLUDED, on=date(2023, 1, 9), version=21))
        step = len(CONFIRMED) + 3
        assert (
            f"后续 / What became of it: 第 {step} 步办理，2023-01-09，逾期 40 日"
            f" / done in step {step}, 40 days late" in page_
        )
        assert f"复核结果 / What it came to: 第 {step} 步，2023-01-09" in page_
        assert "复核未完成" not in page_

    def test_that_nobody_did_says_so_and_stands_among_what_is_open_at_the_end(self) -> None:
        page_ = self.page()
        assert "截至本页末一步仍未办理（2022-12-01）" in page_
        assert "逾期期间照常发放 / aid is paid on meanwhile" in page_
        open_ = page_.partition("尚未办结的事项")[2].partition("─")[0]
        assert f"第 {len(CONFIRMED) + 1} 步" in open_
        assert "复核未完成 / a review that is not concluded" in open_

    def test_of_a_case_that_is_over_is_not_open_any_more(self) -> None:
        page_ = told(*CONFIRMED, self.OPENED, ENDED)
        assert "个案已终止，不再复核" in page_
        assert "复核未完成" not in page_


class TestWhatIsOpen:
    def test_nothing_is_said_to_be_nothing(self) -> None:
        open_ = told(*CONFIRMED).partition("尚未办结的事项")[2].partition("─")[0]
        assert open_.endswith("  无 / nothing\n")

    def test_a_report_that_a_later_one_replaced_is_not_open(self) -> None:
        first = reported(3_300_00).model_copy(update={"change_id": REVIEW})
        second = reported(2_800_00, date(2020, 5, 20))
        page_ = told(*CONFIRMED, first, second)
        step = len(CONFIRMED)
        assert f"由其后的报告取代 / a later report stands in its place，第 {step + 2} 步" in page_
        open_ = page_.partition("尚未办结的事项")[2].partition("─")[0]
        assert f"第 {step + 1} 步" not in open_
        assert f"第 {step + 2} 步" in open_

    def test_a_notice_that_was_served_late_says_how_late(self) -> None:
        told_of = TestANotice()
        missed = NoticeDeadlineMissed(notice_id=told_of.NOTICE, due=told_of.owed(CASE).due)
        served: NoticeServed = told_of.served(served_on=date(2020, 5, 26))
        page_ = told(opened(), told_of.owed(CASE), missed, done(served, on=date(2020, 5, 26)))
        assert "第 4 步办理，2020-05-26，逾期 5 日" in page_

    def test_a_death_that_was_not_followed_says_what_became_of_it(self) -> None:
        missed = DeathAdjustmentMissed(change_id=CHANGE, due_on=date(2022, 11, 1))
        page_ = life(reported(3_300_00, ON), missed, decided(stop()))
        assert f"第 {len(CONFIRMED) + 3} 步办理，{ON}，逾期 14 日" in page_
