"""Topics that are not there, not right, or made anew; and what does not belong into one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from infra.demo.office import CLERK, TOWNSHIP
from infra.demo.people import APPLICANT, PLANTED, told
from infra.engines import Engine
from infra.operators import OperatorError
from shared.bus.port import Bus, BusAway, TopicMissing, TopicSpec, topic_settings
from shared.runtime.build import topic_specs
from shared.runtime.service import topic_of
from tests.faults.lives import Between, Driver, driving
from tests.faults.nursery import Nursery
from tests.faults.points import Faults
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, embedded_site, until

MADE_ANEW: Final = 4
"""The move of the clock after which a topic is made anew: its history lies behind it."""

TYPE: Final = "doudi.verification.check-completed"


async def test_a_topic_missing_wrong_and_made_anew(
    folder: Path, nursery: Nursery, mortal: dict[str, Engine]
) -> None:
    with distributed_site(folder, nursery, mortal) as site, site.bus() as bus:
        right = next(spec for spec in topic_specs(site.settings) if "verification" in spec.name)
        await _gone(bus, right.name)
        site.start()
        site.keep()
        await _named(site, f"topic {right.name} does not exist: create it with `doudi topics`")
        await _made(bus, TopicSpec(right.name, right.partitions + 1))
        await _named(site, f"topic {right.name}: partitions is 5, must be 4")
        await _gone(bus, right.name)
        with _administrator(mortal) as administrator:
            await until(lambda: _make_passing(administrator, right))
            await _named(site, f"topic {right.name}: retention.ms is 604800000, must be -1")
            keep = ConfigResource(
                ConfigResourceType.TOPIC, right.name, configs={"retention.ms": "-1"}
            )
            administrator.alter_configs([keep])
        await asyncio.to_thread(site.wait_ready)

        async def make_anew(moves: int, _to: date) -> None:
            if moves == MADE_ANEW:
                before = bus.topic_id(right.name)
                await _gone(bus, right.name)
                await _made(bus, right)
                assert bus.topic_id(right.name) != before

        await _live_beside_garbage(site, make_anew)


async def _gone(bus: Any, name: str) -> None:
    """Delete a topic, and wait until the cluster knows it."""
    bus.delete_topic(name)

    def is_gone() -> bool:
        try:
            bus.topic_id(name)
        except TopicMissing:
            return True
        return False

    await until(is_gone)


async def _made(bus: Bus, spec: TopicSpec) -> None:
    """Create a topic; the broker may still be busy with the one of that name before."""

    def is_made() -> bool:
        try:
            bus.create_topics([spec])
            bus.topic_id(spec.name)
        except (BusAway, TopicMissing):
            return False
        return True

    await until(is_made)


async def _named(site: Site, sentence: str) -> None:
    """Every API says that the topics are not right, and its log which and how."""
    for service in site.house.services:
        name = f"{service}-api-1"
        log = site.processes[name].log
        await until(lambda log=log: log.exists() and sentence in log.read_text(encoding="utf-8"))
        status, body = site.health(name)
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
        assert "topics-not-right" in body


@contextmanager
def _administrator(engines: dict[str, Engine]) -> Iterator[Any]:
    with closing(KafkaAdminClient(bootstrap_servers=engines["kafka"].address)) as administrator:
        yield administrator


def _make_passing(administrator: Any, spec: TopicSpec) -> bool:
    """Create the topic so that it forgets after a week; false while there still is another."""
    configs = {**topic_settings(1), "retention.ms": "604800000"}
    made = {"num_partitions": spec.partitions, "replication_factor": 1, "configs": configs}
    try:
        administrator.create_topics({spec.name: made})
    except TopicAlreadyExistsError:
        return False
    return True


GARBAGE: Final = f"no event at all, but {told('somebody')}".encode()
UNKNOWN: Final = uuid4()
"""The key of records of a version that nobody knows yet."""


async def test_what_is_no_event_is_set_aside_and_given_up(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery) as site:
        site.start()
        site.keep()
        await asyncio.to_thread(site.wait_ready)
        await _live_beside_garbage(site)


async def _live_beside_garbage(site: Site, *between: Between) -> None:
    """Live while what is no event lies on a topic; other cases go on, and it is given up."""
    async with driving(site) as driver:

        async def litter(moves: int, _to: date) -> None:
            if moves == 1:
                await asyncio.to_thread(_litter, site)

        driver.between += [litter, *between]
        figures = await driver.live()
        rows = await _parked(driver)
        assert sorted(row["reason"] for row in rows) == [
            "behind-parked",
            "invalid-event",
            "no-event",
            "unknown-version",
        ]
        await reconcile(site, driver, figures, parked=len(rows))
        for row in sorted(rows, key=lambda row: row["ordinal"]):
            await _give_up(driver, row)
        assert await _parked(driver) == []
        await reconcile(site, driver, figures)
    _tells_nothing(site)


def _litter(site: Site) -> None:
    """Put on verification's topic what never should be there."""
    topic = topic_of(site.settings.cell, "verification")
    key, known = str(UNKNOWN).encode(), (("type", f"{TYPE}.v1".encode()),)
    with site.bus() as bus:
        producer = bus.producer()
        producer.send(topic, None, GARBAGE, ())
        producer.send(topic, str(uuid4()).encode(), GARBAGE, known)
        producer.send(topic, key, GARBAGE, (("type", f"{TYPE}.v9".encode()),))
        producer.send(topic, key, GARBAGE, known)
        producer.send(topic, key, GARBAGE, (("type", b"doudi.verification.unheard-of.v1"),))
        producer.flush(30)
        producer.discard()


