"""Erasing a person as the regulation's sentences: who may, when not, and in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.model import OPEN_APPLICATION, open_application_stream
from services.intake.registry.erasure.decisions import (
    ApproveErasure,
    LiftHold,
    PlaceHold,
    RecordErasure,
    RejectErasure,
    RequestErasure,
    approve,
    lift_hold,
    place_hold,
    record,
    reject,
    request,
)
from services.intake.registry.erasure.model import ERASURE, ERASURE_LIST, THE_LIST
from services.intake.registry.erasure.rules import last_day_of_retention, names_somebody
from shared.contracts.erasure import (
    ApplicationsBarred,
    ErasureApproved,
    ErasureGround,
    ErasureListed,
    ErasureRejected,
    ErasureRequested,
    HoldGround,
    HoldLifted,
    HoldPlaced,
    PersonErased,
)
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.intake import (
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.kernel.decider import Fact
from shared.kernel.event import Event
from shared.kernel.spec import Decider, Given, spec
from tests.registry.people import MINHOU

PERSON, CASE, OTHER_CASE, ERASURE_ID, HOLD = (UUID(int=n) for n in range(1, 6))
OFFICER, APPROVER, IDENTITY = (UUID(int=n) for n in range(11, 14))
WRITTEN = NoteRef(note_id=uuid4(), digest="0a" * 32)
MOMENT = datetime(2025, 5, 19, 1, 0, tzinfo=UTC)
CASE_ENDED_ON = "2020-05-18"
LAST_DAY = "2025-05-18"
DAY_AFTER = "2025-05-19"

ERASING = Decider(
    ERASURE,
    {
        RequestErasure: request,
        ApproveErasure: approve,
        RejectErasure: reject,
        PlaceHold: place_hold,
        LiftHold: lift_hold,
        RecordErasure: record,
    },
)
REQUESTED = ErasureRequested(
    erasure_id=ERASURE_ID,
    person_id=PERSON,
    requester=OFFICER,
    ground=ErasureGround.PERSON_REQUEST,
    division=MINHOU,
    reason=WRITTEN,
)
APPROVED = ErasureApproved(
    erasure_id=ERASURE_ID, person_id=PERSON, approver=APPROVER, identity=IDENTITY
)
ERASED = PersonErased(erasure_id=ERASURE_ID, person_id=PERSON, destroyed_at=MOMENT, cases=())
ASK = RequestErasure(
    erasure_id=ERASURE_ID,
    person_id=PERSON,
    actor=OFFICER,
    ground=ErasureGround.PERSON_REQUEST,
    division=MINHOU,
    reason=WRITTEN,
)
APPROVE = ApproveErasure(person_id=PERSON, actor=APPROVER, identity=IDENTITY)
REJECT = RejectErasure(actor=APPROVER, reason=WRITTEN)
RECORD = RecordErasure(destroyed_at=MOMENT, cases=(CASE,))
ENDED = (
    OpenApplicationClaimed(case_id=CASE),
    OpenApplicationReleased(case_id=CASE, released_on=date.fromisoformat(CASE_ENDED_ON)),
)


def held(ground: HoldGround = HoldGround.AUDIT, hold_id: UUID = HOLD) -> HoldPlaced:
    return HoldPlaced(
        hold_id=hold_id, person_id=PERSON, ground=ground, division=MINHOU, explanation=WRITTEN
    )


def hold(ground: HoldGround, role: str) -> PlaceHold:
    return PlaceHold(
        hold_id=HOLD,
        person_id=PERSON,
        role=role,
        ground=ground,
        division=MINHOU,
        explanation=WRITTEN,
    )


def person(
    *before: Event,
    dibao: tuple[Event, ...] = (),
    tekun: tuple[Event, ...] = (),
    on: str = DAY_AFTER,
) -> Given:
    """A person with what was done about their erasure, and their open applications beside."""
    given = spec(ERASING, region=MINHOU, on=on).given(*before)
    beside = {Programme.DIBAO: dibao, Programme.TEKUN: tekun}
    for programme in Programme:
        given = given.beside(OPEN_APPLICATION, *beside.get(programme, ()))
    return given


def alone(*before: Event, on: str = DAY_AFTER) -> Given:
    """A person, for what reads their erasure only."""
    return spec(ERASING, region=MINHOU, on=on).given(*before)


def test_a_request_records_who_asks_and_why() -> None:
    person().when(ASK).then(REQUESTED)


def test_the_other_hands_approval_bars_every_application_in_the_same_turn() -> None:
    barred = [
        Fact(ApplicationsBarred(erasure_id=ERASURE_ID), open_application_stream(p, PERSON))
        for p in Programme
    ]
    decided = person(REQUESTED).when(APPROVE)
    decided.then(*barred, APPROVED)
    assert decided.facts[-1].policy is not None


@pytest.mark.parametrize("command", [APPROVE, REJECT])
def test_who_requested_can_neither_approve_nor_reject(command: Any) -> None:
    own = command.model_copy(update={"actor": OFFICER})
    given = person(REQUESTED) if command is APPROVE else alone(REQUESTED)
    refusal = given.when(own).refuses("same-hands")
    assert refusal.status == 403


def test_a_rejected_erasure_can_be_requested_anew() -> None:
    rejected = ErasureRejected(erasure_id=ERASURE_ID, approver=APPROVER, reason=WRITTEN)
    alone(REQUESTED).when(REJECT).then(rejected)
    person(REQUESTED, rejected).when(ASK).then(REQUESTED)
    person(REQUESTED, rejected).when(APPROVE).refuses("no-erasure-requested")


@pytest.mark.parametrize(("before", "command"), [((), ASK), ((REQUESTED,), APPROVE)])
class TestWhatForbidsIt:
    """Refused when it is asked for, and again when it is approved."""

    def test_on_the_last_day_of_the_retention(
        self, before: tuple[Event, ...], command: Any
    ) -> None:
        given = person(*before, dibao=ENDED, on=LAST_DAY)
        refusal = given.when(command).refuses(
            "inside-retention", kept_until=LAST_DAY, years=5, on=LAST_DAY
        )
        assert "法规未作规定" in refusal.source
        assert refusal.status == 409

    def test_but_not_a_day_later(self, before: tuple[Event, ...], command: Any) -> None:
        assert person(*before, dibao=ENDED, on=DAY_AFTER).when(command).events

    def test_by_the_last_of_several_cases(self, before: tuple[Event, ...], command: Any) -> None:
        later = OpenApplicationReleased(case_id=OTHER_CASE, released_on=date(2021, 3, 1))
        again = (OpenApplicationClaimed(case_id=OTHER_CASE), later)
        for cases in ({"dibao": (*ENDED, *again)}, {"dibao": ENDED, "tekun": again}):
            person(*before, **cases).when(command).refuses(
                "inside-retention", kept_until="2026-03-01"
            )

    def test_in_an_open_or_confirmed_case(self, before: tuple[Event, ...], command: Any) -> None:
        claimed = OpenApplicationClaimed(case_id=OTHER_CASE)
        for cases in ({"tekun": (claimed,)}, {"dibao": (*ENDED, claimed)}):
            person(*before, **cases).when(command).refuses("person-in-a-case")

    def test_under_a_hold(self, before: tuple[Event, ...], command: Any) -> None:
        court = held(HoldGround.COURT, OTHER_CASE)
        person(*before, held(), court).when(command).refuses(
            "person-on-hold", holds=2, grounds="audit, court"
        )
        lifted = HoldLifted(hold_id=HOLD, explanation=WRITTEN)
        person(*before, held(), court, lifted).when(command).refuses("person-on-hold", holds=1)
        assert person(*before, held(), lifted).when(command).events


def test_nobody_is_erased_without_a_request() -> None:
    person().when(APPROVE).refuses("no-erasure-requested")
    alone().when(REJECT).refuses("no-erasure-requested")


@pytest.mark.parametrize(("before", "stage"), [((), "requested"), ((APPROVED,), "approved")])
def test_one_request_at_a_time(before: tuple[Event, ...], stage: str) -> None:
    person(REQUESTED, *before).when(ASK).refuses("erasure-pending", stage=stage)


def test_nobody_is_erased_twice() -> None:
    gone = (REQUESTED, APPROVED, ERASED)
    for command in (ASK, APPROVE):
        assert person(*gone).when(command).refuses("person-erased").status == 410
    for command in (REJECT, hold(HoldGround.AUDIT, "auditor")):
        assert alone(*gone).when(command).refuses("person-erased").status == 410
    (alone(*gone).beside(ERASURE_LIST).when(RECORD).refuses("erasure-not-approved", stage="erased"))


def test_a_destroyed_key_is_recorded_and_listed() -> None:
    listed = ErasureListed(person_id=PERSON, destroyed_at=MOMENT, cases=(CASE,), identity=IDENTITY)
    erased = ERASED.model_copy(update={"cases": (CASE,)})
    given = alone(REQUESTED, APPROVED).beside(ERASURE_LIST)
    given.when(RECORD).then(Fact(listed, THE_LIST), erased)


def test_nothing_is_recorded_that_was_not_approved() -> None:
    alone(REQUESTED).beside(ERASURE_LIST).when(RECORD).refuses("erasure-not-approved")


def test_a_hold_comes_before_the_approval_or_too_late() -> None:
    command = hold(HoldGround.AUDIT, "auditor")
    alone().when(command).then(held())
    alone(REQUESTED).when(command).then(held())
    alone(REQUESTED, APPROVED).when(command).refuses("erasure-approved")


@pytest.mark.parametrize("ground", HoldGround)
@pytest.mark.parametrize("role", ["auditor", "county_officer"])
def test_an_audits_hold_is_the_auditors_alone(ground: HoldGround, role: str) -> None:
    allowed = role == "auditor" or ground is not HoldGround.AUDIT
    lift = LiftHold(hold_id=HOLD, role=role, explanation=WRITTEN)
    placing = alone().when(hold(ground, role))
    lifting = alone(held(ground)).when(lift)
    if allowed:
        placing.then(held(ground))
        lifting.then(HoldLifted(hold_id=HOLD, explanation=WRITTEN))
    else:
        for decided in (placing, lifting):
            assert decided.refuses("hold-of-auditors", allowed="auditor").status == 403


def test_a_hold_that_does_not_stand_cannot_be_lifted() -> None:
    lift = LiftHold(hold_id=OTHER_CASE, role="auditor", explanation=WRITTEN)
    assert alone(held()).when(lift).refuses("no-such-hold").status == 404


def test_the_retention_ends_on_the_same_day_or_on_the_months_last() -> None:
    assert last_day_of_retention(date(2020, 5, 18), 5) == date(2025, 5, 18)
    assert last_day_of_retention(date(2020, 2, 29), 5) == date(2025, 2, 28)
    assert last_day_of_retention(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert last_day_of_retention(date(2020, 5, 18), 0) == date(2020, 5, 18)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("本人申请删除", False),
        ("林阿秀申请删除", True),
        ("林 阿·秀 申请删除", True),
        ("证号 350121 19520314 1226", True),
        ("证号３５０１２１１９５２０３１４１２２６", True),
        ("电话139-0591-0001", True),
        ("住甘蔗街道 滨江村7号", True),
        ("2025年第3号申请", False),
    ],
)
def test_a_text_that_names_the_person_is_noticed(text: str, told: bool) -> None:
    others = ("350121195203141226", "13905910001", None, "甘蔗街道滨江村7号")
    assert names_somebody(text, "林阿秀", others) is told


def test_a_fold_knows_only_its_own_events() -> None:
    for aggregate in (ERASURE, ERASURE_LIST):
        with pytest.raises(TypeError, match="is no"):
            aggregate.evolve(aggregate.initial, OpenApplicationClaimed(case_id=CASE))


def test_a_case_that_ended_is_remembered_when_another_begins() -> None:
    state = replace(OPEN_APPLICATION.initial)
    for event in (*ENDED, OpenApplicationClaimed(case_id=OTHER_CASE)):
        state = OPEN_APPLICATION.evolve(state, event)
    assert (state.case_id, state.ended_on) == (OTHER_CASE, date(2020, 5, 18))


def test_the_retention_counts_from_its_first_day_on() -> None:
    """The case ended five years before it, less a day."""
    released = OpenApplicationReleased(case_id=OTHER_CASE, released_on=date(2007, 12, 12))
    ended = (OpenApplicationClaimed(case_id=OTHER_CASE), released)
    person(dibao=ended, on="2012-12-12").when(ASK).refuses(
        "inside-retention", kept_until="2012-12-12", years=5
    )
