"""Systems in which the story is lived: the embedded one, and the stack on real engines.

Beside the story lives the household of worked case 24, accepted on Monday 20 April. What
officials sent is kept, so that a search for personal data knows what to look for.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import httpx

from infra.clockwork import advance, drained
from infra.demo import STANDARDS
from infra.demo.office import CLERK, TOWNSHIP, House, Official
from infra.demo.people import Person
from infra.demo.story import Figures, Story
from infra.operators import Operator
from shared.runtime.service import Service
from shared.web.logs import JsonFormatter
from tests.house import Run, application, running

if TYPE_CHECKING:
    from infra.stack import Stack

CASE_24_ON: Final = date(2020, 4, 20)
STORY_ENDS_ON: Final = date(2020, 5, 8)


@dataclass
class Listening(House):
    """The offices' client; keeps the body of every command that it sent."""

    sent: list[Mapping[str, Any]] = field(default_factory=list)

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
        """One request, as the offices send it."""
        if body is not None:
            self.sent.append(body)
        return await super().call(official, method, service, path, body, key=key, if_match=if_match)


@dataclass
class Place:
    """A running system: ``advance`` moves its hand clock, ``settled`` waits until it is idle.

    ``logs`` is the folder of its log files. ``run`` is the inside of the embedded one, ``stack``
    the processes of the other.
    """

    house: Listening
    advance: Callable[[date], Awaitable[None]]
    settled: Callable[[], Awaitable[None]]
    logs: Path
    run: Run | None = None
    stack: Stack | None = None
    case_id: str = ""
    case_24: str = ""
    figures: Figures | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(100))

    @property
    def services(self) -> Mapping[str, Service]:
        """The embedded system's services from inside."""
        assert self.run is not None
        return self.run.embedded.services

    def heads(self) -> dict[str, int]:
        """How long each service's log is."""
        return {name: service.store.head() for name, service in self.services.items()}

    async def newcomer(self, relation: str = "applicant") -> dict[str, str]:
        """Somebody nobody registered before, as an application lists a member."""
        stem = f"35092419700101{next(self._numbers)}"
        person = Person("陈某某新", stem, "13900015901", "6222021409000008888")
        body = person.registration(TOWNSHIP)
        found = await self.house.do(CLERK, "intake", "/persons", body)
        return {"person_id": found["person_id"], "relation": relation}

    async def submitted(self, *members: dict[str, str], **changed: Any) -> str:
        """The case of an application that these members, or a newcomer, submitted."""
        body = application(list(members) or [await self.newcomer()], **changed)
        return str((await self.house.do(CLERK, "intake", "/applications", body))["case_id"])

    async def accepted(self, *members: dict[str, str]) -> str:
        """The case of an application that was accepted."""
        case_id = await self.submitted(*members)
        here = f"/applications/{case_id}"
        await self.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        await self.settled()
        return case_id

    async def live(self) -> None:
        """Live the story to its end, and beside it the beginning of worked case 24."""

        async def clock(to: date) -> None:
            if to > CASE_24_ON and not self.case_24:
                await self.advance(CASE_24_ON)
                self.case_24 = await self.accepted()
            await self.advance(to)

        story = Story(self.house, clock, lambda _step: None)
        case_id, self.figures = await story.live()
        self.case_id = str(case_id)


@asynccontextmanager
async def embedded(
    folder: Path, policy_dirs: Sequence[Path] = (STANDARDS,)
) -> AsyncIterator[Place]:
    """The embedded system in this process, its log lines in a file, down to debugging."""
    settings = {"wait_for_timeout_ms": 1_000, "policy_dirs": tuple(policy_dirs)}
    with logged(folder / "logs"):
        async with running(folder / "data", **settings) as run:
            house = Listening(run.house.system, run.house.sandboxes, run.house.client)
            yield Place(house, run.advance, run.settled, folder / "logs", run=run)


@asynccontextmanager
async def on_engines(
    folder: Path, policy_dirs: Sequence[Path] = (STANDARDS,)
) -> AsyncIterator[Place]:
    """Every service as processes of its own, on PostgreSQL, Apache Kafka and MongoDB."""
    from infra.stack import Stack

    layers = os.pathsep.join(str(path) for path in policy_dirs)
    # It stands idle for most of the session: it need not look for news fifty times a second.
    with Stack(folder, settings={"POLICY_DIRS": layers, "POLL_MS": "60"}) as stack:
        sandbox = f"{stack.urls['sandbox']}/sandbox"
        sandboxes = {name: f"{sandbox}/{name}" for name in ("departments", "bank")}
        async with (
            httpx.AsyncClient(trust_env=False, timeout=30.0) as client,
            Operator(stack.system) as operator,
        ):
            yield Place(
                Listening(stack.system, sandboxes, client),
                lambda to: advance(operator, to),
                lambda: drained(operator),
                folder / "logs",
                stack=stack,
            )


@contextmanager
def logged(folder: Path) -> Iterator[None]:
    """Write this process's log lines, as a service would, into a file of the folder."""
    folder.mkdir(parents=True)
    handler = logging.FileHandler(folder / "embedded.log", encoding="utf-8")
    handler.setFormatter(JsonFormatter("embedded"))
    ours = [logging.getLogger(name) for name in ("shared", "services", "infra", "doudi")]
    before = [logger.level for logger in ours]
    root = logging.getLogger()
    root.addHandler(handler)
    for logger in ours:
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in zip(ours, before, strict=True):
            logger.setLevel(level)
        root.removeHandler(handler)
        handler.close()
