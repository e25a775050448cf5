"""All parameters together: checked as a whole, versioned, looked up.

Folders are layers: a series of values (one parameter, programme and scope) in a later folder
replaces the same series of the earlier ones whole, so that a deployment can settle what the
regulations leave open without editing the built-in files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

from shared.contracts.fields import Programme
from shared.policy.errors import MissingValue, PolicyError, UnknownParameter
from shared.policy.figures import ALL, Definition, Entry, Value
from shared.policy.files import ParameterFile
from shared.policy.parameters import Parameters

BUILT_IN: Final = Path(__file__).parent / "data"

_SCOPE_DIGITS: Final = (12, 9, 6, 4, 2, 0)
"""From the most specific division to the whole country."""

_PROGRAMMES: Final = frozenset(Programme) | {ALL}

Series = tuple[str, str, str]
"""Parameter, programme, scope: values that follow one another in time."""


class Policy:
    """Every parameter with all its dated values. Immutable.

    ``version`` is ``p-`` and twelve letters a–p: a digest of all definitions and values. The same
    files give the same version, any other value gives another, and no number hides in it.
    """

    def __init__(self, definitions: Mapping[str, Definition], entries: Iterable[Entry]) -> None:
        self._definitions = dict(definitions)
        self._series: dict[Series, list[Entry]] = {}
        for entry in entries:
            key = (entry.name, entry.programme, entry.scope)
            self._series.setdefault(key, []).append(entry)
        for key, series in self._series.items():
            series.sort(key=lambda e: e.valid_from)
            _check_joints(key, series)
        self.version = self._version()

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> Policy:
        """The built-in parameters and those of the folders, later ones over earlier ones.

        Raises ``PolicyError``: a file that cannot be read or has no ``.toml`` file beside it, an
        undefined or twice defined parameter, values that overlap or leave a gap.
        """
        definitions: dict[str, Definition] = {}
        layers: dict[Series, list[Entry]] = {}
        for folder in (BUILT_IN, *folders):
            files = [ParameterFile(path) for path in sorted(folder.rglob("*.toml"))]
            if not files:
                raise PolicyError(f"{folder} holds no parameter file (*.toml)")
            for file in files:
                for definition in file.definitions():
                    if definition.name in definitions:
                        raise PolicyError(f"{file.name} defines {definition.name} a second time")
                    definitions[definition.name] = definition
            layer: dict[Series, list[Entry]] = {}
            for file in files:
                for entry in file.entries(definitions, _PROGRAMMES):
                    key = (entry.name, entry.programme, entry.scope)
                    layer.setdefault(key, []).append(entry)
            layers |= layer
        return cls(definitions, (entry for series in layers.values() for entry in series))

    def value(self, name: str, region: str, programme: str, on: date) -> Value:
        """The value for a division (12 digits), programme and date.

        The most specific division's goes first; within it the programme's own before the one for
        all. Raises ``UnknownParameter``, ``MissingValue``.
        """
        definition = self.definition(name)
        for digits in _SCOPE_DIGITS:
            for held_by in (programme, ALL):
                for entry in self._series.get((name, held_by, region[:digits]), ()):
                    if entry.valid_on(on):
                        return self._value(definition, entry)
        known = "; ".join(
            entry.span()
            for (named, held_by, _), series in self._series.items()
            if named == name and held_by in (programme, ALL)
            for entry in series
        )
        raise MissingValue(name, programme, region, on, known)

    def at(self, region: str, programme: str, on: date) -> Parameters:
        """The parameters as one decision sees them: bound to division, programme and date."""
        return Parameters(self, region, programme, on)

    def definition(self, name: str) -> Definition:
        """What a parameter means. Raises ``UnknownParameter``."""
        found = self._definitions.get(name)
        if found is None:
            near = get_close_matches(name, self._definitions, n=1)
            raise UnknownParameter(name, near[0] if near else None)
        return found

    def definitions(self) -> tuple[Definition, ...]:
        """All parameters, by name."""
        return tuple(self._definitions[name] for name in sorted(self._definitions))

    def entries(self, name: str) -> tuple[Entry, ...]:
        """All values of a parameter, by programme, scope and date."""
        self.definition(name)
        keys = sorted(key for key in self._series if key[0] == name)
        return tuple(entry for key in keys for entry in self._series[key])

    def _value(self, definition: Definition, entry: Entry) -> Value:
        document = entry.document
        return Value(
            name=entry.name,
            figure=entry.figure,
            unit=definition.unit,
            programme=entry.programme,
            scope=entry.scope,
            document=document.id,
            reference=document.number or document.title,
            article=entry.article,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
            note=entry.note,
            version=self.version,
        )

    def _version(self) -> str:
        digest = sha256()
        for definition in self.definitions():
            digest.update(repr(definition).encode())
            for entry in self.entries(definition.name):
                digest.update(repr(entry).encode())
        # A digest in hexadecimal could show eleven digits in a row; letters never do.
        return "p-" + "".join(chr(ord("a") + int(nibble, 16)) for nibble in digest.hexdigest()[:12])


def _check_joints(key: Series, series: Sequence[Entry]) -> None:
    """Values of one series follow each other day on day. Raises ``PolicyError``."""
    name, programme, scope = key
    for earlier, later in pairwise(series):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            fault = "overlap"
        elif earlier.valid_to + timedelta(days=1) < later.valid_from:
            fault = "leave a gap"
        else:
            continue
        raise PolicyError(
            f"{programme}.{name} ({scope or 'everywhere'}): the values of {earlier.document.id} "
            f"({earlier.span()}) and {later.document.id} ({later.span()}) {fault}"
        )
