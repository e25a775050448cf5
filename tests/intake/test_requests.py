"""Requests for help: received, registered, transferred, fed back, each by its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.intake.decisions.requests import (
    FeedBack,
    NoteMissedStep,
    ReceiveRequest,
    RegisterRequest,
    TransferRequest,
    feed_back,
    note_missed_step,
    receiving,
    register,
    transferring,
)
from services.intake.duties import DUTIES, agenda
from services.intake.model import APPLICATION, REQUEST
from services.intake.views import RequestRow, fold_request
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due
from shared.contracts.intake import WayIn
from shared.contracts.requests import (
    RequestFedBack,
    RequestKind,
    RequestReceived,
    RequestRegistered,
    RequestStep,
    RequestStepMissed,
    RequestTransferred,
)
from shared.contracts.screening import OtherHelp
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.regions import load_regions
from tests.documents import document
from tests.intake.test_decisions import CASE, REASON, TOWNSHIP, submitted

MONDAY = date(2023, 5, 15)
REQUEST_ID, HANDLER = uuid5(HOUSE, "tests/request"), uuid5(HOUSE, "tests/handler")
OTHER_TOWNSHIP = "350924101000"
REGIONS = load_regions()
receive, transfer = receiving(REGIONS), transferring(REGIONS)


def due(on: date) -> Due:
    return Due(on=on, calendar=CALENDAR_VERSION)


RECEIVED = RequestReceived(
    request_id=REQUEST_ID,
    way=WayIn.HOTLINE_12345,
    division=TOWNSHIP,
    first_handler=HANDLER,
    words=REASON,
    registration_due=due(date(2023, 5, 16)),
    query_code="c" * 64,
)
REGISTERED = RequestRegistered(
    request_id=REQUEST_ID, kind=RequestKind.LIVING, transfer_due=due(date(2023, 5, 17))
)
TRANSFERRED = RequestTransferred(
    request_id=REQUEST_ID,
    division=OTHER_TOWNSHIP,
    to=OtherHelp.HOUSING,
    feedback_due=due(date(2023, 5, 29)),
)
FED_BACK = RequestFedBack(request_id=REQUEST_ID, answered_by=HANDLER, answer=REASON)
STEPS = (RECEIVED, REGISTERED, TRANSFERRED, FED_BACK)


def request(*events: Event) -> Given:
    return spec(REQUEST, on=MONDAY).given(*events)


def asking(**changed: Any) -> ReceiveRequest:
    stated: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "actor": HANDLER,
        "way": WayIn.HOTLINE_12345,
        "division": TOWNSHIP,
        "words": REASON,
        "query_code": "c" * 64,
    }
    return ReceiveRequest(**(stated | changed))


TO_REGISTER = RegisterRequest(kind=RequestKind.LIVING)
TO_TRANSFER = TransferRequest(division=OTHER_TOWNSHIP, to=OtherHelp.HOUSING)
TO_FEED_BACK = FeedBack(actor=HANDLER, answer=REASON)


@pytest.mark.mechanism("S4-27", "S4-34")
class TestTheSteps:
    def test_follow_one_another_each_with_the_next_ones_last_day(self) -> None:
        """From Monday: one working day to register, two to hand on, ten to answer."""
        request().when(asking(), receive).then(RECEIVED)
        request(RECEIVED).when(TO_REGISTER, register).then(REGISTERED)
        request(RECEIVED, REGISTERED).when(TO_TRANSFER, transfer).then(TRANSFERRED)
        answered = request(*STEPS[:3]).beside(APPLICATION)
        answered.when(TO_FEED_BACK, feed_back).then(FED_BACK)

    @pytest.mark.parametrize("taken", range(5))
    def test_are_taken_in_their_order_and_once(self, taken: int) -> None:
        so_far = request(*STEPS[:taken])
        for number, (command, decide) in enumerate(
            [(asking(), receive), (TO_REGISTER, register), (TO_TRANSFER, transfer)]
        ):
            if number != taken:
                assert so_far.when(command, decide).refusal is not None
        if taken != 3:
            so_far.beside(APPLICATION).when(TO_FEED_BACK, feed_back).refuses("request-elsewhere")

    def test_begin_where_applications_are_taken_in(self) -> None:
        request().when(asking(division="350924000000"), receive).refuses(
            "division-takes-no-applications"
        )
        elsewhere = TransferRequest(division="350924999000")
        request(RECEIVED, REGISTERED).when(elsewhere, transfer).refuses("division-unknown")

    def test_can_end_in_an_application_that_there_is(self) -> None:
        command = TO_FEED_BACK.model_copy(update={"case_id": CASE})
        waiting = request(*STEPS[:3])
        waiting.beside(APPLICATION).when(command, feed_back).refuses("no-such-application")
        waiting.beside(APPLICATION, submitted()).when(command, feed_back).then(
            FED_BACK.model_copy(update={"case_id": CASE})
        )


def entries_of(events: Sequence[Event]) -> dict[tuple[str, UUID], AgendaEntry]:
    found: dict[tuple[str, UUID], AgendaEntry] = {}
    for version, event in enumerate(events, start=1):
        for change in agenda(document(event, case_id=CASE, on=MONDAY, version=version)):
            if isinstance(change, AgendaEntry):
                found[change.kind, change.key] = change
            elif isinstance(change, AgendaDone):
                found.pop((change.kind, change.key), None)
    return found


@pytest.mark.mechanism("S4-34")
class TestALastDay:
    @pytest.mark.parametrize(
        ("taken", "step", "missed_on"),
        [
            (1, RequestStep.REGISTRATION, date(2023, 5, 17)),
            (2, RequestStep.TRANSFER, date(2023, 5, 18)),
            (3, RequestStep.FEEDBACK, date(2023, 5, 30)),
        ],
    )
    def test_that_passes_names_who_was_asked_first(
        self, taken: int, step: RequestStep, missed_on: date
    ) -> None:
        (entry,) = entries_of(STEPS[:taken]).values()
        assert (entry.due_on, entry.key) == (missed_on, REQUEST_ID)
        submission = DUTIES[entry.kind](entry)
        missed = RequestStepMissed(
            request_id=REQUEST_ID,
            step=step,
            due_on=date.fromordinal(missed_on.toordinal() - 1),
            first_handler=HANDLER,
        )
        request(*STEPS[:taken]).when(submission.command, submission.decide).then(missed)
        request(*STEPS[: taken + 1]).when(submission.command, submission.decide).then()

    def test_is_none_of_what_was_fed_back(self) -> None:
        assert entries_of(STEPS) == {}
        command = NoteMissedStep(step=RequestStep.FEEDBACK, due_on=MONDAY)
        request(*STEPS).when(command, note_missed_step).then()


def shown(*events: Event) -> RequestRow:
    seen: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        told = document(event, case_id=CASE, on=MONDAY, version=version)
        seen = fold_request(str(REQUEST_ID), seen, told)
    return RequestRow.model_validate({"_id": str(REQUEST_ID), **(seen or {})})


@pytest.mark.mechanism("S4-34")
def test_who_was_asked_first_stays_named_wherever_it_goes() -> None:
    for taken, stage in enumerate(("received", "registered", "transferred", "fed_back"), start=1):
        row = shown(*STEPS[:taken])
        assert (row.stage, row.first_handler) == (stage, HANDLER)
    handed_on = shown(*STEPS[:3])
    assert (handed_on.division, handed_on.to) == (OTHER_TOWNSHIP, "housing")
    assert handed_on.due_on == date(2023, 5, 29)
    missed = RequestStepMissed(
        request_id=REQUEST_ID,
        step=RequestStep.REGISTRATION,
        due_on=date(2023, 5, 16),
        first_handler=HANDLER,
    )
    assert shown(RECEIVED, missed).missed == ("registration",)
    became = FED_BACK.model_copy(update={"case_id": CASE})
    assert shown(*STEPS[:3], became).case_id == CASE
