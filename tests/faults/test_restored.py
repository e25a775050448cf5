"""A database put back from an older copy, and one that was edited: refused, named, made level."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import pytest

from infra.engines import Engine
from shared.kernel.event import Recorded, digest_of
from tests.faults.databases import Database, databases_of
from tests.faults.lives import Driver, Sent, driving
from tests.faults.nursery import Nursery
from tests.faults.reconcile import Log, reconcile
from tests.faults.site import Site, distributed_site, embedded_site

MIDDLE: Final = {"intake": 1, "verification": 2, "decision": 4, "oversight": 5, "payment": 6}
"""The move of the clock after which a service's database is copied: in the middle of its part."""


@dataclass
class Told:
    """A system that has lived the story, with copies of its databases from the middle of it."""

    site: Site
    databases: dict[str, Database]
    cases: list[UUID]
    sent: list[Sent]
    logs: dict[str, Log]
    copied: dict[str, int]
    """Events in each log when it was copied."""


def _down(site: Site, service: str) -> list[str]:
    """End a service's processes, for now."""
    names = [n for n in site.processes if n == "embedded" or n.startswith(f"{service}-")]
    site.kill(*names, rest=True)
    return names


@pytest.fixture(scope="module")
def embedded(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story, told to its end by the embedded system."""
    with embedded_site(tmp_path_factory.mktemp("embedded"), nursery) as site:
        yield asyncio.run(_tell(site, databases_of(site.settings, None)))


@pytest.fixture(scope="module")
def distributed(
    nursery: Nursery, healthy: dict[str, Engine], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """The story, told to its end on the real engines."""
    folder = tmp_path_factory.mktemp("distributed")
    with distributed_site(folder, nursery, healthy) as site:
        yield asyncio.run(_tell(site, databases_of(site.settings, healthy)))


async def _tell(site: Site, databases: dict[str, Database]) -> Told:
    copied: dict[str, int] = {}

    async def copy(moves: int, _to: date) -> None:
        for service in (name for name, middle in MIDDLE.items() if middle == moves):
            names = _down(site, service)
            databases[service].copy()
            with site.store(service) as store:
                copied[service] = store.head()
            site.wake(*names)
            await driver.settle()

    site.start()
    site.keep()
    async with driving(site) as driver:
        driver.between.append(copy)
        figures = await driver.live()
        logs = await reconcile(site, driver, figures)
    return Told(site, databases, list(figures), driver.client.sent, logs, copied)


OWNERS: Final = sorted(MIDDLE.keys() - {"oversight"})
"""Whose log the story grows; oversight's stays empty, and what it can lose are copies."""


@pytest.mark.parametrize("service", OWNERS)
async def test_an_older_copy_put_back_is_refused_and_recovered(
    embedded: Told, service: str
) -> None:
    await _put_back_and_recover(embedded, service)


@pytest.mark.parametrize("service", ["decision", "payment"])
async def test_an_older_copy_put_back_is_refused_and_recovered_on_postgres(
    distributed: Told, service: str
) -> None:
    await _put_back_and_recover(distributed, service)


async def test_oversight_put_back_takes_in_again_what_it_lost(embedded: Told) -> None:
    await _put_oversight_back(embedded)


async def test_oversight_put_back_takes_in_again_what_it_lost_on_postgres(
    distributed: Told,
) -> None:
    await _put_oversight_back(distributed)


async def _put_oversight_back(told: Told) -> None:
    """Copies and positions went back together, so they go on from there together."""
    site = told.site
    with site.store("oversight") as store:
        before = store.copies.end().position
    names = _down(site, "oversight")
    told.databases["oversight"].put_back()
    with site.store("oversight") as store:
        assert 0 < store.copies.end().position < before
    site.wake(*names)
    await asyncio.to_thread(site.wait_ready)
    async with driving(site) as driver:
        await driver.settle()
        with site.store("oversight") as store:
            assert store.copies.end().position == before
        assert (await driver.operator.post("oversight", "/ops/proofs"))["sound"]


async def _put_back_and_recover(told: Told, service: str) -> None:
    site, log = told.site, told.logs[service]
    lost = len(log.rows) - told.copied[service]
    names = _down(site, service)
    told.databases[service].put_back()
    site.wake(*names)
    async with driving(site) as driver:
        await _until_refused(site, service)
        await _commands_are_refused(told, driver, service)
        # Reading goes on, from what the copy has.
        seen = await driver.operator.get(service, "/ops/log", limit=1)
        assert seen["events"][0]["digest"] == log.rows[0].digest.hex()
        done = await driver.operator.post(service, "/ops/log/recover")
        assert (done["events"], done["lost_positions"]) == (lost, [])
        await asyncio.to_thread(site.wait_ready)
        await _same_log(told, driver, service)
        await _retries_change_nothing(told, driver, service)
        await reconcile(site, driver, told.cases)
        await _same_log(told, driver, service)


async def _until_refused(site: Site, service: str) -> None:
    """The service says why it takes no commands, and the log what a person must do."""

    def refused() -> bool:
        status, body = site.health(f"{service}-api-1" if not site.embedded else service)
        return status == HTTPStatus.SERVICE_UNAVAILABLE and "log-forked" in body

    assert await asyncio.to_thread(_eventually, refused), site.health(service)
    name = "embedded" if site.embedded else f"{service}-api-1"
    assert "doudi log recover" in site.processes[name].log.read_text(encoding="utf-8")


def _eventually(is_so: Callable[[], bool]) -> bool:
    from tests.waiting import eventually

    return eventually(is_so, within_s=60, every_s=0.05)


async def _commands_are_refused(told: Told, driver: Driver, service: str) -> None:
    driver.client.patience_s = 0
    command = next(sent for sent in told.sent if sent.service == service)
    answer = await driver.client.again(command)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
    assert answer.json()["code"] == "not-ready"
    driver.client.patience_s = 60


async def _same_log(told: Told, driver: Driver, service: str) -> None:
    """Every event that was there is there again, and none besides but records of reading."""
    await driver.settle()
    with told.site.store(service) as store:
        rows = store.read_log(0, 10_000)
    before = told.logs[service].rows
    assert rows[: len(before)] == before
    assert [row.type for row in rows[len(before) :]] == []


async def _retries_change_nothing(told: Told, driver: Driver, service: str) -> None:
    again = 0
    for sent in told.sent:
        if sent.service != service:
            continue
        answer = await driver.client.again(sent)
        if sent.status < HTTPStatus.BAD_REQUEST:
            again += 1
            assert answer.is_success, (sent.path, answer.text)
            _same_receipt(sent.answer, answer.json())
        else:  # a refusal wrote no event, so no topic could give its outcome back
            assert answer.is_client_error
    assert again


def _same_receipt(before: Any, after: Any) -> None:
    """The same outcome, said to be a repetition where the route tells."""
    assert after.get("repeated") in (None, True)
    assert {**before, "repeated": None} == {**after, "repeated": None}


def _changed(row: Recorded) -> Recorded:
    """One digit of a document is another."""
    at = row.document.rindex(b'"time":"2020') + len(b'"time":"202')
    return row._replace(document=row.document[:at] + b"1" + row.document[at + 1 :])


def changed_byte(rows: list[Recorded]) -> tuple[list[Recorded], set[tuple[str, int]]]:
    at = len(rows) // 2
    return [*rows[:at], _changed(rows[at]), *rows[at + 1 :]], {("changed", at + 1)}


def missing_event(rows: list[Recorded]) -> tuple[list[Recorded], set[tuple[str, int]]]:
    at = len(rows) // 2
    return [*rows[:at], *rows[at + 1 :]], {("missing", at + 1)}


def rehashed_tail(rows: list[Recorded]) -> tuple[list[Recorded], set[tuple[str, int]]]:
    """From the middle on, one stream is sealed anew after a change: its chain holds."""
    at = next(i for i in range(len(rows) // 2, len(rows)) if rows[i].version > 1)
    stream, made, found = rows[at].stream, list(rows), set()
    previous = rows[at].previous_digest
    for place in range(at, len(rows)):
        if rows[place].stream == stream:
            row = _changed(rows[place]) if place == at else rows[place]
            digest = digest_of(previous, row.document)
            made[place] = row._replace(previous_digest=previous, digest=digest)
            previous = digest
            found.add(("rewritten", place + 1))
    return made, found


def cut_end(rows: list[Recorded]) -> tuple[list[Recorded], set[tuple[str, int]]]:
    return rows[:-2], {("cut", len(rows) - 1), ("cut", len(rows))}


def changed_type(rows: list[Recorded]) -> tuple[list[Recorded], set[tuple[str, int]]]:
    at = len(rows) // 2
    other = next(row.type for row in rows if row.type != rows[at].type)
    return [*rows[:at], rows[at]._replace(type=other), *rows[at + 1 :]], {("changed", at + 1)}


Damage = Callable[[list[Recorded]], tuple[list[Recorded], set[tuple[str, int]]]]


@pytest.mark.parametrize(
    "damage", [changed_byte, missing_event, rehashed_tail, cut_end, changed_type]
)
async def test_what_was_done_to_a_log_is_named(embedded: Told, damage: Damage) -> None:
    await _edit_and_verify(embedded, damage)


@pytest.mark.parametrize("damage", [changed_byte, rehashed_tail, cut_end])
async def test_what_was_done_to_a_log_is_named_on_postgres(
    distributed: Told, damage: Damage
) -> None:
    await _edit_and_verify(distributed, damage)


async def _edit_and_verify(told: Told, damage: Damage) -> None:
    service, site = "decision", told.site
    with site.store(service) as store:
        rows = store.read_log(0, 10_000)
    edited, named = damage(rows)
    names = _down(site, service)
    told.databases[service].edit(rows, edited)
    site.wake(*names)
    async with driving(site) as driver:
        proof = await driver.persist(lambda: driver.operator.post(service, "/ops/log/verify"))
        found = {(finding["what"], finding["position"]) for finding in proof["findings"]}
        assert not proof["sound"]
        assert named <= found
        assert {position for _, position in found - named} <= {
            row.position for row in edited if row.stream in _streams(rows, named)
        }
        names = _down(site, service)
        told.databases[service].edit(edited, rows)
        site.wake(*names)
        await asyncio.to_thread(site.wait_ready)
        await driver.settle()
        assert (await driver.operator.post(service, "/ops/log/verify"))["sound"]


def _streams(rows: list[Recorded], named: set[tuple[str, int]]) -> set[UUID]:
    """Streams of the events that were hurt: what follows on these may be named besides."""
    return {rows[position - 1].stream for _, position in named}
