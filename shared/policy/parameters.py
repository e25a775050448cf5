"""The parameters as one decision sees them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from shared.policy.errors import PolicyError
from shared.policy.figures import Kind, Value

if TYPE_CHECKING:
    from shared.policy.policy import Policy

F = TypeVar("F", bool, int, Fraction, str, tuple[str, ...], date)


class Parameters:
    """The parameters for one division, programme and date; remembers which were used.

    Made for one decision and used by one thread. Each reader raises ``UnknownParameter``,
    ``MissingValue``, and ``PolicyError`` where the parameter is of another kind or where it asks
    for a value although the regime sets none.
    """

    def __init__(self, policy: Policy, region: str, programme: str, on: date) -> None:
        self.policy = policy
        self.region = region
        self.programme = programme
        self.on = on
        self._used: dict[str, Value] = {}

    @property
    def version(self) -> str:
        """The version of the parameters, for the events that follow from them."""
        return self.policy.version

    @property
    def used(self) -> tuple[Value, ...]:
        """The values read so far, by name, each once."""
        return tuple(self._used[name] for name in sorted(self._used))

    def value(self, name: str) -> Value:
        """The value with its source."""
        value = self._used.get(name)
        if value is None:
            value = self.policy.value(name, self.region, self.programme, self.on)
            self._used[name] = value
        return value

    def sets(self, name: str) -> bool:
        """Whether the regime sets a value for an optional parameter; counts as reading it."""
        return self.value(name).figure is not None

    def whole(self, name: str) -> int:
        """A whole number: days, months, persons, counts."""
        return self._figure(name, Kind.WHOLE, int)

    def whole_or_none(self, name: str) -> int | None:
        """A whole number, or ``None`` where the regime sets none."""
        return self._figure_or_none(name, Kind.WHOLE, int)

    def fen(self, name: str) -> int:
        """An amount in fen."""
        return self._figure(name, Kind.FEN, int)

    def fen_or_none(self, name: str) -> int | None:
        """An amount in fen, or ``None`` where the regime sets none."""
        return self._figure_or_none(name, Kind.FEN, int)

    def ratio(self, name: str) -> Fraction:
        """An exact ratio."""
        return self._figure(name, Kind.RATIO, Fraction)

    def ratio_or_none(self, name: str) -> Fraction | None:
        """An exact ratio, or ``None`` where the regime sets none."""
        return self._figure_or_none(name, Kind.RATIO, Fraction)

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self._figure(name, Kind.FLAG, bool)

    def code(self, name: str) -> str:
        """One of the parameter's choices."""
        return self._figure(name, Kind.CODE, str)

    def codes(self, name: str) -> tuple[str, ...]:
        """Some of the parameter's choices, in the order of the document."""
        return self._figure(name, Kind.CODES, tuple)

    def date_or_none(self, name: str) -> date | None:
        """A day by which something is done, or ``None`` where the regime sets none."""
        return self._figure_or_none(name, Kind.DATE, date)

    def _figure(self, name: str, kind: Kind, form: type[F]) -> F:
        figure = self._figure_or_none(name, kind, form)
        if figure is None:
            raise PolicyError(f"{name}: the regime on {self.on} sets none; ask with sets() first")
        return figure

    def _figure_or_none(self, name: str, kind: Kind, form: type[F]) -> F | None:
        defined = self.policy.definition(name).kind
        if defined is not kind:
            raise PolicyError(f"{name} is read as {kind}, but is {defined}")
        figure = self.value(name).figure
        return figure if isinstance(figure, form) else None
