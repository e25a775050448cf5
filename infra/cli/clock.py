"""``doudi clock``: the hand clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra import clockwork
from infra.cli.talk import ask, err, out, table
from infra.operators import Operator
from shared.clock import SHANGHAI, legal_date

app = typer.Typer(no_args_is_help=True)


@app.command()
def show() -> None:
    """Print each service's moment."""
    moments = ask(clockwork.now)
    table(
        "Clock",
        ("service", "Shanghai", "UTC"),
        (
            (name, f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", f"{moment:%Y-%m-%dT%H:%MZ}")
            for name, moment in moments.items()
        ),
    )


@app.command()
def advance(
    to: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day: YYYY-MM-DD.")],
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that one day may take to drain.")
    ] = clockwork.WITHIN_S,
) -> None:
    """Move every service's hand clock to a date, over each day on which something falls due.

    After each of them it waits until everything that follows from it has happened: logs relayed,
    consumed, duties done, departments and bank asked, views up to date.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[waiting]}"),
    )
    still = not err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=still) as progress:
        task = progress.add_task("days", total=None, waiting="")
        began: list[date] = []

        def begin(first: date, last: date) -> None:
            began.append(first)
            progress.update(task, total=(last - first).days, description=str(first))

        def day_done(day: date) -> None:
            over = (day - began[0]).days
            progress.update(task, completed=over, description=str(day), waiting="")

        def report(waiting: Mapping[str, Mapping[str, int]]) -> None:
            progress.update(task, waiting=clockwork.told(waiting))

        async def move(operator: Operator) -> dict[str, datetime]:
            await clockwork.advance(
                operator,
                to.date(),
                within_s=timeout,
                begin=begin,
                day_done=day_done,
                report=report,
            )
            return await clockwork.now(operator)

        moments = ask(move)
    days = {str(legal_date(moment)) for moment in moments.values()}
    out.print(f"The clock stands at {', '.join(sorted(days))} in {len(moments)} services.")
