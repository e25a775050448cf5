"""What hangs of whom and where, by programme, on the first and the last day of each rule."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.decision.printed import board
from services.decision.printed.board import Posting
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityRound
from shared.contracts.terminations import TerminationGround, TerminationProposed
from tests.decision.household import EXPLANATION, PROPOSER, opened, policy, proposed
from tests.decision.test_board import (
    ALONE,
    NAMES,
    REGIONS,
    confirmed,
    posted,
    received,
    row,
    running,
)
from tests.notices import notice

pytestmark = pytest.mark.mechanism("S4-18")

DIBAO, TEKUN, AID = Programme.DIBAO, Programme.TEKUN, Programme.TEMPORARY_ASSISTANCE
FIRST_OF_220, LAST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 6, 30), date(2021, 7, 1)
LAST_BEFORE_83, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)
FIRST_OF_AID, FIRST_OF_62, FIRST_OF_52 = date(2014, 10, 3), date(2020, 1, 1), date(2016, 1, 1)

ON_THE_BOARD = "村（居）务公开栏"
ON_THREE_BOARDS = "乡镇政务公开栏、村（居）务公开栏、政务大厅电子屏"
IN_THE_VILLAGE = "所在村（社区）"
NOWHERE_ELSE = ""


def hung(posting: Posting | None) -> tuple[set[str], str]:
    """What a posting tells beside the name and the programme, and where else it hangs."""
    assert posting is not None
    return set(posting.told), posting.places[0]


@pytest.mark.parametrize(
    ("programme", "accepted_on", "told", "place"),
    [
        (DIBAO, FIRST_OF_220, {"survey", "democratic_review", "opinion"}, ON_THE_BOARD),
        (DIBAO, LAST_OF_220, {"survey", "democratic_review", "opinion"}, ON_THE_BOARD),
        (DIBAO, FIRST_OF_57, {"opinion"}, IN_THE_VILLAGE),
        (DIBAO, LAST_BEFORE_83, {"opinion"}, IN_THE_VILLAGE),
        (DIBAO, FIRST_OF_83, {"opinion"}, IN_THE_VILLAGE),
        (TEKUN, FIRST_OF_57, {"opinion"}, IN_THE_VILLAGE),
        (AID, FIRST_OF_AID, {"opinion"}, IN_THE_VILLAGE),
    ],
)
def test_a_proposal(programme: Programme, accepted_on: date, told: set[str], place: str) -> None:
    account = opened(programme=programme, accepted_on=accepted_on)
    of = (account, proposed(), posted(PublicityRound.FIRST, accepted_on))
    assert hung(running(*of, on=accepted_on)) == (told, place)


@pytest.mark.parametrize(
    ("programme", "accepted_on", "told", "place"),
    [
        (DIBAO, FIRST_OF_220, {"household_members", "amount"}, ON_THREE_BOARDS),
        (DIBAO, LAST_OF_220, {"household_members", "amount"}, ON_THREE_BOARDS),
        (DIBAO, FIRST_OF_57, set(), NOWHERE_ELSE),
        (TEKUN, FIRST_OF_57, set(), NOWHERE_ELSE),
        (AID, FIRST_OF_AID, set(), NOWHERE_ELSE),
    ],
)
def test_a_second_publicity_that_a_place_keeps_says_no_more_than_the_nation_has_it_say(
    programme: Programme, accepted_on: date, told: set[str], place: str, tmp_path: Path
) -> None:
    """Of dibao until June 2021; a place that adds one elsewhere says itself what it tells where."""
    notice(tmp_path, "350924", programme.value, second_publicity_days=7)
    account = opened(programme=programme, accepted_on=accepted_on)
    found = row(account, proposed(), posted(PublicityRound.SECOND, accepted_on), on=accepted_on)
    assert found is not None
    assert hung(board.running(found, NAMES, policy(tmp_path), REGIONS, accepted_on)) == (
        told,
        place,
    )


def test_a_proposed_end_of_support_on_the_first_day() -> None:
    """民发〔2021〕43号, art. 26."""
    ending = TerminationProposed(
        termination_id=uuid4(),
        proposer=PROPOSER,
        ground=TerminationGround.MEANS,
        from_on=FIRST_OF_57,
        until_on=FIRST_OF_57 + timedelta(days=7),
        explanation=EXPLANATION,
    )
    alone: dict[str, Any] = {"programme": TEKUN, "members": ALONE}
    of = (opened(**alone, accepted_on=FIRST_OF_57), confirmed(**alone), ending)
    assert hung(running(*of, on=FIRST_OF_57)) == (set(), "所在村（社区）、供养服务机构")


@pytest.mark.parametrize(
    ("programme", "on", "told", "place"),
    [
        (DIBAO, FIRST_OF_220, {"persons", "amount"}, ON_THREE_BOARDS),
        (DIBAO, LAST_OF_220, {"persons", "amount"}, ON_THREE_BOARDS),
        (DIBAO, FIRST_OF_57, {"persons", "amount"}, IN_THE_VILLAGE),
        (DIBAO, LAST_BEFORE_83, {"persons", "amount"}, IN_THE_VILLAGE),
        (DIBAO, FIRST_OF_83, {"persons", "amount"}, IN_THE_VILLAGE),
        (TEKUN, FIRST_OF_57, set(), IN_THE_VILLAGE),
    ],
)
def test_who_receives_as_long_as_they_do(
    programme: Programme, on: date, told: set[str], place: str
) -> None:
    account = opened(programme=programme, accepted_on=on)
    of = (account, proposed(), confirmed(programme=programme))
    published = received(*of, on=on, confirmed_on=on)
    assert hung(published) == (told, place)
    assert published is not None
    assert published.until_on is None


@pytest.mark.parametrize(
    ("programme", "on"),
    [
        (AID, FIRST_OF_AID),
        (Programme.CHILD_ALLOWANCE, FIRST_OF_62),
        (Programme.DISABILITY_LIVING_SUBSIDY, FIRST_OF_52),
        (Programme.DISABILITY_CARE_SUBSIDY, FIRST_OF_52),
    ],
)
def test_who_receives_aid_an_allowance_or_a_subsidy_is_not_published(
    programme: Programme, on: date
) -> None:
    account = opened(programme=programme, accepted_on=on, members=ALONE)
    of = (account, proposed(persons=1), confirmed(programme=programme, members=ALONE))
    assert received(*of, on=on, confirmed_on=on) is None
