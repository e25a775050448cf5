"""Running the demo: the same story on the embedded run, or against the stack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from rich.console import Console

from infra.clockwork import advance
from infra.demo import STANDARDS, telling
from infra.demo.cells import CELLS, FUJIAN, Cell
from infra.demo.figures import wrong
from infra.demo.office import House, StoryFailed
from infra.embedded import Embedded
from infra.operators import Operator, System
from infra.serving import bind, port_of, serve
from shared.access.roles import Role
from shared.settings import SERVICES, ClockKind, load_settings
from shared.web.logs import set_up_logs

if TYPE_CHECKING:
    from infra.stack import Stack

PATIENCE_S: Final = 30.0


async def demo(cell: Cell, system: System, sandbox: str, console: Console) -> bool:
    """Live a cell's stories, show them, prove its records; whether all came out as it must."""
    sandboxes = {name: f"{sandbox}/{name}" for name in ("departments", "bank", "pboc")}
    home = (cell.town.province, "province")
    async with (
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client,
        Operator(system, home=home) as operator,
        Operator(system, home=home, role=Role.AUDITOR) as auditor,
    ):
        console.rule(cell.title)
        house = House(system, sandboxes, client)
        lives = await cell.live(
            house,
            lambda to: advance(operator, to),
            lambda step: console.print(f"· {step}", highlight=False),
        )
        off: list[str] = []
        for life in lives:
            console.rule(life.title, style="dim")
            telling.show_timeline(console, await telling.timeline(auditor, life.case_id))
            if life.in_print:
                printed = f"/cases/{life.case_id}/determination/printed"
                page = await auditor.text("decision", printed)
                console.print(page, markup=False, highlight=False, soft_wrap=True)
            telling.show_figures(console, life.figures)
            off += wrong(life.figures)
        off += await telling.proof(operator, console)
    for sentence in off:
        console.print(f"[bold red]{sentence}")
    return not off


def conclude(fine: bool, console: Console) -> bool:
    """Say how it ended."""
    console.print("[bold green]demo: OK" if fine else "[bold red]demo: FAILED")
    return fine


async def on_embedded(folder: Path, console: Console) -> bool:
    """The demo on embedded runs in fresh folders, one for each cell, on the hand clock."""
    fine = True
    for cell in CELLS:
        data = folder / cell.name
        data.mkdir()
        async with embedded(data, cell) as (system, sandbox):
            fine = await demo(cell, system, sandbox, console) and fine
    return conclude(fine, console)


@asynccontextmanager
async def embedded(folder: Path, cell: Cell = FUJIAN) -> AsyncIterator[tuple[System, str]]:
    """A cell's embedded run in a fresh folder: where it and its sandboxes are."""
    bound = bind("127.0.0.1", 0)
    port = port_of(bound)
    settings = load_settings(
        data_dir=folder,
        port=port,
        cell=cell.name,
        home_division=cell.town.province,
        home_level="province",
        clock=ClockKind.HAND,
        hand_clock_start=cell.begins_on,
        policy_dirs=(STANDARDS,),
        duties_poll_ms=50,
        gateway_poll_ms=50,
        poll_ms=10,
    )
    set_up_logs("demo", settings.log_level, stream=(folder / "log").open("a", encoding="utf-8"))
    base = f"http://127.0.0.1:{port}"
    system = System({name: f"{base}/{name}" for name in SERVICES}, f"{base}/issuer", "")
    house = Embedded(settings, port)
    listening = asyncio.Event()
    serving = asyncio.create_task(serve(house.app, bound, listening.set))
    ready = asyncio.create_task(listening.wait())
    await asyncio.wait((serving, ready), return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        ready.cancel()
        serving.result()
    try:
        await _ready(system)
        yield system, f"{base}/sandbox"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _ready(system: System) -> None:
    """Return once every service takes commands. Raises ``StoryFailed`` if one does not in time."""
    deadline = time.monotonic() + PATIENCE_S
    async with httpx.AsyncClient(trust_env=False) as client:
        for service, url in system.services.items():
            while (await client.get(f"{url}/readyz")).status_code != HTTPStatus.OK:
                if time.monotonic() > deadline:
                    raise StoryFailed(f"{service} is not ready within {PATIENCE_S:.0f} s")
                await asyncio.sleep(0.05)


async def on_stack(cell: Cell, stack: Stack, console: Console) -> bool:
    """A cell's demo against its running stack."""
    return await demo(cell, stack.system, f"{stack.urls['sandbox']}/sandbox", console)
