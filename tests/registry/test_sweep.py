"""The sweep keeps what an event names and takes away what none will ever name."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.registry.decisions import Likeness, Register, register
from services.intake.registry.id_number import parse_id_number
from services.intake.registry.keys import KeyDestroyed, person_key
from services.intake.registry.model import hour_of
from services.intake.registry.owners import CommandStanding, HttpOwner, Owner, OwnerAway
from services.intake.registry.records import Person, PersonHead
from services.intake.registry.registry import digest_of, identity_of
from services.intake.registry.rules import OFFICIAL
from services.intake.registry.sweep import Sweep, Swept
from services.intake.registry.vault import NOTE, PERSON
from shared.access.persons import NewNote
from shared.clock import legal_date
from shared.kernel.submission import Note
from tests.registry.conftest import CELL, House, Instance, asks
from tests.registry.people import MINHOU, NAME, NUMBER, VILLAGE, official, somebody

HOUR = timedelta(hours=1)


class Decision:
    """Another service, as its answers tell: which commands it handled, and its clock."""

    def __init__(self) -> None:
        self.handled: dict[UUID, int] = {}
        self.named: dict[UUID, frozenset[UUID]] = {}
        self.now: datetime | None = None
        self.asked = 0

    async def standing(self, command_id: UUID) -> CommandStanding:
        self.asked += 1
        if self.now is None:
            raise OwnerAway("not yet up")
        events = self.handled.get(command_id)
        return CommandStanding(
            self.now, events is not None, events or 0, self.named.get(command_id)
        )


class Vaulted:
    """A vault with a note of a command of the decision service."""

    def __init__(self, intake: Instance) -> None:
        self.intake = intake
        self.decision = Decision()
        self.decision.now = intake.clock.now()
        owners: dict[str, Owner] = {"decision": self.decision}
        self.sweep = Sweep(intake.vault, intake.registry.holder, owners, intake.clock.now)

    async def put(self, command_id: UUID, owner: str = "decision") -> str:
        note = NewNote(region=MINHOU, text="评议记录", case_id=uuid4())
        (receipt,) = await self.intake.registry.put_notes(command_id, owner, [note])
        return str(receipt.note_id)

    def there(self, note_id: str) -> bool:
        return note_id in self.intake.store.annex_get(NOTE, [note_id])

    def expires(self, note_id: str) -> datetime | None:
        return self.intake.store.annex_get(NOTE, [note_id])[note_id].expires_at

    def later(self, span: timedelta) -> None:
        self.intake.later(span)
        self.decision.now = self.intake.clock.now()


@pytest.fixture
def vaulted(intake: Instance) -> Vaulted:
    return Vaulted(intake)


async def test_another_text_under_the_same_key_is_not_kept_with_the_one_that_is_named(
    vaulted: Vaulted,
) -> None:
    command_id = uuid4()
    named, orphan = await vaulted.put(command_id), await vaulted.put(command_id)
    vaulted.decision.handled[command_id] = 1
    vaulted.decision.named[command_id] = frozenset({UUID(named)})
    vaulted.later(2 * HOUR)
    assert await vaulted.sweep.step() == Swept(1, 1, 0)
    assert (vaulted.there(named), vaulted.there(orphan)) == (True, False)


async def test_a_note_that_an_event_names_is_kept_for_good(vaulted: Vaulted) -> None:
    command_id = uuid4()
    note_id = await vaulted.put(command_id)
    vaulted.decision.handled[command_id] = 2
    assert await vaulted.sweep.step() == Swept(0, 0, 0)
    assert vaulted.decision.asked == 0
    vaulted.later(2 * HOUR)
    assert await vaulted.sweep.step() == Swept(1, 0, 0)
    assert vaulted.expires(note_id) is None
    vaulted.later(1000 * HOUR)
    assert await vaulted.sweep.step() == Swept(0, 0, 0)
    assert vaulted.there(note_id)


async def test_a_note_of_a_command_that_wrote_nothing_goes(vaulted: Vaulted) -> None:
    refused, never = uuid4(), uuid4()
    notes = [await vaulted.put(refused), await vaulted.put(never)]
    vaulted.decision.handled[refused] = 0
    vaulted.later(2 * HOUR)
    assert await vaulted.sweep.step() == Swept(0, 2, 0)
    assert not any(vaulted.there(note_id) for note_id in notes)


async def test_a_note_waits_out_its_time_and_the_grace(vaulted: Vaulted) -> None:
    note_id = await vaulted.put(uuid4())
    vaulted.later(HOUR + timedelta(minutes=9))
    assert await vaulted.sweep.step() == Swept(0, 0, 0)
    vaulted.later(timedelta(minutes=2))
    assert await vaulted.sweep.step() == Swept(0, 1, 0)
    assert not vaulted.there(note_id)


async def test_while_the_owners_clock_is_behind_its_turn_may_still_take_the_note(
    vaulted: Vaulted,
) -> None:
    note_id = await vaulted.put(uuid4())
    behind = vaulted.intake.clock.now() + timedelta(minutes=50)
    vaulted.later(24 * HOUR)
    vaulted.decision.now = behind
    assert await vaulted.sweep.step() == Swept(0, 0, 1)
    assert vaulted.there(note_id)
    vaulted.later(HOUR)
    assert await vaulted.sweep.step() == Swept(0, 1, 0)


async def test_nothing_goes_while_the_owner_is_silent_and_others_are_not_held_up(
    vaulted: Vaulted, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = [await vaulted.put(uuid4(), owner="payment") for _ in range(5)]
    vaulted.later(timedelta(minutes=1))
    note_id = await vaulted.put(uuid4())
    sweep = Sweep(
        vaulted.intake.vault,
        vaulted.intake.registry.holder,
        {"decision": vaulted.decision},
        vaulted.intake.clock.now,
        rows=3,
    )
    vaulted.later(2 * HOUR)
    with caplog.at_level(logging.WARNING):
        steps = [await sweep.step(), await sweep.step()]
    assert steps == [Swept(0, 0, 3), Swept(0, 1, 2)]
    assert not vaulted.there(note_id)
    assert all(vaulted.there(one) for one in stuck)
    assert len(caplog.records) == 2, "one line a step and silent service, not one a note"
    vaulted.decision.now = None
    again = await vaulted.put(uuid4())
    vaulted.intake.later(2 * HOUR)
    await sweep.step()
    assert vaulted.there(again)


async def test_a_note_put_again_while_it_is_swept_is_not_lost(vaulted: Vaulted) -> None:
    note = NewNote(region=MINHOU, text="评议记录", case_id=uuid4())
    command_id = uuid4()
    intake = vaulted.intake
    await intake.registry.put_notes(command_id, "decision", [note])
    vaulted.later(2 * HOUR)
    (stale,) = intake.vault.expired(NOTE, intake.clock.now(), 10)
    assert await vaulted.sweep.step() == Swept(0, 1, 0)
    (receipt,) = await intake.registry.put_notes(command_id, "decision", [note])
    assert receipt.expires_at == intake.clock.now() + HOUR
    intake.vault.sweep(stale, intake.clock.now())  # another sweep that had stalled since
    assert vaulted.there(str(receipt.note_id))


def stored(intake: Instance, house: House, command_id: UUID) -> tuple[UUID, PersonHead]:
    """A person's row as a process leaves it that dies before it submits the command."""
    number = parse_id_number(NUMBER, legal_date(intake.clock.now()))
    stream = identity_of(intake.keys.identify(digest_of(house.ring, number)))
    head = PersonHead(command_id=command_id, stream=stream.id(CELL, "intake"), region=VILLAGE)
    person = Person(id_number=NUMBER, name=NAME, birth_date=number.birth_date)
    person_id = uuid4()
    intake.vault.put_person(person_id, person, head, intake.clock.now() + HOUR)
    return person_id, head


