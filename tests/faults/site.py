"""A running system of real processes that are kept alive: whoever dies is started again.

Embedded (one process) or distributed (each service's API and worker against real engines); a
test plants what shall befall whom, lives stories against it, and reconciles what is left.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, build_opener
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from infra.demo.running import STANDARDS
from infra.engines import Engine, PostgresEngine
from infra.engines.process import free_port, tail, wait_until
from infra.environment import settings_of
from infra.operators import System
from infra.stack.plan import Plan
from infra.stack.process import ROOT, Process
from shared.bus.port import Bus
from shared.kernel.store import Store
from shared.runtime.build import open_bus, open_store, topic_specs
from shared.settings import SERVICES, Settings
from tests.faults.nursery import Forked, Nursery
from tests.faults.points import Faults

READY_S: Final = 120.0
"""How long all processes may take to be ready on a machine that is busy."""

_LIVELY: Final = {"POLL_MS": "20", "DUTIES_POLL_MS": "100", "GATEWAY_POLL_MS": "50"}
_FRUGAL: Final = {"POLL_MS": "100", "DUTIES_POLL_MS": "200", "GATEWAY_POLL_MS": "100"}
"""For eight processes on two cores, which shall live rather than look whether there is work."""

Engines = Mapping[str, Engine]


class Site:
    """A system in a folder.

    ``processes`` by name; ``environment`` are its settings; ``house`` and ``outside`` are the
    addresses of its services and of the sandboxes.
    """

    def __init__(
        self,
        folder: Path,
        processes: Sequence[Forked],
        environment: Mapping[str, str],
        house: System,
        outside: Mapping[str, str],
    ) -> None:
        self.folder = folder
        self.processes = {process.name: process for process in processes}
        self.environment = dict(environment)
        self.house = house
        self.outside = outside
        self.unexpected: list[str] = []
        """Processes that ended and that nobody killed, with their last words."""
        self._coming: dict[str, deque[Faults]] = {name: deque() for name in self.processes}
        self._marks: list[tuple[str, Faults]] = []
        self._killed: set[str] = set()
        self._resting: set[str] = set()
        self._guard = threading.RLock()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    @property
    def settings(self) -> Settings:
        """The settings, as its services have them."""
        return settings_of(self.environment)

    @property
    def embedded(self) -> bool:
        """Whether it is one process."""
        return "embedded" in self.processes

    def plant(self, name: str, *faults: Faults) -> None:
        """Plant what befalls a process, one in each of its next lives."""
        for fault in faults:
            self.plant_first([name], fault)

    def plant_first(self, names: Sequence[str], fault: Faults) -> None:
        """Plant what befalls, in their next lives, whichever of the processes gets there first."""
        if fault.point:
            fault = replace(fault, mark=str(self.folder / f"mark-{uuid4().hex}"))
            self._marks.append((" or ".join(names), fault))
        for name in names:
            self._coming[name].append(fault)

    def victim(self, wanted: Faults) -> Forked | None:
        """The process that a planted point has befallen, if one has."""
        for _, fault in self._marks:
            mark = Path(fault.mark)
            if replace(wanted, mark=fault.mark) == fault and mark.exists():
                pid = int(mark.read_text(encoding="ascii"))
                return next((one for one in self.processes.values() if one.pid == pid), None)
        return None

    def missed(self) -> list[str]:
        """The points that were planted and not reached."""
        return [f"{name}: {mark}" for name, mark in self._marks if not Path(mark.mark).exists()]

    def start(self, *names: str) -> None:
        """Start processes, all unless named; returns at once."""
        with self._guard:
            for name in names or self.processes:
                self._start(name)

    def _start(self, name: str) -> None:
        process = self.processes[name]
        if process.alive:
            return
        coming = self._coming[name]
        process.faults = coming.popleft() if coming else None
        self._killed.discard(name)
        process.start()

    def keep(self) -> None:
        """From now on start again whoever dies."""
        self._keeper.start()

    def _keep(self) -> None:
        while not self._stopping.wait(0.02):
            with self._guard:
                for name, process in self.processes.items():
                    if process.alive or name in self._resting:
                        continue
                    if not self._meant(name):
                        self.unexpected.append(f"{name}: {tail(process.log)}")
                        self._resting.add(name)
                        continue
                    self._start(name)

    def _meant(self, name: str) -> bool:
        faults = self.processes[name].faults
        return name in self._killed or (
            faults is not None and bool(faults.mark) and Path(faults.mark).exists()
        )

    def kill(self, *names: str, rest: bool = False) -> None:
        """SIGKILL; the keeper starts them again unless they are to ``rest``."""
        with self._guard:
            for name in names or tuple(self.processes):
                self._killed.add(name)
                if rest:
                    self._resting.add(name)
                self.processes[name].kill()

    def wake(self, *names: str) -> None:
        """Start those that rest."""
        with self._guard:
            for name in names or tuple(self._resting):
                self._resting.discard(name)
            self.start(*names)

    def health(self, name: str) -> tuple[int, str]:
        """What the health of a process, or embedded of a service, answers; 0 for no answer."""
        if name in self.processes:
            process = self.processes[name]
            return _get(f"{process.url}{process.health}")
        return _get(f"{self.house.services[name]}/readyz")

    def wait_ready(self, *names: str, seconds: float = READY_S) -> None:
        """Return once processes, all unless named, can work; fails with the log of a late one."""
        asked = names or (*self.processes, *(SERVICES if self.embedded else ()))
        waiting = list(asked)

        def ready() -> bool:
            waiting[:] = [name for name in waiting if self.health(name)[0] != 200]
            return not waiting or bool(self.unexpected)

        done = wait_until(ready, seconds, every=0.05)
        assert not self.unexpected, self.unexpected
        if not done:
            process = self.processes.get(waiting[0]) or self.processes["embedded"]
            raise AssertionError(f"{waiting}: {self.health(waiting[0])}\n{process.last_words()}")

    def errors(self) -> list[str]:
        """What processes have logged as errors: what nobody foresaw, or a person must decide."""
        return [
            f"{process.name}: {line}"
            for process in self.processes.values()
            for line in process.log.read_text(encoding="utf-8").splitlines()
            if line.startswith("Traceback") or '"level":"error"' in line[:120]
        ]

    def close(self) -> None:
        """End everything, at once."""
        self._stopping.set()
        if self._keeper.is_alive():
            self._keeper.join()
        for process in self.processes.values():
            process.kill()

    @contextmanager
    def store(self, service: str) -> Iterator[Store]:
        """A service's database, seen from outside."""
        store = open_store(self.settings, service)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def bus(self) -> Iterator[Bus]:
        """The bus, seen from outside."""
        bus = open_bus(self.settings)
        try:
            yield bus
        finally:
            bus.close()


