"""The embedded system in the test's own process and loop, as officials reach it.

Everything in it is real: SQLite stores, the local bus, the registry with its vault, the sandbox
departments over HTTP (within the process). The hand clock is moved as an operator would, once
nothing is on its way any more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx

from infra.demo import STANDARDS
from infra.demo.office import CLERK, TOWNSHIP, House
from infra.demo.people import HOUSEHOLD, Person, told
from infra.embedded import Embedded
from infra.operators import System
from shared.clock import instant_of
from shared.runtime.backlog import backlog, next_due
from shared.settings import SERVICES, Settings

ADDRESS = "http://127.0.0.1:8080"
PATIENCE_S = 30.0
T = TypeVar("T")


@dataclass
class Run:
    """A running system; ``house`` makes its requests."""

    embedded: Embedded
    house: House
    _numbers: Iterator[int] = field(default_factory=lambda: count(100))

    def stranger(self) -> Person:
        """Somebody new each time, with an ID number of their own."""
        stem = f"35092419600101{next(self._numbers)}"
        return Person("某某人", stem, "13900015900", "6222021409000009999")

    async def settled(self) -> None:
        """Return once nothing is on its way: two looks that find nothing and the same logs."""

        async def look() -> list[tuple[int, int]]:
            found = [await backlog(service) for service in self.embedded.services.values()]
            return [(head, sum(waiting.values())) for head, waiting in found]

        async def twice() -> bool:
            before = await look()
            return not any(waiting for _head, waiting in before) and before == await look()

        await eventually(twice)

    async def advance(self, to: date) -> None:
        """Move every service's hand clock to a date, over each day on which something is due."""
        await self.settled()
        services = self.embedded.services.values()
        day = await next(iter(services)).today()
        while day < to:
            found = [await asyncio.to_thread(next_due, service) for service in services]
            day = min((on for on in found if on is not None and on <= to), default=to)
            for service in services:
                await asyncio.to_thread(service.timekeeper.set_to, instant_of(day))
            await self.settled()

    async def registered(self, people: tuple[Person, ...], division: str = TOWNSHIP) -> list[str]:
        """The people's ids, once they are registered."""
        ids = []
        for person in people:
            body = person.registration(division)
            ids.append((await self.house.do(CLERK, "intake", "/persons", body))["person_id"])
        return ids

    async def household(self) -> list[dict[str, str]]:
        """The story's household, registered, as an application lists it."""
        ids = await self.registered(tuple(person for person, _relation in HOUSEHOLD))
        relations = [relation for _person, relation in HOUSEHOLD]
        return [
            {"person_id": person_id, "relation": relation}
            for person_id, relation in zip(ids, relations, strict=True)
        ]

    async def misbehave(self, **modes: dict[str, Any]) -> None:
        """Have departments misbehave, by name; all others behave."""
        url = f"{self.house.sandboxes['departments']}/faults"
        (await self.house.client.put(url, json=modes)).raise_for_status()


def application(members: list[dict[str, str]], **changed: Any) -> dict[str, Any]:
    """The body of a household's application."""
    return {
        "programme": "dibao",
        "division": TOWNSHIP,
        "applicant": members[0]["person_id"],
        "members": members,
        "materials": ["identity", "check_authorization"],
        "reason": told("生活困难"),
    } | changed


@asynccontextmanager
async def running(folder: Path, **settings: Any) -> AsyncIterator[Run]:
    """The embedded system over a folder, on the hand clock at 2020-04-01, taking commands."""
    usual: dict[str, Any] = {
        "data_dir": folder,
        "clock": "hand",
        "policy_dirs": (STANDARDS,),
        "poll_ms": 5,
        "gateway_poll_ms": 10,
        "duties_poll_ms": 20,
    }
    given = Settings(**(usual | settings))
    embedded = Embedded(given, 8080)
    transport = httpx.ASGITransport(embedded.app)
    async with (
        embedded.app.router.lifespan_context(embedded.app),
        httpx.AsyncClient(transport=transport) as client,
    ):
        system = System(
            {name: f"{ADDRESS}/{name}" for name in SERVICES}, f"{ADDRESS}/issuer", "a test"
        )
        sandboxes = {name: f"{ADDRESS}/sandbox/{name}" for name in ("departments", "bank", "pboc")}
        run = Run(embedded, House(system, sandboxes, client))

        async def ready() -> bool:
            answers = [await client.get(f"{url}/readyz") for url in system.services.values()]
            return all(answer.status_code == 200 for answer in answers)

        await eventually(ready)
        yield run


async def eventually(is_so: Callable[[], Awaitable[T]], within_s: float = PATIENCE_S) -> T:
    """What is asked, once it is true; asked again and again until a deadline."""
    deadline = time.monotonic() + within_s
    while not (found := await is_so()):
        assert time.monotonic() < deadline, f"not so within {within_s} s"
        await asyncio.sleep(0.01)
    return found
