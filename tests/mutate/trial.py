"""Trying mutants in one pytest session: collected once, each tried in a fork of it.

What a test itself reads of the parameters stays as it is; only the code under test meets the
mutant. So a test that repeats the file's content cannot notice anything; one that asserts what
becomes of a case can.
"""

from __future__ import annotations

import copy
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from shared.policy import Policy, Value
from tests.mutate.children import in_children
from tests.mutate.mutants import Mutant

POLICY: Final = str(Path(sys.modules[Policy.__module__].__file__ or "").parent)
WITHIN_S: Final = 120.0
"""How long all tests that read a figure may take; a mutant that takes longer hangs somewhere."""

SLOW_S: Final = 0.3
"""A test that takes longer is asked last."""

_look_up = Policy.value

_folders = {str(Path(__file__).parents[1])}
"""Where tests and what helps them lie."""

Question = tuple[str, str, str, date]
"""Parameter, division, programme and date: what the code asks of the parameters."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, and the test that noticed it first; ``met`` is how many tests met it.

    ``hung``: one of them did not come to an end, which notices as well.
    """

    mutant: Mutant
    noticed_by: str | None
    met: int
    hung: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A test as it is without a mutant: how long it takes, and what the code asks in it."""

    name: str
    seconds: float
    asked: frozenset[Question]


class NotGreen(Exception):
    """A test fails without any mutant."""


class Trials:
    """A pytest plugin that tries mutants in place of running the tests once."""

    def __init__(
        self,
        policy: Policy,
        mutants: Iterable[Mutant],
        *,
        at_once: int,
        heard: Callable[[Trial], None],
    ) -> None:
        self._policy = policy
        self._mutants = mutants
        self._at_once = at_once
        self._heard = heard
        self.runs: Sequence[Run] = ()
        self.failure: Exception | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Trace what each test reads, then try each mutant on those that read it."""
        _folders.update(str(item.path.parent) for item in session.items)
        try:
            self.runs = self._traced(session)
            self._try(session)
        except NotGreen as error:
            self.failure = error
        return True

    def _traced(self, session: pytest.Session) -> list[Run]:
        files = defaultdict(list)
        for item in session.items:
            files[item.path].append(item)
        runs: list[Run] = []
        for done in in_children(
            files.values(),
            lambda items: list(_trace(session, items)),
            at_once=self._at_once,
            within_s=10 * WITHIN_S,
        ):
            answer = done.answer or []
            if len(answer) < len(done.job):
                stopped = done.job[len(answer)].nodeid
                raise NotGreen(f"without any mutant, this fails or does not end: {stopped}")
            runs += answer
        return runs

    def _try(self, session: pytest.Session) -> None:
        items = {item.nodeid: item for item in session.items}
        asking: dict[Question, list[Run]] = defaultdict(list)
        for run in self.runs:
            for question in run.asked:
                asking[question].append(run)
        met = (
            (mutant, [items[run.name] for run in _meeting(self._policy, mutant, asking)])
            for mutant in self._mutants
        )
        for done in in_children(
            self._met_by_some(met),
            lambda job: _noticed_by(session, *job),
            at_once=self._at_once,
            within_s=WITHIN_S,
        ):
            mutant, tests = done.job
            self._heard(Trial(mutant, done.answer or None, len(tests), hung=done.answer is None))

    def _met_by_some(self, met: Iterable[tuple[Mutant, list[Any]]]) -> Iterator[Any]:
        """Those that some test meets; of the others there is nothing to be tried."""
        for mutant, tests in met:
            if tests:
                yield mutant, tests
            else:
                self._heard(Trial(mutant, None, 0))


def _meeting(policy: Policy, mutant: Mutant, asking: Mapping[Question, Sequence[Run]]) -> list[Run]:
    """The tests in which some question is answered otherwise because of it, the quick ones first.

    By name, so that two runs name the same test.
    """
    changed = _changed(policy, mutant)
    found = {
        run.name: run
        for question, runs in asking.items()
        if question[0] == mutant.name and _answer(policy, question) != _answer(changed, question)
        for run in runs
    }
    return sorted(found.values(), key=lambda run: (run.seconds > SLOW_S, run.name))


def _answer(policy: Policy, question: Question) -> tuple[Any, ...]:
    found = next(iter(policy.values(*question)), None)
    return () if found is None else (found.figure, found.document, found.article)


def _trace(session: pytest.Session, items: Sequence[pytest.Item]) -> Iterator[Run]:
    """Run a file's tests, and note what the code asks in each; ends with one that fails.

    What a fixture of the whole file asks is asked for each of its tests.
    """
    _quieten(session)
    asked: set[Question] = set()
    shared: set[Question] = set()

    def noting(self: Policy, name: str, region: str, programme: str, on: date) -> Value:
        if not _asked_by_a_test():
            asked.add((name, region, programme, on))
        return _look_up(self, name, region, programme, on)

    Policy.value = noting  # type: ignore[method-assign]
    found: list[tuple[str, float, set[Question]]] = []
    for item, following in zip(items, [*items[1:], None], strict=True):
        asked.clear()
        began = time.perf_counter()
        _run(item, following)
        if session.testsfailed:
            break
        if not found and _has_wider_fixtures(item):
            shared |= asked
        found.append((item.nodeid, time.perf_counter() - began, set(asked)))
    for name, seconds, own in found:
        yield Run(name, seconds, frozenset(own | shared))


def _has_wider_fixtures(item: pytest.Item) -> bool:
    definitions: Mapping[str, Sequence[Any]] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return any(one.scope != "function" for many in definitions.values() for one in many)


def _noticed_by(session: pytest.Session, mutant: Mutant, items: Sequence[pytest.Item]) -> str:
    """The first test that fails; empty if none does."""
    _quieten(session)
    Policy.value = _mutated(mutant)  # type: ignore[method-assign]
    for item, following in zip(items, [*items[1:], None], strict=True):
        _run(item, following)
        if session.testsfailed:
            return item.nodeid
    return ""


def _mutated(mutant: Mutant) -> Callable[..., Value]:
    """A look-up in which the code under test, but no test, finds the mutant.

    A series that a deployment replaced stays as the deployment has it.
    """
    changed: dict[int, Policy] = {}

    def value(self: Policy, name: str, region: str, programme: str, on: date) -> Value:
        if name != mutant.name or _asked_by_a_test():
            return _look_up(self, name, region, programme, on)
        if id(self) not in changed:
            changed[id(self)] = _changed(self, mutant)
        return _look_up(changed[id(self)], name, region, programme, on)

    return value


def _changed(policy: Policy, mutant: Mutant) -> Policy:
    key = (mutant.entry.name, mutant.entry.programme, mutant.entry.scope)
    series = policy._series
    if mutant.entry not in series.get(key, ()):
        return policy
    changed = copy.copy(policy)
    changed._series = {**series, key: list(mutant.series)}
    changed._values = changed._by_place()
    changed._found = {}
    return changed


def _asked_by_a_test() -> bool:
    """Whether what asks for a value is a test, and not the code that it tests."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(POLICY):
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(tuple(_folders))


def _quieten(session: pytest.Session) -> None:
    """A child has nothing to report to anybody but its parent."""
    session.config.pluginmanager.unregister(name="terminalreporter")


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
