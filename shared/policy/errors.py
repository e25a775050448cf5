"""What can be wrong with parameters, or with a question for one."""

from __future__ import annotations

from datetime import date


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

    A person has to supply it: the message says for which divisions and dates values are known.
    """

    def __init__(self, name: str, programme: str, region: str, on: date, known: str) -> None:
        self.name = name
        self.programme = programme
        self.region = region
        self.on = on
        super().__init__(
            f"parameter {name!r} of {programme} has no value for division {region} on {on}; "
            f"known: {known or 'none'}"
        )
