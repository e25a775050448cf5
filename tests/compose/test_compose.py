"""Whatever docker-compose.yml names exists in the code, and nothing in it is a secret."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from typer.main import get_command

from infra.cli.app import app
from infra.compose.secrets import ENGINE_USER, SERVICE_USER, draw
from infra.distributed import PARTS
from infra.environment import settings_of
from shared.policy import Policy
from shared.settings import PREFIX, SERVICES, Mode, Settings
from shared.settings.model import PER_SERVICE, SettingsError, is_loopback
from shared.web import health
from tests.compose.conftest import FILE, ROOT

NEIGHBOURS = ("issuer", "sandbox")
INSIDE = "/opt/doudi/"
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|_URL$")
IMAGE = re.compile(r"[a-z/-]+:[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z]+)?")


def processes(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers that run ``doudi``, by name."""
    return {
        name: one
        for name, one in compose["services"].items()
        if one["image"].startswith("doudi:") and "entrypoint" not in one
    }


def words(one: dict[str, Any], key: str) -> list[str]:
    found = one.get(key, [])
    return shlex.split(found) if isinstance(found, str) else [str(word) for word in found]


def environment(one: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in one.get("environment", {}).items()}


def test_every_service_has_its_api_and_its_worker(compose: dict[str, Any]) -> None:
    run = {tuple(words(one, "command")) for one in processes(compose).values()}
    wanted = {("run", service, part) for service in SERVICES for part in PARTS}
    assert run == wanted | {("run", name) for name in NEIGHBOURS} | {("topics",)}
    for service in SERVICES:
        for part in PARTS:
            command = compose["services"][f"{service}-{part}"]["command"]
            assert command == ["run", service, part]


def test_every_command_is_one_of_the_command_lines(compose: dict[str, Any]) -> None:
    root = get_command(app)
    for one in processes(compose).values():
        command, *arguments = words(one, "command")
        found = root.get_command(None, command)  # type: ignore[union-attr]
        assert found is not None, command
        found.make_context(command, arguments)


def test_every_variable_is_a_setting(compose: dict[str, Any]) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name not in PER_SERVICE}
    known |= {f"{stem}{service.upper()}" for stem in PER_SERVICE.values() for service in SERVICES}
    for name, one in processes(compose).items():
        assert environment(one).keys() <= known, name
    # What somebody may set from outside is named like the setting that it becomes.
    offered = set(re.findall(r"\$\{(\w+)", FILE.read_text(encoding="utf-8")))
    assert offered - {"DOUDI_SERVICE_SECRETS"} <= known


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("part", PARTS)
def test_its_settings_agree_and_name_the_engines(
    compose: dict[str, Any], tmp_path: Path, service: str, part: str
) -> None:
    draw(tmp_path, engine_user=os.geteuid(), service_user=os.geteuid())
    one = compose["services"][f"{service}-{part}"]
    given = environment(one)
    with pytest.raises(SettingsError, match="DOUDI_DATABASE_URL is needed"):
        settings_of(given)
    drawn = {file.name: file.read_text() for file in (tmp_path / "doudi").iterdir()}
    settings = settings_of({**given, **drawn})
    assert settings.mode is Mode.DISTRIBUTED
    assert settings.clock == "wall"
    for address in (
        settings.database_url_of(service),
        drawn["DOUDI_KEYSTORE_URL"],
        drawn["DOUDI_MONGO_URL"],
        f"kafka://{settings.kafka_bootstrap}",
    ):
        assert urlsplit(address).hostname in compose["services"]
    databases = words(compose["services"]["databases"], "command")
    assert settings.database_url_of(service).rpartition("/")[2] in databases
    assert drawn["DOUDI_KEYSTORE_URL"].rpartition("/")[2] in databases


def test_every_address_leads_to_the_process_that_listens_there(compose: dict[str, Any]) -> None:
    ports = {
        name: environment(one)["DOUDI_PORT"]
        for name, one in processes(compose).items()
        if name != "topics"
    }
    assert len(set(ports.values())) == len(ports), "they share one network"
    for service in SERVICES:
        given = environment(compose["services"][f"{service}-api"])
        for other in SERVICES:
            port = given[f"DOUDI_SERVICE_URL_{other.upper()}"].rpartition(":")[2]
            assert port == ports[f"{other}-api"]
        assert f":{ports['issuer']}" in given["DOUDI_ISSUER_URL"]
        assert f":{ports['sandbox']}/" in given["DOUDI_BANK_URL"]
        assert f":{ports['sandbox']}/" in given["DOUDI_DEPARTMENT_URL"]
        assert f":{ports['sandbox']}/" in given["DOUDI_PBOC_URL"]


