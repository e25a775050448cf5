"""Running the demo: the same story on the embedded run, or against the stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from rich.console import Console

from infra.demo import STANDARDS, telling
from infra.demo.office import House
from infra.demo.story import Story, differences
from infra.embedded import Embedded
from infra.operators import Operator, System
from infra.serving import bind, port_of, serve
from shared.settings import SERVICES, ClockKind, load_settings
from shared.web.logs import set_up_logs

if TYPE_CHECKING:
    from infra.stack import Stack

PATIENCE_S: Final = 30.0


async def demo(system: System, sandbox: str, console: Console) -> bool:
    """Live the story, show it, prove it; whether everything came out as it must."""
    sandboxes = {name: f"{sandbox}/{name}" for name in ("departments", "bank")}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client,
        Operator(system) as operator,
    ):
        house = House(system, sandboxes, client)
        story = Story(house, operator, lambda step: console.print(f"· {step}", highlight=False))
        case_id, figures = await story.live()
        telling.show_timeline(console, await telling.timeline(operator, case_id))
        telling.show_figures(console, figures)
        wrong = differences(figures) + await telling.proof(operator, console)
    for sentence in wrong:
        console.print(f"[bold red]{sentence}")
    console.print("[bold red]demo: FAILED" if wrong else "[bold green]demo: OK")
    return not wrong


async def on_embedded(folder: Path, console: Console) -> bool:
    """The demo on the embedded run in a fresh folder, on the hand clock."""
    async with embedded(folder) as (system, sandbox):
        return await demo(system, sandbox, console)


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[tuple[System, str]]:
    """The embedded run in a fresh folder, on the hand clock: where it and its sandboxes are."""
    bound = bind("127.0.0.1", 0)
    port = port_of(bound)
    settings = load_settings(
        data_dir=folder,
        port=port,
        clock=ClockKind.HAND,
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
        yield system, f"{base}/sandbox"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def on_stack(stack: Stack, console: Console) -> bool:
    """The demo against a running stack."""
    return await demo(stack.system, f"{stack.urls['sandbox']}/sandbox", console)
