"""A person is erased: two hands, one key, and nothing that comes back. On both engines."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.intake.model import open_application_stream
from services.intake.registry.erasure import decisions
from services.intake.registry.erasure.model import THE_LIST, Stage, erasure_of
from services.intake.registry.id_number import parse_id_number
from services.intake.registry.keys import KeyDestroyed, KeyStoreAway, case_key, person_key
from services.intake.registry.registry import digest_of, identity_of
from services.intake.registry.vault import NOTE, PERSON, notes_under
from shared.access.persons import (
    LookUpRequest,
    Standing,
)
from shared.access.roles import Role
from shared.contracts.erasure import ErasureListed, HoldGround, PersonErased
from shared.contracts.fields import Programme
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.decider import Refusal
from shared.kernel.event import is_sealed
from shared.kernel.submission import VersionMismatch
from tests.registry.conftest import CELL, START, House, Instance, asks
from tests.registry.offices import HUSBAND_NUMBER, SIX_YEARS, Offices
from tests.registry.people import (
    ADDRESS,
    MINHOU,
    NAME,
    NUMBER,
    VILLAGE,
    official,
    somebody,
)


@pytest.fixture
def offices(intake: Instance) -> Offices:
    return Offices(intake)


async def test_after_the_approval_the_key_the_row_and_the_notes_are_gone(
    house: House, offices: Offices
) -> None:
    intake, other = offices.intake, house.instance()
    person_id = await offices.person()
    note_id = await offices.note("丈夫林阿秀病重", person_id=person_id)
    before = intake.store.annex_get(NOTE, [str(note_id)])[str(note_id)]
    assert (await offices.see(person_id, other))["name"] == NAME
    await offices.request(person_id)
    assert (await offices.see(person_id))["name"] == NAME
    await offices.approve(person_id)
    assert await intake.gateway.step() == 1
    # Nothing is kept in any process: whoever asks next is told.
    for instance in (other, intake):
        told = await offices.see(person_id, instance)
        assert set(told) == {"person_id", "standing", "erased_at"}
        assert told["standing"] is Standing.ERASED
        with pytest.raises(KeyDestroyed):
            instance.keys.get(person_key(person_id))
    (note,) = await offices.read(note_id)
    assert (note.standing, note.text) == (Standing.ERASED, None)
    assert intake.store.annex_get(PERSON, [str(person_id)]) == {}
    left = intake.store.annex_get(NOTE, [str(note_id)])[str(note_id)]
    head = before.body.partition(b"\n")[0]
    assert left.body == head + b"\n"
    assert len(before.body) > len(left.body)
    assert intake.store.annex_expired(notes_under(person_key(person_id)), START, 10) == []
    assert await intake.registry.registered([person_id]) == set()
    assert intake.gateway.idle


async def test_what_is_recorded_names_who_decided_and_when_the_key_went(
    offices: Offices,
) -> None:
    person_id = await offices.person()
    await offices.erase(person_id)
    events = {event.type.split(".")[2]: event for event in offices.intake.events()}
    assert offices.intake.names() == [
        "person-registered",
        "erasure-requested",
        *["applications-barred"] * len(Programme),
        "erasure-approved",
        "erasure-listed",
        "person-erased",
    ]
    requested, approved = events["erasure-requested"], events["erasure-approved"]
    assert (requested.actor, requested.data.requester) == (offices.officer.id, offices.officer.id)
    assert (approved.actor, approved.policy is not None) == (offices.approver.id, True)
    erased: PersonErased = events["person-erased"].data
    listed: ErasureListed = events["erasure-listed"].data
    assert events["person-erased"].causation_id == approved.id
    assert offices.intake.keys.destroyed(person_key(person_id)) == erased.destroyed_at
    assert (listed.person_id, listed.destroyed_at) == (person_id, erased.destroyed_at)
    rows = offices.intake.store.read_log(0, 100)
    assert all(is_sealed(row) for row in rows)


async def test_it_takes_two_persons_whatever_their_roles(offices: Offices) -> None:
    person_id = await offices.person()
    await offices.request(person_id)
    with pytest.raises(Refusal, match="same-hands") as raised:
        await offices.approve(person_id, offices.officer)
    assert raised.value.status == 403
    assert await offices.intake.gateway.step() == 0
    assert (await offices.see(person_id))["name"] == NAME


async def test_a_hold_before_the_approval_wins_and_after_it_loses(offices: Offices) -> None:
    person_id = await offices.person()
    intake = offices.intake
    await offices.request(person_id)
    hold_id, placed = await intake.erasures.place_hold(
        person_id, HoldGround.AUDIT, MINHOU, "专项审计", asks(offices.auditor)
    )
    placed.or_raise()
    with pytest.raises(Refusal, match="person-on-hold"):
        await offices.approve(person_id)
    lifted = await intake.erasures.lift_hold(
        person_id, hold_id, MINHOU, "审计结束", asks(offices.auditor)
    )
    lifted.or_raise()
    await offices.approve(person_id)
    _, late = await intake.erasures.place_hold(
        person_id, HoldGround.COURT, MINHOU, "诉讼", asks(offices.auditor)
    )
    with pytest.raises(Refusal, match="erasure-approved"):
        late.or_raise()
    assert await intake.gateway.step() == 1


async def test_an_application_at_the_last_moment_wins_before_the_approval_and_loses_after(
    offices: Offices,
) -> None:
    first, second = await offices.person(), await offices.person(HUSBAND_NUMBER, "陈大力")
    await offices.request(first)
    await offices.case(first, ended_on=None)
    with pytest.raises(Refusal, match="person-in-a-case"):
        await offices.approve(first)
    await offices.request(second)
    await offices.approve(second)
    stream = open_application_stream(Programme.TEKUN, second).id(CELL, "intake")
    (barred,) = offices.intake.store.read_stream(stream)
    assert barred.type == "doudi.intake.applications-barred.v1"


async def test_inside_the_retention_of_a_past_case_nobody_is_erased(offices: Offices) -> None:
    person_id = await offices.person()
    await offices.case(person_id)
    with pytest.raises(Refusal, match="inside-retention"):
        await offices.request(person_id)
    offices.intake.later(SIX_YEARS)
    await offices.erase(person_id)


async def test_what_a_household_shared_goes_with_its_last_member(offices: Offices) -> None:
    wife, husband = await offices.person(), await offices.person(HUSBAND_NUMBER, "陈大力")
    case_id = await offices.case(wife, husband)
    minutes = await offices.note("评议林阿秀一户", case_id=case_id)
    offices.intake.later(SIX_YEARS)
    await offices.erase(wife)
    (note,) = await offices.read(minutes)
    assert note.text is not None  # the husband's file is still kept, and it is his
    await offices.erase(husband)
    (note,) = await offices.read(minutes)
    assert (note.standing, note.text) == (Standing.ERASED, None)
    assert offices.intake.keys.destroyed(case_key(case_id)) is not None
    erased = [e.data for e in offices.intake.events() if isinstance(e.data, PersonErased)]
    assert [e.cases for e in erased] == [(), (case_id,)]


async def test_who_registers_later_with_the_number_is_somebody_new(
    house: House, offices: Offices
) -> None:
    intake = offices.intake
    first = await offices.person()
    number = parse_id_number(NUMBER, date(2020, 4, 1))
    digest = digest_of(house.ring, number)
    identity = intake.keys.identity(digest)
    assert identity is not None
    old = identity_of(identity).id(CELL, "intake")
    await offices.erase(first)
    assert intake.keys.identity(digest) is None
    look_up = LookUpRequest(id_number=NUMBER, purpose=ConsultationPurpose.APPLICATION)
    assert await intake.readings.look_up(look_up, asks(offices.clerk)) is None
    again = await intake.registry.register(somebody(name="林阿秀"), asks(offices.clerk))
    assert (again.person_id == first, again.recognised) == (False, False)
    assert (await offices.see(again.person_id))["address"] == ADDRESS
    assert (await offices.see(first))["standing"] is Standing.ERASED
    # The new stream is another one, and no event of either names the other.
    registered = [e for e in intake.events() if e.type == "doudi.intake.person-registered.v1"]
    assert [e.stream == old for e in registered] == [True, False]
    assert intake.keys.identify(digest) != identity


async def test_a_text_that_names_the_person_is_not_taken(offices: Offices) -> None:
    person_id = await offices.person()
    for text in (f"{NAME}申请删除", f"证号{NUMBER}"):
        with pytest.raises(Refusal, match="text-names-person") as raised:
            await offices.request(person_id, text)
        assert (raised.value.status, raised.value.facts) == (422, {})
    erasure_id = await offices.request(person_id)
    await offices.approve(person_id)
    await offices.intake.gateway.step()
    seen = await offices.intake.erasures.see(person_id, offices.officer.jurisdiction)
    assert seen is not None
    assert seen.erasure.stage is Stage.ERASED
    assert seen.erasure.requested is not None
    (reason,) = await offices.read(seen.erasure.requested.reason.note_id)
    assert (reason.text, reason.case_id) == ("本人申请删除", erasure_id)


async def test_a_rejection_is_recorded_with_its_reason(offices: Offices) -> None:
    person_id = await offices.person()
    erasure_id = await offices.request(person_id)
    for version, error in ((0, VersionMismatch), (1, None)):
        asker = asks(offices.approver)
        rejecting = offices.intake.erasures.reject(
            person_id, erasure_id, MINHOU, "仍在保存期内", asker, version
        )
        if error is not None:
            with pytest.raises(error):
                await rejecting
        else:
            (await rejecting).or_raise()
    seen = await offices.intake.erasures.see(person_id, offices.officer.jurisdiction)
    assert (seen.erasure.stage, seen.version) == (Stage.NONE, 2) if seen else False
    await offices.request(person_id)


async def test_nobody_else_is_told_that_there_is_such_a_person(offices: Offices) -> None:
    person_id = await offices.person()
    neighbour = official(Role.COUNTY_OFFICER, "350122000000")
    assert await offices.intake.erasures.see(person_id, neighbour.jurisdiction) is None
    assert await offices.intake.erasures.see(uuid4(), offices.officer.jurisdiction) is None


class Dies(Exception):
    """The process, at this point."""


@pytest.mark.parametrize("after", ["forget", "destroy", "annex_delete", "annex_put"])
async def test_a_process_that_dies_half_way_is_followed_by_one_that_finishes(
    offices: Offices, house: House, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    person_id = await offices.person()
    await offices.note("生活困难", person_id=person_id)
    await offices.request(person_id)
    await offices.approve(person_id)
    dying = offices.intake
    holder: Any = dying.store if after.startswith("annex") else dying.keys
    done = getattr(holder, after)

    def die(*given: Any) -> None:
        done(*given)
        raise Dies

    with monkeypatch.context() as patched:
        patched.setattr(holder, after, die)
        assert await dying.gateway.step() == 0
    assert dying.names()[-1] == "erasure-approved"
    assert await house.instance().gateway.step() == 1
    assert dying.names()[-2:] == ["erasure-listed", "person-erased"]
    entry = next(e.data for e in dying.events() if isinstance(e.data, ErasureListed))
    assert entry.identity is not None
    assert (await offices.see(person_id))["standing"] is Standing.ERASED


async def test_two_processes_that_destroy_at_once_record_one_erasure(
    house: House, offices: Offices
) -> None:
    person_id = await offices.person()
    await offices.request(person_id)
    await offices.approve(person_id)
    await asyncio.gather(offices.intake.gateway.step(), house.instance().gateway.step())
    assert offices.intake.names().count("person-erased") == 1
    assert offices.intake.names().count("erasure-listed") == 1


async def test_without_a_key_store_the_destruction_waits(
    house: House, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = await offices.person()
    await offices.request(person_id)
    await offices.approve(person_id)

    def away(*_: Any) -> None:
        raise KeyStoreAway("key store: it sleeps")

    with monkeypatch.context() as patched:
        patched.setattr(offices.intake.keys, "destroy", away)
        assert await offices.intake.gateway.step() == 0
    assert not offices.intake.gateway.idle
    assert await house.instance().gateway.step() == 1


async def test_an_amendment_under_way_does_not_bring_the_row_back(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = offices.intake
    person_id = await offices.person()
    await offices.request(person_id)
    await offices.approve(person_id)
    put = intake.store.annex_put

    def late(rows: Any) -> None:
        intake.keys.destroy(person_key(person_id), START)
        intake.store.annex_delete(PERSON, [str(person_id)])
        put(rows)

    with monkeypatch.context() as patched:
        patched.setattr(intake.store, "annex_put", late)
        intake.vault.amend(person_id, {PersonField.PHONE: "13900001111"}, 1)
    assert intake.store.annex_get(PERSON, [str(person_id)]) == {}


async def test_the_destruction_needs_its_approval(offices: Offices) -> None:
    person_id = await offices.person()
    reads = (erasure_of(person_id), THE_LIST)
    command = decisions.RecordErasure(destroyed_at=START, cases=())
    submission = asks(offices.clerk).submission(command, decisions.record, reads, VILLAGE)
    with pytest.raises(Refusal, match="erasure-not-approved"):
        (await offices.intake.writer.execute(submission)).or_raise()
