"""Dayao's screening of 2020: its rosters, and who is on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.intake.decisions.screening import ImportRoster, importing, opening
from services.intake.decisions.taking_up import TakeUp
from services.intake.duties import agenda
from services.intake.model import OPEN_APPLICATION, SCREENING, SCREENING_TASK
from shared.contracts.screening import (
    RosterEntry,
    RosterImported,
    RosterKind,
    ScreeningOpened,
    ScreeningSkipped,
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    SkipReason,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.regions import load_regions
from tests.documents import document
from tests.intake.test_decisions import CASE, FREE

DAYAO, JINBI, XINJIE = "532326000000", "532326101000", "532326103000"
FUJIAN_COUNTY = "350924000000"
TODAY = date(2020, 3, 10)
OFFICER, SIGNER = uuid5(HOUSE, "tests/officer"), uuid5(HOUSE, "tests/signer")
PERSON, OTHER = uuid5(HOUSE, "tests/person"), uuid5(HOUSE, "tests/other person")
ROSTER, SECOND_ROSTER = uuid5(HOUSE, "tests/roster"), uuid5(HOUSE, "tests/second roster")
TASK = uuid5(HOUSE, "tests/task")
ENTRIES = (
    RosterEntry(person_id=PERSON, division=JINBI),
    RosterEntry(person_id=OTHER, division=XINJIE),
)
SIX_AND_THE_SUPPORT_LIST = (
    RosterKind.UNLIFTED,
    RosterKind.NO_LABOUR_HOUSEHOLD,
    RosterKind.DISABLED_BY_MATCH,
    RosterKind.LIFTED_BELOW_DIBAO,
    RosterKind.RELAPSE_MONITORED,
    RosterKind.POVERTY_EDGE,
    RosterKind.SUPPORT_LIST,
)
OPENED = ScreeningOpened(
    division=DAYAO,
    year=2020,
    expected=SIX_AND_THE_SUPPORT_LIST,
    rosters_due=date(2020, 3, 15),
    screening_due=date(2020, 4, 15),
    enrolment_due=date(2020, 5, 5),
    sign_off_due=date(2020, 5, 25),
)
REGIONS = load_regions()
open_screening, import_roster = opening(REGIONS), importing(REGIONS)


def county(*events: Event, on: date = TODAY) -> Given:
    return spec(SCREENING, on=on).given(*events)


def roster(**changed: Any) -> ImportRoster:
    stated: dict[str, Any] = {
        "actor": OFFICER,
        "roster_id": ROSTER,
        "kind": RosterKind.NO_LABOUR_HOUSEHOLD,
        "signer": SIGNER,
        "signed_on": TODAY,
        "document_digest": "a" * 64,
        "entries": ENTRIES,
    }
    return ImportRoster(**(stated | changed))


def imported(kind: RosterKind = RosterKind.NO_LABOUR_HOUSEHOLD, **changed: Any) -> RosterImported:
    stated: dict[str, Any] = {
        "roster_id": ROSTER,
        "kind": kind,
        "importer": OFFICER,
        "signer": SIGNER,
        "signed_on": TODAY,
        "document_digest": "a" * 64,
        "persons": 2,
        "pages": 1,
    }
    return RosterImported(**(stated | changed))


def person(*events: Event, cases: Sequence[Sequence[Event]] = (FREE, FREE)) -> Given:
    """Somebody's task beside their cases of dibao and of tekun."""
    made = spec(SCREENING_TASK, on=TODAY).given(*events)
    for theirs in cases:
        made = made.beside(OPEN_APPLICATION, *theirs)
    return made


def on_roster(**changed: Any) -> TakeUp:
    stated: dict[str, Any] = {
        "task_id": TASK,
        "person_id": PERSON,
        "division": JINBI,
        "year": 2020,
        "kind": RosterKind.NO_LABOUR_HOUSEHOLD,
        "roster_id": ROSTER,
        "screening_due": date(2020, 4, 15),
        "enrolment_due": date(2020, 5, 5),
    }
    return TakeUp(**(stated | changed))


def task_opened(**changed: Any) -> ScreeningTaskOpened:
    return ScreeningTaskOpened(**(on_roster().model_dump() | changed))


def skipped(reason: SkipReason = SkipReason.IN_DIBAO_CASE) -> ScreeningSkipped:
    stated = on_roster().model_dump(exclude={"screening_due", "enrolment_due"})
    return ScreeningSkipped(**stated, reason=reason)


TAGGED = ScreeningTaskTagged(
    task_id=TASK,
    division=JINBI,
    year=2020,
    kind=RosterKind.LIFTED_BELOW_DIBAO,
    roster_id=SECOND_ROSTER,
)


def entries_of(*events: Event) -> dict[tuple[str, UUID], date]:
    """What is on the agenda after these events of one stream."""
    found: dict[tuple[str, UUID], date] = {}
    for version, event in enumerate(events, start=1):
        for change in agenda(
            document(event, case_id=CASE, on=TODAY, version=version, region=DAYAO)
        ):
            if isinstance(change, AgendaEntry):
                found[change.kind, change.key] = change.due_on
            elif isinstance(change, AgendaDone):
                found.pop((change.kind, change.key), None)
    return found