def _get(url: str) -> tuple[int, str]:
    opener = build_opener(ProxyHandler({}))
    opener.addheaders = []
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except OSError as error:
        code, body = getattr(error, "code", 0), ""
        if code:
            body = error.read().decode()  # type: ignore[attr-defined]  # an HTTPError is an answer
            error.close()  # type: ignore[attr-defined]  # and holds its connection
        return code, body


@contextmanager
def embedded_site(folder: Path, nursery: Nursery, **settings: str) -> Iterator[Site]:
    """The embedded system as one process, not started yet; ended at the end."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        "MODE": "embedded",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "CLOCK": "hand",
        "POLICY_DIRS": str(STANDARDS),
        "DEPARTMENT_URL": f"{base}/sandbox/departments",
        "BANK_URL": f"{base}/sandbox/bank",
        "PBOC_URL": f"{base}/sandbox/pboc",
        **_LIVELY,
        **settings,
    }
    environment = {f"DOUDI_{name}": value for name, value in environment.items()}
    process = Process(
        "embedded",
        ["serve"],
        port=port,
        health="/intake/livez",
        environment={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        folder=folder,
    )
    system = System({name: f"{base}/{name}" for name in SERVICES}, f"{base}/issuer", "")
    outside = {name: f"{base}/sandbox/{name}" for name in ("departments", "bank")}
    with _closing(Site(folder, [Forked(process, nursery)], environment, system, outside)) as site:
        yield site


@contextmanager
def distributed_site(
    folder: Path,
    nursery: Nursery,
    engines: Engines,
    *,
    instances: Mapping[str, int] | None = None,
    through: Mapping[str, int] | None = None,
    **settings: str,
) -> Iterator[Site]:
    """Each service's API and worker apart, not started yet; databases and topics are made.

    They are its own on shared engines: the cell's name is drawn. ``through`` gives the port of
    a proxy that stands before PostgreSQL for all processes of a service.
    """
    cell = f"f{uuid4().hex[:10]}"
    plan = Plan(
        folder,
        {name: (instances or {}).get(name, 1) for name in SERVICES},
        hand_clock=True,
        settings={
            "CELL": cell,
            "MONGO_DATABASE": f"{cell}_{{service}}",
            "POLICY_DIRS": str(STANDARDS),
            "KAFKA_PARTITIONS": "4",
            **_FRUGAL,
            **settings,
        },
    )
    (folder / "data").mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = plan.settings(_addresses(engines, cell, through or {}))
    processes = [*plan.neighbours(), *plan.services(environment)]
    urls = plan.urls
    system = System({name: urls[name] for name in SERVICES}, urls["issuer"], "")
    outside = {name: f"{urls['sandbox']}/sandbox/{name}" for name in ("departments", "bank")}
    direct = plan.settings(_addresses(engines, cell, {}))
    site = Site(folder, [Forked(one, nursery) for one in processes], direct, system, outside)
    with site.bus() as bus:
        bus.create_topics(topic_specs(site.settings))
    with _closing(site):
        yield site
    _drop(engines, cell)


@contextmanager
def _closing(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        site.close()


def database_of(cell: str, service: str) -> str:
    """The name of a service's database on the shared PostgreSQL."""
    return f"{cell}_{service}"


def _addresses(engines: Engines, cell: str, through: Mapping[str, int]) -> dict[str, str]:
    postgres: Any = engines["postgres"]
    assert isinstance(postgres, PostgresEngine)
    found = {
        name: _by(postgres.database(database_of(cell, name)), through.get(name))
        for name in (*SERVICES, "keys")
    }
    return {
        **{f"DATABASE_URL_{name.upper()}": found[name] for name in SERVICES},
        "KEYSTORE_URL": found["keys"],
        "MONGO_URL": engines["mongo"].address,
        "KAFKA_BOOTSTRAP": engines["kafka"].address,
    }


def _by(url: str, port: int | None) -> str:
    """An address with another port."""
    if port is None:
        return url
    authority, _, database = url.rpartition("/")
    return f"{authority.rpartition(':')[0]}:{port}/{database}"


def _drop(engines: Engines, cell: str) -> None:
    """Drop the databases: a shared engine need not carry what nobody asks for any more."""
    with psycopg.connect(engines["postgres"].address, autocommit=True) as connection:
        for name in (*SERVICES, "keys"):
            database = Identifier(database_of(cell, name))
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(database))


async def until(is_so: Callable[[], bool], within_s: float = READY_S) -> None:
    """Return once something is so, asked again and again; fails at the deadline."""
    deadline = time.monotonic() + within_s
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline, f"not so within {within_s} s"
        await asyncio.sleep(0.05)
