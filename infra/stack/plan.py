"""Which processes the stack has, on which ports, and what each is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from infra.engines.process import free_port
from infra.environment import settings_of
from infra.stack.process import ROOT, Process
from shared.settings import PREFIX, SERVICES, TEST_PREFIX

ISSUER: Final = "issuer"
SANDBOX: Final = "sandbox"
PARTS: Final = ("api", "worker")

# Development is looked at: what falls due and what is asked outside need not wait for seconds.
_LIVELY: Final = {"DUTIES_POLL_MS": "200", "GATEWAY_POLL_MS": "100"}


class Plan:
    """The processes of one stack in a folder; addresses are drawn once and stay.

    ``instances`` says how many APIs and workers each service has; ``settings`` are further
    settings of all services, by name without prefix (``POLL_MS``).
    """

    def __init__(
        self,
        folder: Path,
        instances: Mapping[str, int],
        *,
        hand_clock: bool,
        settings: Mapping[str, str],
    ) -> None:
        self._folder = folder
        self._instances = instances
        self._ports = dict(zip(self._names(), _free_ports(), strict=False))
        self._common = {
            "HOST": "127.0.0.1",
            "DATA_DIR": str(folder / "data"),
            "CLOCK": "hand" if hand_clock else "wall",
            "ISSUER_URL": self._url(ISSUER),
            "DEPARTMENT_URL": f"{self._url(SANDBOX)}/sandbox/departments",
            "BANK_URL": f"{self._url(SANDBOX)}/sandbox/bank",
            "PBOC_URL": f"{self._url(SANDBOX)}/sandbox/pboc",
            **{f"SERVICE_URL_{s.upper()}": self._url(f"{s}-api-1") for s in SERVICES},
            **_LIVELY,
            **settings,
        }

    @property
    def urls(self) -> dict[str, str]:
        """Where each service's first API, the issuer and the sandbox are."""
        services = {service: self._url(f"{service}-api-1") for service in SERVICES}
        return {**services, ISSUER: self._url(ISSUER), SANDBOX: self._url(SANDBOX)}

    def settings(self, engines: Mapping[str, str]) -> dict[str, str]:
        """The environment that names this deployment: for its services, and for its operator.

        ``engines`` are the settings of its engines, without prefix.
        """
        found = {"MODE": "distributed", **self._common, **engines}
        return {f"{PREFIX}{name}": value for name, value in found.items()}

    def check(self) -> None:
        """Raises ``SettingsError`` for settings that no process could start with."""
        settings_of({f"{PREFIX}{name}": value for name, value in self._common.items()})

    def neighbours(self) -> Iterator[Process]:
        """Issuer and sandboxes, which need no engine."""
        settings = {f"{PREFIX}{name}": value for name, value in self._common.items()}
        yield self._process(ISSUER, [ISSUER], "/.well-known/openid-configuration", settings)
        yield self._process(SANDBOX, [SANDBOX], "/livez", settings)

    def services(self, settings: Mapping[str, str]) -> Iterator[Process]:
        """Every service's workers and APIs, given ``settings()``."""
        for service, part, number in self._parts():
            more = {f"{PREFIX}INSTANCE": str(number)}
            name = f"{service}-{part}-{number}"
            yield self._process(name, [service, part], "/readyz", {**settings, **more})

    def _process(
        self, name: str, arguments: list[str], health: str, settings: Mapping[str, str]
    ) -> Process:
        port = self._ports[name]
        return Process(
            name,
            ["run", *arguments],
            port=port,
            health=health,
            environment={**_bare(), **settings, f"{PREFIX}PORT": str(port)},
            folder=self._folder,
        )

    def _names(self) -> Iterator[str]:
        yield from (ISSUER, SANDBOX)
        yield from (f"{service}-{part}-{number}" for service, part, number in self._parts())

    def _parts(self) -> Iterator[tuple[str, str, int]]:
        for service in SERVICES:
            for number in range(1, self._instances[service] + 1):
                yield from ((service, part, number) for part in PARTS)

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"


def _free_ports() -> Iterator[int]:
    drawn: set[int] = set()
    while True:
        port = free_port()
        if port not in drawn:
            drawn.add(port)
            yield port


def _bare() -> dict[str, str]:
    """Our environment without anybody's settings, and with the checkout to import from.

    Python may keep what it compiled: ten processes that compile the same modules anew at every
    start keep two cores busy for ten seconds.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(TEST_PREFIX) or not name.startswith(PREFIX)
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "PYTHONPATH": str(ROOT)}
