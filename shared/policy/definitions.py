"""Definitions of all files together: each defined once, in a unit of its kind, with its Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from shared.policy.errors import PolicyError
from shared.policy.figures import Definition, Kind
from shared.policy.files import ParameterFile

_ENDINGS: Final[Mapping[str, tuple[Kind, str | None]]] = {
    "_fen": (Kind.FEN, None),
    "_working_days": (Kind.WHOLE, "working day"),
    "_months": (Kind.WHOLE, "month"),
    "_years": (Kind.WHOLE, "year"),
}
"""What a name promises by how it ends: a kind, and a unit."""

Units = Mapping[tuple[Kind, str], str]
"""By kind and name, a unit's Chinese."""


def completed(files: Iterable[ParameterFile]) -> dict[str, Definition]:
    """The definitions of all files by name, with the Chinese of their units and choices.

    Raises ``PolicyError``, naming the file: defined twice, in a unit that no file allows for its
    kind or that its name contradicts, a label for what is no choice.
    """
    files = list(files)
    units = {(kind, unit): zh for file in files for kind, unit, zh in file.units()}
    found: dict[str, Definition] = {}
    for file in files:
        for definition in file.definitions():
            if definition.name in found:
                raise PolicyError(f"{file.name} defines {definition.name} a second time")
            found[definition.name] = _in_its_unit(file.name, definition, units)
    for file in files:
        for name, labels in file.labels().items():
            defined = found.get(name)
            if defined is None or not labels.keys() <= set(defined.choices):
                raise PolicyError(f"{file.name}: labels of {name} that are none of its choices")
            found[name] = replace(defined, labels={**defined.labels, **labels})
    return found


def _in_its_unit(file: str, definition: Definition, units: Units) -> Definition:
    kind, unit, name = definition.kind, definition.unit, definition.name
    unit_zh = units.get((kind, unit))
    if unit_zh is None:
        allowed = ", ".join(sorted(repr(known) for of, known in units if of is kind))
        raise PolicyError(
            f"{file}: {name}: {unit!r} is no unit of a {kind}, but {allowed or 'none'}"
        )
    for ending, (promised, its_unit) in _ENDINGS.items():
        if name.endswith(ending) and (kind, its_unit or unit) != (promised, unit):
            raise PolicyError(
                f"{file}: {name} ends in {ending}, but is a {kind} in the unit {unit!r}"
            )
    if kind is Kind.FEN and not name.endswith("_fen"):
        raise PolicyError(f"{file}: {name} is in fen, so its name ends in _fen")
    return replace(definition, unit_zh=unit_zh)
