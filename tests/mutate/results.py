"""What became of each mutant: kept in docs/mutation.csv, told in docs/mutation.md."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Final

from shared.policy import Entry
from tests.mutate.trial import Trial

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "mutation.csv"
PAGE: Final = ROOT / "docs" / "mutation.md"

Place = tuple[str, str, str, str]
"""Parameter, programme, scope and first day: an entry of the files."""


class Verdict(StrEnum):
    """Whether anybody noticed."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    """Tests met the wrong value, and none failed."""
    UNTRIED = "untried"
    """No test meets it."""


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One change of one figure, and the test that failed."""

    parameter: str
    programme: str
    scope: str
    valid_from: str
    change: str
    verdict: Verdict
    test: str

    @property
    def place(self) -> Place:
        """Which entry it is of."""
        return (self.parameter, self.programme, self.scope, self.valid_from)

    @classmethod
    def of(cls, trial: Trial) -> Result:
        """What a trial found."""
        if trial.noticed_by or trial.hung:
            verdict = Verdict.NOTICED
        else:
            verdict = Verdict.SURVIVED if trial.met else Verdict.UNTRIED
        test = trial.noticed_by or ("a test that did not end" if trial.hung else "")
        return cls(*place_of(trial.mutant.entry), trial.mutant.change, verdict, test)


def place_of(entry: Entry) -> Place:
    """An entry's place among the results."""
    return (entry.name, entry.programme, entry.scope, entry.valid_from.isoformat())


def write(results: Iterable[Result], path: Path = RESULTS) -> None:
    """Keep results, in order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([field.name for field in fields(Result)])
        rows.writerows(astuple(result) for result in sorted(results))


def read(path: Path = RESULTS) -> list[Result]:
    """The results that are kept; none before the first run."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Result(**{**row, "verdict": Verdict(row["verdict"])}) for row in csv.DictReader(file)
        ]


def noticing(results: Iterable[Result]) -> Mapping[Place, list[str]]:
    """By entry, the tests that fail when it is changed."""
    found: dict[Place, list[str]] = {}
    for result in results:
        if result.verdict is Verdict.NOTICED:
            tests = found.setdefault(result.place, [])
            if result.test not in tests:
                tests.append(result.test)
    return found
