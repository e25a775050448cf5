"""Values that are not in files but decided and recorded: standards.

A value that a division has decided stands at the division's place in the order of divisions, and
there before a file's: what is decided is newer than what a deployment took over when it began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

Place = tuple[str, str, str]
"""Parameter, programme, scope."""


@dataclass(frozen=True, slots=True)
class RecordedValue:
    """An amount in fen that a division decided: it holds from ``valid_from`` until its next one.

    ``scope`` is the prefix of the divisions it holds for, ``standard_id`` the decision.
    """

    name: str
    programme: str
    scope: str
    fen: int
    valid_from: date
    standard_id: UUID


class RecordedValues:
    """Recorded values by parameter, programme and division, each series in order of time."""

    def __init__(self, values: Iterable[RecordedValue] = ()) -> None:
        series: dict[Place, list[RecordedValue]] = {}
        for value in values:
            series.setdefault((value.name, value.programme, value.scope), []).append(value)
        for one in series.values():
            one.sort(key=lambda value: value.valid_from)
        self._series: Mapping[Place, list[RecordedValue]] = series

    def __bool__(self) -> bool:
        return bool(self._series)

    def on(self, name: str, programme: str, scope: str, day: date) -> RecordedValue | None:
        """What the division has decided for the day, if it has."""
        series = self._series.get((name, programme, scope))
        if series is None:
            return None
        found = bisect_right(series, day, key=lambda value: value.valid_from)
        return series[found - 1] if found else None
