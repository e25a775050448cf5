"""Remedies that a notice names, by who decided, and until when: on the eve and the first day."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.decision.decisions import serve_notice
from services.decision.model import NOTICES
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due
from shared.contracts.notices import NoticeOwed, NoticeSubject
from tests.decision.household import CONFIRMED, given, opened
from tests.decision.test_notices import owed, serve
from tests.decision.test_printed_history import done, told
from tests.verification.household import APPLICANT, FUJIAN

COUNTY, CITY = "县级人民政府 / the county's government", "市级民政部门 / the city's civil affairs"
EVE_OF_LAW, FIRST_OF_LAW = date(2023, 12, 31), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("role", "decided_on", "organs"),
    [
        ("township_approver", EVE_OF_LAW, (COUNTY,)),
        ("county_approver", EVE_OF_LAW, (COUNTY, CITY)),
        ("township_approver", FIRST_OF_LAW, (COUNTY,)),
        ("county_approver", FIRST_OF_LAW, (COUNTY,)),
    ],
)
def test_who_hears_a_reconsideration(role: str, decided_on: date, organs: tuple[str, ...]) -> None:
    """行政复议法, art. 24; 行政复议法（2017年修正）, arts. 12, 13: these, and nobody else."""
    stop = done(CONFIRMED[-1], role=role)
    notice = NoticeOwed(
        notice_id=uuid4(),
        subject=NoticeSubject.STOP,
        entry=stop.id,
        division=FUJIAN,
        addressee=APPLICANT,
        decided_on=decided_on,
        due=Due(on=decided_on, calendar=CALENDAR_VERSION),
    )
    page = told(opened(), stop, notice)
    (line,) = (one for one in page.splitlines() if "自送达起 60 日内" in one)
    assert f"days from service，{'；'.join(organs)}（" in line


@pytest.mark.parametrize(
    ("served_on", "court_until"),
    [
        (date(2015, 4, 30), date(2015, 7, 30)),
        (date(2015, 5, 1), date(2015, 11, 1)),
    ],
)
def test_a_court_is_open_for_three_months_and_for_six_since_may_2015(
    served_on: date, court_until: date
) -> None:
    """行政诉讼法, art. 46; before it was amended, art. 39."""
    case = given(*CONFIRMED, on=served_on)
    case = case.beside(NOTICES, owed(decided_on=served_on, on=served_on))
    (event,) = case.when(serve(served_on), serve_notice).events
    assert event.court_until == court_until


@pytest.mark.parametrize(
    ("served_on", "until"),
    [(EVE_OF_LAW, date(2024, 2, 29)), (FIRST_OF_LAW, date(2024, 3, 1))],
)
def test_a_reconsideration_is_open_for_sixty_days(served_on: date, until: date) -> None:
    case = given(*CONFIRMED, on=served_on)
    case = case.beside(NOTICES, owed(decided_on=served_on, on=served_on))
    (event,) = case.when(serve(served_on), serve_notice).events
    assert event.reconsideration_until == until
