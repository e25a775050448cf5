"""Which functions carry which articles, and which read which parameters: read from the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.law.citing import Citation, Citations, CitingError

ROOMS: Final = ("services", "shared")
_WITHOUT: Final = "shared/policy"
"""It defines parameters and asks no rule of them."""

_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Carrier:
    """A function, class or module that says what it carries; ``says`` is its first sentence."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Who carries what: by citation, and by the name of the parameter that is read."""

    articles: Mapping[Citation, list[Carrier]]
    parameters: Mapping[str, list[Carrier]]


def carried(root: Path, citations: Citations, parameters: Collection[str]) -> Carried:
    """What the services' and the shared code carries. Raises ``CitingError`` with file and line."""
    articles: defaultdict[Citation, list[Carrier]] = defaultdict(list)
    read: defaultdict[str, list[Carrier]] = defaultdict(list)
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(_WITHOUT):
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        reader = _Reader(module, name, citations)
        for carrier, cited in reader.citing():
            for citation in cited:
                if carrier not in articles[citation]:
                    articles[citation].append(carrier)
        for carrier, names in reader.reading(parameters):
            for parameter in names:
                if carrier not in read[parameter]:
                    read[parameter].append(carrier)
    return Carried(dict(articles), dict(read))


class _Reader:
    """One module: its functions, with the sources and the texts that they use."""

    def __init__(self, module: ast.Module, name: str, citations: Citations) -> None:
        self._module = module
        self._name = name
        self._citations = citations
        self._constants = dict(_constants(module))
        self._choices = dict(_choices(module))

    def citing(self) -> Iterator[tuple[Carrier, list[Citation]]]:
        """Each function and what it cites, in its docstring or as the source of a refusal."""
        yield Carrier(self._name, _says(self._module)), self._docstring(self._module)
        for node, name in _functions(self._module, self._name):
            cited = self._docstring(node)
            if not isinstance(node, ast.ClassDef):
                cited += [c for text, line in self._sources(node) for c in self._source(text, line)]
            yield Carrier(name, _says(node)), cited

    def reading(self, parameters: Collection[str]) -> Iterator[tuple[Carrier, set[str]]]:
        """Each function and the parameters whose names it writes out."""
        for node, name in _functions(self._module, self._name):
            if not isinstance(node, ast.ClassDef):
                yield Carrier(name, _says(node)), set(self._names(node, parameters))

    def _docstring(self, node: ast.Module | _NAMED) -> list[Citation]:
        try:
            return self._citations.in_docstring(ast.get_docstring(node) or "")
        except CitingError as error:
            line = getattr(node, "lineno", 1)
            raise CitingError(f"{self._name}:{line}: {error}") from error

    def _source(self, text: str, line: int) -> list[Citation]:
        try:
            return self._citations.in_source(text)
        except CitingError as error:
            raise CitingError(f"{self._name}:{line}: {error}") from error

    def _sources(self, function: ast.AST) -> Iterator[tuple[str, int]]:
        """Sources of refusals that are written out, there or as a constant of the module."""
        for node in ast.walk(function):
            if isinstance(node, ast.keyword) and node.arg == "source":
                value = node.value
                if isinstance(value, ast.Name) and value.id in self._constants:
                    yield self._constants[value.id], value.lineno
                elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value, value.lineno

    def _names(self, function: ast.AST, parameters: Collection[str]) -> Iterator[str]:
        for node in ast.walk(function):
            if isinstance(node, ast.Constant) and node.value in parameters:
                yield str(node.value)
            elif isinstance(node, ast.Name):
                named = {self._constants.get(node.id, ""), *self._choices.get(node.id, ())}
                yield from (name for name in parameters if name in named)
            elif isinstance(node, ast.JoinedStr) and _is_telling(node):
                pattern = re.compile("".join(_part(value) for value in node.values))
                yield from (name for name in parameters if pattern.fullmatch(name))


def _is_telling(text: ast.JoinedStr) -> bool:
    """Whether enough of a name is written out to know it by: its beginning, or words of its end."""
    first, last = text.values[0], text.values[-1]
    ends = str(last.value) if isinstance(last, ast.Constant) else ""
    return isinstance(first, ast.Constant) or ends.count("_") > 1


def _part(value: ast.expr) -> str:
    return re.escape(str(value.value)) if isinstance(value, ast.Constant) else "[a-z_]+"


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The module's own texts, by name."""
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield from ((t.id, node.value.value) for t in targets if isinstance(t, ast.Name))


def _choices(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The texts that the module's own tables choose between, by the table's name."""
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            values = [v.value for v in node.value.values if isinstance(v, ast.Constant)]
            texts = [value for value in values if isinstance(value, str)]
            yield from ((t.id, texts) for t in targets if isinstance(t, ast.Name))


def _functions(scope: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[_NAMED, str]]:
    for node in scope.body:
        if isinstance(node, _NAMED):
            inner = f"{name}::{node.name}"
            yield node, inner
            if isinstance(node, ast.ClassDef):
                yield from _functions(node, inner)


def _says(node: ast.Module | _NAMED) -> str:
    """The first sentence of a docstring, on one line."""
    text = re.sub(r"\s+", " ", ast.get_docstring(node) or "")
    return re.split(r"(?<=\.)\s|\s+Source:", text, maxsplit=1)[0]
