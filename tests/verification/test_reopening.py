"""A completed check goes on after an upheld objection: surveyed anew, by others."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.verification.decisions import (
    CompleteCheck,
    ReopenCheck,
    WaiveFamilyCheck,
    complete,
    record_home_visit,
    record_spot_visit,
    reopen,
    waive_family_check,
)
from services.verification.model import Status
from services.verification.reactions import on_resurvey_ordered
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.publicity import ResurveyOrdered
from shared.contracts.verification import CheckReopened
from shared.kernel.event import Event
from tests.documents import document
from tests.verification.household import (
    APPLICANT,
    CASE,
    FIRST,
    HUSBAND,
    SECOND,
    STRANGER,
    all_answered,
    asked,
    note,
    opened,
    reviewed,
    visited,
    wage,
)
from tests.verification.test_decisions import completed, given, visit
from tests.verification.test_spot_visits import visiting as spot_visiting
from tests.verification.test_waivers import WAIVED

THIRD, FOURTH = uuid4(), uuid4()
ON = date(2020, 4, 21)
DONE: tuple[Event, ...] = (opened(), *asked(), *all_answered(), visited(), reviewed(), completed())
AGAIN: tuple[Event, ...] = (*DONE, CheckReopened(reopened_on=ON, before=(FIRST, SECOND)))


def test_it_is_reopened_once_with_who_surveyed() -> None:
    given(*DONE, on=ON).when(ReopenCheck(), reopen).then(AGAIN[-1])
    given(*AGAIN, on=ON).when(ReopenCheck(), reopen).then()
    assert given(*AGAIN).state.status is Status.OPEN


def test_it_follows_the_order() -> None:
    ordered = ResurveyOrdered(ordered_by=STRANGER)
    (submission,) = on_resurvey_ordered(document(ordered, case_id=CASE, on=ON))
    assert isinstance(submission.command, ReopenCheck)


@pytest.mark.parametrize(
    ("surveyors", "recorder"),
    [((FIRST, FOURTH), FOURTH), ((THIRD, SECOND), THIRD), ((THIRD, FOURTH), FIRST)],
)
def test_nobody_surveys_or_records_who_did_before(
    surveyors: tuple[UUID, UUID], recorder: UUID
) -> None:
    command = visit(ON, surveyors, recorder=recorder, as_surveyor=False)
    refused = given(*AGAIN, on=ON).when(command, record_home_visit)
    assert refused.refuses("surveyed-before", again=1).status == 403


def test_it_is_visited_since() -> None:
    before = visit(date(2020, 4, 20), (THIRD, FOURTH), recorder=THIRD)
    given(*AGAIN, on=ON).when(before, record_home_visit).refuses("visit-day-impossible")
    events = given(*AGAIN, on=ON).when(
        visit(ON, (THIRD, FOURTH), recorder=THIRD), record_home_visit
    )
    assert [type(event) for event in events.events] == [HomeVisitRecorded]


def test_who_surveyed_before_neither_spot_checks_nor_waives() -> None:
    again = (*AGAIN, visited(ON, (THIRD, FOURTH)))
    spot_visit = spot_visiting(ON, visitors=(FIRST, STRANGER), recorder=STRANGER)
    done = given(*again, reviewed(ON), completed(), on=ON)
    done.when(spot_visit, record_spot_visit).refuses("spot-check-same-hands", persons=1)
    waiving = WaiveFamilyCheck(decider=SECOND, grounds=note("waiver"))
    given(*again, on=ON).when(waiving, waive_family_check).refuses("family-waiver-by-surveyor")


def test_a_waiver_falls_with_the_visit_that_it_rested_on() -> None:
    before = (*DONE[:-1], WAIVED, DONE[-1])
    assert given(*before).state.waiver is not None
    assert given(*before, AGAIN[-1]).state.waiver is None


def test_the_account_is_drawn_up_anew() -> None:
    command = CompleteCheck(actor=APPLICANT)
    given(*AGAIN, on=ON).when(command, complete).refuses("visit-missing")
    second = visited(ON, (THIRD, FOURTH)).model_copy(update={"income": (wage(HUSBAND, 2_800_00),)})
    spec = given(*AGAIN, second, reviewed(ON), on=ON)
    (account,) = spec.when(command, complete).events
    assert (account.surveyors, account.income_fen) == ((THIRD, FOURTH), 2_800_00)
