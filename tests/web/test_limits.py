from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.web.limits import RateLimiter
from shared.web.problems import Problem
from tests.web.sample import CASE, House


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def allowed(limiter: RateLimiter, key: str, attempts: int) -> int:
    passed = 0
    for _ in range(attempts):
        try:
            limiter.spend(key)
        except Problem:
            continue
        passed += 1
    return passed


def test_a_burst_then_a_steady_rate() -> None:
    seconds = Seconds()
    limiter = RateLimiter(per_second=2, burst=5, now=seconds)
    assert allowed(limiter, "a", 20) == 5
    seconds.now += 1
    assert allowed(limiter, "a", 20) == 2
    seconds.now += 0.25
    assert allowed(limiter, "a", 20) == 0
    seconds.now += 0.25
    assert allowed(limiter, "a", 20) == 1
    seconds.now += 3600
    assert allowed(limiter, "a", 20) == 5


def test_one_callers_haste_does_not_hold_up_another() -> None:
    limiter = RateLimiter(per_second=1, burst=3, now=Seconds())
    assert allowed(limiter, "a", 10) == 3
    assert allowed(limiter, "b", 10) == 3


def test_the_wait_is_told_in_whole_seconds() -> None:
    limiter = RateLimiter(per_second=0.1, burst=1, now=Seconds())
    limiter.spend("a")
    with pytest.raises(Problem) as refused:
        limiter.spend("a")
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "10"}


def test_memory_is_bounded_and_the_busiest_are_remembered() -> None:
    limiter = RateLimiter(per_second=0.001, burst=2, now=Seconds(), max_keys=10)
    for number in range(1000):
        assert allowed(limiter, "busy", 2) == (2 if number == 0 else 0)
        assert allowed(limiter, f"passer-by {number}", 1) == 1


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_limit_that_lets_nothing_through_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        RateLimiter(rate, burst)


async def test_look_ups_are_limited_per_caller() -> None:
    limiter = RateLimiter(per_second=0.01, burst=3, now=Seconds())
    access = Access({Role.TOWNSHIP_CLERK}, "none", command=False)
    router = APIRouter()

    @router.post("/persons/look-up", dependencies=[Depends(limiter)])
    async def look_up(grant: Annotated[Grant, Depends(access)]) -> dict[str, int]:
        return {"found": 0}

    house = House(router)

    async def statuses(subject: str) -> list[int]:
        async with house.client(**house.token(Role.TOWNSHIP_CLERK, subject=subject)) as http:
            return [(await http.post("/persons/look-up")).status_code for _ in range(5)]

    assert await statuses("one") == [200, 200, 200, 429, 429]
    assert await statuses("two") == [200, 200, 200, 429, 429]


OK = {"Idempotency-Key": "9b2f6e34-5a74-4a51-9a2e-0c6f9f4c1a10", "If-Match": '"3"'}


async def posted(house: House, content: object) -> httpx.Response:
    headers = {**house.token(), **OK, "Content-Type": "application/json"}
    async with house.client(**headers) as http:
        return await http.post(f"/cases/{CASE}/approval", content=content)  # type: ignore[arg-type]


async def test_a_body_over_the_limit_is_refused_announced_or_not() -> None:
    house = House(max_body_bytes=1000)

    async def in_pieces() -> object:
        for _ in range(11):
            yield b" " * 100

    for content in (b" " * 1001, in_pieces()):
        answer = await posted(house, content)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
        assert answer.json()["max_bytes"] == 1000


async def test_a_body_at_the_limit_passes() -> None:
    body = b'{"persons": 4, "accept": true}'
    house = House(max_body_bytes=1000)
    assert (await posted(house, body + b" " * (1000 - len(body)))).status_code == 200