async def test_a_person_whose_registration_never_came_goes_with_their_key(
    house: House, intake: Instance
) -> None:
    person_id, _ = stored(intake, house, uuid4())
    intake.later(2 * HOUR)
    assert await intake.sweep.step() == Swept(0, 1, 0)
    assert intake.store.annex_get(PERSON, [str(person_id)]) == {}
    with pytest.raises(KeyDestroyed):
        intake.keys.get(person_key(person_id))


async def test_a_person_registered_by_a_process_that_died_then_is_kept_and_can_be_read(
    house: House, intake: Instance
) -> None:
    clerk = official()
    command_id = uuid4()
    person_id, _ = stored(intake, house, command_id)
    asker = asks(clerk, command_id)
    number = parse_id_number(NUMBER, legal_date(intake.clock.now()))
    identity = identity_of(intake.keys.identify(digest_of(house.ring, number)))
    note = Note(person_id, intake.clock.now() + HOUR)
    hour = hour_of(asker.caller.id, intake.clock.now())
    command = Register(person_id, VILLAGE, True, Likeness.NOBODY, hour, OFFICIAL)
    reads = (identity, hour)
    await intake.writer.execute(asker.submission(command, register, reads, VILLAGE, (note,)))
    intake.later(2 * HOUR)
    assert await intake.sweep.step() == Swept(1, 0, 0)
    row = intake.store.annex_get(PERSON, [str(person_id)])[str(person_id)]
    assert row.expires_at is None
    assert intake.vault.related([person_id], clerk.jurisdiction) == {person_id}


