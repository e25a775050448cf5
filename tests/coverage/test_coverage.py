from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.coverage.marks import MarkError, marked, proofs
from tests.coverage.page import (
    DOCUMENTS,
    PAGE,
    CoverageError,
    Mechanism,
    beyond_software,
    mechanisms,
    page,
    page_of,
)

ROWS = [Mechanism("S0-1", "定期", "regular"), Mechanism("S1-1", "扣减", "deduct")]


def of(source: str) -> list[tuple[str, str]]:
    return list(marked(ast.parse(source), "tests/test_it.py"))


def test_the_page_tells_the_coverage_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it anew: make coverage"


def test_every_mechanism_belongs_to_a_document_that_is_named() -> None:
    assert {row.document for row in mechanisms()} == set(DOCUMENTS)
    assert len(mechanisms()) == 216


def test_reasons_are_sentences() -> None:
    for mechanism, reason in beyond_software().items():
        assert reason.endswith("."), mechanism
        assert "|" not in reason
        assert "\n" not in reason


def test_marks_are_found_on_tests_classes_parameters_and_modules() -> None:
    assert of(
        "pytestmark = [pytest.mark.slow, pytest.mark.mechanism('S0-1')]\n"
        "@pytest.mark.mechanism('S0-2', 'S0-3')\n"
        "async def test_one(): ...\n"
        "@pytest.mark.mechanism('S0-4')\n"
        "class TestTwo:\n"
        "    pytestmark = pytest.mark.mechanism('S0-5')\n"
        "    @parametrize('n', [pytest.param(1, marks=pytest.mark.mechanism('S0-6'))])\n"
        "    def test_three(self, n): ...\n"
    ) == [
        ("S0-1", "tests/test_it.py"),
        ("S0-2", "tests/test_it.py::test_one"),
        ("S0-3", "tests/test_it.py::test_one"),
        ("S0-4", "tests/test_it.py::TestTwo"),
        ("S0-5", "tests/test_it.py::TestTwo"),
        ("S0-6", "tests/test_it.py::TestTwo::test_three"),
    ]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("@pytest.mark.mechanism('S0-1')\ndef helper(): ...", "no test bears"),
        ("ALIAS = pytest.mark.mechanism('S0-1')\ndef test_it(): ...", "no test bears"),
        ("def test_it():\n    pytest.mark.mechanism('S0-1')", "no test bears"),
        ("@pytest.mark.mechanism('S0-1')\nclass TestNothing: ...", "no test bears"),
        ("pytestmark = pytest.mark.mechanism('S0-1')", "no test bears"),
        ("ID = 'S0-1'\n@pytest.mark.mechanism(ID)\ndef test_it(): ...", "written out"),
        ("@pytest.mark.mechanism()\ndef test_it(): ...", "names ids"),
        ("@pytest.mark.mechanism\ndef test_it(): ...", "without an id"),
    ],
)
def test_a_mark_that_says_nothing_is_an_error(source: str, told: str) -> None:
    with pytest.raises(MarkError, match=told):
        of(source)


def test_a_bad_mark_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "test_bad.py").write_text("\nBAD = pytest.mark.mechanism('S0-1')\n")
    with pytest.raises(MarkError, match=r"^test_bad\.py:2: "):
        proofs(tmp_path, tmp_path)


def test_a_row_names_its_tests_or_why_there_are_none() -> None:
    told = page_of(ROWS, {"S1-1": ["tests/test_it.py::test_a", "tests/test_it.py::test_b"]}, {})
    assert "| S0-1 | 定期 | regular | nothing yet |" in told
    assert "| `tests/test_it.py::test_a`<br>`tests/test_it.py::test_b` |" in told
    assert "| all | 2 | 1 | 0 | 0 | 1 |" in told
    assert "| S0-1 | 定期 | regular | People do. |" in page_of(ROWS, {}, {"S0-1": "People do."})
    later = page_of(ROWS, {}, {}, {"S0-1": "发放 money"})
    assert "| S0-1 | 定期 | regular | waits for: 发放 money |" in later
    assert "| all | 2 | 0 | 0 | 1 | 1 |" in later


@pytest.mark.parametrize("proven", [{"S0-1": ["t"]}, {}])
def test_what_waits_is_neither_proven_nor_beyond_software(proven: dict[str, list[str]]) -> None:
    beyond = {} if proven else {"S0-1": "Why."}
    with pytest.raises(CoverageError, match="said to wait: S0-1"):
        page_of(ROWS, proven, beyond, {"S0-1": "发放 money"})


@pytest.mark.parametrize(
    ("proven", "beyond", "told"),
    [
        ({"S9-1": ["t"]}, {}, "no such mechanism: S9-1"),
        ({}, {"S9-2": "Why."}, "no such mechanism: S9-2"),
        ({"S0-1": ["t"]}, {"S0-1": "Why."}, "proven, and said to be beyond software: S0-1"),
    ],
)
def test_contradictions_are_errors(
    proven: dict[str, list[str]], beyond: dict[str, str], told: str
) -> None:
    with pytest.raises(CoverageError, match=told):
        page_of(ROWS, proven, beyond)
