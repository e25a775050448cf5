"""The offices of the story as HTTP clients: who sits where, with which token."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import httpx

from infra.operators import Away, System, development_token
from shared.access.roles import Role
from shared.calendar import Month
from shared.kernel.decider import HOUSE

COUNTY: Final = "350924000000"
TOWNSHIP: Final = "350924100000"
VILLAGE: Final = "350924100206"

_AGAIN_S: Final = 0.1
_LATER: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


class StoryFailed(Exception):
    """Something in the story did not come out as it must; says what was expected and seen."""


@dataclass(frozen=True)
class Official:
    """Somebody who acts in the story, in one role for one division."""

    name: str
    role: Role
    division: str = TOWNSHIP
    level: str = "township"

    @property
    def actor(self) -> UUID:
        """Their id: the same in every run."""
        return uuid5(HOUSE, f"demo/{self.name}")


@dataclass(frozen=True)
class Town:
    """A township of a county, and who sits in both; the people of another town are others."""

    township: str
    county: str
    province: str

    def official(self, name: str, role: Role) -> Official:
        """Somebody of the township."""
        return Official(f"{name} of {self.township}", role, self.township)

    def of_county(self, name: str, role: Role) -> Official:
        """Somebody of the county."""
        return Official(f"{name} of {self.county}", role, self.county, "county")

    @property
    def auditor(self) -> Official:
        """The province's auditor."""
        return Official("auditor", Role.AUDITOR, self.province, "province")


FUJIAN_TOWN: Final = Town(TOWNSHIP, COUNTY, "350000000000")
SHAANXI_TOWN: Final = Town("611022001000", "611022000000", "610000000000")
DAYAO_TOWN: Final = Town("532326101000", "532326000000", "530000000000")

CLERK: Final = Official("clerk", Role.TOWNSHIP_CLERK)
SURVEYOR: Final = Official("first surveyor", Role.TOWNSHIP_SURVEYOR)
SECOND_SURVEYOR: Final = Official("second surveyor", Role.TOWNSHIP_SURVEYOR)
APPROVER: Final = Official("approver", Role.TOWNSHIP_APPROVER)
CONFIRMER: Final = Official("confirmer", Role.TOWNSHIP_APPROVER)
PREPARER: Final = Official("preparer", Role.PAYMENT_PREPARER, COUNTY, "county")
PAYMENT_APPROVER: Final = Official("payment approver", Role.PAYMENT_APPROVER, COUNTY, "county")
AUDITOR: Final = Official("auditor", Role.AUDITOR, "350000000000", "province")
OPERATOR: Final = Official("operator", Role.OPERATOR, "350000000000", "province")


@dataclass
class House:
    """A running system as its officials reach it; ``sandboxes`` are the outside's addresses.

    A request that nothing answers, or a service that answers "not now" (503) or "too fast" (429,
    after the seconds it names), is sent again for ``patience_s``: the same request, a command
    under the same key, as a real client must.
    """

    system: System
    sandboxes: Mapping[str, str]
    client: httpx.AsyncClient
    patience_s: float = 0.0
    _tokens: dict[Official, str] = field(default_factory=dict)

    async def token(self, official: Official) -> str:
        """The official's token from the development issuer."""
        known = self._tokens.get(official)
        if known is None:
            known = self._tokens[official] = await self._given(official)
        return known

    async def _given(self, official: Official) -> str:
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                return await development_token(
                    self.client,
                    self.system,
                    role=official.role,
                    division=official.division,
                    level=official.level,
                    actor=official.actor,
                )
            except Away:
                if time.monotonic() >= deadline:
                    raise
            await asyncio.sleep(_AGAIN_S)

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
        """One request as it comes back; a command carries ``key`` (a fresh one if none)."""
        headers = {"Authorization": f"Bearer {await self.token(official)}"}
        if method != "GET":
            headers["Idempotency-Key"] = str(key or uuid4())
        if if_match is not None:
            headers["If-Match"] = if_match
        url = f"{self.system.services[service]}{path}"
        return await self._answer(
            lambda: self.client.request(method, url, json=body, headers=headers)
        )

    async def _answer(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Send until there is an answer, for as long as patience lasts."""
        deadline = time.monotonic() + self.patience_s
        while True:
            rest_s = _AGAIN_S
            try:
                answer = await send()
            except httpx.TransportError:
                if time.monotonic() >= deadline:
                    raise
            else:
                if answer.status_code not in _LATER or time.monotonic() >= deadline:
                    return answer
                if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                    rest_s = float(answer.headers.get("Retry-After", 1))
            await asyncio.sleep(rest_s)

    async def do(
        self,
        official: Official,
        service: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        at: str | None = None,
    ) -> dict[str, Any]:
        """A command that must succeed. ``at`` is the resource whose ETag it is based on."""
        answer = await self._command(official, service, path, body, at)
        found: dict[str, Any] = _expect(answer, f"{official.name}: {service}{path}").json()
        return found

    async def refused(
        self,
        official: Official,
        service: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        at: str | None = None,
    ) -> tuple[int, str]:
        """A command that must be refused: with which status and code."""
        answer = await self._command(official, service, path, body, at)
        if answer.is_success:
            raise StoryFailed(f"{official.name}: {service}{path} was accepted")
        return answer.status_code, str(answer.json()["code"])

    async def _command(
        self,
        official: Official,
        service: str,
        path: str,
        body: Mapping[str, Any] | None,
        at: str | None,
    ) -> httpx.Response:
        tag = None
        if at is not None:
            seen = await self.call(official, "GET", service, at)
            tag = _expect(seen, f"{official.name} reads {service}{at}").headers["ETag"]
        return await self.call(official, "POST", service, path, body, if_match=tag)

    async def pay(
        self,
        programme: str,
        township: str,
        month: Month,
        *,
        preparer: Official = PREPARER,
        approver: Official = PAYMENT_APPROVER,
    ) -> None:
        """A township's run of a month, which takes up the months before it as well."""
        run = {"programme": programme, "division": township, "month": str(month)}
        prepared = await self.do(preparer, "payment", "/runs", run)
        here = f"/runs/{programme}/{township}/{month}"
        approval = {"run_id": prepared["run_id"]}
        await self.do(approver, "payment", f"{here}/approval", approval, at=here)

    async def see(self, official: Official, service: str, path: str) -> Any:
        """A query that must succeed."""
        answer = await self.call(official, "GET", service, path)
        return _expect(answer, f"{official.name} reads {service}{path}").json()

    async def load_departments(self, holdings: list[dict[str, Any]]) -> None:
        """Tell the sandbox departments what they know."""
        url = f"{self.sandboxes['departments']}/holdings"
        answer = await self._answer(lambda: self.client.post(url, json=holdings))
        _expect(answer, "loading the departments")

    async def bank_ledger(self) -> list[dict[str, Any]]:
        """Every credit of the sandbox bank."""
        url = f"{self.sandboxes['bank']}/ledger"
        answer = await self._answer(lambda: self.client.get(url))
        found: list[dict[str, Any]] = _expect(answer, "the bank's ledger").json()
        return found


def _expect(answer: httpx.Response, what: str) -> httpx.Response:
    if answer.is_success:
        return answer
    raise StoryFailed(f"{what}: {answer.status_code} {answer.text[:600]}")
