"""Whom a periodic check asks, about whom and how often: by place, on the first and the last day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.verification.decisions import periodic as decisions
from services.verification.model import CHECK, STANDING_HOUSEHOLD
from shared.calendar import same_day_after
from shared.contracts.departments import Department
from shared.contracts.fields import Programme
from shared.contracts.standing_households import Information, Standing, StandingLeadRaised
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.notices import notice
from tests.verification.books import (
    BANKS,
    KEY,
    OPENED_CHECK,
    account,
    entered,
    opened_periodic,
    said,
    scheduled,
)
from tests.verification.household import FUJIAN, SHAANXI

pytestmark = pytest.mark.mechanism("S4-43")

FIRST_OF_220, LAST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 6, 30), date(2021, 7, 1)
EVE_OF_SHAANXI, FIRST_OF_SHAANXI = date(2022, 3, 31), date(2022, 4, 1)
NOBODY: set[Standing] = set()
WHO_RECEIVE = {Standing.DIBAO, Standing.TEKUN}
OTHERS = (Department.TAX, Department.BANKS)


def on_books(
    standing: Standing,
    division: str,
    on: date,
    *events: Event,
    information: Information = Information.KEY,
    folders: tuple[Path, ...] = (),
) -> Given:
    programme = Programme.TEKUN if standing is Standing.TEKUN else Programme.DIBAO
    own = entered(standing, division=division, programme=programme)
    given = spec(STANDING_HOUSEHOLD, on=on, policy=Policy.load(folders))
    given = given.given(own, scheduled(information, on), *events)
    return given.beside(CHECK, OPENED_CHECK, account())


@pytest.mark.parametrize(
    ("division", "on", "checked"),
    [
        (FUJIAN, FIRST_OF_220, NOBODY),
        (FUJIAN, LAST_OF_220, NOBODY),
        (FUJIAN, FIRST_OF_57, WHO_RECEIVE),
        (FUJIAN, FIRST_OF_SHAANXI, WHO_RECEIVE),
        (SHAANXI, EVE_OF_SHAANXI, WHO_RECEIVE),
        (SHAANXI, FIRST_OF_SHAANXI, set(Standing)),
    ],
)
def test_who_is_checked(division: str, on: date, checked: set[Standing]) -> None:
    command = decisions.OpenPeriodicCheck(information=Information.KEY, due_on=on)
    asked = {
        standing
        for standing in Standing
        if len(on_books(standing, division, on).when(command, decisions.open_periodic_check).events)
        == 2
    }
    assert asked == checked


@pytest.mark.parametrize(
    ("standing", "information", "division", "on", "months"),
    [
        (Standing.DIBAO, Information.KEY, FUJIAN, FIRST_OF_220, 6),
        (Standing.DIBAO, Information.OTHER, FUJIAN, FIRST_OF_220, 12),
        (Standing.EDGE_HOUSEHOLD, Information.KEY, FUJIAN, FIRST_OF_220, 6),
        (Standing.EDGE_HOUSEHOLD, Information.OTHER, FUJIAN, FIRST_OF_220, 12),
        (Standing.DIBAO, Information.KEY, SHAANXI, EVE_OF_SHAANXI, 6),
        (Standing.DIBAO, Information.KEY, SHAANXI, FIRST_OF_SHAANXI, 3),
        (Standing.EDGE_HOUSEHOLD, Information.KEY, SHAANXI, EVE_OF_SHAANXI, 6),
        (Standing.EDGE_HOUSEHOLD, Information.KEY, SHAANXI, FIRST_OF_SHAANXI, 3),
    ],
)
def test_whom_a_place_has_checked_is_asked_about_again_after_so_many_months(
    standing: Standing,
    information: Information,
    division: str,
    on: date,
    months: int,
    tmp_path: Path,
) -> None:
    """A place may have more households checked, and earlier, than the nation does."""
    notice(tmp_path, division[:6], "all", periodic_check_households=[standing.value])
    command = decisions.OpenPeriodicCheck(information=information, due_on=on)
    given = on_books(standing, division, on, information=information, folders=(tmp_path,))
    following, opened = given.when(command, decisions.open_periodic_check).events
    assert following.due_on == same_day_after(on, months)
    if information is Information.KEY:
        assert opened.departments == KEY
    else:
        assert set(OTHERS) <= set(opened.departments)
        assert not set(KEY) & set(opened.departments)


@pytest.mark.parametrize(("deposits_fen", "leads"), [(5_500_00, 0), (5_500_01, 1)])
def test_a_tenth_more_than_is_known_is_no_news_on_the_first_day(
    deposits_fen: int, leads: int
) -> None:
    """5,000 yuan are known."""
    given = on_books(Standing.DIBAO, FUJIAN, FIRST_OF_220, opened_periodic(BANKS))
    answer = said(BANKS, deposits_fen=deposits_fen)
    events = given.when(answer, decisions.record_periodic_answer).events
    assert len([event for event in events if isinstance(event, StandingLeadRaised)]) == leads
