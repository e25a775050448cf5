"""``doudi demo`` and ``doudi stack-demo``: the same stories on both runs."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.talk import err, out
from infra.demo import STANDARDS

app = typer.Typer()

Folder = Annotated[
    Path | None, typer.Option(help="A fresh folder to keep; without it a passing one is used.")
]


@app.command()
def demo(folder: Folder = None) -> None:
    """Live the stories on the embedded run, and check every figure.

    Exit code 1 when any figure is off or any log does not verify.
    """
    from infra.demo.running import on_embedded

    with tempfile.TemporaryDirectory(prefix="doudi-demo-") as passing:
        data = Path(passing) if folder is None else folder
        data.mkdir(parents=True, exist_ok=True)
        if any(data.iterdir()):
            raise typer.BadParameter(f"{data} is not empty: the story begins in a fresh folder")
        fine = asyncio.run(on_embedded(data, out))
    if not fine:
        raise typer.Exit(1)


@app.command("stack-demo")
def stack_demo(folder: Folder = None) -> None:
    """Live the same stories on PostgreSQL, Apache Kafka and MongoDB, each service in processes."""
    from infra.demo.cells import CELLS
    from infra.demo.running import conclude, on_stack
    from infra.stack import Stack

    fine = True
    with tempfile.TemporaryDirectory(prefix="doudi-stack-") as passing:
        for cell in CELLS:
            data = (Path(passing) if folder is None else folder) / cell.name
            told = {"POLICY_DIRS": os.fspath(STANDARDS), **cell.settings}
            with (
                err.status(f"{cell.name}: starting engines and services"),
                Stack(data, settings=told) as stack,
            ):
                for engine in stack.engines.values():
                    out.print(f"{engine.name} {engine.version()}", highlight=False)
                fine = asyncio.run(on_stack(cell, stack, out)) and fine
    if not conclude(fine, out):
        raise typer.Exit(1)
