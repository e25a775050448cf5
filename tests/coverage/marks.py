"""Which test proves which mechanism, read from the tests' source without running it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

MARK = "pytest.mark.mechanism"

_TEST = ast.FunctionDef | ast.AsyncFunctionDef


class MarkError(Exception):
    """A mark that says nothing: not on a test, or without an id in plain text."""


def proofs(folder: Path, root: Path) -> dict[str, list[str]]:
    """By mechanism's id, what is marked with it (``path::name``), in the order of the files.

    Raises ``MarkError``, which names file and line.
    """
    proven: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if MARK not in text:
            continue
        try:
            for mechanism, name in marked(ast.parse(text), path.relative_to(root).as_posix()):
                if name not in proven[mechanism]:
                    proven[mechanism].append(name)
        except MarkError as error:
            raise MarkError(f"{path.relative_to(root)}:{error}") from error
    return dict(proven)


def marked(module: ast.Module, path: str) -> Iterator[tuple[str, str]]:
    """The marks of a module: a mechanism's id, and the name of what bears it.

    They stand where pytest looks for them: on a test, on a class of tests, on a parameter of a
    test, in the ``pytestmark`` of a module or class. Elsewhere they would be without effect.
    """
    found = list(_within(module, path))
    read = {id(call) for call, _ in found}
    for call in _marks(module):
        if id(call) not in read:
            raise MarkError(f"{call.lineno}: a mark that no test bears")
    for call, name in found:
        for mechanism in _ids(call):
            yield mechanism, name


def _within(scope: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[ast.Call, str]]:
    """Each mark in a module or class, and what bears it."""
    for node in scope.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            inner = f"{name}::{node.name}"
            if any(_tests(node)):
                yield from ((call, inner) for d in node.decorator_list for call in _marks(d))
            yield from _within(node, inner)
        elif isinstance(node, _TEST) and _is_test(node):
            inner = f"{name}::{node.name}"
            yield from ((call, inner) for d in node.decorator_list for call in _marks(d))
        elif _is_pytestmark(node) and any(_tests(scope)):
            yield from ((call, name) for call in _marks(node))


def _tests(scope: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(scope) if _is_test(node))


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, _TEST) and node.name.startswith("test_")


def _is_pytestmark(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == ["pytestmark"]


def _marks(node: ast.AST) -> Iterator[ast.Call]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and ast.unparse(inner) == MARK:
            call = next(
                (c for c in ast.walk(node) if isinstance(c, ast.Call) and c.func is inner), None
            )
            if call is None:
                raise MarkError(f"{inner.lineno}: a mark without an id")
            yield call


def _ids(call: ast.Call) -> Iterator[str]:
    if not call.args or call.keywords:
        raise MarkError(f"{call.lineno}: a mark names ids and nothing else")
    for argument in call.args:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise MarkError(f"{argument.lineno}: an id is written out in the mark")
        yield argument.value
