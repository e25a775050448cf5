"""An operator's requests to a running system, embedded or distributed: where it is, and as whom.

Both runs are asked the same way, over HTTP with a token. What goes wrong is one sentence.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID, uuid5

import httpx

from shared.access.roles import Role
from shared.kernel.decider import HOUSE
from shared.settings import SERVICES, Mode, Settings

OPERATOR: Final = uuid5(HOUSE, "actor/operator/development")
"""The actor behind the operator commands of a development run."""

_TOKEN_S: Final = 3600
_RENEW_BEFORE_S: Final = 300
_PATIENCE_S: Final = 30.0
_ADDRESS: Final = "embedded.json"
_NOT_OURS: Final = (404, 405, 501)
"""How some other server answers a request for a token."""


class OperatorError(Exception):
    """What an operator asked for was not done; the sentence says why, and what to do.

    ``status`` and ``code`` are those of the problem that a service answered with, if one did.
    """

    def __init__(self, sentence: str, status: int | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


class Away(OperatorError):
    """Nobody answered, or not now (503): asking again later may help."""


@dataclass(frozen=True)
class System:
    """Where a running system is: each service's address, and its token issuer's."""

    services: Mapping[str, str]
    issuer: str
    start: str
    """What to type when nothing answers there."""


def system_of(settings: Settings) -> System:
    """The system that the settings, or the embedded run of their data folder, name."""
    if settings.mode is Mode.DISTRIBUTED:
        services = {name: settings.service_url_of(name).rstrip("/") for name in SERVICES}
        start = "check the addresses in the settings, or start it with `make stack`"
        return System(services, str(settings.issuer_url).rstrip("/"), start)
    start = "start it with `doudi serve` (`make serve`)"
    base = read_address(settings)
    if base is None:
        base = f"http://{settings.host}:{settings.port}"
        start = (
            f"no embedded run is recorded in {settings.data_dir.absolute()}. Run `doudi` in the "
            f"folder of `doudi serve` or with its DOUDI_DATA_DIR, or {start}"
        )
    services = {name: f"{base}/{name}" for name in SERVICES}
    return System(services, f"{base}/issuer", start)


def write_address(settings: Settings, address: str) -> None:
    """Leave the running embedded system's address in its data folder, for operator commands."""
    draft = settings.data_dir / f".{_ADDRESS}.{os.getpid()}"
    draft.write_text(json.dumps({"address": address, "pid": os.getpid()}) + "\n")
    draft.replace(settings.data_dir / _ADDRESS)


def read_address(settings: Settings) -> str | None:
    """The address that the folder's last embedded run left, if one did."""
    try:
        found = json.loads((settings.data_dir / _ADDRESS).read_text())
    except (OSError, ValueError):
        return None
    address = found.get("address") if isinstance(found, dict) else None
    return address if isinstance(address, str) else None


async def development_token(
    client: httpx.AsyncClient,
    system: System,
    *,
    role: Role,
    division: str,
    level: str,
    actor: UUID | None = None,
    audience: str = "all",
    seconds: int = _TOKEN_S,
) -> str:
    """A token from the development issuer. Raises ``OperatorError`` where it gives none."""
    asked: dict[str, Any] = {
        "role": role.value,
        "division": division,
        "level": level,
        "audience": audience,
        "ttl_seconds": seconds,
    }
    if actor is not None:
        asked["subject"] = str(actor)
    answer = await _send(client, system, "POST", f"{system.issuer}/token", {"json": asked})
    if answer.status_code in _NOT_OURS:
        raise OperatorError(
            f"what answers at {system.issuer} gives no tokens (HTTP {answer.status_code}): "
            f"{system.start}"
        )
    if not answer.is_success:
        raise _refused("the token issuer", answer)
    return str(answer.json()["access_token"])


