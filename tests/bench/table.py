"""What the bench prints: measures with their ratio to a ceiling of the same run."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass
class Report:
    """Rows gathered as they are measured, printed at the end and as they come."""

    console: Console = field(default_factory=Console)
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(self, measure: str, seen: str, ceiling: str, ratio: str, target: str) -> None:
        """One measure: what was seen, its ceiling in the same run, their ratio, the target."""
        self.rows.append((measure, seen, ceiling, ratio, target))
        self.console.print(f"  {measure}: {seen} | {ceiling} | {ratio} | {target}", highlight=False)

    def show(self) -> None:
        """The whole table."""
        table = Table("measure", "seen", "ceiling in the same run", "ratio", "target")
        for row in self.rows:
            table.add_row(*row)
        self.console.print(table)


def per_second(count: int, seconds: float) -> float:
    return count / seconds


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which that share of the (sorted) values lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
