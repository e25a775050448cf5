"""Households of rigid-expenditure hardship: who is one, for how long, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.decision.decisions import Decide, EndRecognition, confirm, end_recognition, refuse
from services.decision.duties import DUTIES, agenda
from services.decision.model import DETERMINATION, determination_of
from services.decision.reactions import OWN
from services.decision.rules.rigid_expenditure import is_above_share
from services.decision.views.recognised_households import RecognisedHouseholdRow, fold
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.assessments import AssessmentReason, Assistance, Outcome, RigidExpenditure
from shared.contracts.decision import CaseEnded, CaseRefused, EndReason
from shared.contracts.fields import DeductionKind, DeductionLine, Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.contracts.special_aid import SpecialAid
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.assessments import AUGUST_2021, assessed, outcome
from tests.decision.household import FOUR, OTHER, approved, given, opened, posted
from tests.decision.test_printed import printed
from tests.documents import document
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, household, lives
from tests.verification.household import APPLICANT, CASE, FUJIAN, HUSBAND, MOTHER, SHAANXI, wage

RIGID, WATCH = Assistance.RIGID_EXPENDITURE_HOUSEHOLD, Assistance.WATCH_LIST
K, R = DeductionKind, AssessmentReason
BEGINS = date(2025, 1, 1)
IN_2025 = date(2025, 3, 10)
EXPLORED = date(2022, 4, 1)

SPENT_FEN = 5_940_00
"""Of 9,900 a month exactly the share of the fixture in Fujian, 0.6."""

Spending = Mapping[DeductionKind, int]


def lines(spending: Spending) -> tuple[DeductionLine, ...]:
    return tuple(DeductionLine(kind=kind, amount_fen=fen) for kind, fen in spending.items())


def stated(
    spending: Spending, income_fen: int = 9_900_00, on: date = IN_2025, **changed: Any
) -> dict[str, Any]:
    """Four persons' account: wages, what they spend, and what counts for dibao."""
    return {
        "income": (wage(HUSBAND, income_fen),),
        "deductions": lines(spending),
        "counted_income_fen": max(0, income_fen - sum(spending.values())),
        "accepted_on": on,
    } | changed


def spends(spending: Spending, folders: tuple[Path, ...] = (), **changed: Any) -> Decided:
    account = stated(spending, **changed)
    on = account.pop("accepted_on")
    return assessed(on=on, folders=folders, **account)


def refused(spending: Spending, **changed: Any) -> tuple[Event, ...]:
    """What is recorded when the household is refused dibao on the day it applied."""
    account = stated(spending, **changed)
    on = account["accepted_on"]
    begun = opened(circumstances=household(), **account)
    spec = given(begun, *spends(spending, **changed).events, on=on)
    return spec.when(Decide(actor=OTHER, role="county_approver"), refuse).events


