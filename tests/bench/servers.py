"""Servers in processes of their own: the embedded system, and one that does nothing."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI

from infra.distributed import PARTS, run_service
from infra.embedded import Embedded
from infra.environment import settings_of
from infra.operators import System
from infra.serving import bind, port_of, run, serve
from infra.stack import Stack
from shared.settings import SERVICES, ClockKind, load_settings
from shared.web.logs import set_up_logs
from tests.bench.ground import POLICY
from tests.bench.table import profiled

_START_S: Final = 60.0
_STOP_S: Final = 30.0


@contextmanager
def empty() -> Iterator[str]:
    """The address of a route that does nothing, on the server that ours are on."""
    with _process(_serve_empty) as port:
        yield f"http://127.0.0.1:{port}/"


def _serve_empty(told: Connection) -> None:
    app = FastAPI()

    @app.get("/")
    async def nothing() -> None:
        return None

    bound = bind("127.0.0.1", 0)
    run(serve(app, bound, lambda: told.send(port_of(bound))))


@contextmanager
def embedded(folder: Path, profile: str = "") -> Iterator[System]:
    """The embedded system on the hand clock. With ``profile`` its event loop is profiled."""
    with _process(_serve_embedded, folder, profile) as port:
        base = f"http://127.0.0.1:{port}"
        services = {name: f"{base}/{name}" for name in SERVICES}
        wait_until_ready(services.values())
        yield System(services, f"{base}/issuer", "")


def _serve_embedded(folder: Path, profile: str, told: Connection) -> None:
    bound = bind("127.0.0.1", 0)
    port = port_of(bound)
    settings = load_settings(
        data_dir=folder,
        clock=ClockKind.HAND,
        policy_dirs=(POLICY,),
        port=port,
        gateway_poll_ms=600_000,  # as on the stack: departments are asked later
    )
    set_up_logs("embedded", "warning")  # as `doudi serve` does
    house = Embedded(settings, port)
    _run(profile, serve(house.app, bound, lambda: told.send(port)))


@contextmanager
def profiled_api(stack: Stack, service: str, profile: str) -> Iterator[None]:
    """Meanwhile the first API of a service runs in a process whose event loop is profiled."""
    theirs = stack.processes[f"{service}-api-1"]
    theirs.stop()
    try:
        with _process(_serve_api, dict(stack.environment), service, theirs.port, profile):
            wait_until_ready([theirs.url])
            yield
    finally:
        theirs.start()
        theirs.wait_ready(_START_S)


def _serve_api(
    environment: dict[str, str], service: str, port: int, profile: str, told: Connection
) -> None:
    settings = settings_of({**environment, "DOUDI_INSTANCE": "1", "DOUDI_PORT": str(port)})
    set_up_logs(f"{service}-api", settings.log_level)
    bound = bind("127.0.0.1", port)
    told.send(port)
    _run(profile, run_service(settings, service, PARTS["api"], bound))


def _run(profile: str, main: Any) -> None:
    if profile:
        profiled(profile, lambda: run(main))
    else:
        run(main)


@contextmanager
def _process(target: Any, *arguments: Any) -> Iterator[int]:
    """Run a server's main function until the end of the block; the port that it tells."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_START_S):
            raise TimeoutError(f"{target.__name__} did not start in {_START_S} s")
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join(_STOP_S)
        process.kill()
        ours.close()


def wait_until_ready(urls: Iterable[str]) -> None:
    """Return once all these services take commands. Raises ``TimeoutError`` when they do not."""
    deadline = time.monotonic() + _START_S
    for url in urls:
        while not _is_ready(url):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{url} is not ready after {_START_S} s")
            time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
