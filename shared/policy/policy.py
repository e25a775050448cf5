"""All parameters together: checked as a whole, versioned, looked up.

Folders are layers: a series of values (one parameter, programme and scope) in a later folder
replaces the same series of the earlier ones whole, so that a deployment can settle what the
regulations leave open without editing the built-in files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from difflib import get_close_matches
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from shared.contracts.fields import Programme
from shared.policy.definitions import completed
from shared.policy.errors import MissingValue, PolicyError, UnknownParameter
from shared.policy.figures import ALL, Definition, Document, Entry, Value
from shared.policy.files import ParameterFile
from shared.policy.nearest import nearest_to
from shared.policy.parameters import Parameters
from shared.policy.recorded import RecordedValue, RecordedValues

BUILT_IN: Final = Path(__file__).parent / "data"

_SCOPE_DIGITS: Final = (12, 9, 6, 4, 2, 0)
"""From the most specific division to the whole country."""

_PROGRAMMES: Final = frozenset(Programme) | {ALL}

_Question = tuple[str, str, str, date]
"""Parameter, division, programme, day."""

_REMEMBERED: Final = 10_000
"""Questions whose answer is kept: all of a county's households ask the same."""

Series = tuple[str, str, str]
"""Parameter, programme, scope: values that follow one another in time."""


