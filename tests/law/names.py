"""Which tests there are, read from their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def tests_of(folder: Path, root: Path) -> frozenset[str]:
    """Every file, class and function of tests below a folder, as pytest names them."""
    return frozenset(
        name
        for path in folder.rglob("test_*.py")
        for name in _named(
            ast.parse(path.read_text(encoding="utf-8")), path.relative_to(root).as_posix()
        )
    )


def _named(scope: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
    yield name
    for node in scope.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _named(node, f"{name}::{node.name}")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
            "test"
        ):
            yield f"{name}::{node.name}"
