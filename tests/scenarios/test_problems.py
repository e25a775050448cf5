"""Every refusal of every service has a kind of its own, with a title in Chinese and English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from infra.embedded import DEFINITIONS
from shared.web.problems import Catalogue

ROOT = Path(services.__path__[0])


def refusals(service: str) -> Iterator[tuple[str, int]]:
    """The code and status of each ``Refusal("…")`` that a service's source makes."""
    for path in sorted((ROOT / service).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                stated = {word.arg: word.value for word in node.keywords}.get("status")
                status = stated.value if isinstance(stated, ast.Constant) else 409
                if isinstance(code := node.args[0], ast.Constant):
                    assert isinstance(status, int)
                    yield str(code.value), status


@pytest.mark.parametrize("service", sorted(DEFINITIONS))
def test_each_refusal_is_declared_with_its_status(service: str) -> None:
    catalogue = Catalogue(DEFINITIONS[service]().problems)
    made = set(refusals(service))
    assert made or service == "oversight", "it only listens as yet"
    kinds = {code: catalogue.get(code) for code, _status in made}
    assert [code for code, kind in kinds.items() if kind is None] == []
    declared = {(code, kind.status) for code, kind in kinds.items() if kind is not None}
    assert declared == made


@pytest.mark.parametrize("service", sorted(DEFINITIONS))
def test_titles_are_in_both_languages(service: str) -> None:
    for kind in DEFINITIONS[service]().problems:
        assert any("\u4e00" <= character <= "\u9fff" for character in kind.zh), kind.code
        assert kind.en.isascii(), kind.code
