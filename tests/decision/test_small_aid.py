"""Small quick aid: how much, once in a hardship, and what goes instead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import GrantSmallAid, grant_aid, grant_small_aid
from services.decision.model import AID, SMALL_AIDS, STANDARDS, small_aids_of
from shared.calendar import Month
from shared.contracts.aid import AidGranted, AidInstalment, AidOpened, AidTier, SmallAidNoted
from shared.contracts.aid_needs import AidInKind, InKind
from shared.contracts.fields import AidCause, AidKind
from shared.kernel.decider import Fact
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.decision.household import FOUR, policy
from tests.decision.standards import standard_set
from tests.decision.test_aid import COUNTY, GRANTER, TOWNSHIP, grant, opened
from tests.verification.household import CASE, SHAANXI

ON = date(2026, 3, 2)
STANDARD_FEN = 500_00
"""The demo's for Shaanxi, a month; its townships grant up to 1,000 yuan."""


def asked(**changed: Any) -> AidOpened:
    """Small quick aid for an accident, of two persons."""
    aid = opened().aid.model_copy(update={"kind": AidKind.SMALL_QUICK})
    return opened(**({"aid": aid, "accepted_on": ON, "members": FOUR[:2]} | changed))


def grant_small(amount_fen: int = 1, **changed: Any) -> GrantSmallAid:
    stated = {"case_id": CASE, "actor": GRANTER, "role": TOWNSHIP, "amount_fen": amount_fen}
    return GrantSmallAid(**(stated | changed))


def noted(granted_on: date = ON, cause: AidCause = AidCause.ACCIDENT) -> SmallAidNoted:
    return SmallAidNoted(case_id=CASE, cause=cause, granted_on=granted_on)


def given(*before: Event, on: date = ON, standards: tuple[Event, ...] = ()) -> Given:
    """The aid, beside what its two members had before and the standards around."""
    made = spec(AID, on=on, policy=policy()).given(asked())
    return made.beside(SMALL_AIDS).beside(SMALL_AIDS, *before).beside(STANDARDS, *standards)


class TestTheAmount:
    def test_is_granted_at_once_and_noted_of_every_member(self) -> None:
        """No check and no publicity; papers follow, as those of an emergency do."""
        decided = given().when(grant_small(STANDARD_FEN), grant_small_aid)
        *of_members, granted = decided.events
        assert of_members == [noted(), noted()]
        assert isinstance(granted, AidGranted)
        assert (granted.amount_fen, granted.tier) == (STANDARD_FEN, AidTier.TOWNSHIP)
        assert granted.explanation_due is not None
        names = {used.name for used in granted.parameters}
        assert {"small_aid_cap_standards", "standard_monthly_fen"} <= names

    def test_is_noted_in_each_members_stream(self) -> None:
        granted = given().when(grant_small(), grant_small_aid).events[-1]
        given().when(grant_small(), grant_small_aid).then(
            *(Fact(noted(), small_aids_of(member.person_id)) for member in FOUR[:2]), granted
        )

    def test_is_one_months_standard_at_most_and_an_emergencys_above(self) -> None:
        given().when(grant_small(STANDARD_FEN + 1), grant_small_aid).refuses(
            "small-aid-above-limit",
            amount_fen=STANDARD_FEN + 1,
            limit_fen=STANDARD_FEN,
            instead="emergency",
        )

    @pytest.mark.mechanism("S4-52")
    def test_in_goods_needs_no_assessment_and_counts_towards_the_limit(self) -> None:
        """In Shaanxi, where any other aid is assessed first: the grant names the form."""
        food = InKind(kind=AidInKind.FOOD, value_fen=200_00)
        in_goods = grant_small(STANDARD_FEN - 200_00, in_kind=(food,))
        granted = given().when(in_goods, grant_small_aid).events[-1]
        assert (granted.in_kind, granted.value_fen) == ((food,), STANDARD_FEN)
        assert granted.delivery_due == granted.pay_by  # within its own three days
        above = grant_small(STANDARD_FEN - 200_00 + 1, in_kind=(food,))
        given().when(above, grant_small_aid).refuses(
            "small-aid-above-limit", amount_fen=STANDARD_FEN + 1
        )

    def test_is_given_whole(self) -> None:
        later = (AidInstalment(amount_fen=1, due_on=date(2026, 3, 3)),)
        given().when(grant_small(2, later=later), grant_small_aid).refuses(
            "stages-not-provided-for", kind="small_quick", allowed="emergency, expense"
        )

    def test_goes_by_the_recorded_standard(self) -> None:
        made = given(standards=(standard_set(550_00, Month(2026, 1), division=SHAANXI),))
        assert made.when(grant_small(550_00), grant_small_aid).events
        made.when(grant_small(550_01), grant_small_aid).refuses("small-aid-above-limit")

    def test_is_the_townships(self) -> None:
        given().when(grant_small(role=COUNTY), grant_small_aid).refuses("not-the-granting-tier")

    def test_is_not_granted_as_an_emergencys_nor_the_other_way_round(self) -> None:
        made = spec(AID, on=ON, policy=policy())
        made.given(asked()).when(grant(1), grant_aid).refuses("aid-of-another-kind")
        emergency = made.given(opened(accepted_on=ON, members=())).beside(STANDARDS)
        emergency.when(grant_small(), grant_small_aid).refuses("aid-of-another-kind")


class TestOnceInAHardship:
    @pytest.mark.parametrize(
        ("granted_on", "again"), [(date(2025, 9, 3), False), (date(2025, 9, 2), True)]
    )
    def test_is_the_same_cause_within_six_months(self, granted_on: date, *, again: bool) -> None:
        """Decision 0036; of any member: here the second of them had it."""
        decided = given(noted(granted_on)).when(grant_small(), grant_small_aid)
        if again:
            assert decided.events
            return
        decided.refuses(
            "small-aid-had-before",
            cause="accident",
            granted_on="2025-09-03",
            again_from="2026-03-03",
            instead="emergency",
        )

    def test_ends_with_the_last_day_of_a_shorter_month(self) -> None:
        """From 31 August six months are to 28 February."""
        before = noted(date(2025, 8, 31))
        given(before, on=date(2026, 2, 27)).when(grant_small(), grant_small_aid).refuses(
            "small-aid-had-before", again_from="2026-02-28"
        )
        assert given(before, on=date(2026, 2, 28)).when(grant_small(), grant_small_aid).events

    def test_is_another_one_of_another_cause(self) -> None:
        decided = given(noted(cause=AidCause.ILLNESS)).when(grant_small(), grant_small_aid)
        assert decided.events[-1].granter == GRANTER
