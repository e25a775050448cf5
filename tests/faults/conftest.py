"""Engines and a nursery that the tests of this folder share; what a test hurts, it heals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.engines import Engine, engines
from tests.faults.nursery import Nursery


@pytest.fixture(scope="package")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Makes the processes."""
    with Nursery(tmp_path_factory.mktemp("nursery") / "log") as made:
        yield made


@pytest.fixture(scope="package")
def _mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    with engines(tmp_path_factory.mktemp("engines")) as started:
        yield dict(started)


@pytest.fixture(scope="module")
def healthy(_mortal: dict[str, Engine]) -> dict[str, Engine]:
    """The same engines for a module whose tests leave them in peace."""
    for engine in _mortal.values():
        engine.start()
    return _mortal


@pytest.fixture
def mortal(_mortal: dict[str, Engine]) -> Iterator[dict[str, Engine]]:
    """PostgreSQL, MongoDB and Kafka, which a test may hurt; all run when it begins."""
    for engine in _mortal.values():
        engine.start()
    yield _mortal
    for engine in _mortal.values():
        if engine.running:
            engine.resume()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a site."""
    return tmp_path
