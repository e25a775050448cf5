"""How the commands talk: results to standard output, the rest to standard error, errors as one
sentence and an exit code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from infra.operators import Operator
from shared.settings import SERVICES, Settings, load_settings

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def _sentences() -> tuple[type[Exception], ...]:
    """What is told as a sentence. Everything else is a mistake of ours and keeps its traceback.

    Imported only when something failed: most commands need few of these.
    """
    from infra.demo.office import StoryFailed
    from infra.embedded import AlreadyRunning
    from infra.engines import EngineError
    from infra.operators import OperatorError
    from infra.serving import AddressTaken
    from infra.stack import StackFailed
    from shared.access.credentials import UnsafeSecret
    from shared.access.issuer import IssuerRefused
    from shared.access.keys import UnsafeAddress
    from shared.bus.port import BusError
    from shared.kernel.store import StoreAway
    from shared.policy import PolicyError
    from shared.regions import RegionTableError
    from shared.sealing import SealingError, UnsafeMasterKey
    from shared.settings import SettingsError

    return (
        AddressTaken,
        AlreadyRunning,
        BusError,
        EngineError,
        IssuerRefused,
        OperatorError,
        PolicyError,
        RegionTableError,
        SealingError,
        SettingsError,
        StackFailed,
        StoreAway,
        StoryFailed,
        UnsafeAddress,
        UnsafeMasterKey,
        UnsafeSecret,
    )


class Sentences(TyperGroup):
    """A group of commands whose known errors are one sentence on standard error, and exit 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if isinstance(error, _sentences()):
                fail(str(error))
            raise


def fail(sentence: str) -> None:
    """Say what went wrong, and leave with exit code 1."""
    err.print(f"[red]doudi:[/red] {escape(sentence)}")
    raise typer.Exit(1)


def ask(work: Callable[[Operator], Awaitable[T]], settings: Settings | None = None) -> T:
    """What ``work`` finds out as the operator of the system that the settings name."""

    async def asked() -> T:
        async with Operator.of(settings or load_settings()) as operator:
            return await work(operator)

    return asyncio.run(asked())


def chosen(service: str | None) -> tuple[str, ...]:
    """The service named, or all. Raises ``BadParameter`` for one that there is not."""
    if service is None:
        return SERVICES
    if service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service}; there are {', '.join(SERVICES)}")
    return (service,)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; numbers to the right."""
    found = [list(row) for row in rows]
    shown = Table(title=title, title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        numbers = bool(found) and all(isinstance(row[index], int) for row in found)
        shown.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in found:
        shown.add_row(*(escape(str(cell)) for cell in row))
    out.print(shown)
