"""A meeting on one case, with minutes, attendance and force; slips of the pen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    CorrectEntry,
    RecordMeeting,
    correct_entry,
    record_meeting,
)
from services.decision.model import CASE_FILE, case_file_of
from shared.contracts.meetings import (
    Attendance,
    CaseMeetingHeld,
    CorrectedStream,
    EntryCorrected,
    MeetingBody,
    MeetingForce,
    MeetingKind,
    MeetingResolution,
)
from shared.kernel.decider import HOUSE
from shared.kernel.spec import Decided
from tests.decision.household import CONFIRMED, OTHER, REPORTER, given
from tests.verification.household import CASE, FUJIAN, HUSBAND, note

MEETING = uuid5(HOUSE, "tests/meeting")
CORRECTION = uuid5(HOUSE, "tests/correction")
ENTRY = uuid5(HOUSE, "tests/entry")
DAY = date(2020, 6, 10)
COORDINATION, CASE_BY_CASE = MeetingKind.COUNTY_COORDINATION, MeetingKind.CASE_BY_CASE
BODIES = (
    MeetingBody.CIVIL_AFFAIRS,
    MeetingBody.HEALTH,
    MeetingBody.SOCIAL_ORGANISATION,
)


def present(agreed: int = 3, bodies: tuple[MeetingBody, ...] = BODIES) -> tuple[Attendance, ...]:
    return tuple(
        Attendance(body=body, person=uuid5(HOUSE, f"tests/attending/{n}"), agreed=n < agreed)
        for n, body in enumerate(bodies)
    )


def met(kind: MeetingKind = COORDINATION, **changed: Any) -> Decided:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "meeting_id": MEETING,
        "recorder": REPORTER,
        "kind": kind,
        "held_on": DAY,
        "attendance": present(),
        "resolution": MeetingResolution.ENTITLED,
        "minutes": note("minutes"),
    }
    command = RecordMeeting(**(stated | changed))
    return given(*CONFIRMED, on=DAY).beside(CASE_FILE).when(command, record_meeting)


class TestAMeeting:
    @pytest.mark.mechanism("S0-28")
    def test_the_countys_coordination_is_recorded_with_minutes_and_who_attended(self) -> None:
        came = met()
        came.then(
            CaseMeetingHeld(
                meeting_id=MEETING,
                kind=COORDINATION,
                division=FUJIAN,
                held_on=DAY,
                recorder=REPORTER,
                attendance=present(),
                resolution=MeetingResolution.ENTITLED,
                force=MeetingForce.BINDING,
                minutes=note("minutes"),
            )
        )
        assert came.facts[0].stream == case_file_of(CASE)

    @pytest.mark.parametrize(
        ("kind", "agreed", "force"),
        [
            (COORDINATION, 2, MeetingForce.BINDING),
            (COORDINATION, 1, MeetingForce.ADVISORY),
            (CASE_BY_CASE, 3, MeetingForce.ADVISORY),
        ],
    )
    def test_two_thirds_of_the_countys_coordination_bind_one_case_talked_over_does_not(
        self, kind: MeetingKind, agreed: int, force: MeetingForce
    ) -> None:
        (event,) = met(kind, attendance=present(agreed)).events
        assert event.force is force

    def test_one_body_alone_is_no_meeting(self) -> None:
        alone = present(bodies=(MeetingBody.CIVIL_AFFAIRS, MeetingBody.CIVIL_AFFAIRS))
        met(attendance=alone).refuses("meeting-too-small", bodies=1, allowed="at least 2")
        assert met(attendance=present(bodies=BODIES[:2])).events

    def test_nobody_attends_twice_and_no_meeting_lies_ahead(self) -> None:
        twice = (*present(), present()[0])
        met(attendance=twice).refuses("meeting-attendance-twice")
        met(held_on=date(2020, 6, 11)).refuses("meeting-date-astray")


def corrected(**changed: Any) -> Decided:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "correction_id": CORRECTION,
        "corrector": OTHER,
        "stream": CorrectedStream.NOTICES,
        "position": 2,
        "entry": ENTRY,
        "entry_type": "doudi.decision.notice-served.v1",
        "field": "recipient",
        "reads_person": HUSBAND,
        "reason": note("slip"),
    }
    command = CorrectEntry(**(stated | changed))
    return given(*CONFIRMED, on=DAY).beside(CASE_FILE).when(command, correct_entry)


class TestASlipOfThePen:
    def test_it_names_the_entry_and_the_reason_and_changes_nothing_else(self) -> None:
        came = corrected()
        came.then(
            EntryCorrected(
                correction_id=CORRECTION,
                corrector=OTHER,
                stream=CorrectedStream.NOTICES,
                position=2,
                entry=ENTRY,
                field="recipient",
                reads_person=HUSBAND,
                reason=note("slip"),
            )
        )
        assert [fact.stream for fact in came.facts] == [case_file_of(CASE)]

    @pytest.mark.parametrize(
        ("entry", "field"),
        [
            ("notice-served", "served_on"),
            ("amount-changed", "amount_fen"),
            ("household-changed", "happened_on"),
            ("work-offer-answered", "answered_on"),
        ],
    )
    def test_what_something_rests_on_is_no_slip(self, entry: str, field: str) -> None:
        came = corrected(entry_type=f"doudi.decision.{entry}.v1", field=field)
        came.refuses("not-a-slip", entry=entry)

    def test_it_says_what_the_field_should_read_and_only_that(self) -> None:
        for reads in (
            {"reads_person": None},
            {"reads_date": DAY},
            {"reads_person": None, "reads_date": DAY},
        ):
            corrected(**reads).refuses("correction-astray")
        offer = {"entry_type": "doudi.decision.work-offer-answered.v1", "field": "offered_on"}
        assert corrected(**offer, reads_person=None, reads_date=DAY).events