class TestWhoIsOne:
    """刚性支出困难家庭认定办法, art. 4, by the fixture's figures: 30,000 a year per head, 0.6."""

    @pytest.mark.mechanism("S4-12")
    @pytest.mark.parametrize(
        ("spent_fen", "reason"),
        [
            (SPENT_FEN, R.RIGID_SPENDING_NOT_ABOVE_SHARE),
            (SPENT_FEN + 1, R.RIGID_SPENDING_ABOVE_SHARE),
        ],
    )
    def test_spending_lies_above_the_share_of_income(
        self, spent_fen: int, reason: AssessmentReason
    ) -> None:
        decided = spends({K.ILLNESS: spent_fen})
        assert outcome(decided, Assistance.EDGE_HOUSEHOLD).outcome is Outcome.DOES_NOT_QUALIFY
        assert outcome(decided, RIGID).reason is reason

    @pytest.mark.parametrize(
        ("income_fen", "reason"),
        [
            (10_000_00 - 1, R.RIGID_SPENDING_ABOVE_SHARE),
            (10_000_00, R.INCOME_NOT_BELOW_DISPOSABLE),
        ],
    )
    def test_income_per_head_lies_below_last_years_disposable_income(
        self, income_fen: int, reason: AssessmentReason
    ) -> None:
        decided = spends({K.ILLNESS: 6_001_00}, income_fen=income_fen)
        assert outcome(decided, RIGID).reason is reason

    def test_property_lies_within_the_limits(self) -> None:
        decided = spends({K.ILLNESS: SPENT_FEN + 1}, houses=2)
        assert outcome(decided, RIGID).reason is R.PROPERTY_ABOVE_LIMIT

    def test_the_cost_of_working_is_taken_off_income_and_is_no_rigid_spending(self) -> None:
        """9,900 after 400 for working, so that the same 5,940 are exactly at the share."""
        at = {K.ILLNESS: SPENT_FEN, K.EMPLOYMENT: 400_00}
        decided = spends(at, income_fen=10_300_00)
        assert outcome(decided, RIGID).reason is R.RIGID_SPENDING_NOT_ABOVE_SHARE
        above = spends({**at, K.ILLNESS: SPENT_FEN + 1}, income_fen=10_300_00)
        assert outcome(above, RIGID).outcome is Outcome.QUALIFIES
        assert above.events[0].rigid == RigidExpenditure(
            income_fen=9_900_00, spending_fen=SPENT_FEN + 1, living_fen=0
        )

    @pytest.mark.parametrize(("spent_fen", "above"), [(0, False), (1, True)])
    def test_any_spending_without_income_is_above_every_share(
        self, spent_fen: int, above: bool
    ) -> None:
        assert is_above_share(spent_fen, 0, Fraction(1)) is above

    @pytest.mark.parametrize(
        ("spending", "found"),
        [
            ({K.ILLNESS: 2_000_00, K.DISABILITY: 2_000_00, K.SCHOOLING: 1_940_01}, True),
            ({K.ILLNESS: 2_000_00, K.DISABILITY: 2_000_00, K.SCHOOLING: 1_940_00}, False),
            ({K.ILLNESS: 2_000_00, K.EPIDEMIC: SPENT_FEN}, False),  # other: by the county
        ],
    )
    def test_care_rehabilitation_and_schooling_count_together(
        self, spending: Spending, found: bool
    ) -> None:
        decided = spends(spending, counted_income_fen=3_960_00)
        assert (outcome(decided, RIGID).outcome is Outcome.QUALIFIES) is found

    def test_spending_counts_that_the_regime_does_not_deduct(self) -> None:
        """Verification hands on what the bills show, whether or not it is taken off income."""
        kept = {"rigid_spending": lines({K.SCHOOLING: SPENT_FEN + 1})}
        assert outcome(spends({}, **kept), RIGID).outcome is Outcome.QUALIFIES
        assert outcome(spends({}), RIGID).reason is R.RIGID_SPENDING_NOT_ABOVE_SHARE

    @pytest.mark.parametrize(
        ("on", "region", "found"),
        [
            (date(2024, 12, 31), FUJIAN, Outcome.NOT_PROVIDED_FOR),
            (BEGINS, FUJIAN, Outcome.QUALIFIES),
            (date(2022, 3, 31), SHAANXI, Outcome.NOT_PROVIDED_FOR),
            (EXPLORED, SHAANXI, Outcome.QUALIFIES),
        ],
    )
    def test_it_holds_nationally_from_2025_and_where_a_province_explored_it(
        self, on: date, region: str, found: Outcome
    ) -> None:
        """陕民发〔2022〕23号, 2(1).4 has Shaanxi explore it (探索开展支出型困难家庭认定)."""
        income_fen = 9_900_00 if region == FUJIAN else 7_900_00
        decided = spends(
            {K.ILLNESS: income_fen * 6 // 10 + 1}, income_fen=income_fen, on=on, division=region
        )
        assert outcome(decided, RIGID).outcome is found

    @pytest.mark.parametrize(("spent_fen", "found"), [(1_900_00, False), (1_900_01, True)])
    def test_living_counts_by_the_standard_where_the_place_has_it(
        self, spent_fen: int, found: bool
    ) -> None:
        """Shaanxi's fixture: 0.8 × 500 × 4 for living, and the half of 7,000."""
        changed = {"income_fen": 7_000_00, "on": EXPLORED, "division": SHAANXI}
        decided = spends({K.ILLNESS: spent_fen}, **changed)
        assert (outcome(decided, RIGID).outcome is Outcome.QUALIFIES) is found
        assert decided.events[0].rigid.living_fen == 1_600_00


class TestWhereAFigureIsNotSet:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("rigid_spending_income_share", R.REGIME_HAS_NONE),
            ("disposable_income_previous_year_fen", R.FIGURE_NOT_SET),
        ],
    )
    def test_it_is_not_provided_for_and_nobody_guesses(
        self, line: str, reason: AssessmentReason, tmp_path: Path
    ) -> None:
        place = notice(tmp_path, "350924", since=date(2025, 1, 1), **{line: "none"})
        decided = spends({K.ILLNESS: SPENT_FEN + 1}, folders=(place,))
        found = outcome(decided, RIGID)
        assert (found.outcome, found.reason) == (Outcome.NOT_PROVIDED_FOR, reason)
        assert decided.events[0].rigid is None


