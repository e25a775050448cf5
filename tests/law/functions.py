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

_PRINTED: Final = "/printed/"
"""It shows values and decides by none."""
_TELLING: Final = 6
"""So many letters of a parameter's name have to be written out where the rest is filled in."""

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
    paths = sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))
    modules = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }
    texts = {_dotted(name): dict(_texts(module)) for name, module in modules.items()}
    for name, module in modules.items():
        if name.startswith(_WITHOUT):
            continue
        reader = _Reader(module, name, citations, _known_in(module, _dotted(name), texts))
        for carrier, cited in reader.citing():
            for citation in cited:
                if carrier not in articles[citation]:
                    articles[citation].append(carrier)
        for carrier, names in () if _PRINTED in name else reader.reading(parameters):
            for parameter in names:
                if carrier not in read[parameter]:
                    read[parameter].append(carrier)
    return Carried(dict(articles), dict(read))


class _Reader:
    """One module: its functions, with the sources and the texts that they use."""

    def __init__(
        self,
        module: ast.Module,
        name: str,
        citations: Citations,
        texts: Mapping[str, Collection[str]],
    ) -> None:
        self._module = module
        self._name = name
        self._citations = citations
        self._texts = texts
        self._constants = dict(_constants(module))

    def citing(self) -> Iterator[tuple[Carrier, list[Citation]]]:
        """Each function and what it cites, in its docstring or as the source of a refusal."""
        yield Carrier(self._name, _says(self._module)), self._docstring(self._module)
        for node, name in _functions(self._module, self._name):
            cited = self._docstring(node)
            if not isinstance(node, ast.ClassDef):
                cited += [c for text, line in self._sources(node) for c in self._source(text, line)]
            yield Carrier(name, _says(node)), cited

    def reading(self, parameters: Collection[str]) -> Iterator[tuple[Carrier, set[str]]]:
        """Each function and the parameters whose names it writes out, or takes from a constant."""
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
            elif isinstance(node, ast.Name | ast.Attribute):
                known = self._texts.get(ast.unparse(node), ())
                yield from (text for text in known if text in parameters)
            elif isinstance(node, ast.JoinedStr) and _written_out(node) >= _TELLING:
                pattern = re.compile("".join(_part(value) for value in node.values))
                yield from (name for name in parameters if pattern.fullmatch(name))


def _written_out(node: ast.JoinedStr) -> int:
    return sum(len(str(part.value)) for part in node.values if isinstance(part, ast.Constant))


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _texts(module: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    """The texts within each constant of a module: one, or those of a table."""
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inner = (n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant))
            found = frozenset(text for text in inner if isinstance(text, str))
            yield from ((t.id, found) for t in targets if isinstance(t, ast.Name))


def _known_in(
    module: ast.Module, name: str, texts: Mapping[str, Mapping[str, frozenset[str]]]
) -> dict[str, frozenset[str]]:
    """The constants that a module can name, as it names them: its own, and what it imports."""
    known = dict(texts[name])
    for node in ast.walk(module):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for alias in node.names:
            called = alias.asname or alias.name
            whole = texts.get(f"{node.module}.{alias.name}", {})
            known |= {f"{called}.{constant}": found for constant, found in whole.items()}
            if alias.name in (of := texts.get(node.module, {})):
                known[called] = of[alias.name]
    return known


def _part(value: ast.expr) -> str:
    return re.escape(str(value.value)) if isinstance(value, ast.Constant) else "[a-z_]+"


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The module's own texts, by name."""
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield from ((t.id, node.value.value) for t in targets if isinstance(t, ast.Name))


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
