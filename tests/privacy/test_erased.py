"""After a household was erased, nothing tells who they were: no store, no file, no copy.

Two people live a case to its refusal, with planted marks in everything that is said; then both
are erased, each by two officials. What is proved: nobody is answered with anything of them; their
keys are in the key store no more, wrapped or not; copies of their notes from before cannot be
opened with the key store of today; the chains of all logs verify, and what the story sent stands
in no store, view, topic or log.

What is not proved here, because it is not so: on PostgreSQL the bytes of a wrapped key stay in
free space, write-ahead log, archives and replicas until those are written over. They say nothing
without the master key, and their age is bounded by how long the operator keeps copies.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio

from infra.demo import STANDARDS
from infra.demo.office import (
    AUDITOR,
    CLERK,
    CONFIRMER,
    COUNTY,
    OPERATOR,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from infra.demo.people import APPLICANT, MOTHER, told
from infra.environment import settings_of
from services.intake.registry.keys import Erasure, case_key, person_key
from services.intake.registry.keys.opening import FILE, open_key_store
from services.intake.registry.vault import NOTE, Vault, notes_under
from shared.access.roles import Role
from shared.clock import instant_of
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from shared.runtime.build import open_keys
from shared.settings import SERVICES, Settings
from tests.house import application
from tests.lived import Place, embedded, on_engines
from tests.notices import notice
from tests.privacy.places import marks_of, scan_place
from tests.privacy.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER: Final = Official("erasure officer", Role.COUNTY_OFFICER, COUNTY, "county")
APPROVER: Final = Official("erasure approver", Role.COUNTY_APPROVER, COUNTY, "county")
ENDS_ON: Final = date(2020, 4, 7)
ERASED_ON: Final = date(2020, 4, 8)
WAGES_FEN: Final = 9_000_00


@dataclass
class Household:
    """Two people whose case was refused, and what was stored of them before they were erased."""

    place: Place
    settings: Settings
    persons: list[str] = field(default_factory=list)
    case_id: str = ""
    notes: list[str] = field(default_factory=list)
    wrapped: list[bytes] = field(default_factory=list)
    copied: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def key_ids(self) -> list[str]:
        return [*(person_key(UUID(i)) for i in self.persons), case_key(UUID(self.case_id))]

    def store(self) -> Store:
        """Intake's database, on a connection of its own."""
        if self.place.run is not None:
            return SqliteStore(self.settings.data_dir / "intake.db")
        return PostgresStore(self.settings.database_url_of("intake"), transaction_timeout_s=10.0)

    async def live(self) -> None:
        """From the application to the refusal, everything said with the marks in it."""
        house = self.place.house
        for person in (APPLICANT, MOTHER):
            found = await house.do(CLERK, "intake", "/persons", person.registration(TOWNSHIP))
            self.persons.append(found["person_id"])
        members = [
            {"person_id": i, "relation": relation}
            for i, relation in zip(self.persons, ("applicant", "parent"), strict=True)
        ]
        applied = await house.do(CLERK, "intake", "/applications", application(members))
        self.case_id = applied["case_id"]
        await house.do(
            CLERK,
            "intake",
            f"/applications/{self.case_id}/acceptance",
            at=f"/applications/{self.case_id}",
        )
        await self.place.settled()
        await self.place.advance(date(2020, 4, 3))
        check = f"/checks/{self.case_id}"
        visit = {
            "visited_on": "2020-04-03",
            "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "income": [
                {"person_id": self.persons[0], "kind": "wage", "amount_fen": WAGES_FEN},
            ],
            "findings": told("入户调查，工资高"),
        }
        await house.do(SURVEYOR, "verification", f"{check}/home-visits", visit)
        await self.place.advance(ENDS_ON)
        review = {
            "held_on": ENDS_ON.isoformat(),
            "present": 12,
            "representatives": 9,
            "agreed": 12,
            "upheld": True,
            "minutes": told("民主评议会议记录"),
        }
        await house.do(CLERK, "verification", f"{check}/reviews", review)
        await house.do(CLERK, "verification", f"{check}/completion", at=check)
        await self.place.settled()
        here = f"/cases/{self.case_id}"
        why = {"explanation": told("收入高于标准")}
        await house.do(CLERK, "decision", f"{here}/proposal", why)
        await house.do(CONFIRMER, "decision", f"{here}/refusal", at=f"{here}/determination")
        await self.place.settled()

    async def erase(self, person_id: str) -> None:
        """Two officials, one after the other."""
        house, here = self.place.house, f"/persons/{person_id}/erasure"
        asked = {"division": COUNTY, "ground": "person_request", "reason": "本人申请删除"}
        await house.do(OFFICER, "intake", here, asked)
        await house.do(APPROVER, "intake", f"{here}/approval", at=here)
        await self.place.settled()

    def remember(self) -> None:
        """Keep what is stored before: wrapped keys and sealed notes, as a copy has them."""
        self.wrapped = [
            bytes(row[1])
            for table, row in key_rows(self.settings)
            if table == "keys" and row[0] in self.key_ids
        ]
        assert len(self.wrapped) == len(self.key_ids)
        store = self.store()
        at = instant_of(date(2100, 1, 1))
        for key_id in self.key_ids:
            named = store.annex_expired(notes_under(key_id), at, 100)
            self.notes += [row.key for row in named]
        rows = store.annex_get(NOTE, self.notes)
        self.copied = [(key, bytes(rows[key].body)) for key in self.notes]
        store.close()
        assert len(self.copied) >= 4  # reason, findings, minutes, explanation