class TestItsPlaceInTheRow:
    def test_an_edge_household_is_not_one(self) -> None:
        """1.5 standards: 3,600 for four, so 3,599.99 is an edge household whatever it spends."""
        decided = spends({K.ILLNESS: 5_400_01}, income_fen=9_000_00)
        assert outcome(decided, Assistance.EDGE_HOUSEHOLD).outcome is Outcome.QUALIFIES
        assert outcome(decided, RIGID).outcome is Outcome.NOT_REACHED
        assert decided.events[0].rigid is None

    def test_one_is_not_kept_in_mind_besides(self) -> None:
        decided = spends({K.ILLNESS: SPENT_FEN + 1})
        assert outcome(decided, WATCH).reason is R.FULLER_ASSISTANCE

    def test_who_is_none_may_still_be_kept_in_mind(self, tmp_path: Path) -> None:
        """From July 2026 no edge limit is set here: near the standard, and spending little."""
        decided = spends({}, income_fen=3_599_99, on=date(2026, 7, 1))
        assert outcome(decided, RIGID).reason is R.RIGID_SPENDING_NOT_ABOVE_SHARE
        assert outcome(decided, WATCH).outcome is Outcome.QUALIFIES

    def test_whose_member_enters_dibao_alone_is_not_looked_at(self) -> None:
        jobless = lives(MOTHER, **PHYSICAL_2, occupation="no_work")
        account = stated({K.ILLNESS: SPENT_FEN + 1})
        on = account.pop("accepted_on")
        decided = assessed(jobless, on=on, **account)
        singly = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
        assert singly.outcome is Outcome.QUALIFIES
        assert outcome(decided, RIGID).outcome is Outcome.NOT_REACHED


RECOGNISED = HouseholdRecognised(
    status=HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD,
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    members=FOUR,
    valid_until=date(2026, 3, 9),
)
OVER = RecognitionEndReason.VALIDITY_OVER
WITH_CASE = RecognitionEndReason.CASE_ENDED
ENDED = RecognitionEnded(
    status=RECOGNISED.status,
    reason=OVER,
    since=date(2026, 3, 10),
    members=RECOGNISED.members,
)

REVOKED = DecisionRevoked(
    appeal_id=uuid4(),
    restorer=OTHER,
    programme=Programme.DIBAO,
    division=FUJIAN,
    subject=NoticeSubject.REFUSAL,
    redo=True,
)


def ending(
    on: date,
    *events: Event,
    reason: RecognitionEndReason = OVER,
) -> Decided:
    return given(opened(), *events, on=on).when(EndRecognition(reason=reason), end_recognition)


class TestRecognition:
    def test_it_is_recorded_with_the_refusal_of_dibao_for_twelve_months(self) -> None:
        recognised, referred, closed = refused({K.ILLNESS: SPENT_FEN + 1})
        assert recognised == RECOGNISED
        assert [need.aid for need in referred.needs] == [SpecialAid.TEMPORARY_ASSISTANCE]
        assert isinstance(closed, CaseRefused)

    def test_a_place_may_have_it_shorter(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "350924", rigid_recognition_valid_months=6)
        account = stated({K.ILLNESS: SPENT_FEN + 1})
        begun = opened(circumstances=household(), **account)
        drawn = spends({K.ILLNESS: SPENT_FEN + 1}).events
        spec = given(begun, *drawn, on=IN_2025, folders=(place,))
        recognised, *_ = spec.when(Decide(actor=OTHER, role="county_approver"), refuse).events
        assert recognised.valid_until == date(2025, 9, 9)

    def test_an_edge_household_is_one_for_a_year_too(self) -> None:
        recognised, _ = refused({K.ILLNESS: 5_400_01}, income_fen=9_000_00)
        assert recognised.status is HouseholdStatus.EDGE_HOUSEHOLD
        assert recognised.valid_until == date(2026, 3, 9)

    def test_beside_members_on_dibao_alone_it_lasts_as_long_as_that(self) -> None:
        severe = lives(MOTHER, **PHYSICAL_2)
        account = opened(
            circumstances=household(severe), counted_income_fen=2_560_00, accepted_on=AUGUST_2021
        )
        drawn = assessed(severe, on=AUGUST_2021).events
        spec = given(account, *drawn, posted(), approved(), on=AUGUST_2021)
        recognised, _ = spec.when(Decide(actor=OTHER, role="township_approver"), confirm).events
        assert recognised.status is HouseholdStatus.EDGE_HOUSEHOLD
        assert recognised.valid_until is None

    @pytest.mark.parametrize(("on", "events"), [("2026-03-09", ()), ("2026-03-10", (ENDED,))])
    def test_it_ends_on_the_day_after_its_last(self, on: str, events: tuple[Event, ...]) -> None:
        ending(date.fromisoformat(on), RECOGNISED).then(*events)

    def test_a_late_duty_dates_the_end_from_the_day_it_ended(self) -> None:
        ending(date(2026, 4, 20), RECOGNISED).then(ENDED)

    def test_it_ends_once_and_not_where_nothing_was_recognised(self) -> None:
        ending(date(2026, 3, 11), RECOGNISED, ENDED).then()
        ending(date(2026, 3, 11)).then()

    def test_one_without_a_last_day_ends_with_the_case_alone(self) -> None:
        lasting = RECOGNISED.model_copy(update={"valid_until": None})
        ending(date(2030, 1, 1), lasting).then()
        (event,) = ending(date(2030, 1, 1), lasting, reason=WITH_CASE).events
        assert (event.reason, event.since) == (WITH_CASE, date(2030, 1, 1))


