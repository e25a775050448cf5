"""Settings of another process, as a file and as an object; what is told as a sentence."""

from __future__ import annotations

import importlib
import stat
from pathlib import Path

import pytest

from infra.cli.talk import SENTENCES
from infra.environment import read_environment, settings_of, write_environment
from shared.settings import ClockKind, Mode

DISTRIBUTED = {
    "DOUDI_MODE": "distributed",
    "DOUDI_CLOCK": "hand",
    "DOUDI_DATABASE_URL_INTAKE": "postgresql://127.0.0.1/i",
    "DOUDI_DATABASE_URL": "postgresql://u:p'w@127.0.0.1/doudi_{service}",
    "DOUDI_SERVICE_URL": "http://{service}",
    "DOUDI_MONGO_URL": "mongodb://127.0.0.1/?replicaSet=a b",
    "DOUDI_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
    "DOUDI_ISSUER_URL": "http://127.0.0.1:9",
}


def test_what_is_written_is_read_and_only_by_its_owner(tmp_path: Path):
    file = tmp_path / "doudi.env"
    write_environment(file, DISTRIBUTED)
    assert read_environment(file) == DISTRIBUTED
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_settings_are_those_of_the_other_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOUDI_CELL", "yn")
    settings = settings_of(DISTRIBUTED)
    assert (settings.mode, settings.clock, settings.cell) == (
        Mode.DISTRIBUTED,
        ClockKind.HAND,
        "fj",
    )
    assert settings.database_url_of("intake") == "postgresql://127.0.0.1/i"
    assert settings.database_url_of("payment") == "postgresql://u:p'w@127.0.0.1/doudi_payment"


@pytest.mark.parametrize("name", SENTENCES)
def test_every_error_told_as_a_sentence_is_there(name: str):
    module, _, kind = name.rpartition(".")
    found = getattr(importlib.import_module(module), kind)
    assert issubclass(found, Exception)
    assert f"{found.__module__}.{found.__qualname__}" == name
