"""The distributed run: every service in processes of its own on the real engines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

import httpx
import pytest

from infra.cli.status import Samples, samples_of
from infra.clockwork import advance, drained, now
from infra.demo.office import AUDITOR, CLERK, OPERATOR, TOWNSHIP, House
from infra.demo.people import HOUSEHOLD, Person
from infra.operators import Operator, system_of
from infra.stack import Stack
from infra.stack.process import Process
from shared.clock import legal_date
from shared.settings import SERVICES
from tests.house import application
from tests.waiting import DEADLINE_S, eventually


@pytest.fixture
async def operator(stack: Stack) -> AsyncIterator[Operator]:
    async with Operator(system_of(stack.settings)) as found:
        yield found


@pytest.fixture
async def house(stack: Stack) -> AsyncIterator[House]:
    base = f"{stack.urls['sandbox']}/sandbox"
    sandboxes = {name: f"{base}/{name}" for name in ("departments", "bank")}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield House(system_of(stack.settings), sandboxes, client)


async def accepted(house: House, household: Sequence[tuple[Person, str]] = HOUSEHOLD) -> str:
    """The case of a household that has applied and was accepted."""
    members = []
    for person, relation in household:
        body = person.registration(TOWNSHIP)
        found = await house.do(CLERK, "intake", "/persons", body)
        members.append({"person_id": found["person_id"], "relation": relation})
    everything = ["identity", "household_registration", "check_authorization", "medical_record"]
    body = application(members, materials=everything)
    case_id = str((await house.do(CLERK, "intake", "/applications", body))["case_id"])
    here = f"/applications/{case_id}"
    await house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    return case_id


async def test_every_process_says_that_it_can_work(stack: Stack, operator: Operator):
    for process in stack.processes.values():
        assert process.ready(), f"{process.name}: {process.trouble()}"
    for service in SERVICES:
        status = await operator.get(service, "/ops/status")
        assert status["taking_commands"], status
        assert status["store"].startswith("PostgreSQL")
        assert status["bus"].startswith("Apache Kafka")
        assert status["views"].startswith("MongoDB")


async def test_a_case_goes_its_way_through_processes_that_die(
    stack: Stack, operator: Operator, house: House
):
    """From intake over Kafka to verification, whose workers ask departments and the registry."""
    stack.processes["verification-worker-1"].kill()
    stack.processes["intake-worker-1"].pause()
    case_id = await accepted(house)
    stack.processes["intake-worker-1"].resume()
    await asyncio.to_thread(stack.processes["verification-worker-1"].restart)
    await advance(operator, date(2020, 4, 2))
    assert {legal_date(m) for m in (await now(operator)).values()} == {date(2020, 4, 2)}

    check = await house.see(CLERK, "verification", f"/checks/{case_id}")
    departments = {one["department"] for one in check["departments"]}
    assert departments == {"tax", "social_insurance", "housing", "vehicles", "banks"}
    for service in SERVICES:
        verified = await operator.post(service, "/ops/log/verify")
        assert verified["sound"], verified


async def test_both_apis_of_a_service_tell_the_same(stack: Stack, operator: Operator, house: House):
    await drained(operator)
    token = await house.token(AUDITOR)

    async def listed(instance: int) -> Any:
        url = stack.processes[f"intake-api-{instance}"].url
        headers = {"Authorization": f"Bearer {token}"}
        answer = await house.client.get(f"{url}/applications", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    assert await listed(1) == await listed(2)


async def test_a_request_is_answered_by_the_api_that_is_left(stack: Stack, house: House):
    """The second API takes commands with the first one dead, and the first comes back."""
    first = stack.processes["intake-api-1"]
    first.kill()
    token = await house.token(CLERK)
    second = stack.processes["intake-api-2"].url
    answer = await house.client.get(
        f"{second}/applications", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    await asyncio.to_thread(first.restart)
    assert first.ready()


def test_a_worker_ends_in_order_and_tells_its_health_only(stack: Stack):
    worker = stack.processes["payment-worker-1"]
    assert httpx.get(f"{worker.url}/livez", trust_env=False).status_code == 200
    assert httpx.get(f"{worker.url}/metrics", trust_env=False).status_code == 401
    assert httpx.get(f"{worker.url}/payments", trust_env=False).status_code in (401, 404)
    worker.stop()
    assert not worker.alive
    assert "Finished server process" in worker.last_words()
    worker.restart()
    assert eventually(worker.ready)


async def test_a_worker_measures_what_it_does_and_what_waits(stack: Stack, house: House):
    somebody = Person("某某人", "35092419600101100", "13900015900", "6222021409000009999")
    await accepted(house, [(somebody, "applicant")])
    workers = [stack.processes[f"verification-worker-{number}"] for number in (1, 2)]
    headers = {"Authorization": f"Bearer {await house.token(OPERATOR)}"}

    async def measured(worker: Process) -> Samples:
        answer = await house.client.get(f"{worker.url}/metrics", headers=headers)
        assert answer.status_code == 200, answer.text
        return samples_of(answer.text)

    # Whose partition the case is in takes it up.
    found = await measured(workers[0])
    deadline = time.monotonic() + DEADLINE_S
    while not found["doudi_commands_total"][("recorded",)] and time.monotonic() < deadline:
        workers.reverse()
        found = await measured(workers[0])
    assert found["doudi_look_succeeded"][()] == 1
    partitions = {partition for partition, source in found["doudi_consumer_lag_records"]}
    assert partitions == {str(n) for n in range(stack.settings.kafka_partitions)}
    assert ("checks",) in found["doudi_view_lag_events"]
    assert found["doudi_commands_total"][("recorded",)] >= 1, "reactions are commands too"
    assert found["doudi_ready"][()] == 1
