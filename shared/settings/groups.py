"""The settings in their groups: each field with its bounds, default and description."""

from __future__ import annotations

import os
import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode


class Mode(StrEnum):
    """Which engines carry the system."""

    EMBEDDED = "embedded"
    DISTRIBUTED = "distributed"


class ClockKind(StrEnum):
    """Where the domain's time comes from."""

    WALL = "wall"
    HAND = "hand"


def _paths(value: object) -> object:
    """Folders as in PATH: separated by the system's path separator, none for an empty text."""
    return [p for p in value.split(os.pathsep) if p] if isinstance(value, str) else value


Paths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_paths)]
Milliseconds = Annotated[int, Field(ge=1, le=600_000)]
Rows = Annotated[int, Field(ge=1, le=10_000)]


def _addresses(value: str) -> str:
    if not _ADDRESSES.fullmatch(value):
        raise ValueError(f"must be {ADDRESSES_FORM}")
    return value


ADDRESSES_FORM: Final = "host:port[,host:port]"
_ADDRESSES: Final = re.compile(r"[^\s,:]+:[0-9]{1,5}(,[^\s,:]+:[0-9]{1,5})*")

Addresses = Annotated[str, AfterValidator(_addresses)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True)


class Deployment(_Group):
    """What this deployment is, and where it listens."""

    cell: str = Field(
        "fj",
        pattern=r"^[a-z][a-z0-9-]{0,15}$",
        description="Name of this deployment: of a province or city. Part of every topic's name "
        "and of every event's source; never changed once events exist.",
    )
    home_division: str = Field(
        "350000000000",
        pattern=r"^[0-9]{12}$",
        description="The division that the whole cell serves; the services' own tokens act for it.",
    )
    home_level: Literal["province", "prefecture", "county"] = Field(
        "province", description="The level of `DOUDI_HOME_DIVISION`."
    )
    mode: Mode = Field(
        Mode.EMBEDDED,
        description="`embedded`: one process on SQLite files. `distributed`: PostgreSQL, Kafka "
        "and MongoDB, each service's API and worker apart.",
    )
    production: bool = Field(
        False,
        description="Refuses what serves only development: the hand clock, the development "
        "issuer, a generated master key, fewer than three replicas of a topic.",
    )
    instance: str = Field(
        "1",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$",
        description="Name of this process among those of its service: its static membership in "
        "Kafka's consumer group. Must outlive a restart and differ between processes.",
    )
    clock: ClockKind = Field(
        ClockKind.WALL,
        description="`wall`: the real time. `hand`: a clock in the services' databases that "
        "`doudi clock` moves; refused in production.",
    )
    hand_clock_start: date = Field(
        date(2020, 4, 1),
        description="The Shanghai date (09:00) that a hand clock shows before it was ever set; "
        "nothing to a wall clock.",
    )
    data_dir: Path = Field(
        Path("data"), description="Folder of the embedded run's databases and generated keys."
    )
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on. The development issuer refuses all but loopback.",
    )
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level of the log lines that are written."
    )


class Engines(_Group):
    """The engines of the distributed run."""

    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL, distributed: one URL with `{service}` in it, such as "
        "`postgresql://host/doudi_{service}`; one database per service.",
    )
    database_urls: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="PostgreSQL of one service, where it differs from the template: "
        "`DOUDI_DATABASE_URL_<SERVICE>`.",
    )
    mongo_url: SecretStr | None = Field(
        None, description="MongoDB, distributed: the URL of a replica set."
    )
    mongo_database: str = Field(
        "doudi_{service}",
        pattern=r"^[a-z][a-z0-9_]{0,20}\{service\}[a-z0-9_]{0,20}$",
        description="Name of the views' database per service.",
    )
    kafka_bootstrap: Addresses | None = Field(
        None, description="Kafka, distributed: `host:port`, several with commas."
    )
    kafka_partitions: int = Field(
        6,
        ge=1,
        le=256,
        description="Partitions of each service's topic when it is created; fixed for life, "
        "and checked at every start.",
    )
    kafka_replication: int = Field(
        1,
        ge=1,
        le=7,
        description="Replicas of each topic when it is created. Production takes no less than 3; "
        "from 3 on, 2 must have a record before it is acknowledged.",
    )
    kafka_session_ms: Milliseconds = Field(
        45_000,
        description="How long a worker may be silent before its partitions go to another; one "
        "that is back within it keeps them.",
    )
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to speak to Kafka."
    )
    kafka_ca_file: Path | None = Field(
        None, description="Certificates (PEM) that Kafka's certificate is checked against."
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="How to prove who this is to Kafka."
    )
    kafka_username: str | None = Field(None, description="Kafka's user, with SASL.")
    kafka_password: SecretStr | None = Field(None, description="Kafka's password, with SASL.")


