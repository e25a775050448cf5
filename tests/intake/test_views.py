"""The list of applications, folded event by event; and what a decided case leads to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.intake.reactions import FOREIGN, OWN
from services.intake.views import fold
from shared.calendar import Month
from shared.contracts.decision import (
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    EndReason,
    RefusalReason,
)
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import (
    ApplicationClosed,
    ApplicationWithdrawn,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
)
from shared.kernel.event import Event
from tests.documents import document
from tests.intake.test_decisions import (
    CASE,
    HUSBAND,
    MEMBERS,
    REASON,
    TOWNSHIP,
    WIFE,
    accepted,
    submitted,
)

CLOSED = ApplicationClosed(refused=True, programme=Programme.DIBAO, members=MEMBERS)


def folded(*events: Event) -> dict[str, Any]:
    seen: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        day = date(2020, 4, version)
        seen = fold(str(CASE), seen, document(event, case_id=CASE, on=day, version=version))
    assert seen is not None
    return seen


def test_what_is_outstanding_shrinks_as_papers_come_in() -> None:
    requested = MaterialsRequested(materials=(Material.MEDICAL_RECORD, Material.SCHOOLING_PROOF))
    supplied = MaterialsSupplied(materials=(Material.MEDICAL_RECORD, Material.IDENTITY))
    assert folded(submitted(), requested)["outstanding"] == ["medical_record", "schooling_proof"]
    assert folded(submitted(), requested, supplied)["outstanding"] == ["schooling_proof"]


def test_an_accepted_application_shows_when_its_survey_is_due() -> None:
    seen = folded(submitted(), accepted())
    assert (seen["status"], seen["accepted_on"]) == ("accepted", "2020-04-02")
    assert seen["survey_due_on"] == "2020-04-16"


@pytest.mark.parametrize(
    ("last", "status"), [(ApplicationWithdrawn(reason=REASON), "withdrawn"), (CLOSED, "closed")]
)
def test_an_application_that_is_over_says_how(last: Event, status: str) -> None:
    assert folded(submitted(), last)["status"] == status


def test_a_decided_case_closes_its_application() -> None:
    confirmed = CaseConfirmed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=WIFE,
        members=MEMBERS,
        amount_fen=200_00,
        pay_from=Month(2020, 5),
    )
    refused = CaseRefused(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=WIFE,
        reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
        notice_due=Due(on=date(2020, 4, 26), calendar="chinesecalendar-1.11.0"),
    )
    for event, was_refused in ((confirmed, False), (refused, True)):
        (react,) = FOREIGN[type(event)]
        submission, *_claims = react(document(event, case_id=CASE, on=date(2020, 4, 23)))
        assert submission.command.refused is was_refused
        assert submission.reads[0].case_id == CASE


def test_a_refused_household_may_apply_anew_every_one_of_it() -> None:
    (react,) = OWN[ApplicationClosed]
    submissions = list(react(document(CLOSED, case_id=CASE, on=date(2020, 4, 23))))
    assert [s.reads[0].key for s in submissions] == [f"dibao/{WIFE}", f"dibao/{HUSBAND}"]
    assert len({s.command_id for s in submissions}) == 2


def test_a_household_whose_case_is_over_may_apply_anew_every_one_of_it() -> None:
    (react,) = FOREIGN[CaseEnded]
    ended = CaseEnded(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        members=MEMBERS,
        reason=EndReason.PHASE_OUT_OVER,
        last_month=Month(2021, 5),
    )
    submissions = list(react(document(ended, case_id=CASE, on=date(2021, 6, 1))))
    assert [s.reads[0].key for s in submissions] == [f"dibao/{WIFE}", f"dibao/{HUSBAND}"]
    assert {s.command.case_id for s in submissions} == {CASE}
    assert {s.on for s in submissions} == {date(2021, 6, 1)}


def test_a_confirmed_household_stays_in_its_case() -> None:
    (react,) = OWN[ApplicationClosed]
    confirmed = CLOSED.model_copy(update={"refused": False})
    assert list(react(document(confirmed, case_id=CASE, on=date(2020, 4, 23)))) == []
