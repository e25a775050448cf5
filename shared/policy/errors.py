"""What can be wrong with parameters, or with a question for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.policy.nearest import Near


class PolicyError(ValueError):
    """Parameter files that cannot be used, or a parameter read as what it is not."""


class UnknownParameter(PolicyError):
    """No parameter of that name is defined."""

    def __init__(self, name: str, nearest: str | None) -> None:
        self.name = name
        super().__init__(
            f"no parameter is called {name!r}" + (f"; is {nearest!r} meant?" if nearest else "")
        )


class MissingValue(LookupError):
    """A parameter has no value for that division, programme and date.

    A person has to supply it: ``nearest`` are the values of the nearest dates or places, the
    nearest first, or of other programmes; empty where nowhere has one.
    """

    def __init__(
        self, name: str, programme: str, region: str, on: date, nearest: Sequence[Near] = ()
    ) -> None:
        self.name = name
        self.programme = programme
        self.region = region
        self.on = on
        self.nearest = tuple(nearest)
        super().__init__(
            f"parameter {name!r} of {programme} has no value for division {region} on {on}; "
            + self._known()
        )

    def _known(self) -> str:
        if not self.nearest:
            return "known: none; the place has to state it (DOUDI_POLICY_DIRS)"
        if all(near.programme not in (self.programme, "all") for near in self.nearest):
            return f"known only of {', '.join(near.programme for near in self.nearest)}"
        return f"nearest: {'; '.join(map(str, self.nearest))}"
