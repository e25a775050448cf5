"""The settings as one frozen object: sources, what must agree, and what is derived."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Self, get_args

from pydantic import SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.settings.groups import (
    ADDRESSES_FORM,
    Bounds,
    ClockKind,
    Deployment,
    Engines,
    Identity,
    Mode,
    Neighbours,
    Tables,
)

PREFIX: Final = "DOUDI_"
TEST_PREFIX: Final = "DOUDI_TEST_"
"""Variables of the test suite (addresses of engines that it need not start); not settings."""

SERVICES: Final = (
    "intake",
    "verification",
    "decision",
    "payment",
    "care",
    "oversight",
)
"""The services that there are, in the order of a case's life."""

PER_SERVICE: Final[Mapping[str, str]] = {
    "database_urls": f"{PREFIX}DATABASE_URL_",
    "service_urls": f"{PREFIX}SERVICE_URL_",
}
"""Fields that are read from one variable per service, by the beginning of its name."""

LEAST_REPLICAS: Final = 3
"""How many replicas of each topic production keeps: two have a record, one may be away."""

_SLOT: Final = "{service}"

_LIKENESS: Final = 0.75
"""How alike (of 1) an unknown name must be to one that it may have meant: two letters swapped in
four are."""


class SettingsError(Exception):
    """The environment does not make valid settings. Says what to change, shows no value."""


class _PerService(PydanticBaseSettingsSource):
    """Reads ``DOUDI_DATABASE_URL_INTAKE`` and its like into one mapping per kind."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        stem = PER_SERVICE[field_name]
        found = {
            name.removeprefix(stem).lower(): value
            for name, value in os.environ.items()
            if name.startswith(stem)
        }
        return found, field_name, False

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        values = {name: self.get_field_value(fields[name], name)[0] for name in PER_SERVICE}
        return {name: value for name, value in values.items() if value}


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads what is secret from files of ``DOUDI_SECRETS_DIR``, named like the variables."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
        secret = field_name not in PER_SERVICE and SecretStr in get_args(field.annotation)
        if not folder or not secret:
            return None, field_name, False
        return _secret_in(Path(folder) / f"{PREFIX}{field_name.upper()}"), field_name, False

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value is not None}


def _secret_in(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read().decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    if mode & 0o077:
        raise SettingsError(f"{path} has mode {mode:04o}; a secret is a file of mode 0600")
    return text


class Settings(Deployment, Engines, Neighbours, Identity, Tables, Bounds, BaseSettings):
    """What one process runs with. Frozen. A process gets it from ``load_settings``.

    What is given to the class goes before the environment.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no file is read unasked
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours checks the mode
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given to the class, the environment, the folder of secrets; no dotenv file."""
        return init_settings, _PerService(settings_cls), env_settings, _SecretFiles(settings_cls)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        faults = [*self._unknown_services(), *self._missing(), *self._unsafe()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _unknown_services(self) -> Iterator[str]:
        for field, stem in PER_SERVICE.items():
            for service in sorted(getattr(self, field).keys() - set(SERVICES)):
                yield f"{stem}{service.upper()} names no service; there are {', '.join(SERVICES)}"

    def _missing(self) -> Iterator[str]:
        for name, template in (
            ("DATABASE_URL", self.database_url and self.database_url.get_secret_value()),
            ("SERVICE_URL", self.service_url),
            ("SERVICE_SECRET_FILE", self.service_secret_file),
        ):
            if template and _SLOT not in template:
                yield f"{PREFIX}{name} must contain {_SLOT}"
        if self.mode is Mode.EMBEDDED:
            return
        for name, template, own in (
            ("DATABASE_URL", self.database_url, self.database_urls.keys()),
            ("SERVICE_URL", self.service_url, self.service_urls.keys()),
        ):
            if template is None and set(SERVICES) - own:
                yield f"{PREFIX}{name} is needed by the distributed run"
        if self.mongo_url is None:
            yield f"{PREFIX}MONGO_URL is needed by the distributed run"
        if self.kafka_bootstrap is None:
            yield f"{PREFIX}KAFKA_BOOTSTRAP is needed by the distributed run: {ADDRESSES_FORM}"
        if self.issuer_url is None:
            yield f"{PREFIX}ISSUER_URL is needed by the distributed run"

    def _unsafe(self) -> Iterator[str]:
        if self.issuer_url is None and not is_loopback(self.host):
            yield (
                f"{PREFIX}HOST is not a loopback address, and the development issuer serves only "
                f"those: set {PREFIX}ISSUER_URL, or listen on 127.0.0.1"
            )
        if not self.production:
            return
        if self.clock is ClockKind.HAND:
            yield f"{PREFIX}CLOCK=hand is refused in production"
        if self.issuer_url is None and self.mode is Mode.EMBEDDED:
            yield f"{PREFIX}ISSUER_URL is needed in production: the development issuer is none"
        if self.master_key_file is None:
            yield f"{PREFIX}MASTER_KEY_FILE is needed in production: no key is generated there"
        if self.mode is Mode.DISTRIBUTED and self.kafka_replication < LEAST_REPLICAS:
            yield (
                f"{PREFIX}KAFKA_REPLICATION must be at least {LEAST_REPLICAS} in production: the "
                "topics are what a lost database is recovered from"
            )

    def database_url_of(self, service: str) -> str:
        """The PostgreSQL URL of a service's database. Raises ``SettingsError`` if none is set."""
        own = self.database_urls.get(service)
        return _filled(own or self.database_url, service, "DATABASE_URL")

    def service_url_of(self, service: str) -> str:
        """Where a service is reached: set, or a path of this process's own address."""
        own = self.service_urls.get(service)
        if own is None and self.service_url is None and self.mode is Mode.EMBEDDED:
            return f"http://{self.host}:{self.port}/{service}"
        return _filled(own or self.service_url, service, "SERVICE_URL")

    def mongo_database_of(self, service: str) -> str:
        """Name of the database that holds a service's views."""
        return self.mongo_database.replace(_SLOT, service)

    def audience_of(self, service: str) -> str:
        """The audience that a token for a service names."""
        return self.audience.replace(_SLOT, service)

    def master_key_file_of(self, service: str) -> Path:
        """The file of a service's master key: the one set, or its own under the data folder."""
        if self.master_key_file is None:
            return self.data_dir / "keys" / f"{service}.key"
        return Path(self.master_key_file.replace(_SLOT, service))

    def service_secret_file_of(self, service: str) -> Path:
        """The file of a service's secret: the one set, or its own under the data folder."""
        if self.service_secret_file is None:
            return self.data_dir / "keys" / f"{service}.secret"
        return Path(self.service_secret_file.replace(_SLOT, service))

    def keystore_folder(self) -> Path:
        """The folder of the persons' wrapped keys: the one set, or one under the data folder."""
        return self.keystore_dir or self.data_dir / "keystore"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _filled(template: str | SecretStr | None, service: str, name: str) -> str:
    if template is None:
        raise SettingsError(f"{PREFIX}{name} is not set, nor {PREFIX}{name}_{service.upper()}")
    text = template.get_secret_value() if isinstance(template, SecretStr) else template
    return text.replace(_SLOT, service)


