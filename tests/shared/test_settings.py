"""Settings: from the environment, with every fault said at once and no value shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import (
    SERVICES,
    ClockKind,
    Mode,
    Settings,
    SettingsError,
    load_settings,
    settings_table,
)

DISTRIBUTED = {
    "DOUDI_MODE": "distributed",
    "DOUDI_DATABASE_URL": "postgresql://doudi:hunter2@db/doudi_{service}",
    "DOUDI_SERVICE_URL": "http://{service}.doudi:8080",
    "DOUDI_MONGO_URL": "mongodb://views/?replicaSet=rs0",
    "DOUDI_KAFKA_BOOTSTRAP": "k1:9092,k2:9092",
    "DOUDI_ISSUER_URL": "https://id.example.cn",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("DOUDI_")]:
        monkeypatch.delenv(name)


def setenv(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_the_default_is_the_embedded_run_on_loopback():
    settings = load_settings()
    assert (settings.mode, settings.clock, settings.cell) == (Mode.EMBEDDED, ClockKind.WALL, "fj")
    assert settings.service_url_of("intake") == "http://127.0.0.1:8080/intake"
    assert settings.audience_of("payment") == "doudi-payment"
    assert settings.master_key_file_of("intake") == Path("data/keys/intake.key")


def test_settings_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().cell = "yn"


def test_the_environment_is_read_and_what_is_given_goes_before_it(monkeypatch):
    setenv(monkeypatch, DOUDI_PORT="9090", DOUDI_CELL="yn", DOUDI_POLICY_DIRS="/etc/a:/etc/b")
    settings = load_settings(cell="sx")
    assert (settings.port, settings.cell) == (9090, "sx")
    assert settings.policy_dirs == (Path("/etc/a"), Path("/etc/b"))


def test_the_distributed_run_fills_templates_and_lets_one_service_differ(monkeypatch):
    own = {"DOUDI_DATABASE_URL_PAYMENT": "postgresql://vault/pay"}
    setenv(monkeypatch, **DISTRIBUTED, **own)
    settings = load_settings()
    assert settings.database_url_of("intake") == "postgresql://doudi:hunter2@db/doudi_intake"
    assert settings.database_url_of("payment") == "postgresql://vault/pay"
    assert settings.service_url_of("decision") == "http://decision.doudi:8080"
    assert settings.mongo_database_of("decision") == "doudi_decision"


def test_a_url_per_service_does_without_a_template(monkeypatch):
    urls = {f"DOUDI_DATABASE_URL_{name.upper()}": f"postgresql://{name}" for name in SERVICES}
    setenv(monkeypatch, **{**DISTRIBUTED, **urls})
    monkeypatch.delenv("DOUDI_DATABASE_URL")
    assert load_settings().database_url_of("decision") == "postgresql://decision"


def test_no_secret_shows_in_a_representation_or_an_error(monkeypatch):
    setenv(monkeypatch, **DISTRIBUTED)
    assert "hunter2" not in repr(load_settings())
    setenv(monkeypatch, DOUDI_DATABASE_URL="postgresql://doudi:hunter2@db/doudi", DOUDI_PORT="-1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_a_distributed_run_names_everything_it_lacks(monkeypatch):
    setenv(monkeypatch, DOUDI_MODE="distributed")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for name in ("DATABASE_URL", "SERVICE_URL", "MONGO_URL", "KAFKA_BOOTSTRAP", "ISSUER_URL"):
        assert f"DOUDI_{name} is needed" in str(caught.value)


def test_production_refuses_the_hand_clock_the_development_issuer_and_a_generated_key(monkeypatch):
    setenv(monkeypatch, DOUDI_PRODUCTION="true", DOUDI_CLOCK="hand")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    lines = str(caught.value).splitlines()
    assert [line for line in lines if "CLOCK=hand is refused in production" in line]
    assert [line for line in lines if "DOUDI_ISSUER_URL is needed in production" in line]
    assert [line for line in lines if "DOUDI_MASTER_KEY_FILE is needed in production" in line]


def test_production_runs_with_an_issuer_and_a_key_of_its_own(monkeypatch):
    setenv(
        monkeypatch,
        **DISTRIBUTED,
        DOUDI_PRODUCTION="true",
        DOUDI_HOST="0.0.0.0",  # noqa: S104 - the case under test
        DOUDI_MASTER_KEY_FILE="/run/secrets/{service}.key",
        DOUDI_KAFKA_REPLICATION="3",
    )
    settings = load_settings()
    assert settings.master_key_file_of("intake") == Path("/run/secrets/intake.key")


def test_production_refuses_topics_that_one_broker_could_lose(monkeypatch):
    setenv(
        monkeypatch,
        **DISTRIBUTED,
        DOUDI_PRODUCTION="true",
        DOUDI_MASTER_KEY_FILE="/run/secrets/{service}.key",
        DOUDI_KAFKA_REPLICATION="2",
    )
    with pytest.raises(SettingsError, match="DOUDI_KAFKA_REPLICATION must be at least 3"):
        load_settings()


def test_the_development_issuer_stays_on_loopback(monkeypatch):
    setenv(monkeypatch, DOUDI_HOST="0.0.0.0")  # noqa: S104 - the case under test
    with pytest.raises(SettingsError, match="DOUDI_HOST is not a loopback address"):
        load_settings()
    setenv(monkeypatch, DOUDI_HOST="::1")
    assert load_settings().host == "::1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DOUDI_CEL", "fj", "DOUDI_CEL is no setting; is DOUDI_CELL meant?"),
        ("DOUDI_DATABASE_URL_INTAK", "postgresql://x", "DOUDI_DATABASE_URL_INTAK names no service"),
        ("DOUDI_CELL", "FJ 1", "DOUDI_CELL: String should match pattern"),
        ("DOUDI_KAFKA_PARTITIONS", "0", "DOUDI_KAFKA_PARTITIONS: Input should be greater"),
        ("DOUDI_SERVICE_URL", "http://x", "DOUDI_SERVICE_URL must contain {service}"),
        ("DOUDI_CLOCK", "sundial", "DOUDI_CLOCK: Input should be 'wall' or 'hand'"),
        ("DOUDI_KAFKA_BOOTSTRAP", "", "DOUDI_KAFKA_BOOTSTRAP: must be host:port[,host:port]"),
        ("DOUDI_KAFKA_BOOTSTRAP", "k1", "DOUDI_KAFKA_BOOTSTRAP: must be host:port[,host:port]"),
    ],
)
def test_a_bad_variable_is_named_with_what_is_allowed(monkeypatch, name, value, said):
    setenv(monkeypatch, **{name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DOUDI_PROT", "DOUDI_PORT"),
        ("DOUDI_DATADIR", "DOUDI_DATA_DIR"),
        ("DOUDI_KAFKA_BOOTSTRAPS", "DOUDI_KAFKA_BOOTSTRAP"),
        ("DOUDI_FOO", None),
        ("DOUDI_COLOUR", None),
        ("DOUDI_SERVER_NAME", None),
    ],
)
def test_another_name_is_suggested_only_where_it_is_near(monkeypatch, name, meant):
    setenv(monkeypatch, **{name: "x"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == f"{name} is no setting" + (f"; is {meant} meant?" if meant else "")


def test_every_fault_begins_with_the_variable(monkeypatch):
    setenv(monkeypatch, DOUDI_MODE="distributed", DOUDI_SERVICE_URL="http://x")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    lines = str(caught.value).splitlines()
    assert all(line.startswith("DOUDI_") for line in lines), lines
    needed = "DOUDI_KAFKA_BOOTSTRAP is needed by the distributed run: host:port[,host:port]"
    assert needed in lines


def test_variables_of_the_test_suite_are_no_settings(monkeypatch):
    setenv(monkeypatch, DOUDI_TEST_POSTGRES_URL="postgresql://x")
    load_settings()


def test_every_setting_is_described_and_in_the_table():
    table = settings_table()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description in table
    assert "| `DOUDI_PORT` | `8080` |" in table
    assert "| `DOUDI_DATABASE_URL_<SERVICE>` | – |" in table
    assert "hunter2" not in table


class TestTheFolderOfSecrets:
    """``DOUDI_SECRETS_DIR``: files named like the variables that hold secrets."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        setenv(monkeypatch, **DISTRIBUTED, DOUDI_SECRETS_DIR=str(tmp_path))
        monkeypatch.delenv("DOUDI_MONGO_URL")
        return tmp_path

    def put(self, folder: Path, variable: str, text: str, mode: int = 0o600) -> None:
        path = folder / variable
        path.write_text(text)
        path.chmod(mode)

    def test_gives_what_the_environment_does_not(self, folder: Path) -> None:
        self.put(folder, "DOUDI_MONGO_URL", "mongodb://doudi:hunter2@views\n")
        self.put(folder, "DOUDI_DATABASE_URL", "postgresql://elsewhere/{service}\n")
        settings = load_settings()
        assert settings.mongo_url is not None
        assert settings.mongo_url.get_secret_value() == "mongodb://doudi:hunter2@views"
        assert settings.database_url_of("intake") == "postgresql://doudi:hunter2@db/doudi_intake"

    def test_holds_secrets_only(self, folder: Path) -> None:
        self.put(folder, "DOUDI_MONGO_URL", "mongodb://views")
        self.put(folder, "DOUDI_CELL", "yn")
        assert load_settings().cell == "fj"

    def test_may_lack_what_is_told_as_missing(self, folder: Path) -> None:
        with pytest.raises(SettingsError, match="DOUDI_MONGO_URL is needed"):
            load_settings()

    def test_is_read_only_where_nobody_else_can_read(self, folder: Path) -> None:
        self.put(folder, "DOUDI_MONGO_URL", "mongodb://doudi:hunter2@views", mode=0o640)
        with pytest.raises(SettingsError, match=r"mode 0640; a secret is") as error:
            load_settings()
        assert "hunter2" not in str(error.value)