async def _parked(driver: Driver) -> list[dict[str, Any]]:
    found = await driver.operator.get("decision", "/ops/parked")
    return list(found["items"])


async def _give_up(driver: Driver, row: dict[str, Any]) -> None:
    """Look at it, find that it still cannot be applied, and discard it with a reason."""
    path = "/ops/parked/{consumer}/{key}/{ordinal}".format(**row)
    seen = await driver.operator.get("decision", path)
    assert (seen["size_bytes"], seen["applicable"]) == (len(GARBAGE), False)
    assert not set(PLANTED) & {value for value in seen.values() if isinstance(value, str)}
    with pytest.raises(OperatorError) as refused:
        await driver.operator.post("decision", f"{path}/redrive", key=uuid4())
    assert refused.value.status == HTTPStatus.CONFLICT
    reason, key = {"reason": told("not ours")}, uuid4()
    first = await driver.operator.post("decision", f"{path}/discard", reason, key=key)
    again = await driver.operator.post("decision", f"{path}/discard", reason, key=key)
    assert again == {**first, "repeated": True}
    other = {"reason": told("another reason")}
    with pytest.raises(OperatorError) as refused:
        await driver.operator.post("decision", f"{path}/discard", other, key=key)
    assert refused.value.code == "idempotency-key-reused"


def _tells_nothing(site: Site) -> None:
    """No log line holds what was in the garbage."""
    for process in site.processes.values():
        text = process.log.read_text(encoding="utf-8")
        assert not [mark for mark in PLANTED if mark in text]


async def test_an_event_that_is_too_large_is_refused_and_nothing_is_written(
    folder: Path, nursery: Nursery
) -> None:
    with embedded_site(folder, nursery) as site:
        site.plant("embedded", Faults(event_bytes=900))
        site.start()
        site.keep()
        async with driving(site) as driver:
            body = APPLICANT.registration(TOWNSHIP)
            key = uuid4()
            person = await driver.client.do(CLERK, "intake", "/persons", body)
            application = {
                "programme": "dibao",
                "division": TOWNSHIP,
                "applicant": person["person_id"],
                "members": [{"person_id": person["person_id"], "relation": "applicant"}],
                "materials": ["identity"],
                "reason": told("small"),
            }
            await driver.settle()
            before = _head(site)
            refused = await _submit(driver, application, key)
            assert refused == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "event-too-large")
            assert _head(site) == before
            large = {**application, "reason": "长" * 300_000}
            refused = await _submit(driver, large, uuid4())
            assert refused == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")
            assert _head(site) == before
            site.kill("embedded")
            # The refusal was recorded: the same command gets it again; a new one is decided.
            assert (await _submit(driver, application, key))[1] == "event-too-large"
            assert (await _submit(driver, application, uuid4()))[0] == HTTPStatus.CREATED
            await reconcile(site, driver)


def _head(site: Site) -> int:
    with site.store("intake") as store:
        return store.head()


async def _submit(driver: Driver, application: dict[str, Any], key: UUID) -> tuple[int, str]:
    answer = await driver.client.call(
        CLERK, "POST", "intake", "/applications", application, key=key
    )
    return answer.status_code, answer.json().get("code", "")
