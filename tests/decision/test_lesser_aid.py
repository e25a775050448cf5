"""A household that leaves dibao: what else it fits is looked at, told, and kept in mind."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import EndCase, decide_change, end_case
from shared.contracts.assessments import AssessmentReason, Assistance, Outcome
from shared.contracts.changes import BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseEnded
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.event import Event
from tests.decision.changes import COUNTY, REASON, decide
from tests.decision.household import CONFIRMED, given, opened, reported
from tests.decision.test_printed_history import told
from tests.notices import notice
from tests.verification.circumstances import ILL, PHYSICAL_2, household, lives
from tests.verification.household import FUJIAN, MOTHER

ON = date(2022, 11, 15)
"""A phase-out may be granted by then; an edge household lies below one and a half standards."""
EDGE_FEN = 3_600_00
"""Four persons at one and a half times 600."""


def leaves(counted_fen: int, *folders: Path, on: date = ON, **changed: Any) -> BenefitStopped:
    """The stop of the story's household, with 700 yuan of deductions, at so much counted income."""
    before = (opened(**changed), *CONFIRMED[1:])
    report = reported(counted_fen + 700_00, on)
    spec = given(*before, report, on=on, folders=folders)
    (event,) = spec.when(
        decide(
            role=COUNTY["role"] if on.year > 2022 else "township_approver",
            phase_out_months=0,
            explanation=REASON,
        ),
        decide_change,
    ).events
    assert isinstance(event, BenefitStopped)
    return event


def outcomes(event: BenefitStopped | PhaseOutStarted) -> dict[Assistance, Outcome]:
    return {one.assistance: one.outcome for one in event.lesser or ()}


class TestTheEdge:
    @pytest.mark.parametrize(
        ("counted_fen", "outcome"),
        [(EDGE_FEN - 1, Outcome.QUALIFIES), (EDGE_FEN, Outcome.DOES_NOT_QUALIFY)],
    )
    def test_is_looked_at_by_the_income_of_now(self, counted_fen: int, outcome: Outcome) -> None:
        assert outcomes(leaves(counted_fen))[Assistance.EDGE_HOUSEHOLD] is outcome

    def test_is_where_the_place_has_it(self, tmp_path: Path) -> None:
        folder = notice(tmp_path, "350924", edge_income_factor="2")
        at_limit = 2 * 4 * 600_00
        assert outcomes(leaves(at_limit - 1, folder))[Assistance.EDGE_HOUSEHOLD] is (
            Outcome.QUALIFIES
        )
        assert outcomes(leaves(at_limit, folder))[Assistance.EDGE_HOUSEHOLD] is (
            Outcome.DOES_NOT_QUALIFY
        )

    def test_was_none_before_the_measures_of_2021(self, tmp_path: Path) -> None:
        folder = notice(tmp_path, "350924", phase_out_granted="may", phase_out_minimum_months=1)
        event = leaves(2_600_00, folder, on=date(2021, 6, 30))
        assert outcomes(event)[Assistance.EDGE_HOUSEHOLD] is Outcome.NOT_PROVIDED_FOR


def test_a_severely_disabled_member_of_an_edge_household_may_enter_alone() -> None:
    severe = household(lives(MOTHER, **PHYSICAL_2))
    event = leaves(EDGE_FEN - 1, circumstances=severe)
    assert outcomes(event)[Assistance.SINGLE_PERSON_DIBAO] is Outcome.QUALIFIES
    above = leaves(EDGE_FEN, circumstances=severe)
    assert outcomes(above)[Assistance.SINGLE_PERSON_DIBAO] is Outcome.DOES_NOT_QUALIFY


def test_what_a_place_has_not_stated_of_rigid_spending_is_told_so() -> None:
    found = {one.assistance: one.reason for one in leaves(EDGE_FEN).lesser or ()}
    assert found[Assistance.RIGID_EXPENDITURE_HOUSEHOLD] is AssessmentReason.REGIME_HAS_NONE


def ended(*events: Event, on: date = date(2022, 12, 1)) -> tuple[Event, ...]:
    report = reported(3_000_00, ON)
    spec = given(*CONFIRMED, report, *events, on=on)
    return tuple(spec.when(EndCase(), end_case).events)


class TestKeptInMind:
    def test_near_the_standard_with_its_last_month(self) -> None:
        end, listed = ended(leaves(EDGE_FEN - 1))
        assert isinstance(end, CaseEnded)
        assert isinstance(listed, PotentialRecipientListed)
        assert listed.hardship == (HardshipGround.INCOME_NEAR_STANDARD,)
        assert listed.division == FUJIAN

    def test_not_far_above_it(self) -> None:
        assert len(ended(leaves(EDGE_FEN))) == 1

    def test_not_before_its_last_month_is_over(self) -> None:
        assert ended(leaves(EDGE_FEN - 1), on=date(2022, 11, 30)) == ()

    def test_nobody_by_a_stop_of_before_it_was_looked_at(self) -> None:
        stopped = leaves(EDGE_FEN - 1).model_copy(update={"lesser": None})
        assert len(ended(stopped)) == 1


class TestInPrint:
    def test_a_stop_says_what_was_looked_at_and_that_it_is_to_be_asked_for(self) -> None:
        page_ = told(*CONFIRMED, reported(3_000_00, ON), leaves(EDGE_FEN - 1), on=ON)
        section = page_.partition("退出低保后可否享受其他救助 / Whether anything less fits")[2]
        assert "低保边缘家庭 / edge household: 符合 / qualifies" in section
        assert "参照单人户纳入低保 / dibao of single members: 不符合" in section
        assert "符合的须另行申请，不自动给予" in section

    def test_a_stop_of_before_says_that_nothing_was_looked_at(self) -> None:
        stopped = leaves(EDGE_FEN - 1).model_copy(update={"lesser": None})
        page_ = told(*CONFIRMED, reported(3_000_00, ON), stopped, on=ON)
        assert "本步未研判 / not looked at in this step" in page_

    def test_who_is_kept_in_mind_is_told_for_what(self) -> None:
        _, listed = ended(leaves(EDGE_FEN - 1))
        page_ = told(*CONFIRMED, listed, on=ON)
        assert "拟研判 / to be assessed for: 最低生活保障" in page_
        assert "收入接近低保标准 / income near the standard（闽民救〔2020〕21号" in page_


def test_illness_found_at_the_survey_weighs_on_who_leaves() -> None:
    ill = household(lives(MOTHER, **ILL))
    stopped = leaves(EDGE_FEN - 1, circumstances=ill)
    before = (opened(circumstances=ill), *CONFIRMED[1:])
    spec = given(*before, reported(3_000_00, ON), stopped, on=date(2022, 12, 1))
    _, listed = spec.when(EndCase(), end_case).events
    assert isinstance(listed, PotentialRecipientListed)
    assert HardshipGround.ILLNESS in listed.hardship
