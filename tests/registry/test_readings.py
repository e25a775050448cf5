"""Reading: for a purpose, within an allowance, recorded before it is answered."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from services.intake.registry.parts import Terms
from services.intake.registry.rules import FIELDS_BY_PURPOSE, Allowance
from shared.access.caller import Caller
from shared.access.persons import (
    ConsultRequest,
    LookUpRequest,
    NewNote,
    ReadNotesRequest,
    Standing,
)
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.decider import Refusal
from shared.kernel.submission import WriterClosed
from tests.registry.conftest import House, Instance, asks
from tests.registry.people import (
    ACCOUNT,
    LIANJIANG,
    MINHOU,
    NAME,
    NUMBER,
    PLANTED,
    id_number,
    official,
    service,
    somebody,
)

LOOK_UP = LookUpRequest(id_number=NUMBER, purpose=ConsultationPurpose.APPLICATION)


async def test_a_batch_read_is_one_event(intake: Instance) -> None:
    numbers = [id_number(f"35012119520314{order}") for order in range(100, 108)]
    people = [await intake.registry.register(somebody(n), asks(official())) for n in numbers]
    ids = tuple(person.person_id for person in people)
    payment = service("payment", "payment")
    request = ConsultRequest(
        person_ids=ids,
        purpose=ConsultationPurpose.PAYMENT,
        fields=frozenset({PersonField.NAME, PersonField.ACCOUNT}),
    )
    asker = asks(payment)
    read = await intake.readings.consult(request, asker)
    assert [person.person_id for person in read] == list(ids)
    assert {(person.name, person.account, person.id_number) for person in read} == {
        (NAME, ACCOUNT, None)
    }
    (event,) = [e for e in intake.events() if e.type.endswith("persons-consulted.v1")]
    assert (event.data.count, event.data.person_ids) == (8, ids)
    assert (event.data.purpose, event.data.fields) == ("payment", ("account", "name"))
    assert (event.actor, event.role, event.command_id) == (
        payment.id,
        "service",
        asker.command_id,
    )


async def test_a_purpose_gives_what_it_needs_and_no_more(intake: Instance) -> None:
    person = await intake.registry.register(somebody(), asks(official()))
    for purpose in ConsultationPurpose:
        needed = FIELDS_BY_PURPOSE[purpose]
        for field in PersonField:
            request = ConsultRequest(
                person_ids=(person.person_id,), purpose=purpose, fields=frozenset({field})
            )
            if field in needed:
                (read,) = await intake.readings.consult(request, asks(official()))
                assert getattr(read, field) is not None
            else:
                with pytest.raises(Refusal, match="fields-beyond-purpose") as raised:
                    await intake.readings.consult(request, asks(official()))
                assert raised.value.status == 403


async def test_nothing_is_read_that_is_not_recorded(intake: Instance) -> None:
    person = await intake.registry.register(somebody(), asks(official()))
    request = ConsultRequest(
        person_ids=(person.person_id,),
        purpose=ConsultationPurpose.NOTICE,
        fields=frozenset({PersonField.NAME}),
    )
    intake.writer.close()
    with pytest.raises(WriterClosed):
        await intake.readings.consult(request, asks(official()))
    with pytest.raises(WriterClosed):
        await intake.readings.look_up(LOOK_UP, asks(official()))
    with pytest.raises(WriterClosed):
        await intake.readings.read_notes(
            ReadNotesRequest(note_ids=(uuid4(),), purpose=ConsultationPurpose.AUDIT),
            asks(official()),
        )


async def test_a_look_up_is_recorded_whether_it_finds_or_not(intake: Instance) -> None:
    clerk = official()
    assert await intake.readings.look_up(LOOK_UP, asks(clerk)) is None
    person = await intake.registry.register(somebody(), asks(clerk))
    assert await intake.readings.look_up(LOOK_UP, asks(clerk)) == person.person_id
    first, _, second = intake.events()
    assert (first.data.person_id, second.data.person_id) == (None, person.person_id)
    assert {first.actor, second.actor} == {clerk.id}


async def test_a_neighbour_county_finds_nobody_but_is_recorded(intake: Instance) -> None:
    person = await intake.registry.register(somebody(), asks(official()))
    neighbour = official(county=LIANJIANG)
    assert await intake.readings.look_up(LOOK_UP, asks(neighbour)) is None
    request = ConsultRequest(
        person_ids=(person.person_id,),
        purpose=ConsultationPurpose.APPLICATION,
        fields=frozenset(PersonField),
    )
    (read,) = await intake.readings.consult(request, asks(neighbour))
    assert read.standing is Standing.UNKNOWN
    assert not set(PLANTED) & set(map(str, read.model_dump().values()))
    assert intake.names()[1:] == ["person-looked-up", "persons-consulted"]
    assert {e.actor for e in intake.events()[1:]} == {neighbour.id}


async def test_an_hours_allowance_holds_across_instances_and_ends_with_the_hour(
    house: House,
) -> None:
    terms = Terms(official=Allowance(look_ups=3, persons=4, notes=2))
    instances = [house.instance(terms), house.instance(terms)]
    reader = official()

    async def look_up(turn: int, caller: Caller) -> Refusal | None:
        try:
            await instances[turn % 2].readings.look_up(LOOK_UP, asks(caller))
        except Refusal as refusal:
            return refusal
        return None

    answers = await asyncio.gather(*(look_up(turn, reader) for turn in range(8)))
    refusals = [refusal for refusal in answers if refusal is not None]
    assert len(refusals) == 5
    assert {(r.code, r.status, r.facts["allowed_per_hour"]) for r in refusals} == {
        ("too-much-read", 429, 3)
    }
    assert await look_up(0, official()) is None
    house.clock.set_to(house.clock.now() + timedelta(hours=1))
    assert await look_up(1, reader) is None


async def test_what_a_service_reads_is_counted_by_the_minute(house: House) -> None:
    """No stream grows for longer: a turn folds what one minute wrote, however much an hour did."""
    few = Allowance(look_ups=1, persons=2, notes=1, per="minute")
    intake = house.instance(Terms(service=few))
    payment = service("payment", "payment")
    request = ConsultRequest(
        person_ids=(uuid4(), uuid4()),
        purpose=ConsultationPurpose.PAYMENT,
        fields=frozenset({PersonField.ACCOUNT}),
    )
    for _minute in range(3):
        await intake.readings.consult(request, asks(payment))
        with pytest.raises(Refusal, match="too-much-read") as raised:
            await intake.readings.consult(request, asks(payment))
        assert raised.value.facts == {"allowed_per_minute": 2}
        intake.later(timedelta(minutes=1))
    events = intake.events()
    assert [event.version for event in events] == [1, 1, 1]
    assert len({event.stream for event in events}) == 3


async def test_a_batch_beyond_the_allowance_is_refused_whole(house: House) -> None:
    intake = house.instance(Terms(official=Allowance(look_ups=3, persons=4, notes=2)))
    reader = official()

    def batch(size: int) -> ConsultRequest:
        return ConsultRequest(
            person_ids=tuple(uuid4() for _ in range(size)),
            purpose=ConsultationPurpose.NOTICE,
            fields=frozenset({PersonField.NAME}),
        )

    await intake.readings.consult(batch(3), asks(reader))
    with pytest.raises(Refusal, match="too-much-read"):
        await intake.readings.consult(batch(2), asks(reader))
    await intake.readings.consult(batch(1), asks(reader))
    assert intake.names() == ["persons-consulted"] * 2


async def test_notes_read_are_one_event(intake: Instance) -> None:
    notes = [NewNote(region=MINHOU, text=f"第{i}条", case_id=uuid4()) for i in range(3)]
    receipts = await intake.registry.put_notes(uuid4(), "decision", notes)
    ids = tuple(receipt.note_id for receipt in receipts)
    request = ReadNotesRequest(note_ids=ids, purpose=ConsultationPurpose.AUDIT)
    read = await intake.readings.read_notes(request, asks(official()))
    assert [note.text for note in read] == ["第0条", "第1条", "第2条"]
    (event,) = intake.events()
    assert (event.data.note_ids, event.data.count, event.data.purpose) == (ids, 3, "audit")
