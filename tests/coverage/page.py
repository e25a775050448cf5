"""docs/coverage.md: each mechanism of the founding documents, and what proves it."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.coverage.marks import proofs

ROOT = Path(__file__).parents[2]
MECHANISMS = ROOT / "docs" / "mechanisms.csv"
BEYOND_SOFTWARE = ROOT / "docs" / "beyond-software.toml"
WAITING = ROOT / "docs" / "waiting.toml"
PAGE = ROOT / "docs" / "coverage.md"

DOCUMENTS = {
    "S0": "民政部、国务院扶贫办《社会救助兜底脱贫行动方案》, the national action plan, as a paper "
    "told it on 2020-04-01, with a report of the Disabled Persons' Federation of 2020-03-31",
    "S1": "福建省民政厅、福建省扶贫开发领导小组办公室"
    "《2020年社会救助兜底脱贫行动实施方案》, 闽民救〔2020〕21号, 2020-03-31",
    "S2": "民政部、财政部、国家乡村振兴局《关于巩固拓展脱贫攻坚兜底保障成果"
    "进一步做好困难群众基本生活保障工作的指导意见》, 2021-05-10",
    "S3": "大姚县民政局、大姚县人民政府扶贫开发办公室《大姚县脱贫攻坚社会救助兜底保障"
    "“兜准、兜住、兜牢”行动方案》, 大民联发(2020)2号, 2020-03-02",
    "S4": "陕西省民政厅、陕西省乡村振兴局《巩固拓展脱贫攻坚兜底保障成果"
    "推动社会救助事业高质量发展的实施方案》, 陕民发〔2022〕23号",
}

_HEAD = """\
# What is covered

{total} mechanisms of the five documents that Doudi was founded on: each with the words that ask for
it, and what proves it. A test counts that drives the mechanism through a service's API or its
deciders and fails when the rule is taken away; it says so itself, by the mark `mechanism`.
`nothing yet` says that no test is marked so, though a part of it may be there; `waits for` names
the part of the house that is to be built in depth first ([waiting.toml](waiting.toml)). What no
software can do is in [beyond-software.toml](beyond-software.toml), with the reason. The
mechanisms are in [mechanisms.csv](mechanisms.csv). This page is written by `make coverage`.
"""


_COLUMNS = "| id | words | meaning | proven by |\n|---|---|---|---|\n"
_COUNTS = (
    "| document | mechanisms | proven | beyond software | waits for a later part | nothing yet |\n"
    "|---|---|---|---|---|---|\n"
)


class CoverageError(Exception):
    """Marks, mechanisms and reasons contradict each other."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """What a document asks for: its id (document and number), its words, and what they mean.

    ``article`` is where the words stand; empty where the document was read without articles.
    """

    id: str
    quote: str
    gloss: str
    article: str = ""

    @property
    def document(self) -> str:
        """``S0`` to ``S4``."""
        return self.id.partition("-")[0]


def mechanisms() -> list[Mechanism]:
    """All of them, in the documents' order."""
    with MECHANISMS.open(encoding="utf-8", newline="") as file:
        rows = [
            Mechanism(r["id"], r["quote_zh"], r["gloss_en"], r["article"])
            for r in csv.DictReader(file)
        ]
    if len({row.id for row in rows}) != len(rows):
        raise CoverageError("mechanisms.csv has an id twice")
    return rows


def beyond_software() -> dict[str, str]:
    """By mechanism's id, why no software can do it."""
    return tomllib.loads(BEYOND_SOFTWARE.read_text(encoding="utf-8"))


def waiting() -> dict[str, str]:
    """By mechanism's id, the part of the house that it waits for."""
    parts = tomllib.loads(WAITING.read_text(encoding="utf-8"))
    return {each: part["name"] for part in parts.values() for each in part["mechanisms"]}


def page() -> str:
    """The page as it has to be today. Raises ``CoverageError`` and ``MarkError``."""
    return page_of(mechanisms(), proofs(ROOT / "tests", ROOT), beyond_software(), waiting())


def page_of(
    rows: Iterable[Mechanism],
    proven: Mapping[str, list[str]],
    beyond: Mapping[str, str],
    waits: Mapping[str, str] | None = None,
) -> str:
    """The page for these mechanisms, proofs and reasons, and what ``waits`` for a later part."""
    rows, waits = list(rows), waits or {}
    known = {row.id for row in rows}
    if unknown := sorted((proven.keys() | beyond.keys() | waits.keys()) - known):
        raise CoverageError(f"no such mechanism: {', '.join(unknown)}")
    if both := sorted(proven.keys() & beyond.keys()):
        raise CoverageError(f"proven, and said to be beyond software: {', '.join(both)}")
    if both := sorted(waits.keys() & (proven.keys() | beyond.keys())):
        raise CoverageError(f"proven or beyond software, and said to wait: {', '.join(both)}")
    parts = [_HEAD.format(total=len(rows)), _totals(rows, proven, beyond, waits)]
    told = {each: f"waits for: {part}" for each, part in waits.items()} | dict(beyond)
    for document, title in DOCUMENTS.items():
        table = "".join(
            f"| {row.id} | {row.quote} | {row.gloss} | {_told(row.id, proven, told)} |\n"
            for row in rows
            if row.document == document
        )
        parts.append(f"## {document}\n\n{title}.\n\n{_COLUMNS}{table}")
    return "\n".join(parts)


def _told(mechanism: str, proven: Mapping[str, list[str]], told: Mapping[str, str]) -> str:
    if tests := proven.get(mechanism):
        return "<br>".join(f"`{test}`" for test in tests)
    return told.get(mechanism, "nothing yet")


def _totals(
    rows: list[Mechanism],
    proven: Mapping[str, list[str]],
    beyond: Mapping[str, str],
    waits: Mapping[str, str],
) -> str:
    lines = [_COUNTS]
    for name in (*DOCUMENTS, "all"):
        ids = [row.id for row in rows if name in (row.document, "all")]
        done = sum(each in proven for each in ids)
        out = sum(each in beyond for each in ids)
        later = sum(each in waits for each in ids)
        left = len(ids) - done - out - later
        lines.append(f"| {name} | {len(ids)} | {done} | {out} | {later} | {left} |\n")
    return "".join(lines)