class Policy:
    """Every parameter with all its dated values. Immutable.

    ``version`` is ``p-`` and twelve letters a–p: a digest of all that a rule can be answered and
    of where it stands. Another value, date or source gives another version, another wording of a
    note does not; and no number hides in it. ``programmes`` are their names in Chinese.
    """

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        entries: Iterable[Entry],
        documents: Iterable[Document] = (),
        programmes: Mapping[str, str] | None = None,
    ) -> None:
        self._definitions = dict(definitions)
        self._documents = _by_id(documents)
        self.programmes = MappingProxyType(dict(programmes or {}))
        self._series: dict[Series, list[Entry]] = {}
        self._recorded: RecordedValues | None = None
        for entry in entries:
            key = (entry.name, entry.programme, entry.scope)
            self._series.setdefault(key, []).append(entry)
        for series in self._series.values():
            series.sort(key=lambda e: e.valid_from)
            _check_joints(series)
        self.version = self._version()
        self._values = self._by_place()
        self._found: dict[_Question, Value] = {}

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> Policy:
        """The built-in parameters and those of the folders, later ones over earlier ones.

        Raises ``PolicyError``, which names file and place: a file that cannot be read or has no
        ``.toml`` file beside it, an undefined or twice defined parameter, a unit that its kind has
        not, a value without a source, values that overlap or leave a gap.
        """
        layers = [_files_of(folder) for folder in (BUILT_IN, *folders)]
        files = [file for layer in layers for file in layer]
        definitions = completed(files)
        series: dict[Series, list[Entry]] = {}
        for layer in layers:
            replaced: dict[Series, list[Entry]] = {}
            for file in layer:
                for entry in file.entries(definitions, _PROGRAMMES):
                    key = (entry.name, entry.programme, entry.scope)
                    replaced.setdefault(key, []).append(entry)
            series |= replaced
        return cls(
            definitions,
            (entry for entries in series.values() for entry in entries),
            (document for file in files for document in file.documents().values()),
            {code: zh for file in files for code, zh in file.programmes().items()},
        )

    def value(self, name: str, region: str, programme: str, on: date) -> Value:
        """The value for a division (12 digits), programme and date.

        The most specific division's goes first; within it what is recorded before the files, and
        the programme's own before the one for all. Raises ``UnknownParameter``, ``MissingValue``.
        """
        question = (name, region, programme, on)
        found = self._found.get(question)
        if found is None:
            found = self._look_up(*question)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[question] = found
        return found

    def _look_up(self, name: str, region: str, programme: str, on: date) -> Value:
        definition = self.definition(name)
        held = next(self._holding(name, region, programme, on), None)
        narrowest = len(held.scope) if held else 0
        recorded = self._recorded_for(name, region, programme, on, narrowest)
        if recorded is not None:
            return self._decided(definition, recorded)
        if held is not None:
            return held
        named = [
            entry for key, entries in self._series.items() if key[0] == name for entry in entries
        ]
        nearest = nearest_to(named, programme=programme, region=region, on=on)
        raise MissingValue(name, programme, region, on, nearest)

    def taken_from(
        self, name: str, number: int, region: str, programme: str, on: date
    ) -> Value | None:
        """The value that an event's whole number was taken from; ``None`` where none is so now.

        It is the programme's own, or dibao's, whose standard and limits others rest on. Raises
        ``UnknownParameter``.
        """
        for held_by in (programme, Programme.DIBAO):
            try:
                found = self.value(name, region, held_by, on)
            except MissingValue:
                continue
            if found.whole_figure() == number:
                return found
        return None

    def values(self, name: str, region: str, programme: str, on: date) -> tuple[Value, ...]:
        """The value and the more general ones that it goes before, in that order; may be none.

        Raises ``UnknownParameter``.
        """
        self.definition(name)
        return tuple(self._holding(name, region, programme, on))

    def at(self, region: str, programme: str, on: date) -> Parameters:
        """The parameters as one decision sees them: bound to division, programme and date."""
        return Parameters(self, region, programme, on)

    def with_recorded(self, values: Iterable[RecordedValue]) -> Policy:
        """These parameters together with values that were decided and recorded.

        Their version stays that of the files: what is recorded names its own decision.
        """
        recorded = RecordedValues(values)
        if not recorded:
            return self
        together = copy(self)
        together._recorded = recorded  # in the place of any before: all that is recorded is given
        together._found = {}
        return together

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

    def document(self, id_: str) -> Document:
        """The document of that id, as a value names it. Raises ``KeyError``."""
        return self._documents[id_]

    def documents(self) -> tuple[Document, ...]:
        """All documents, those of one authority together, by the day they begin."""
        found = self._documents.values()
        return tuple(sorted(found, key=lambda d: (d.authority.id, d.valid_from, d.id)))

    def _recorded_for(
        self, name: str, region: str, programme: str, on: date, narrowest: int
    ) -> RecordedValue | None:
        """What was recorded, by a division whose code is told by ``narrowest`` digits or more."""
        if self._recorded is None:
            return None
        for digits in _SCOPE_DIGITS:
            if digits < narrowest:
                return None
            recorded = self._recorded.on(name, programme, region[:digits], on)
            if recorded is not None:
                return recorded
        return None

    def _holding(self, name: str, region: str, programme: str, on: date) -> Iterator[Value]:
        """What holds there and then, from the most specific to the most general."""
        places = self._values.get(name, {})
        for digits in _SCOPE_DIGITS:
            for value in places.get(region[:digits], ()):
                if value.programme in (programme, ALL) and value.valid_on(on):
                    yield value

    def _by_place(self) -> dict[str, dict[str, list[Value]]]:
        """The values by parameter and scope; at a place those for all programmes come last."""
        values: dict[str, dict[str, list[Value]]] = {}
        for key in sorted(self._series, key=lambda series: series[1] == ALL):
            name, _programme, scope = key
            made = (self._value(self._definitions[name], entry) for entry in self._series[key])
            values.setdefault(name, {}).setdefault(scope, []).extend(made)
        return values

    def _value(self, definition: Definition, entry: Entry) -> Value:
        document = entry.document
        return Value(
            name=entry.name,
            figure=entry.figure,
            unit=definition.unit,
            programme=entry.programme,
            scope=entry.scope,
            document=document.id,
            reference=document.reference,
            article=entry.article,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
            open=document.open,
            quote=entry.quote,
            note=entry.note,
            version=self.version,
        )

    def _decided(self, definition: Definition, recorded: RecordedValue) -> Value:
        return Value(
            name=recorded.name,
            figure=recorded.fen,
            unit=definition.unit,
            programme=recorded.programme,
            scope=recorded.scope,
            document="",
            reference=f"{definition.zh} {recorded.standard_id}",
            article="",
            valid_from=recorded.valid_from,
            valid_to=None,
            open=False,
            quote="",
            note="",
            version=self.version,
            standard_id=recorded.standard_id,
        )

    def _version(self) -> str:
        digest = sha256()
        for d in self.definitions():
            digest.update(repr((d.name, d.kind, d.unit, d.optional, d.choices)).encode())
            for e in self.entries(d.name):
                held = (e.programme, e.scope, e.figure, e.valid_from, e.valid_to)
                digest.update(repr((*held, e.document.id, e.article)).encode())
        # A digest in hexadecimal could show eleven digits in a row; letters never do.
        return "p-" + "".join(chr(ord("a") + int(nibble, 16)) for nibble in digest.hexdigest()[:12])


def _files_of(folder: Path) -> list[ParameterFile]:
    files = [ParameterFile(path) for path in sorted(folder.rglob("*.toml"))]
    if not files:
        raise PolicyError(f"{folder} holds no parameter file (*.toml)")
    return files


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    """Documents by id. One document has one id, and one id is one document's."""
    found: dict[str, Document] = {}
    cited: dict[str, str] = {}
    for document in documents:
        if document.id in found:
            raise PolicyError(f"two files describe the document {document.id}")
        for name in {document.number, document.title, *document.short} - {""}:
            if name in cited:
                raise PolicyError(f"{cited[name]} and {document.id} are both called {name}")
            cited[name] = document.id
        found[document.id] = document
    return found


def _check_joints(series: Sequence[Entry]) -> None:
    """Values of one series follow each other day on day. Raises ``PolicyError``."""
    for earlier, later in pairwise(series):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            fault = "overlap"
        elif earlier.valid_to + timedelta(days=1) < later.valid_from:
            fault = "leave a gap"
        else:
            continue
        raise PolicyError(
            f"{earlier.place} ({earlier.span()}) and {later.place} ({later.span()}) {fault}"
        )