class TestWhatFallsDue:
    def entries(self, event: Event) -> list[Any]:
        return list(agenda(document(event, case_id=CASE, on=IN_2025)))

    def test_a_recognition_is_due_on_the_day_after_its_last(self) -> None:
        (entry,) = self.entries(RECOGNISED)
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == ("recognition-ends", date(2026, 3, 10))
        submission = DUTIES[entry.kind](entry)
        assert submission.command == EndRecognition(reason=OVER)
        assert submission.reads == (determination_of(CASE),)

    def test_it_is_done_once_it_ended_or_the_decision_fell(self) -> None:
        (entry,) = self.entries(RECOGNISED)
        for event in (ENDED, REVOKED):
            done = [change for change in self.entries(event) if isinstance(change, AgendaDone)]
            assert (entry.kind, entry.key) in [(change.kind, change.key) for change in done]

    def test_without_a_last_day_nothing_is_due(self) -> None:
        assert self.entries(RECOGNISED.model_copy(update={"valid_until": None})) == []

    def test_the_end_of_a_case_ends_what_was_recognised_beside_it(self) -> None:
        ended = CaseEnded(
            programme=Programme.DIBAO, division=FUJIAN, members=FOUR, reason=EndReason.STOPPED
        )
        source = document(ended, case_id=CASE, on=IN_2025)
        commands = [s.command for react in OWN[CaseEnded] for s in react(source)]
        assert EndRecognition(reason=WITH_CASE) in commands


class TestTheView:
    def folded(self, *events: Event) -> RecognisedHouseholdRow | None:
        view = None
        for number, event in enumerate(events, 1):
            view = fold(str(CASE), view, document(event, case_id=CASE, on=IN_2025, version=number))
        return (
            None
            if view is None
            else RecognisedHouseholdRow.model_validate({"_id": str(CASE), **view})
        )

    def test_a_household_is_shown_with_its_members_and_its_last_day(self) -> None:
        row = self.folded(RECOGNISED)
        assert row is not None
        assert (row.status, row.active) == (RECOGNISED.status, True)
        assert row.members == tuple(member.person_id for member in FOUR)
        assert (row.recognised_on, row.valid_until) == (IN_2025, date(2026, 3, 9))

    def test_one_that_ended_stays_with_its_reason(self) -> None:
        row = self.folded(RECOGNISED, ENDED)
        assert row is not None
        assert (row.active, row.ended_on, row.end_reason) == (False, ENDED.since, OVER)

    def test_one_beside_a_refusal_that_fell_is_gone(self) -> None:
        assert self.folded(RECOGNISED, REVOKED) is None
        assert DETERMINATION.evolve(DETERMINATION.initial, REVOKED).recognised is None


class TestInPrint:
    def told(self, on: date, spending: Spending, **changed: Any) -> str:
        account = stated(spending, on=on, **changed)
        events = refused(spending, on=on, **changed)
        begun = opened(circumstances=household(), **account)
        drawn = spends(spending, on=on, **changed).events
        return printed(begun, *drawn, *events, ENDED, on=on)

    def test_the_sums_can_be_followed_with_a_pencil(self) -> None:
        told = self.told(IN_2025, {K.ILLNESS: SPENT_FEN + 1})
        for line in (
            "全年收入与人均可支配收入 / Year's income and disposable income: "
            "9,900.00 × 12 = 118,800.00 < 30,000.00 × 4 = 120,000.00",
            "刚性支出与收入 / Rigid spending and income: 5,940.01 > 0.6 × 9,900.00 = 5,940.00",
            "刚性支出困难家庭 / household of rigid-expenditure hardship: 符合 / qualifies"
            "（刚性支出占家庭收入的比例超过当地规定，收入、财产符合规定",
            "有效期至 / Valid until: 2026-03-09",
            "有效期满 / its validity is over",
            "自此不再有效 / No longer valid from: 2026-03-10",
        ):
            assert line in told
        assert "其中生活支出" not in told

    def test_living_stands_apart(self) -> None:
        told = self.told(EXPLORED, {K.ILLNESS: 1_900_01}, income_fen=7_000_00, division=SHAANXI)
        assert "其中生活支出 / Rigid spending, of it living: 1,600.00" in told
        assert "3,500.01 > 0.5 × 7,000.00 = 3,500.00" in told
