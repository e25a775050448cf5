"""Commands over HTTP through a real writer: once, whatever is repeated."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.kernel.event import read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.submission import Outcome, Submission
from shared.kernel.writer import Writer
from shared.web import commands
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch
from shared.web.problems import Problem
from tests.kernel.conftest import Pointer, setting
from tests.kernel.domain import LIMIT_FEN, count, purse, stream_id
from tests.web.sample import TOWNSHIP, House, actor

KEY = "9b2f6e34-5a74-4a51-9a2e-0c6f9f4c1a10"
OTHER_KEY = "00000000-0000-4000-8000-000000000002"
CLERK = Access({Role.TOWNSHIP_CLERK}, "case")
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Amount(BaseModel):
    amount_fen: int = Field(ge=1)


class Purses:
    """A service of purses: its database, a writer in a thread, and its application."""

    def __init__(self) -> None:
        self.store = MemoryStore(MemoryDatabase())
        self.writer = Writer(self.store, setting(), Pointer())
        router = APIRouter()

        @router.post("/purses/{name}/amounts")
        async def add(
            name: str,
            body: Amount,
            grant: Annotated[Grant, Depends(CLERK)],
            key: Idempotent,
            version: IfMatch,
            response: Response,
        ) -> Receipt:
            grant.require(TOWNSHIP.code)
            submission = commands.submission(
                grant,
                key,
                body.amount_fen,
                reads=[purse(name)],
                decide=count,
                region=TOWNSHIP.code,
                expected_version=version,
            )
            return await commands.execute(self.writer, submission, response)

        self.house = House(router)

    async def add(
        self, amount_fen: int, *, version: int = 0, key: str = KEY, name: str = "a"
    ) -> httpx.Response:
        headers = {
            **self.house.token(Role.TOWNSHIP_CLERK, subject="clerk"),
            "Idempotency-Key": key,
            "If-Match": f'"{version}"',
            "traceparent": TRACEPARENT,
        }
        async with self.house.client(**headers) as http:
            return await http.post(f"/purses/{name}/amounts", json={"amount_fen": amount_fen})


@pytest.fixture
def purses() -> Iterator[Purses]:
    made = Purses()
    stopping = threading.Event()
    thread = threading.Thread(target=made.writer.run, args=(stopping,))
    thread.start()
    made.writer.open()
    yield made
    stopping.set()
    made.writer.close()
    thread.join(5)
    assert not thread.is_alive()


async def test_a_command_is_recorded_and_answered_with_version_and_position(
    purses: Purses,
) -> None:
    answer = await purses.add(5_00)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"1"'
    receipt = Receipt.model_validate(answer.json())
    assert (receipt.version, receipt.position, receipt.events) == (1, 1, 1)
    assert not receipt.repeated
    [recorded] = purses.store.read_stream(stream_id(purse("a")))
    document = read(recorded)
    assert document.command_id == document.causation_id == receipt.command_id
    assert (document.actor, document.role) == (actor("clerk"), "township_clerk")
    assert document.region == TOWNSHIP.code
    assert document.traceparent is not None
    # The trace is the answer's, begun here: what an official's client names is in no event.
    assert document.traceparent == answer.headers["traceparent"]
    assert TRACEPARENT[3:35] not in recorded.document.decode()


async def test_the_same_request_again_has_one_effect_and_its_first_answer(purses: Purses) -> None:
    first = (await purses.add(5_00)).json()
    again = await purses.add(5_00)  # its If-Match is stale by now: the outcome is found first
    assert again.status_code == 200
    assert again.json() == first | {"repeated": True}
    assert purses.store.head() == 1


async def test_many_repetitions_at_once_have_one_effect(purses: Purses) -> None:
    answers = await asyncio.gather(*(purses.add(5_00) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * 19
    assert purses.store.head() == 1


async def test_another_request_under_the_same_key_is_refused(purses: Purses) -> None:
    await purses.add(5_00)
    for answer in (await purses.add(6_00), await purses.add(5_00, name="b")):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert purses.store.head() == 1


async def test_a_stale_version_is_refused_and_may_be_tried_again(purses: Purses) -> None:
    await purses.add(5_00)
    answer = await purses.add(1_00, version=0, key=OTHER_KEY)
    assert (answer.status_code, answer.json()["current_version"]) == (412, 1)
    assert answer.headers["etag"] == '"1"'
    assert (await purses.add(1_00, version=1, key=OTHER_KEY)).status_code == 200


async def test_a_refusal_is_the_answer_of_every_repetition(purses: Purses) -> None:
    for _ in range(2):
        answer = await purses.add(LIMIT_FEN + 1)
        assert (answer.status_code, answer.json()["code"]) == (409, "limit-reached")
        assert answer.json()["facts"] == {"counted_fen": 0, "allowed_fen": LIMIT_FEN}
        assert answer.json()["source"] == "tests, art. 1"
    assert purses.store.head() == 0


async def test_a_closed_writer_is_503_and_reads_go_on(purses: Purses) -> None:
    purses.writer.close("the log has not passed its check")
    answer = await purses.add(5_00)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "retry-after" in answer.headers
    async with purses.house.client(**purses.house.token(Role.AUDITOR)) as http:
        assert (await http.get("/cases")).status_code == 200


class NeverAnswers:
    async def execute(self, submission: Submission) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError


async def test_an_outcome_not_known_in_time_says_to_retry_with_the_same_key() -> None:
    command: Any = object()
    with pytest.raises(Problem) as unknown:
        await commands.execute(NeverAnswers(), command, Response(), timeout_s=0.01)
    assert unknown.value.status == 503
    assert unknown.value.kind.code == "outcome-unknown"
    assert "Idempotency-Key" in unknown.value.detail
