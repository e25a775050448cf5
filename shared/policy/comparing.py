"""What differs between two dates, or two divisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.policy.figures import ALL, Definition, Value
from shared.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """Where and when somebody asks: a division's code or its first digits, and a date."""

    region: str
    on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter of one programme in two standings; ``None`` where one has no value."""

    definition: Definition
    programme: str
    left: Value | None
    right: Value | None

    @property
    def in_figure(self) -> bool:
        """Whether the values differ, and not only what sets them."""
        return not (self.left and self.right) or self.left.figure != self.right.figure


def held_in(policy: Policy, name: str, programme: str, standing: Standing) -> Value | None:
    """What holds of a parameter in a standing, if anything does. Raises ``UnknownParameter``."""
    return next(iter(policy.values(name, standing.region, programme, standing.on)), None)


def differences(
    policy: Policy, left: Standing, right: Standing, definitions: Iterable[Definition]
) -> list[Difference]:
    """What differs in value or in source, by parameter and programme."""
    found = []
    for definition in definitions:
        for programme in programmes_of(policy, definition.name):
            one, other = (
                held_in(policy, definition.name, programme, asked) for asked in (left, right)
            )
            if _told(one) != _told(other):
                found.append(Difference(definition, programme, one, other))
    return found


def programmes_of(policy: Policy, name: str) -> tuple[str, ...]:
    """For which programmes a parameter has values; "all" last. Raises ``UnknownParameter``."""
    found = {entry.programme for entry in policy.entries(name)}
    return tuple(sorted(found, key=lambda programme: (programme == ALL, programme)))


def matching(policy: Policy, key: str) -> list[Definition]:
    """The parameter of that name; else those in whose name, Chinese or English all words stand.

    Raises ``UnknownParameter``, which names the nearest, where there is none.
    """
    exact = [definition for definition in policy.definitions() if definition.name == key]
    words = key.lower().replace("_", " ").split()
    by_words = [
        definition
        for definition in policy.definitions()
        if words
        and all(
            word in f"{definition.name.replace('_', ' ')} {definition.zh} {definition.en}".lower()
            for word in words
        )
    ]
    return exact or by_words or [policy.definition(key)]


def _told(value: Value | None) -> tuple[object, ...] | None:
    return None if value is None else (value.figure, value.document, value.article)
