"""The stack: started in order, watched, and stopped without a trace."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

from infra.engines import Engine, EngineName, PostgresEngine, engines
from infra.engines.together import sigterm_raises
from infra.environment import settings_of, write_environment
from infra.operators import System
from infra.stack.plan import ISSUER, Plan
from infra.stack.process import Process, StackFailed
from shared.runtime.build import open_bus, topic_specs
from shared.settings import SERVICES, Settings

__all__ = ["KEYSTORE", "Stack", "StackFailed"]

KEYSTORE: Final = "keys"
"""The database of the registry's keys, beside those of the services."""

READY_S: Final = 90.0
"""How long every process together may take until all are ready; some seconds are usual."""

_POLL_S: Final = 0.1


def _silent(_doing: str) -> None:
    """Tell nobody."""


class Stack:
    """Engines, issuer, sandboxes, and each service's APIs and workers, in one folder.

    A context manager. ``instances`` is how many APIs and workers each service has, or by service
    (one where it says nothing). On the hand clock unless told otherwise. ``settings`` are further
    settings for all services, by name without prefix. ``tell`` hears what is being started.

    ``urls`` are the addresses of each service's first API, of ``issuer`` and ``sandbox``;
    ``processes`` are known as ``payment-worker-1``; ``environment`` are the settings with which
    an operator, or a test, finds this deployment (also in the folder's ``doudi.env``). An engine
    that an address in the environment names is used and left running.

    Everything ends with this process, however it ends. Raises ``StackFailed`` or ``EngineError``
    where something does not start, and ``SettingsError`` for settings that cannot be; what had
    started has been stopped then.
    """

    def __init__(
        self,
        folder: Path,
        *,
        instances: int | Mapping[str, int] = 1,
        hand_clock: bool = True,
        settings: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = _silent,
    ) -> None:
        self.folder = folder.resolve()
        self.processes: dict[str, Process] = {}
        self.engines: dict[EngineName, Engine] = {}
        self.environment: dict[str, str] = {}
        self.took: dict[str, float] = {}
        """Seconds that the phases of the start took."""
        self._tell = tell
        self._exits = ExitStack()
        if isinstance(instances, int):
            instances = dict.fromkeys(SERVICES, instances)
        self._instances = {service: instances.get(service, 1) for service in SERVICES}
        self._hand_clock = hand_clock
        self._settings = dict(settings or {})
        self._plan: Plan | None = None

    @property
    def urls(self) -> dict[str, str]:
        """Where each service's first API, the issuer and the sandbox are."""
        return {} if self._plan is None else self._plan.urls

    @property
    def system(self) -> System:
        """Where its services and its token issuer are, for an operator."""
        urls = self.urls
        return System({name: urls[name] for name in SERVICES}, urls["issuer"], "make stack")

    @property
    def settings(self) -> Settings:
        """The deployment's settings, as its services have them."""
        return settings_of(self.environment)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._exits.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exits.close()

    def _start(self) -> None:
        began = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._exits.callback(_own(self.folder))
        self._exits.enter_context(sigterm_raises())
        (self.folder / "data").mkdir(mode=0o700, exist_ok=True)
        plan = self._plan = Plan(
            self.folder,
            self._instances,
            hand_clock=self._hand_clock,
            settings=self._settings,
        )
        plan.check()
        self._exits.callback(self._stop)
        neighbours = self._begin(plan.neighbours())
        self._tell("PostgreSQL, MongoDB, Apache Kafka")
        self.engines = self._exits.enter_context(engines(self.folder / "engines"))
        # Whatever the engines serve is stopped before them.
        self._exits.callback(self._stop)
        self.took["engines"] = time.monotonic() - began
        self.environment = plan.settings(self._engine_settings())
        write_environment(self.folder / "doudi.env", self.environment)
        self._tell("topics, issuer")
        _make_topics(self.settings)
        self._wait(neighbours)
        self.took["topics"] = time.monotonic() - began
        self._tell("services")
        self._wait(self._begin(plan.services(self.environment)))
        self.took["ready"] = time.monotonic() - began

    def _engine_settings(self) -> dict[str, str]:
        """The engines' addresses as settings; databases that are missing are created."""
        postgres = cast(PostgresEngine, self.engines["postgres"])
        databases = {
            f"DATABASE_URL_{name.upper()}": postgres.database(f"doudi_{name}") for name in SERVICES
        }
        return {
            **databases,
            "KEYSTORE_URL": postgres.database(f"doudi_{KEYSTORE}"),
            "MONGO_URL": self.engines["mongo"].address,
            "KAFKA_BOOTSTRAP": self.engines["kafka"].address,
        }

    def _begin(self, processes: Iterable[Process]) -> list[Process]:
        begun = []
        for process in processes:
            self.processes[process.name] = process
            process.start()
            begun.append(process)
        return begun

    def _wait(self, processes: Sequence[Process]) -> None:
        """Return once all are ready. Raises ``StackFailed`` for the first that ends or is late."""
        deadline = time.monotonic() + READY_S
        waiting = list(processes)
        while waiting:
            for process in list(waiting):
                if not process.alive:
                    raise StackFailed(
                        f"{process.name} ended while starting. {process.last_words()}"
                    )
                if process.ready():
                    waiting.remove(process)
            if time.monotonic() > deadline:
                late = waiting[0]
                raise StackFailed(
                    f"{late.name} is not ready after {READY_S:.0f} s: {late.trouble()} "
                    f"{late.last_words()}"
                )
            time.sleep(_POLL_S if waiting else 0)

    def _stop(self) -> None:
        """End every process: first who takes requests, then who works, the issuer last."""
        order = ("-api-", "-worker-", "")
        left = dict(self.processes)
        for part in order:
            going = [process for name, process in left.items() if part in name and name != ISSUER]
            for process in going:
                left.pop(process.name)
            _at_once([process.stop for process in going])
        _at_once([process.stop for process in left.values()])


def _make_topics(settings: Settings) -> None:
    """Create the topics that are missing."""
    bus = open_bus(settings)
    try:
        bus.create_topics(topic_specs(settings))
    finally:
        bus.close()


def _at_once(deeds: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(max_workers=max(1, len(deeds))) as pool:
        for done in [pool.submit(deed) for deed in deeds]:
            done.result()


def _own(folder: Path) -> Callable[[], None]:
    """Lock the folder for this process; what returns lets go of it."""
    file = (folder / "owner.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StackFailed(f"another stack runs in {folder}: end it first") from None
    return file.close
