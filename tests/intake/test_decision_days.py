"""By when an accepted application is decided: counted from its acceptance, by who decides it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.intake import decisions
from services.intake.decisions import AcceptApplication, NoteMissedDecision, note_missed_decision
from services.intake.duties import DUTIES, agenda
from shared.contracts.fields import AidPlace, Programme
from shared.contracts.intake import ApplicationClosed
from shared.contracts.residence import DecisionDeadlineMissed, ResidencesStated
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.intake.test_competence import (
    AOYANG,
    LONGJUZHAI,
    RULED,
    application,
    given,
    residences,
)
from tests.intake.test_decisions import CASE, MEMBERS
from tests.notices import notice

HOME = ((LONGJUZHAI, LONGJUZHAI), (LONGJUZHAI, LONGJUZHAI))
ACROSS = ((AOYANG, AOYANG), (LONGJUZHAI, LONGJUZHAI))
LAST_OF_220, FIRST_OF_57 = date(2021, 6, 30), date(2021, 7, 1)
LAST_OF_57, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)


def accepted(
    on: date,
    division: str = LONGJUZHAI,
    *,
    programme: Programme = Programme.DIBAO,
    where: Any = None,
    folders: tuple[Path, ...] = (),
) -> Any:
    """The acceptance of an application on a day; of a household that says where it lives, so."""
    members = MEMBERS if programme is Programme.DIBAO else MEMBERS[:1]
    changed = {"programme": programme, "members": members}
    events: list[Any] = [application(division).model_copy(update=changed)]
    if where is not None:
        events.append(
            ResidencesStated(
                place=AidPlace.HOUSEHOLD_REGISTRATION,
                residences=residences(*where)[: len(members)],
                competent=(AOYANG, LONGJUZHAI),
            )
        )
    made = given(*events, on=on, folders=folders)
    (event,) = made.when(AcceptApplication(), decisions.accept).events
    return event


def last_day(*args: Any, **stated: Any) -> date | None:
    due = accepted(*args, **stated).decide_by
    return None if due is None else due.on


@pytest.mark.parametrize("where", [None, HOME])
@pytest.mark.parametrize(
    ("on", "day"),
    [
        (LAST_OF_220, None),
        (FIRST_OF_57, date(2021, 8, 12)),
        (LAST_OF_57, date(2022, 11, 30)),
        (FIRST_OF_83, date(2022, 12, 1)),
    ],
)
def test_is_thirty_working_days_where_the_county_decides(
    on: date, day: date | None, where: Any
) -> None:
    assert last_day(on, where=where) == day


@pytest.mark.parametrize(
    ("on", "day"),
    [
        (LAST_OF_220, None),
        (FIRST_OF_57, date(2021, 8, 12)),
        (LAST_OF_57, date(2022, 11, 30)),
        (FIRST_OF_83, date(2022, 11, 17)),
    ],
)
def test_is_twenty_where_the_township_decides_since_the_notice_of_2022(
    on: date, day: date | None
) -> None:
    """Fujian had its townships decide until 7 January 2023."""
    assert last_day(on, AOYANG) == day


def test_is_thirty_again_once_the_county_decides_again() -> None:
    assert last_day(date(2023, 1, 6), AOYANG) == date(2023, 2, 8)
    assert last_day(date(2023, 1, 9), AOYANG) == date(2023, 2, 23)


def test_is_twenty_where_any_county_delegates(tmp_path: Path) -> None:
    delegated = notice(tmp_path, "61", procedure_decided_by="township")
    assert last_day(FIRST_OF_83, folders=(delegated,)) == date(2022, 11, 17)


@pytest.mark.mechanism("S4-1")
@pytest.mark.parametrize(
    ("on", "day"),
    [
        (LAST_OF_220, None),
        (FIRST_OF_57, date(2021, 9, 2)),
        (FIRST_OF_83, date(2022, 12, 22)),
    ],
)
def test_is_forty_five_across_counties_whoever_decides(
    on: date, day: date | None, tmp_path: Path
) -> None:
    delegated = notice(tmp_path, "61", procedure_decided_by="township")
    assert last_day(on, where=ACROSS) == day
    assert last_day(on, where=ACROSS, folders=(delegated,)) == day


@pytest.mark.parametrize("where", [None, HOME, ACROSS])
def test_is_not_set_for_tekun(where: Any, tmp_path: Path) -> None:
    assert last_day(RULED, programme=Programme.TEKUN, where=where) is None
    delegated = notice(tmp_path, "61", "tekun", procedure_decided_by="township")
    stated = {"programme": Programme.TEKUN, "where": where, "folders": (delegated,)}
    assert last_day(RULED, **stated) is None


def test_is_watched_by_decision_and_what_intake_watched_before_is_still_told() -> None:
    taken_in = accepted(FIRST_OF_57, where=ACROSS)
    told = document(taken_in, case_id=CASE, on=FIRST_OF_57)
    assert not [e for e in agenda(told) if isinstance(e, AgendaEntry)]
    entry = AgendaEntry("decision-missed", CASE, date(2021, 9, 3), CASE, CASE, told.id, told.region)
    command = DUTIES["decision-missed"](entry).command
    assert command == NoteMissedDecision(due_on=date(2021, 9, 2))
    waiting = given(application(LONGJUZHAI), taken_in)
    missed = DecisionDeadlineMissed(due_on=date(2021, 9, 2))
    waiting.when(command, note_missed_decision).then(missed)
    assert waiting.given(missed).state == waiting.state
    closed = ApplicationClosed(refused=False, programme=Programme.DIBAO, members=MEMBERS)
    waiting.given(closed).when(command, note_missed_decision).then()
    done = agenda(document(closed, case_id=CASE, on=date(2021, 9, 2)))
    assert AgendaDone("decision-missed", CASE) in list(done)