def load_settings(**given: Any) -> Settings:
    """The settings of this process: from the environment, after what is ``given``.

    Raises ``SettingsError``, in which every fault is a line of its own: unknown variables (with
    the nearest known one), values out of bounds, what is missing, what production refuses.
    """
    faults = list(_unknown_variables())
    settings: Settings | None = None
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults += faults_of(error)
    if faults or settings is None:
        raise SettingsError("\n".join(faults))
    return settings


def faults_of(error: ValidationError) -> Iterator[str]:
    """Every fault as a line that names the variable and what is allowed, never the value."""
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        where = f"{PREFIX}{str(fault['loc'][0]).upper()}: " if fault["loc"] else ""
        said = fault["msg"].removeprefix("Value error, ")
        yield from (where + line for line in said.split("; "))


def _unknown_variables() -> Iterator[str]:
    names = [name.upper() for name in Settings.model_fields if name not in PER_SERVICE]
    known = {PREFIX + name for name in names}
    stems = (TEST_PREFIX, *PER_SERVICE.values())
    for name in sorted(os.environ):
        if not name.startswith(PREFIX) or name in known or name.startswith(stems):
            continue
        # Without the prefix, which makes any two names alike.
        nearest = get_close_matches(name.removeprefix(PREFIX), names, n=1, cutoff=_LIKENESS)
        yield f"{name} is no setting" + (f"; is {PREFIX}{nearest[0]} meant?" if nearest else "")
