"""What a place has of its own, or of its level above, at the boundary of each figure."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    approve,
    propose_expense_aid,
)
from services.decision.model import AID, DETERMINATION
from services.decision.rules.rigid_expenditure import valid_until
from shared.contracts.assessments import AssessmentReason, Assistance
from shared.contracts.circumstances import (
    DisabilityKind,
    HouseholdCircumstances,
    PovertyStanding,
)
from shared.contracts.decision import RefusalReason
from shared.contracts.fields import DeductionKind, Programme
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.contracts.recognition import HouseholdStatus
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.policy import Policy
from tests.decision import expenses, subsidies
from tests.decision.household import (
    APPROVER,
    FOUR,
    confirmed,
    given,
    opened,
    policy,
    proposed,
)
from tests.decision.test_expense_aid import BY_CASE, PROPOSE, TestInDayao, said
from tests.decision.test_rigid_expenditure import EXPLORED, refused, spends
from tests.notices import notice
from tests.verification.household import DAYAO, FUJIAN, SHAANXI

AID_PROGRAMME = Programme.TEMPORARY_ASSISTANCE
ANHUI = "340104001000"
FIRST_OF_220, FIRST_OF_52 = date(2012, 12, 12), date(2016, 1, 1)
FIRST_OF_57 = date(2021, 7, 1)
EVE_OF_DAYAO, FIRST_OF_DAYAO = date(2020, 3, 1), date(2020, 3, 2)
BEGINS = date(2025, 1, 1)
DAY = timedelta(days=1)
RIGID = Assistance.RIGID_EXPENDITURE_HOUSEHOLD
K = DeductionKind


class TestAidForExpenses:
    def proposal(
        self, *recognised: Event, folders: tuple[Path, ...] = (), fen: int, **changed: Any
    ) -> Decided:
        account = expenses.account(counted_income_fen=3_000_00, **changed)
        asked = {
            name: changed[name]
            for name in ("division", "accepted_on", "members")
            if name in changed
        }
        made = spec(DETERMINATION, on=changed["accepted_on"], policy=policy(*folders))
        made = made.given(account).beside(AID, expenses.requested(fen, **asked))
        if recognised:
            return made.beside(DETERMINATION, *recognised).when(BY_CASE, propose_expense_aid)
        return made.when(PROPOSE, propose_expense_aid)

    def test_is_in_anhui_of_ten_standards_at_most(self, tmp_path: Path) -> None:
        """原则上不超过月标准的十倍."""
        own = {"standard_monthly_fen": 700_00, "local_disposable_income_yearly_fen": 15_000_00}
        places = (notice(tmp_path, "340104", "all", **own),)
        for accepted_on in (FIRST_OF_57, date(2021, 6, 30)):
            proposal = self.proposal(
                folders=places, division=ANHUI, accepted_on=accepted_on, fen=9_000_00
            )
            assert said(proposal) == 7_000_00

    @pytest.mark.parametrize(
        ("accepted_on", "aided"), [(EVE_OF_DAYAO, True), (FIRST_OF_DAYAO, False)]
    )
    def test_is_in_dayao_for_some_households_from_its_plan_on(
        self, accepted_on: date, *, aided: bool
    ) -> None:
        proposal = TestInDayao.of_dayao(PovertyStanding.NOT_REGISTERED, accepted_on)
        expected = expenses.REQUESTED_FEN if aided else RefusalReason.NOT_AMONG_HOUSEHOLDS_AIDED
        assert said(proposal) == expected

    def test_is_in_dayao_for_who_is_supported_as_tekun(self) -> None:
        tekun = {"programme": Programme.TEKUN, "members": FOUR[:1], "division": DAYAO}
        supported = (opened(**tekun), proposed(), confirmed(**tekun))
        unregistered = HouseholdCircumstances(poverty=PovertyStanding.NOT_REGISTERED, members=())
        proposal = self.proposal(
            *supported,
            division=DAYAO,
            accepted_on=FIRST_OF_DAYAO,
            members=FOUR[:1],
            circumstances=unregistered,
            fen=1_000_00,
        )
        assert said(proposal) == 1_000_00

    @pytest.mark.parametrize(
        ("division", "due_on"), [(DAYAO, date(2021, 7, 26)), (FUJIAN, date(2021, 7, 26))]
    )
    def test_is_decided_within_ten_working_days_of_the_townships_word(
        self, division: str, due_on: date
    ) -> None:
        first = PublicityPosted(
            round=PublicityRound.FIRST, from_on=FIRST_OF_57, until_on=FIRST_OF_57 + 7 * DAY
        )
        account = expenses.account(division=division, accepted_on=FIRST_OF_57)
        case = given(account, expenses.aid_proposed(), first, on=date(2021, 7, 12))
        (event,) = case.when(Approve(actor=APPROVER), approve).events
        assert event.decision_due.on == due_on


class TestTheCareSubsidy:
    @pytest.mark.parametrize("accepted_on", [FIRST_OF_52, subsidies.ACCEPTED_ON])
    @pytest.mark.parametrize(
        ("kind", "grade", "covered"),
        [
            (DisabilityKind.MENTAL, 2, True),
            (DisabilityKind.MENTAL, 3, False),
            (DisabilityKind.INTELLECTUAL, 3, False),
            (DisabilityKind.PHYSICAL, 3, False),
        ],
    )
    def test_is_of_grade_two_whatever_the_kind(
        self, accepted_on: date, kind: DisabilityKind, grade: int, *, covered: bool
    ) -> None:
        found = subsidies.disability(grade, kind)
        stated = {"accepted_on": accepted_on, "applied_on": accepted_on}
        (event,) = subsidies.proposing(subsidies.CARE, found, (), **stated).events
        if covered:
            assert event.amount_fen == subsidies.CARE_FEN
        else:
            assert event.reason is RefusalReason.GRADE_NOT_COVERED


class TestRigidSpending:
    @pytest.mark.parametrize("on", [FIRST_OF_220, date(2024, 12, 31), BEGINS])
    def test_is_no_hardship_where_nobody_sets_its_share_of_income(self, on: date) -> None:
        found = spends({K.ILLNESS: 6_000_00}, on=on, division=DAYAO).events[0]
        (rigid,) = (one for one in found.outcomes if one.assistance is RIGID)
        assert rigid.reason is AssessmentReason.REGIME_HAS_NONE

    @pytest.mark.parametrize("on", [FIRST_OF_220, BEGINS])
    def test_is_no_hardship_where_nobody_sets_last_years_income(
        self, on: date, tmp_path: Path
    ) -> None:
        place = notice(tmp_path, "532326", rigid_spending_income_share="0.5")
        found = spends({K.ILLNESS: 6_000_00}, on=on, division=DAYAO, folders=(place,)).events[0]
        (rigid,) = (one for one in found.outcomes if one.assistance is RIGID)
        assert rigid.reason is AssessmentReason.FIGURE_NOT_SET

    def test_is_without_living_where_nobody_sets_a_share_of_it(self, tmp_path: Path) -> None:
        place = notice(
            tmp_path,
            "532326",
            rigid_spending_income_share="0.5",
            disposable_income_previous_year_fen=30_000_00,
        )
        stated = {"on": FIRST_OF_220, "division": DAYAO, "folders": (place,)}
        found = spends({K.ILLNESS: 1_000_00}, **stated).events[0]
        assert found.rigid.living_fen == 0

    def test_makes_a_household_one_for_a_year_where_a_province_explores_it(self) -> None:
        recognised, *_ = refused(
            {K.ILLNESS: 4_740_01}, income_fen=7_900_00, on=EXPLORED, division=SHAANXI
        )
        assert recognised.status is HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD
        assert recognised.valid_until == date(2023, 3, 31)

    @pytest.mark.parametrize("status", HouseholdStatus)
    def test_and_the_edge_are_recognised_for_a_year_since_the_first_day(
        self, status: HouseholdStatus
    ) -> None:
        regime = Policy.load().at(SHAANXI, "dibao", FIRST_OF_220)
        assert valid_until(status, FIRST_OF_220, regime) == date(2013, 12, 11)