def key_rows(settings: Settings) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every row of every table of the key store, with the table's name."""
    tables = ("keys", "identities", "erasure_list", "store")
    if settings.keystore_url is None:
        with closing(sqlite3.connect(settings.keystore_folder() / FILE)) as db:
            for table in tables:
                for row in db.execute(f"SELECT * FROM {table}"):
                    yield table, row
        return
    with psycopg.connect(settings.keystore_url.get_secret_value()) as connection:
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                yield table, row


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["embedded", "engines"])
async def household(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Household]:
    """The household after its erasure, on the embedded run and on the real engines."""
    folder = tmp_path_factory.mktemp("erased")
    layer = folder / "policy"
    layer.mkdir()
    # The retention ends with the day on which the case did.
    notice(layer, programme="all", personal_data_retention_years=0)
    begin = embedded if request.param == "embedded" else on_engines
    async with begin(folder, (STANDARDS, layer)) as place:
        if place.run is not None:
            settings = place.run.embedded.settings
        else:
            assert place.stack is not None
            settings = settings_of(place.stack.environment)
        lived = Household(place, settings)
        await lived.live()
        early = {"division": COUNTY, "ground": "person_request", "reason": "本人申请删除"}
        here = f"/persons/{lived.persons[0]}/erasure"
        refused = await place.house.call(OFFICER, "POST", "intake", here, early)
        assert (refused.status_code, refused.json()["code"]) == (409, "inside-retention")
        await place.advance(ERASED_ON)
        await asyncio.to_thread(lived.remember)
        for person_id in lived.persons:
            await lived.erase(person_id)
        yield lived


async def test_nobody_is_told_anything_of_them(household: Household) -> None:
    house = household.place.house
    asked = {
        "person_ids": household.persons,
        "purpose": "application",
        "fields": ["name", "id_number", "phone", "address", "account", "birth_date"],
    }
    for official in (CLERK, OFFICER, APPROVER):
        read = await house.call(official, "POST", "intake", "/persons/consultations", asked)
        for person in read.json()["persons"]:
            assert set(person) == {"person_id", "standing", "erased_at"}
            assert person["standing"] == "erased"
    notes = {"note_ids": household.notes, "purpose": "application"}
    read = await house.call(CLERK, "POST", "intake", "/notes/readings", notes)
    assert {note["standing"] for note in read.json()["notes"]} == {"erased"}
    for person_id in household.persons:
        state = await house.see(AUDITOR, "intake", f"/persons/{person_id}/erasure")
        assert state["stage"] == "erased"


async def test_the_reason_is_still_there_and_tells_nobody(household: Household) -> None:
    house = household.place.house
    here = f"/persons/{household.persons[0]}/erasure"
    reason = (await house.see(AUDITOR, "intake", here))["reason"]["note_id"]
    asked = {"note_ids": [reason], "purpose": "audit"}
    read = await house.call(AUDITOR, "POST", "intake", "/notes/readings", asked)
    assert [note["text"] for note in read.json()["notes"]] == ["本人申请删除"]


async def test_no_key_of_theirs_is_in_the_key_store_wrapped_or_not(household: Household) -> None:
    held = list(key_rows(household.settings))
    contents = [bytes(c) for _, row in held for c in row if isinstance(c, bytes | memoryview)]
    assert not [w for w in household.wrapped if w in contents]
    tombstones = {row[0] for table, row in held if table == "keys" and row[1] is None}
    assert tombstones == set(household.key_ids)
    assert not [row for table, row in held if table == "identities"]
    if household.place.run is not None:
        for path in household.settings.keystore_folder().iterdir():
            content = path.read_bytes()
            assert not [w for w in household.wrapped if w in content], path.name


async def test_what_was_sealed_is_emptied_and_its_copies_cannot_be_opened(
    household: Household,
) -> None:
    settings = household.settings
    keys = open_key_store(settings, open_keys(settings, "intake"))
    store = household.store()
    emptied = store.annex_get(NOTE, household.notes)
    assert set(emptied) == set(household.notes)
    assert all(bytes(row.body).partition(b"\n")[2] == b"" for row in emptied.values())
    # As they were before, from a copy, beside the key store of today.
    for key, body in household.copied:
        assert len(body.partition(b"\n")[2]) > 0
        store.annex_put([emptied[key]._replace(body=body)])
    ids = [UUID(key) for key in household.notes]
    told_now = Vault(store, keys).notes(ids)
    store.annex_put(list(emptied.values()))
    assert all(isinstance(note.text, Erasure) for note in told_now.values())
    assert len(told_now) == len(ids)
    store.close()
    keys.close()


async def test_every_chain_still_verifies(household: Household) -> None:
    await household.place.settled()
    for service in SERVICES:
        answer = await household.place.house.call(OPERATOR, "POST", service, "/ops/log/verify")
        verified = answer.json()
        assert (verified["sound"], verified["findings"]) == (True, []), service
        if service in ("intake", "verification", "decision"):
            assert verified["events"] > 0


async def test_nothing_they_or_anybody_said_is_anywhere(household: Household) -> None:
    place = household.place
    scan = Scan(marks_of(place.house.sent))
    assert {APPLICANT.name, MOTHER.id_number, APPLICANT.account} <= scan.marks
    await place.settled()
    await scan_place(place, scan)
    assert scan.findings == []
    assert any("applications" in store for store in scan.fields), "no view was looked at"


async def test_who_registers_with_the_number_now_is_somebody_new(household: Household) -> None:
    again = await household.place.house.do(
        CLERK, "intake", "/persons", APPLICANT.registration(TOWNSHIP)
    )
    assert again["recognised"] is False
    assert again["person_id"] not in household.persons
