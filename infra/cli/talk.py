"""How the commands talk: results to standard output, the rest to standard error, errors as one
sentence and an exit code.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from infra.operators import Operator
from shared.access.roles import Role
from shared.settings import SERVICES, Settings, load_settings

T = TypeVar("T")

_WIDE: Final = 200
"""How wide a table may be that goes into a file or another program."""

COMMAND: Final = "doudi" if shutil.which("doudi") else ".venv/bin/doudi"
"""What one types here to call this."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _WIDE)


SENTENCES: Final = (
    "infra.demo.office.StoryFailed",
    "infra.embedded.AlreadyRunning",
    "infra.engines.port.EngineError",
    "infra.operators.OperatorError",
    "infra.serving.AddressTaken",
    "infra.stack.process.StackFailed",
    "shared.access.credentials.UnsafeSecret",
    "shared.access.issuer.IssuerRefused",
    "shared.access.keys.UnsafeAddress",
    "shared.bus.port.BusError",
    "shared.kernel.store.StoreAway",
    "shared.policy.errors.PolicyError",
    "shared.regions.table.RegionTableError",
    "shared.sealing.SealingError",
    "shared.sealing.UnsafeMasterKey",
    "shared.settings.model.SettingsError",
)
"""What is told as a sentence. Everything else is a mistake of ours and keeps its traceback.

By name, since a command that fails should not import what it did not need.
"""


def _is_told(error: Exception) -> bool:
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return not kinds.isdisjoint(SENTENCES)


class Sentences(TyperGroup):
    """A group of commands whose known errors are one sentence on standard error, and exit 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if _is_told(error):
                fail(str(error))
            raise


def fail(sentence: str) -> None:
    """Say what went wrong, and leave with exit code 1."""
    err.print(f"[red]doudi:[/red] {escape(sentence)}", soft_wrap=True)
    raise typer.Exit(1)


def ask(
    work: Callable[[Operator], Awaitable[T]],
    settings: Settings | None = None,
    role: Role = Role.OPERATOR,
) -> T:
    """What ``work`` finds out in the role, by default the operator's, of the system that the
    settings name.
    """

    async def asked() -> T:
        async with Operator.of(settings or load_settings(), role) as operator:
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
