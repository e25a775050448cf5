"""The table of divisions: read from CSV files, checked as a whole, looked up by date.

A file has the columns code, name, level, parent, valid_from, valid_to; lines that begin with
``#`` name its source. The built-in files hold all provinces, the prefectures and counties of
Fujian, of Chuxiong in Yunnan and of Shangluo in Shaanxi, and every township and village of four
counties: Shouning and Zhouning (Fujian), Dayao (Yunnan), Danfeng (Shaanxi). A deployment adds
files of its own.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from shared.regions.division import CODE_PATTERN, Division, Jurisdiction, Level, UnknownDivision

BUILT_IN: Final = Path(__file__).parent / "data"

_COLUMNS: Final = ["code", "name", "level", "parent", "valid_from", "valid_to"]
_SHOWN: Final = 5
"""How many allowed codes an error lists."""


class RegionTableError(ValueError):
    """A table of divisions contradicts itself or cannot be read. Names file and line, or code."""


class Regions:
    """All known divisions. Immutable once made.

    Raises ``RegionTableError`` where a code has digits beyond its level, a parent is missing, or
    a code has two names on one day.
    """

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_code: dict[str, list[Division]] = {}
        for division in divisions:
            self._by_code.setdefault(division.code, []).append(division)
        for code, versions in self._by_code.items():
            versions.sort(key=lambda d: d.valid_from or date.min)
            self._check(code, versions)
        self._codes = sorted(self._by_code)

    def division(self, code: str, on: date) -> Division:
        """The division of that code as it is on that date. Raises ``UnknownDivision``."""
        for division in self._by_code.get(code, ()):
            if division.valid_on(on):
                return division
        nearest, allowed = self._near(code, on)
        raise UnknownDivision(code, on, nearest, allowed)

    def ancestors(self, code: str, on: date) -> tuple[Division, ...]:
        """The division and those it belongs to, from itself to its province.

        Raises ``UnknownDivision``, also where one of them does not exist on that date.
        """
        found = [self.division(code, on)]
        while (parent := found[-1].parent) is not None:
            found.append(self.division(parent, on))
        return tuple(found)

    def at_level(self, code: str, level: Level, on: date) -> Division:
        """The division of ``level`` that ``code`` is, or lies in, on that date.

        Raises ``UnknownDivision``, and ``ValueError`` where the division is wider than the level.
        """
        for division in self.ancestors(code, on):
            if division.level is level:
                return division
        raise ValueError(f"division {code} lies in no {level}")

    def children(self, code: str, on: date) -> tuple[Division, ...]:
        """The known parts of a division on that date, one level down, by code."""
        parent = self.division(code, on)
        return tuple(d for d in self._within(parent.prefix, on) if d.parent == code)

    def jurisdiction(self, code: str, on: date) -> Jurisdiction:
        """Who acts for that division: its prefix is cut by its level, as known on that date.

        Raises ``UnknownDivision``.
        """
        return Jurisdiction(code, self.division(code, on).level)

    def __len__(self) -> int:
        return sum(len(versions) for versions in self._by_code.values())

    def _within(self, prefix: str, on: date) -> Iterator[Division]:
        for at in range(bisect_left(self._codes, prefix), len(self._codes)):
            if not self._codes[at].startswith(prefix):
                return
            yield from (d for d in self._by_code[self._codes[at]] if d.valid_on(on))

    def _near(self, code: str, on: date) -> tuple[Division | None, tuple[str, ...]]:
        """The smallest known division around an unknown code, and some codes within it."""
        if re.fullmatch(CODE_PATTERN, code):
            for level in reversed(Level):
                around = level.around(code)
                for division in self._by_code.get(around, ()):
                    if division.level is level and division.valid_on(on):
                        parts = self.children(around, on)[:_SHOWN]
                        return division, tuple(part.code for part in parts) or (around,)
        provinces = [d.code for d in self._within("", on) if d.level is Level.PROVINCE]
        return None, tuple(provinces[:_SHOWN])

    def _check(self, code: str, versions: Sequence[Division]) -> None:
        for division in versions:
            Jurisdiction(code, division.level)
            wider = division.level is not Level.PROVINCE
            if wider != (division.parent is not None):
                raise RegionTableError(f"{code}: every division but a province has a parent")
            if division.parent is not None:
                parents = self._by_code.get(division.parent, [])
                if not any(p.valid_on(division.valid_to or date.max) for p in parents):
                    raise RegionTableError(f"{code}: its parent {division.parent} is not known")
                if not all(
                    p.level.digits < division.level.digits and code.startswith(p.prefix)
                    for p in parents
                ):
                    raise RegionTableError(f"{code} is no part of {division.parent}")
        for earlier, later in pairwise(versions):
            if (earlier.valid_to or date.max) >= (later.valid_from or date.min):
                raise RegionTableError(f"{code} has two names on {later.valid_from}")


@lru_cache(maxsize=16)
def load_regions(folders: tuple[Path, ...] = ()) -> Regions:
    """The built-in divisions and those in the folders' CSV files; read once per process.

    Raises ``RegionTableError``.
    """
    files = [file for folder in (BUILT_IN, *folders) for file in sorted(folder.glob("*.csv"))]
    return Regions(division for file in files for division in _read(file))


def _read(file: Path) -> Iterator[Division]:
    with file.open(encoding="utf-8", newline="") as lines:
        numbered = [(n, line) for n, line in enumerate(lines, 1) if not line.startswith("#")]
    rows = csv.reader(line for _, line in numbered)
    for (number, _), row in zip(numbered, rows, strict=True):
        if number == numbered[0][0]:
            if row != _COLUMNS:
                raise RegionTableError(f"{file.name}:{number} must name {', '.join(_COLUMNS)}")
            continue
        try:
            code, name, level, parent, valid_from, valid_to = row
            division = Division(
                code, name, Level(level), parent or None, _day(valid_from), _day(valid_to)
            )
            Jurisdiction(code, division.level)
        except ValueError as error:
            raise RegionTableError(f"{file.name}:{number}: {error}") from error
        yield division


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