async def test_the_row_of_a_lost_race_goes_and_the_winners_stays(
    house: House, intake: Instance
) -> None:
    command_id = uuid4()
    loser, _ = stored(intake, house, command_id)
    winner = await intake.registry.register(somebody(), asks(official()))
    intake.later(2 * HOUR)
    assert await intake.sweep.step() == Swept(0, 1, 0)
    rows = intake.store.annex_get(PERSON, [str(loser), str(winner.person_id)])
    assert set(rows) == {str(winner.person_id)}
    assert intake.keys.get(person_key(winner.person_id))


async def test_sweeps_of_several_instances_agree(house: House) -> None:
    instances = [house.instance(), house.instance()]
    kept = await instances[0].registry.register(somebody(), asks(official()))
    gone = [stored(instances[0], house, uuid4())[0] for _ in range(6)]
    house.clock.set_to(house.clock.now() + 2 * HOUR)
    await asyncio.gather(*(instance.sweep.step() for instance in instances))
    ids = [str(i) for i in (*gone, kept.person_id)]
    assert set(instances[0].store.annex_get(PERSON, ids)) == {str(kept.person_id)}


class _Answers(BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, Any]]

    def do_GET(self) -> None:
        status, answer = self.answers[self.path]
        assert self.headers["Authorization"] == "Bearer notes"
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class _Bearer(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = "Bearer notes"
        yield request


async def test_another_service_is_asked_over_http() -> None:
    known, unknown, broken, odd = (uuid4() for _ in range(4))
    now = "2020-04-01T02:00:00+00:00"
    answers = {
        f"/ops/commands/{known}": (200, {"now": now, "handled": True, "events": 2, "more": 1}),
        f"/ops/commands/{unknown}": (200, {"now": now, "handled": False, "events": None}),
        f"/ops/commands/{broken}": (503, {"code": "engine-away"}),
        f"/ops/commands/{odd}": (200, {"handled": "perhaps"}),
    }
    handler = type("Answers", (_Answers,), {"answers": answers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        async with httpx.AsyncClient(base_url=url) as client:
            owner = HttpOwner(client, _Bearer())
            at = datetime.fromisoformat(now)
            assert await owner.standing(known) == CommandStanding(at, True, 2)
            assert await owner.standing(unknown) == CommandStanding(at, False, 0)
            for command_id in (broken, odd):
                with pytest.raises(OwnerAway):
                    await owner.standing(command_id)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    async with httpx.AsyncClient(base_url=url) as client:
        with pytest.raises(OwnerAway, match="ConnectError"):
            await HttpOwner(client, _Bearer()).standing(known)