class Neighbours(_Group):
    """Where the services and the outside are reached."""

    service_url: str | None = Field(
        None,
        description="Where services reach each other, distributed: one URL with `{service}` in "
        "it. Embedded, they are paths of the one address.",
    )
    service_urls: dict[str, str] = Field(
        default_factory=dict,
        description="Address of one service, where it differs from the template: "
        "`DOUDI_SERVICE_URL_<SERVICE>`.",
    )
    department_url: str = Field(
        "http://127.0.0.1:8080/sandbox/departments",
        description="Where the departments answer means checks: the county's exchange, or the "
        "sandbox.",
    )
    departments_asked_singly: frozenset[str] = Field(
        frozenset(),
        description="Departments that answer about one person at a time, by name; the others are "
        "asked about a whole household at once.",
    )
    departments_asked_in_batches: frozenset[str] = Field(
        frozenset(),
        description="Departments that are asked about several households on the books in one call, "
        "by name.",
    )
    department_calls_per_second: int = Field(
        50,
        ge=1,
        le=10_000,
        description="How many calls to one department may begin within a second.",
    )
    department_failures_before_rest: int = Field(
        5, ge=1, le=1_000, description="Failures in a row after which a department is not called."
    )
    department_rest_ms: int = Field(
        5_000, ge=1, le=3_600_000, description="How long it is then left alone, before one tries."
    )
    pboc_url: str = Field(
        "http://127.0.0.1:8080/sandbox/pboc",
        description="Where the People's Bank's financial network is asked, where a place has it: "
        "its front machine, or the sandbox.",
    )
    bank_url: str = Field(
        "http://127.0.0.1:8080/sandbox/bank",
        description="Where payment files are handed in: the paying bank, or the sandbox.",
    )


class Identity(_Group):
    """Tokens and keys."""

    issuer_url: str | None = Field(
        None,
        description="The OIDC issuer whose tokens are accepted. Unset: the development issuer "
        "of this process, with a generated key, on loopback only.",
    )
    jwks_url: str | None = Field(
        None, description="The issuer's key set; unset, it is asked for at the issuer."
    )
    token_url: str | None = Field(
        None,
        description="Where services ask for their tokens; unset, at the issuer under `/token`.",
    )
    audience: str = Field(
        "doudi-{service}",
        pattern=r"^[a-z][a-z0-9:/._-]*\{service\}[a-z0-9:/._-]*$",
        description="The audience that a token for a service must name.",
    )
    token_seconds: int = Field(
        300, ge=30, le=900, description="Life of a token that a service asks for itself."
    )
    token_leeway_seconds: int = Field(
        10, ge=0, le=60, description="How far the issuer's clock may differ."
    )
    jwks_cache_seconds: int = Field(
        300, ge=1, le=86_400, description="How long the issuer's keys are kept before asking again."
    )
    service_secret_file: str | None = Field(
        None,
        description="File of a service's secret for the token endpoint, distributed; with "
        "`{service}` in it, mode 0600. Unset: under the data folder, where the development "
        "issuer writes it.",
    )
    operator_token_file: Path | None = Field(
        None,
        description="File with the bearer token that `doudi`'s operator commands send. Unset: "
        "they ask the development issuer for one.",
    )
    secrets_dir: Path | None = Field(
        None,
        description="Folder of files named like variables, mode 0600, for what should not stand "
        "in the environment: `DOUDI_DATABASE_URL`, `DOUDI_KEYSTORE_URL`, `DOUDI_MONGO_URL`, "
        "`DOUDI_KAFKA_PASSWORD`. What the environment has goes before it.",
    )
    master_key_file: str | None = Field(
        None,
        description="File of the master key, with `{service}` in it or one for all; mode 0600. "
        "Unset: generated under the data folder; refused in production.",
    )
    keystore_dir: Path | None = Field(
        None,
        description="Folder of the persons' wrapped keys, outside every database. Unset: under "
        "the data folder.",
    )
    keystore_url: SecretStr | None = Field(
        None,
        description="PostgreSQL database of the persons' wrapped keys, which holds nothing else: "
        "for intake in several processes on several machines. Unset: a file in the folder.",
    )


class Tables(_Group):
    """Further parameters and divisions."""

    policy_dirs: Paths = Field(
        (),
        description="Folders with parameter files that add to, or replace, the built-in ones: "
        f"local standards, open choices. Later ones win; separated by `{os.pathsep}`.",
    )
    region_dirs: Paths = Field(
        (), description="Folders with further tables of divisions (CSV), likewise."
    )


class Bounds(_Group):
    """Sizes of queues and batches, timeouts and rests."""

    writer_queue: int = Field(
        4096,
        ge=1,
        le=1_000_000,
        description="Commands that may wait for the writer; beyond it callers get 503.",
    )
    writer_batch: Rows = Field(256, description="Commands in one turn at most.")
    state_cache: int = Field(
        50_000, ge=1, le=10_000_000, description="Streams whose state the writer keeps in memory."
    )
    transaction_timeout_ms: Milliseconds = Field(
        10_000, description="A turn that lasts longer is ended by PostgreSQL, freeing the lock."
    )
    command_timeout_ms: Milliseconds = Field(
        15_000, description="How long a request waits for its command's outcome."
    )
    wait_for_timeout_ms: Milliseconds = Field(
        5_000, description="How long a query waits for the position it asks for."
    )
    body_limit_bytes: int = Field(
        262_144, ge=1024, le=16_777_216, description="Largest body of a request."
    )
    relay_batch: Rows = Field(1000, description="Events that the relay sends before it waits.")
    relay_deadline_ms: Milliseconds = Field(
        30_000, description="How long the relay waits for all acknowledgements of a batch."
    )
    consumer_batch: Rows = Field(500, description="Records of one poll, applied in one turn.")
    projector_batch: Rows = Field(500, description="Events folded into one update of a view.")
    poll_ms: Milliseconds = Field(
        20, description="How often a worker looks whether its service's log has grown."
    )
    duties_poll_ms: Milliseconds = Field(
        5_000, description="How often it is looked up whether something falls due."
    )
    gateway_poll_ms: Milliseconds = Field(
        500, description="How often open requests to the outside are looked up."
    )
    gateway_timeout_ms: Milliseconds = Field(
        10_000, description="How long an answer from the outside is waited for."
    )
