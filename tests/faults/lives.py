"""Several households' lives on one clock, told by clients that do not give up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from infra.clockwork import drained
from infra.demo.office import House, Official
from infra.demo.people import HOUSEHOLD, Household, Person
from infra.demo.story import EXPECTED, Figures, Story, differences
from infra.operators import Away, Operator, System
from shared.clock import instant_of
from tests.faults.site import Site

PATIENCE_S: Final = 120.0
"""How long a client tries: longer than any outage of these tests on a busy machine."""

Between = Callable[[int, date], Awaitable[None]]
"""Called after each move of the clock with its number, from 0, and its date."""


@dataclass(frozen=True)
class Sent:
    """A command as it was sent, and what came back."""

    official: Official
    method: str
    service: str
    path: str
    body: Mapping[str, Any] | None
    key: UUID
    if_match: str | None
    status: int
    answer: Any


@dataclass
class Client(House):
    """The offices' client: keeps what it sent, and tells of each request before it goes."""

    sent: list[Sent] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    async def call(
        self,
        official: Official,
        method: str,
        service: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: UUID | None = None,
        if_match: str | None = None,
    ) -> httpx.Response:
        """One request, answered in the end."""
        self.before()
        key = key or uuid4()
        answer = await super().call(
            official, method, service, path, body, key=key, if_match=if_match
        )
        if method != "GET":
            told = answer.json() if answer.content else None
            what = (official, method, service, path, body, key, if_match)
            self.sent.append(Sent(*what, answer.status_code, told))
        return answer

    async def again(self, sent: Sent) -> httpx.Response:
        """The same request once more."""
        return await super().call(
            sent.official,
            sent.method,
            sent.service,
            sent.path,
            sent.body,
            key=sent.key,
            if_match=sent.if_match,
        )


@dataclass
class Driver:
    """Who lives the stories: the offices and the operator."""

    client: Client
    operator: Operator
    between: list[Between] = field(default_factory=list)

    async def live(self, households: int = 2) -> dict[UUID, Figures]:
        """Live so many households' stories side by side, to the end; figures by case.

        Raises ``AssertionError`` where a figure is off.
        """
        return await self.pay(await self.until_confirmed(households))

    async def until_confirmed(self, households: int) -> list[UUID]:
        """Up to the confirmed cases."""
        clock = _Clock(self, households)
        stories = [
            Story(self.client, clock, _mute, household=household(n)) for n in range(households)
        ]
        async with asyncio.TaskGroup() as group:
            lives = [group.create_task(story.until_confirmed()) for story in stories]
        return [life.result() for life in lives]

    async def pay(self, cases: list[UUID]) -> dict[UUID, Figures]:
        """May's run, and what it all came to."""
        teller = Story(self.client, _Clock(self, 1, begin=6), _mute)
        await teller.pay()
        figures = {case_id: await teller.figures(case_id) for case_id in cases}
        self.require(figures)
        return figures

    def require(self, figures: Mapping[UUID, Figures]) -> None:
        """Every case's figures, and the bank's for all of them together, are as expected."""
        count = len(figures)
        wanted = replace(EXPECTED, bank_credits=count, bank_fen=EXPECTED.bank_fen * count)
        off = {case_id: differences(seen, wanted) for case_id, seen in figures.items()}
        assert not any(off.values()), off

    async def settle(self) -> None:
        """Return once nothing is on its way."""
        await drained(self.operator, within_s=PATIENCE_S)

    async def jump(self, to: date) -> None:
        """Move every service's hand clock to a date at once; nothing is on its way after."""
        await self.settle()
        body = {"to": instant_of(to).isoformat()}
        for service in self.operator.services:
            await self.persist(lambda at=service: self.operator.post(at, "/ops/clock", body))
        await self.settle()

    async def persist(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """An operator's request, repeated until it is answered."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                return await ask()
            except Away:
                if asyncio.get_running_loop().time() > deadline:
                    raise
            await asyncio.sleep(0.1)


class _Clock:
    """The hand clock of several stories: moved once all of them have come so far."""

    def __init__(self, driver: Driver, parties: int, begin: int = 0) -> None:
        self._driver = driver
        self._barrier = asyncio.Barrier(parties)
        self._moves = begin

    async def __call__(self, to: date) -> None:
        if await self._barrier.wait() == 0:
            await self._driver.jump(to)
            for each in self._driver.between:
                await each(self._moves, to)
            self._moves += 1
        await self._barrier.wait()


def household(number: int) -> Household:
    """The story's household, or another one like it."""
    if number == 0:
        return HOUSEHOLD
    return tuple((another(person, number), relation) for person, relation in HOUSEHOLD)


def another(person: Person, number: int) -> Person:
    """Somebody of the same kind: their ID number's sequence is another, the check digit holds."""
    sequence = (int(person.stem[-3:]) + 10 * number) % 1000
    account = str(int(person.account) + number)
    return Person(person.name, f"{person.stem[:-3]}{sequence:03}", person.phone, account)


def _mute(_step: str) -> None:
    """Tell nobody."""


@asynccontextmanager
async def driving(site: Site, house: System | None = None) -> AsyncIterator[Driver]:
    """A driver of a site, at other addresses if some are given."""
    house = house or site.house
    home = (site.settings.home_division, site.settings.home_level)
    async with (
        httpx.AsyncClient(trust_env=False, timeout=20.0) as http,
        Operator(house, home=home) as operator,
    ):
        client = Client(house, site.outside, http, patience_s=PATIENCE_S)
        yield Driver(client, operator)
