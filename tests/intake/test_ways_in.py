"""How applications come in, who applies for whom, and what their code tells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.intake.model import APPLICATION
from services.intake.reactions import FOREIGN
from services.intake.views import ProgressRow, fold_progress
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    ActingFor,
    ActingGround,
    ActingOffice,
    ApplicationClosed,
    ApplicationWithdrawn,
    WayIn,
)
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.contracts.requests import PublicityNoted
from shared.kernel.event import Event
from shared.kernel.spec import spec
from tests.documents import document
from tests.intake.test_decisions import (
    CASE,
    FREE,
    HUSBAND,
    MEMBERS,
    REASON,
    TOWNSHIP,
    WIFE,
    accepted,
    applying,
    given,
    submit,
    submitted,
)
from tests.intake.test_requests import REQUEST_ID, STEPS

OFFICE = ActingFor(ground=ActingGround.DISABILITY_OR_ILLNESS, office=ActingOffice.VILLAGE_COMMITTEE)
NEIGHBOUR = ActingFor(ground=ActingGround.ENTRUSTED, person_id=CASE)


class TestApplyingForAnother:
    @pytest.mark.parametrize(
        "acting", [OFFICE, NEIGHBOUR, ActingFor(ground=ActingGround.MINOR, person_id=HUSBAND)]
    )
    def test_is_a_persons_or_an_offices(self, acting: ActingFor) -> None:
        command = applying(acting=acting, way=WayIn.VILLAGE_VISIT)
        *_claims, made = given(beside=(FREE, FREE)).when(command, submit).events
        assert (made.acting, made.way) == (acting, WayIn.VILLAGE_VISIT)

    @pytest.mark.parametrize(
        ("acting", "code"),
        [
            (ActingFor(ground=ActingGround.MINOR), "acting-is-one"),
            (OFFICE.model_copy(update={"person_id": HUSBAND}), "acting-is-one"),
            (NEIGHBOUR.model_copy(update={"person_id": WIFE}), "acting-for-oneself"),
        ],
    )
    def test_is_one_others(self, acting: ActingFor, code: str) -> None:
        given(beside=(FREE, FREE)).when(applying(acting=acting), submit).refuses(code)


def follows(event: Event, *history: Event) -> Any:
    """What intake records of what decision says of a case."""
    (react,) = FOREIGN[type(event)]
    submission, *_claims = react(document(event, case_id=CASE, on=date(2020, 4, 23)))
    application = spec(APPLICATION, on=date(2020, 4, 23)).given(*history)
    return application.when(submission.command, submission.decide)


def test_a_publicity_and_the_first_month_are_told_to_the_household() -> None:
    posted = PublicityPosted(
        round=PublicityRound.FIRST, from_on=date(2020, 4, 24), until_on=date(2020, 4, 30)
    )
    follows(posted, submitted(), accepted()).then(PublicityNoted(until_on=date(2020, 4, 30)))
    follows(posted, submitted()).refuses("application-not-accepted")
    confirmed = CaseConfirmed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=WIFE,
        members=MEMBERS,
        amount_fen=200_00,
        pay_from=Month(2020, 5),
    )
    (closed,) = follows(confirmed, submitted(), accepted()).events
    assert (closed.refused, closed.first_month) == (False, Month(2020, 5))


CODED = submitted().model_copy(update={"query_code": "c" * 64})
NOTED = PublicityNoted(until_on=date(2020, 4, 30))
CLOSED = ApplicationClosed(
    refused=False, programme=Programme.DIBAO, members=MEMBERS, first_month=Month(2020, 5)
)


def steps(*events: Event) -> dict[str, Any]:
    seen: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        told = document(event, case_id=CASE, on=date(2020, 4, version), version=version)
        seen = fold_progress(str(CASE), seen, told)
    row = ProgressRow.model_validate({"_id": str(CASE), **(seen or {})})
    told = row.model_dump(mode="json", exclude={"about", "query_code"}, exclude_none=True)
    return dict(told)


def test_the_code_tells_each_step_with_its_day() -> None:
    assert steps(CODED) == {"received_on": "2020-04-01"}
    assert steps(CODED, accepted(), NOTED, CLOSED) == {
        "received_on": "2020-04-01",
        "accepted_on": "2020-04-02",
        "publicity_until": "2020-04-30",
        "decided_on": "2020-04-04",
        "confirmed": True,
        "first_month": "2020-05",
    }
    refused = CLOSED.model_copy(update={"refused": True, "first_month": None})
    assert steps(CODED, accepted(), refused)["confirmed"] is False
    assert steps(CODED, ApplicationWithdrawn(reason=REASON))["withdrawn_on"] == "2020-04-02"
    assert steps(*STEPS) == {
        "received_on": "2020-04-01",
        "registered_on": "2020-04-02",
        "transferred_on": "2020-04-03",
        "fed_back_on": "2020-04-04",
    }


def test_what_has_no_code_is_told_to_nobody() -> None:
    for version, event in enumerate((submitted(), accepted(), NOTED, CLOSED), start=1):
        told = document(event, case_id=CASE, on=date(2020, 4, version), version=version)
        assert fold_progress(str(CASE), None, told) is None
    assert STEPS[0].request_id == REQUEST_ID