def test_only_apis_are_published_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    apis = {environment(compose["services"][f"{s}-api"])["DOUDI_PORT"] for s in SERVICES}
    published = {name for name, one in compose["services"].items() if one.get("ports")}
    assert published == {"house"}
    for port in compose["services"]["house"]["ports"]:
        address, outside, inside = str(port).removesuffix("/tcp").split(":")
        assert is_loopback(address)
        assert outside == inside
        apis.remove(inside)
    assert not apis


def test_the_issuer_listens_on_loopback_in_the_network_that_the_services_share(
    compose: dict[str, Any],
) -> None:
    for name in NEIGHBOURS:
        assert environment(compose["services"][name])["DOUDI_HOST"] == "127.0.0.1"
    for name, one in processes(compose).items():
        assert one["network_mode"] == "service:house", name


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for one in compose["services"].values():
        assert IMAGE.fullmatch(one["image"]), one["image"]
        if one["image"].startswith("doudi:"):
            assert one["image"] == f"doudi:{version}"
    (base,) = re.findall(r"^FROM (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert IMAGE.fullmatch(base.replace("-slim-bookworm", "-slim"))
    assert base.startswith("python:3.11.")


def test_no_secret_stands_in_it(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        for variable, value in environment(one).items():
            if SECRET.search(variable):
                secret = variable.endswith(("_FILE", "_DIR")) and value.startswith("/run/")
                address = re.fullmatch(r"https?://127\.0\.0\.1:[0-9]+(/[a-z/]+)?", value)
                assert secret or address, f"{name}: {variable}"
    assert "@" not in re.sub(r"1@kafka:9093", "", FILE.read_text(encoding="utf-8"))


def test_secrets_are_mounted_read_only_by_who_reads_them(compose: dict[str, Any]) -> None:
    writers = {"postgres-secrets": "secrets", "mongo-secrets": "secrets"}
    writers |= {"doudi-secrets": "secrets", "service-secrets": "issuer"}
    for name, one in compose["services"].items():
        for mount in one.get("volumes", []):
            volume, _, rest = str(mount).partition(":")
            if volume in writers:
                assert rest.endswith(":ro") != (writers[volume] == name), f"{name}: {mount}"
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"--uid {SERVICE_USER} " in dockerfile
    for name in ("databases", "replica-set"):
        assert compose["services"][name]["user"] == f"{ENGINE_USER}:{ENGINE_USER}"


def test_nobody_starts_before_what_it_needs_is_there(compose: dict[str, Any]) -> None:
    ready = "service_healthy"
    done = "service_completed_successfully"
    for service in SERVICES:
        for part in PARTS:
            needs = compose["services"][f"{service}-{part}"]["depends_on"]
            for name, condition in (
                ("issuer", ready),
                ("databases", done),
                ("replica-set", done),
                ("topics", done),
            ):
                assert needs[name]["condition"] == condition
    for name, one in compose["services"].items():
        for other, need in one.get("depends_on", {}).items():
            if need["condition"] == ready:
                assert "healthcheck" in compose["services"][other], f"{name} waits for {other}"


def test_health_is_asked_where_a_service_answers_for_it(compose: dict[str, Any]) -> None:
    paths = {route.path for route in health.router.routes}  # type: ignore[attr-defined]
    for name, one in processes(compose).items():
        if name == "topics":
            continue
        _, python, script, path = one["healthcheck"]["test"]
        assert python == "python"
        assert (ROOT / script.removeprefix(INSIDE)).is_file()
        if name not in NEIGHBOURS:
            assert path in paths


def test_files_that_are_mounted_or_copied_exist(compose: dict[str, Any]) -> None:
    for one in compose["services"].values():
        for mount in one.get("volumes", []):
            source = str(mount).partition(":")[0]
            if source.startswith("/"):
                assert Path(source).is_file(), source
            else:
                assert source in compose["volumes"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"]
    for source in re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE):
        assert (ROOT / source).exists()
        assert source in allowed
    assert "--require-hashes" in dockerfile
    given = environment(compose["services"]["decision-api"])["DOUDI_POLICY_DIRS"]
    assert Policy.load([ROOT / given.removeprefix(INSIDE)])


def test_topics_are_made_by_the_one_shot_and_by_nobody_else(compose: dict[str, Any]) -> None:
    kafka = environment(compose["services"]["kafka"])
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    bootstrap = environment(compose["services"]["topics"])["DOUDI_KAFKA_BOOTSTRAP"]
    assert kafka["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{bootstrap}"