class Operator:
    """Asks services as an operator. An asynchronous context manager, which owns its client."""

    def __init__(
        self,
        system: System,
        *,
        home: tuple[str, str] = ("350000000000", "province"),
        token: Callable[[], Awaitable[str]] | None = None,
        role: Role = Role.OPERATOR,
    ) -> None:
        """``token`` gives the bearer token of each request.

        Without it one of the development issuer is asked for, and renewed in time: of somebody in
        the ``role`` whose division and level are ``home``.
        """
        self.system = system
        self._client = httpx.AsyncClient(trust_env=False, timeout=_PATIENCE_S)
        self._home = home
        self._role = role
        self._token = token or self._development
        self._given = ""
        self._renew_at = float("-inf")

    @classmethod
    def of(cls, settings: Settings, role: Role = Role.OPERATOR) -> Self:
        """The operator, or whoever has the ``role``, of the system that the settings name.

        Sends the token in ``DOUDI_OPERATOR_TOKEN_FILE`` where one is set.
        """
        path = settings.operator_token_file
        return cls(
            system_of(settings),
            home=(settings.home_division, settings.home_level),
            token=None if path is None else _from_file(path),
            role=role,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    @property
    def services(self) -> tuple[str, ...]:
        """The services that can be asked."""
        return tuple(self.system.services)

    async def get(self, service: str, path: str, **parameters: str | int) -> Any:
        """What a service answers to a query. Raises ``OperatorError``, ``Away`` among them."""
        return await self._ask("GET", service, path, {"params": parameters})

    async def text(self, service: str, path: str) -> str:
        """What a service answers to a query in plain text. Raises as ``get`` does."""
        return (await self._answer("GET", service, path, {})).text

    async def post(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: UUID | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> Any:
        """What a service answers to a command, ``key`` being its idempotency key if it takes one.

        Raises as ``get`` does.
        """
        headers = {} if key is None else {"Idempotency-Key": str(key)}
        options = {"json": body or {}, "headers": headers, "timeout": patience_s}
        return await self._ask("POST", service, path, options)

    async def _ask(self, method: str, service: str, path: str, options: dict[str, Any]) -> Any:
        answer = await self._answer(method, service, path, options)
        return answer.json() if answer.content else None

    async def _answer(
        self, method: str, service: str, path: str, options: dict[str, Any]
    ) -> httpx.Response:
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {await self._token()}"}
        url = f"{self.system.services[service]}{path}"
        answer = await _send(
            self._client, self.system, method, url, {**options, "headers": headers}
        )
        if not answer.is_success:
            raise _refused(service, answer)
        return answer

    async def _development(self) -> str:
        if time.monotonic() >= self._renew_at:
            division, level = self._home
            self._given = await development_token(
                self._client,
                self.system,
                role=self._role,
                division=division,
                level=level,
                actor=OPERATOR,
            )
            self._renew_at = time.monotonic() + _TOKEN_S - _RENEW_BEFORE_S
        return self._given


def _from_file(path: Path) -> Callable[[], Awaitable[str]]:
    def read() -> str:
        try:
            return path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise OperatorError(f"no token can be read from {path}: {error}") from None

    async def token() -> str:
        return await asyncio.to_thread(read)

    return token


async def _send(
    client: httpx.AsyncClient, system: System, method: str, url: str, options: Mapping[str, Any]
) -> httpx.Response:
    try:
        return await client.request(method, url, **options)
    except httpx.TimeoutException:
        raise Away(f"{url} gave no answer in time: look at its log, and try again") from None
    except httpx.HTTPError as error:
        raise Away(f"nothing answers at {url} ({type(error).__name__}): {system.start}") from None


def _refused(who: str, answer: httpx.Response) -> OperatorError:
    """The problem that was answered, as one sentence: title, detail, and what is allowed."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    code = problem.pop("code", None)
    title = problem.pop("title", None) or f"HTTP {answer.status_code}"
    detail = problem.pop("detail", None)
    for known in ("type", "status", "instance"):
        problem.pop(known, None)
    sentence = f"{who}: {title}"
    if detail:
        sentence += f". {detail}"
    if problem:
        sentence += f" {json.dumps(problem, ensure_ascii=False)}"
    kind = Away if answer.status_code == 503 else OperatorError
    return kind(sentence, answer.status_code, code)
