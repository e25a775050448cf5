"""The command line as one application: its groups, and where it takes its settings from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.cli import (
    audit,
    clock,
    demo,
    log,
    parked,
    policy,
    running,
    starting,
    systems,
    views,
)
from infra.cli.talk import Sentences, fail
from infra.environment import read_environment

STACK: Final = starting.STACK / "doudi.env"

app = typer.Typer(
    cls=Sentences,
    name="doudi",
    help="兜底 Doudi: the case-lifecycle backend of social assistance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def settings(
    env_file: Annotated[
        Path | None,
        typer.Option(help="Settings to take besides the environment's: lines of NAME=value."),
    ] = None,
    stack: Annotated[
        bool, typer.Option("--stack", help=f"The settings of `make stack` ({STACK}).")
    ] = False,
) -> None:
    """兜底 Doudi: the case-lifecycle backend of social assistance."""
    file = STACK if stack else env_file
    if file is None:
        return
    try:
        found = read_environment(file)
    except FileNotFoundError:
        hint = "; is `make stack` running here?" if stack else ""
        fail(f"there is no {file}{hint}")
    except (OSError, ValueError) as error:
        fail(str(error))
    else:
        os.environ.update(found)


for group in (demo.app, starting.app, running.app, systems.app):
    app.registered_commands += group.registered_commands
app.add_typer(clock.app, name="clock", help="The hand clock: where it stands, and moving it.")
app.add_typer(parked.app, name="parked", help="Records set aside: look, apply again, give up.")
app.add_typer(views.app, name="views", help="Views: how far they are, and rebuilding one.")
app.add_typer(log.app, name="log", help="The event log's proof, and its recovery.")
app.add_typer(
    audit.app, name="audit", help="A case's course and past states; every record's proof."
)
app.add_typer(
    policy.app,
    name="policy",
    help="The rules at a place and on a date, their sources, what differs.",
)
