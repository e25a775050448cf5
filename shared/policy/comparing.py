"""What differs between two dates, or two divisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.policy.errors import UnknownParameter
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
        return (self.left and self.left.figure) != (self.right and self.right.figure) or (
            (self.left is None) != (self.right is None)
        )


def differences(
    policy: Policy, left: Standing, right: Standing, definitions: Iterable[Definition]
) -> list[Difference]:
    """What differs in value or in source, by parameter and programme."""
    found = []
    for definition in definitions:
        for programme in programmes_of(policy, definition.name):
            one, other = (
                next(iter(policy.values(definition.name, asked.region, programme, asked.on)), None)
                for asked in (left, right)
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
    found = exact or [
        definition
        for definition in policy.definitions()
        if words
        and all(
            word in f"{definition.name.replace('_', ' ')} {definition.zh} {definition.en.lower()}"
            for word in words
        )
    ]
    if not found:
        policy.definition(key)
        raise UnknownParameter(key, None)
    return found


def _told(value: Value | None) -> tuple[object, ...] | None:
    return None if value is None else (value.figure, value.document, value.article)
