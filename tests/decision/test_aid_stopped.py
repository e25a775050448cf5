"""What is still to come of a granted aid is stopped: by whom, why, and who is heard before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    HearAboutRest,
    hear_about_rest,
    record_follow_up,
    stop_rest,
)
from services.decision.model import DETERMINATION
from shared.contracts.aid import AidHouseholdHeard, RestStoppedReason
from tests.decision.test_aid import COUNTY, COUNTY_APPROVER, GRANTED_ON, given, granted, opened
from tests.decision.test_aid_needs import DELIVERED, FOOD, partly
from tests.decision.test_aid_stages import STOPPED, beside, in_stages, released, stopping
from tests.decision.test_follow_up import ILL, found
from tests.verification.household import note

HEARD = AidHouseholdHeard(statement=note("statement"))


class TestStoppingTheRest:
    @pytest.mark.mechanism("S2-26")
    def test_says_why_and_what_is_not_paid_any_more(self) -> None:
        beside(in_stages(), on=GRANTED_ON).when(stopping(), stop_rest).then(STOPPED)

    @pytest.mark.mechanism("S2-26")
    def test_leaves_what_was_released(self) -> None:
        (event,) = beside(in_stages(), released()).when(stopping(), stop_rest).events
        assert (event.amount_fen, event.instalments) == (100_00, (3,))

    def test_stops_what_was_not_delivered_too(self) -> None:
        (event,) = beside(partly()).when(stopping(), stop_rest).events
        assert (event.amount_fen, event.instalments, event.in_kind) == (0, (), (FOOD,))
        beside(partly(), DELIVERED).when(stopping(), stop_rest).refuses("nothing-to-come")

    def test_is_the_granting_tiers(self) -> None:
        other = stopping(actor=COUNTY_APPROVER, role=COUNTY)
        beside(in_stages()).when(other, stop_rest).refuses("not-the-granting-tier", tier="township")

    @pytest.mark.parametrize(
        ("so_far", "code"),
        [
            ((), "wrong-stage"),
            ((granted(),), "nothing-to-come"),
            ((in_stages(), STOPPED), "nothing-to-come"),
            ((in_stages(), released(), released(3)), "nothing-to-come"),
        ],
    )
    def test_is_refused_where_nothing_is_to_come(self, so_far: Any, code: str) -> None:
        beside(*so_far).when(stopping(), stop_rest).refuses(code)

    @pytest.mark.parametrize(
        ("on", "reason", "heard", "stops"),
        [
            (date(2026, 6, 30), RestStoppedReason.HARDSHIP_OVER, False, True),
            (date(2026, 7, 1), RestStoppedReason.HARDSHIP_OVER, False, False),
            (date(2026, 7, 1), RestStoppedReason.HARDSHIP_OVER, True, True),
            (date(2026, 7, 1), RestStoppedReason.HELPED_ELSEWHERE, False, False),
            (date(2026, 7, 1), RestStoppedReason.DIED, False, True),
        ],
    )
    def test_hears_the_household_first_since_the_law_of_2026(
        self, on: date, reason: RestStoppedReason, *, heard: bool, stops: bool
    ) -> None:
        so_far = (in_stages(), *((HEARD,) if heard else ()))
        decided = beside(*so_far, on=on).when(stopping(reason=reason), stop_rest)
        if stops:
            assert decided.events[0].reason is reason
        else:
            assert "社会救助法" in decided.refuses("hearing-missing").source

    def test_hears_nobody_on_the_first_day_on_which_there_is_aid(self) -> None:
        """What was granted in kind may be stopped on that very day."""
        first = date(2014, 10, 3)
        so_far = given(opened(accepted_on=first), partly(), on=first).beside(DETERMINATION)
        assert so_far.when(stopping(), stop_rest).events[0].in_kind == (FOOD,)

    def test_hears_it_while_something_is_to_come(self) -> None:
        command = HearAboutRest(statement=HEARD.statement)
        given(opened(), in_stages()).when(command, hear_about_rest).then(HEARD)
        over = given(opened(), granted())
        over.when(command, hear_about_rest).refuses("nothing-to-come")

    def test_may_follow_what_a_follow_up_found(self) -> None:
        """The follow-up is held while stages are to come, and leads on to dibao as ever."""
        made = beside(in_stages(), released())
        assert given(opened(), in_stages()).when(found(*ILL.hardship), record_follow_up).events
        assert made.given(ILL).when(stopping(), stop_rest).events
