"""After a restore, a person who was erased since stays erased: as an operator does it, by files."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from infra.demo.office import CLERK, COUNTY, OPERATOR, TOWNSHIP, House, Official
from infra.demo.people import APPLICANT
from infra.embedded import Embedded
from infra.operators import System
from services.intake.registry.keys.opening import FILE
from shared.access.roles import Role
from shared.settings import SERVICES, Settings
from tests.house import ADDRESS, Run, eventually, running

OFFICER: Final = Official("erasure officer", Role.COUNTY_OFFICER, COUNTY, "county")
APPROVER: Final = Official("erasure approver", Role.COUNTY_APPROVER, COUNTY, "county")


def copy_of(source: Path, target: Path) -> None:
    """A file's copy, as a backup of the running system makes it."""
    target.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(target)) as copy:
        db.backup(copy)


def put_back(copy: Path, at: Path) -> None:
    """The copy in the file's place, without the journal of what it replaces."""
    for path in at.parent.glob(f"{at.name}*"):
        path.unlink()
    shutil.copy(copy, at)


def living_keys(keys: Path) -> int:
    """How many keys of persons a key store's file holds."""
    with closing(sqlite3.connect(keys)) as db:
        statement = "SELECT count(*) FROM keys WHERE wrapped IS NOT NULL AND key_id LIKE 'person%'"
        (count,) = db.execute(statement).fetchone()
    return int(count)


async def consulted(house: House, person_id: str) -> httpx.Response:
    """What a clerk is answered who asks for a name."""
    asked = {"person_ids": [person_id], "purpose": "application", "fields": ["name"]}
    return await house.call(CLERK, "POST", "intake", "/persons/consultations", asked)


def standing(answer: httpx.Response) -> Any:
    """The one person's standing."""
    (person,) = answer.json()["persons"]
    return person["standing"]


async def lived(run: Run, copies: Path) -> str:
    """A person, copied with everything, and then erased."""
    body = APPLICANT.registration(TOWNSHIP)
    person_id = str((await run.house.do(CLERK, "intake", "/persons", body))["person_id"])
    await run.settled()
    settings = run.embedded.settings
    copy_of(settings.keystore_folder() / FILE, copies / FILE)
    copy_of(settings.data_dir / "intake.db", copies / "intake.db")
    here = f"/persons/{person_id}/erasure"
    asked = {"division": COUNTY, "ground": "registered_in_error", "reason": "重复登记"}
    await run.house.do(OFFICER, "intake", here, asked)
    await run.house.do(APPROVER, "intake", f"{here}/approval", at=here)
    await run.settled()
    return person_id


async def test_an_older_key_store_is_told_before_it_gives_a_key(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as run:
        keys = run.embedded.settings.keystore_folder() / FILE
        person_id = await lived(run, tmp_path / "copies")
    assert living_keys(keys) == 0
    put_back(tmp_path / "copies" / FILE, keys)
    assert living_keys(keys) == 1
    async with running(tmp_path / "data") as run:
        assert standing(await consulted(run.house, person_id)) == "erased"
    assert living_keys(keys) == 0


async def test_an_older_log_beside_it_is_recovered_before_anybody_is_read(tmp_path: Path) -> None:
    """Then nothing on the machine knows of the erasure any more, but the topic does."""
    async with running(tmp_path / "data") as run:
        settings = run.embedded.settings
        person_id = await lived(run, tmp_path / "copies")
    keys = settings.keystore_folder() / FILE
    put_back(tmp_path / "copies" / FILE, keys)
    put_back(tmp_path / "copies" / "intake.db", settings.data_dir / "intake.db")
    async with restarted(settings) as house:

        async def forked() -> bool:
            answer = await house.client.get(f"{ADDRESS}/intake/readyz")
            return "log-forked" in answer.text

        await eventually(forked)
        refused = await consulted(house, person_id)
        assert (refused.status_code, APPLICANT.name in refused.text) == (503, False)
        recovered = await house.call(OPERATOR, "POST", "intake", "/ops/log/recover", {})
        assert recovered.json()["lost_positions"] == []
        assert recovered.json()["events"] > 0

        async def answered() -> httpx.Response | None:
            answer = await consulted(house, person_id)
            return answer if answer.status_code == 200 else None

        found = await eventually(answered)
        assert found is not None
        assert standing(found) == "erased"
        verified = await house.call(OPERATOR, "POST", "intake", "/ops/log/verify")
        assert verified.json()["findings"] == []
    assert living_keys(keys) == 0


@asynccontextmanager
async def restarted(settings: Settings) -> AsyncIterator[House]:
    """The system over a restored folder: it starts, and need not become ready."""
    embedded = Embedded(settings, 8080)
    transport = httpx.ASGITransport(embedded.app)
    async with (
        embedded.app.router.lifespan_context(embedded.app),
        httpx.AsyncClient(transport=transport) as client,
    ):
        services = {name: f"{ADDRESS}/{name}" for name in SERVICES}
        yield House(System(services, f"{ADDRESS}/issuer", "a test"), {}, client)


@pytest.mark.parametrize("found", [0, 1])
def test_the_count_of_living_keys_counts(tmp_path: Path, found: int) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("CREATE TABLE keys (key_id TEXT, wrapped BLOB)")
        db.execute("INSERT INTO keys VALUES ('person:1', ?)", (b"x" if found else None,))
        db.execute("INSERT INTO keys VALUES ('case:1', x'00')")
        db.commit()
    assert living_keys(tmp_path / FILE) == found
