"""Registering and recognising people; notes; erasure. On SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.registry.id_number import parse_id_number
from services.intake.registry.keys import KeyStoreAway, person_key
from services.intake.registry.parts import Terms
from services.intake.registry.registry import digest_of
from services.intake.registry.rules import Allowance, same_name
from services.intake.registry.vault import PERSON
from shared.access.persons import ConsultRequest, LookUpRequest, NewNote, ReadNotesRequest, Standing
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.decider import Refusal
from shared.kernel.event import Document
from shared.kernel.submission import KeyReused, NoteExpired, WriterClosed
from shared.sealing import KeyRing
from tests.registry.conftest import START, House, Instance, asks
from tests.registry.people import (
    ADDRESS,
    LIANJIANG,
    MERGED,
    MINHOU,
    NAME,
    NUMBER,
    PHONE,
    id_number,
    official,
    somebody,
)

ALL = ConsultRequest(
    person_ids=(uuid4(),),
    purpose=ConsultationPurpose.APPLICATION,
    fields=frozenset(PersonField),
)


def everything(*person_ids: UUID) -> ConsultRequest:
    return ALL.model_copy(update={"person_ids": person_ids})


def registered(events: list[Document[Any]]) -> list[UUID]:
    return [e.data.person_id for e in events if e.type == "doudi.intake.person-registered.v1"]


async def test_somebody_is_registered_and_read_back(intake: Instance) -> None:
    clerk = official()
    person = await intake.registry.register(somebody(), asks(clerk))
    assert not person.recognised
    assert intake.names() == ["person-registered"]
    (event,) = intake.events()
    assert (event.data.person_id, event.data.region) == (person.person_id, somebody().region)
    assert (event.actor, event.role, event.subject) == (clerk.id, "township_clerk", event.stream)
    (read,) = await intake.readings.consult(everything(person.person_id), asks(clerk))
    assert (read.name, read.id_number, read.phone, read.address) == (NAME, NUMBER, PHONE, ADDRESS)
    assert read.birth_date == date(1952, 3, 14)


async def test_a_stated_birth_date_stands_beside_the_numbers(intake: Instance) -> None:
    born = somebody().model_copy(update={"birth_date": date(1952, 1, 7)})
    person = await intake.registry.register(born, asks(official()))
    (read,) = await intake.readings.consult(everything(person.person_id), asks(official()))
    assert (read.birth_date, read.id_number) == (date(1952, 1, 7), NUMBER)
    unborn = somebody().model_copy(update={"birth_date": date(2031, 1, 7)})
    with pytest.raises(Refusal, match="birth-date-impossible"):
        await intake.registry.register(unborn, asks(official()))


async def test_the_same_number_is_the_same_person_in_another_county(house: House) -> None:
    minhou, lianjiang = house.instance(), house.instance()
    first = await minhou.registry.register(somebody(), asks(official()))
    clerk = official(county=LIANJIANG)
    spaced = somebody("350121 19520314 1226", region=LIANJIANG, name="林 阿秀")
    unknown = await lianjiang.readings.consult(everything(first.person_id), asks(clerk))
    assert unknown[0].standing is Standing.UNKNOWN
    again = await lianjiang.registry.register(spaced, asks(clerk))
    assert (again.person_id, again.recognised) == (first.person_id, True)
    assert minhou.names() == [
        "person-registered",
        "persons-consulted",
        "person-recognised",
        "person-looked-up",
    ]
    # Its officials may read the person from now on, as first registered.
    (read,) = await lianjiang.readings.consult(everything(first.person_id), asks(clerk))
    assert read.name == NAME


async def test_a_known_number_under_another_name_tells_nothing_and_is_recorded(
    house: House,
) -> None:
    intake = house.instance()
    first = await intake.registry.register(somebody(), asks(official()))
    clerk = official(county=LIANJIANG)
    asker = asks(clerk)
    probe = somebody(region=LIANJIANG, name="陈大力")
    for instance in (intake, house.instance()):
        with pytest.raises(Refusal, match="person-name-mismatch") as raised:
            await instance.registry.register(probe, asker)
        assert (raised.value.status, raised.value.facts) == (409, {})
    assert intake.names() == ["person-registered", "person-name-mismatched", "person-looked-up"]
    mismatch = intake.events()[1]
    assert (mismatch.actor, mismatch.data.person_id) == (clerk.id, first.person_id)
    (read,) = await intake.readings.consult(everything(first.person_id), asks(clerk))
    assert read.standing is Standing.UNKNOWN


async def test_recognising_counts_in_the_hours_allowance_of_look_ups(house: House) -> None:
    intake = house.instance(Terms(official=Allowance(look_ups=2, persons=9, notes=9)))
    await intake.registry.register(somebody(), asks(official()))
    clerk = official()
    for _ in range(2):
        assert (await intake.registry.register(somebody(), asks(clerk))).recognised
    with pytest.raises(Refusal, match="too-much-read"):
        await intake.registry.register(somebody(), asks(clerk))
    look_up = LookUpRequest(id_number=NUMBER, purpose=ConsultationPurpose.APPLICATION)
    with pytest.raises(Refusal, match="too-much-read"):
        await intake.readings.look_up(look_up, asks(clerk))
    assert not (
        await intake.registry.register(somebody(id_number("35012119520314124")), asks(clerk))
    ).recognised


async def test_a_known_person_whose_row_was_lost_is_put_back_under_their_id(house: House) -> None:
    intake = house.instance()
    first = await intake.registry.register(somebody(), asks(official()))
    intake.store.annex_delete(PERSON, [str(first.person_id)])
    clerk = official()
    again = await intake.registry.register(somebody(), asks(clerk))
    assert (again.person_id, again.recognised) == (first.person_id, True)
    (read,) = await intake.readings.consult(everything(first.person_id), asks(clerk))
    assert read.name == NAME
    row = intake.store.annex_get(PERSON, [str(first.person_id)])[str(first.person_id)]
    assert row.expires_at is None
    with pytest.raises(Refusal, match="person-name-mismatch"):
        await intake.registry.register(somebody(name="陈大力"), asks(official()))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("林阿秀", " 林 阿秀", True),
        ("买买提·吐尔逊", "买买提•吐尔逊", True),
        ("ＬＩＮ Axiu", "Lin axiu", True),
        ("林阿秀", "林秀", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


async def test_other_numbers_are_other_people(intake: Instance) -> None:
    numbers = [id_number(f"35012119520314{order}") for order in (122, 124, 126)]
    people = [await intake.registry.register(somebody(n), asks(official())) for n in numbers]
    assert len({person.person_id for person in people}) == 3


async def test_a_repeated_registration_is_the_same_person_and_changes_nothing(
    house: House,
) -> None:
    intake = house.instance()
    asker = asks(official())
    first = await intake.registry.register(somebody(), asker)
    for instance in (intake, house.instance()):
        again = await instance.registry.register(somebody(), asker)
        assert again == first.model_copy(update={"repeated": True})
    assert intake.names() == ["person-registered"]
    row = intake.store.annex_get(PERSON, [str(first.person_id)])[str(first.person_id)]
    assert row.expires_at is None


async def test_a_division_is_one_of_today_and_a_repetition_outlives_it(intake: Instance) -> None:
    asker = asks(official())
    first = await intake.registry.register(somebody(region=MERGED), asker)
    intake.later(timedelta(days=1))
    again = await intake.registry.register(somebody(region=MERGED), asker)
    assert (again.person_id, again.repeated) == (first.person_id, True)
    with pytest.raises(Refusal) as refused:
        await intake.registry.register(somebody(region=MERGED), asks(official()))
    assert (refused.value.code, refused.value.status) == ("division-unknown", 422)
    assert refused.value.facts["nearest"] == MINHOU
    assert intake.names() == ["person-registered"]


async def test_another_body_under_the_same_key_is_refused_and_touches_nothing(
    intake: Instance,
) -> None:
    asker = asks(official())
    first = await intake.registry.register(somebody(), asker)
    other = asker._replace(body_digest=b"another body")
    with pytest.raises(KeyReused):
        await intake.registry.register(somebody(name="陈大力"), other)
    with pytest.raises(KeyReused):
        await intake.registry.register(somebody(id_number("35012119520314124")), other)
    (read,) = await intake.readings.consult(everything(first.person_id), asks(official()))
    assert read.name == NAME
    assert intake.names() == ["person-registered", "persons-consulted"]


async def test_whoever_races_with_one_number_finds_one_person(house: House) -> None:
    instances = [house.instance(), house.instance()]
    for turn in range(5):
        number = id_number(f"3501211952031{turn:04d}")
        people = await asyncio.gather(
            *(
                instances[i % 2].registry.register(somebody(number), asks(official()))
                for i in range(8)
            )
        )
        assert len({person.person_id for person in people}) == 1
        assert [person.recognised for person in people].count(False) == 1
    assert len(registered(instances[0].events())) == 5
    # Of those that lost, no row and no key is left.
    holders = {person_key(i) for i in registered(instances[0].events())}
    later = house.clock.now() + timedelta(days=1)
    assert instances[0].store.annex_expired(PERSON, later, 100) == []
    assert holders.isdisjoint({erasure.key_id for erasure in instances[0].keys.erasures()})


async def test_one_command_sent_to_two_instances_at_once_is_one_person(house: House) -> None:
    instances = [house.instance(), house.instance()]
    asker = asks(official())
    people = await asyncio.gather(
        *(instances[i % 2].registry.register(somebody(), asker) for i in range(8))
    )
    assert len({person.person_id for person in people}) == 1
    assert instances[0].names() == ["person-registered"]


def test_the_hash_of_a_number_needs_this_registrys_key(house: House) -> None:
    number = parse_id_number(NUMBER, date(2020, 4, 1))
    ours = digest_of(house.ring, number)
    assert ours == digest_of(house.ring, number)
    assert ours != digest_of(KeyRing.ephemeral(), number)
    assert ours != sha256(NUMBER.encode()).hexdigest()


async def test_a_note_is_the_same_note_however_often_it_is_put(house: House) -> None:
    intake, other = house.instance(), house.instance()
    person = await intake.registry.register(somebody(), asks(official()))
    notes = [
        NewNote(region=MINHOU, text="困难原因", person_id=person.person_id),
        NewNote(region=MINHOU, text="评议记录", case_id=uuid4()),
    ]
    command_id = uuid4()
    first = await intake.registry.put_notes(command_id, "decision", notes)
    intake.later(timedelta(minutes=20))
    assert await other.registry.put_notes(command_id, "decision", notes) == first
    assert {r.expires_at for r in first} == {START + timedelta(hours=1)}
    changed = [notes[0].model_copy(update={"text": "另一原因"})]
    (another,) = await other.registry.put_notes(command_id, "decision", changed)
    assert another.note_id != first[0].note_id
    (elsewhere,) = await other.registry.put_notes(uuid4(), "decision", notes[:1])
    assert elsewhere.note_id != first[0].note_id
    assert elsewhere.digest != first[0].digest


async def test_notes_are_read_back_where_their_case_is_handled(intake: Instance) -> None:
    person = await intake.registry.register(somebody(), asks(official()))
    note = NewNote(region=MINHOU, text="困难\n原因", person_id=person.person_id)
    (receipt,) = await intake.registry.put_notes(uuid4(), "decision", [note])
    request = ReadNotesRequest(note_ids=(receipt.note_id, uuid4()), purpose="application")
    known, unknown = await intake.readings.read_notes(request, asks(official()))
    assert (known.text, known.person_id, known.digest) == (
        note.text,
        person.person_id,
        receipt.digest,
    )
    assert unknown.standing is Standing.UNKNOWN
    hidden, _ = await intake.readings.read_notes(request, asks(official(county=LIANJIANG)))
    assert (hidden.standing, hidden.text, hidden.person_id) == (Standing.UNKNOWN, None, None)


async def test_a_note_about_nobody_is_refused(intake: Instance) -> None:
    note = NewNote(region=MINHOU, text="原因", person_id=uuid4())
    with pytest.raises(Refusal, match="person-unknown"):
        await intake.registry.put_notes(uuid4(), "decision", [note])


async def test_a_destroyed_key_erases_the_person_and_their_notes(house: House) -> None:
    intake = house.instance()
    clerk = official()
    erased = await intake.registry.register(somebody(), asks(clerk))
    other = await intake.registry.register(somebody(id_number("35012119520314124")), asks(clerk))
    theirs = NewNote(region=MINHOU, text="困难原因", person_id=erased.person_id)
    shared = NewNote(region=MINHOU, text="评议记录", case_id=uuid4())
    receipts = await intake.registry.put_notes(uuid4(), "decision", [theirs, shared])
    log_before = intake.store.read_log(0, 100)

    intake.keys.destroy(person_key(erased.person_id), START)

    gone, kept = await house.instance().readings.consult(
        everything(erased.person_id, other.person_id), asks(clerk)
    )
    assert (gone.standing, gone.erased_at, gone.name) == (Standing.ERASED, START, None)
    assert (kept.standing, kept.name) == (Standing.KNOWN, NAME)
    request = ReadNotesRequest(note_ids=tuple(r.note_id for r in receipts), purpose="application")
    gone_note, kept_note = await intake.readings.read_notes(request, asks(clerk))
    assert (gone_note.standing, gone_note.text) == (Standing.ERASED, None)
    assert kept_note.text == "评议记录"
    with pytest.raises(Refusal, match="person-erased"):
        await intake.registry.put_notes(uuid4(), "decision", [theirs])
    with pytest.raises(Refusal, match="person-erased") as raised:
        await intake.registry.register(somebody(), asks(clerk))
    assert raised.value.status == 410
    assert intake.store.read_log(0, len(log_before)) == log_before


@pytest.mark.parametrize("change", ["text", "head", "swapped"])
async def test_a_changed_row_is_damaged_and_named_to_the_operator_only(
    intake: Instance, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    clerk = official()
    one = await intake.registry.register(somebody(), asks(clerk))
    two = await intake.registry.register(somebody(id_number("35012119520314124")), asks(clerk))
    rows = intake.store.annex_get(PERSON, [str(one.person_id), str(two.person_id)])
    row = rows[str(one.person_id)]
    body = {
        "text": row.body[:-1] + bytes([row.body[-1] ^ 1]),
        "head": row.body.replace(b"3501", b"3502", 1),
        "swapped": rows[str(two.person_id)].body,
    }[change]
    intake.store.annex_put([row._replace(body=body)])
    damaged, sound = await intake.readings.consult(
        everything(one.person_id, two.person_id), asks(clerk)
    )
    assert (damaged.standing, damaged.name) == (Standing.DAMAGED, None)
    assert sound.name == NAME
    assert f"vault row person/{one.person_id} cannot be opened" in caplog.text


async def test_a_registration_whose_row_expired_is_refused_and_can_be_made_anew(
    intake: Instance,
) -> None:
    asker = asks(official())
    intake.writer.suspend("the log is being checked")
    with pytest.raises(WriterClosed):
        await intake.registry.register(somebody(), asker)
    intake.writer.open()
    intake.later(timedelta(hours=2))
    with pytest.raises(NoteExpired):
        await intake.registry.register(somebody(), asker)
    assert await intake.sweep.step() == (0, 1, 0)
    with pytest.raises(Refusal, match="person-not-stored"):
        await intake.registry.register(somebody(), asker)
    assert intake.names() == []
    anew = await intake.registry.register(somebody(), asks(official()))
    assert intake.names() == ["person-registered"]
    (read,) = await intake.readings.consult(everything(anew.person_id), asks(official()))
    assert read.name == NAME


async def test_nothing_is_answered_while_the_key_store_is_away(intake: Instance) -> None:
    intake.keys.close()
    with pytest.raises(KeyStoreAway):
        await intake.registry.register(somebody(), asks(official()))
    assert intake.events() == []
