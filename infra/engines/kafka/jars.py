"""Kafka's jars: named by ``pom.xml``, copied once by Maven, kept in the checkout."""

from __future__ import annotations

import fcntl
import os
import shutil
from hashlib import sha256
from pathlib import Path

from infra.engines.debian import program
from infra.engines.port import EngineMissing
from infra.engines.process import dying_with_us, run

_POM = Path(__file__).with_name("pom.xml")
_CACHE = Path(__file__).parents[3] / ".state" / "kafka-jars"
_OR_ADDRESS = "or name a broker in DOUDI_TEST_KAFKA"


def java() -> str:
    """The path of a Java, installed with Debian's maven when there is none and we are root."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else None
    return found or _program("java", "Apache Kafka needs Java 17 or newer")


def jars() -> Path:
    """The folder of Kafka's jars for the committed ``pom.xml``, fetched when it is missing.

    Raises:
        EngineMissing: there is no Java or Maven and we may not install them, or Maven failed.
    """
    folder = _CACHE / sha256(_POM.read_bytes()).hexdigest()[:12]
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # others may be fetching them for their own broker
        if not folder.exists():
            _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    java()
    maven = _program("mvn", "Apache Kafka comes through Maven")
    half = folder.with_suffix(".part")
    shutil.rmtree(half, ignore_errors=True)
    log = _CACHE / "log"
    command = [
        *(maven, "--quiet", "--batch-mode", "--file", str(_POM)),
        *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={half}"),
    ]
    try:
        run(dying_with_us(command), log=log, what="Maven", cwd=_CACHE, seconds=600)
    except Exception as error:
        raise EngineMissing(
            f"Apache Kafka could not be fetched from Maven Central, {_OR_ADDRESS}.\n{error}"
        ) from error
    half.rename(folder)


def _program(name: str, why: str) -> str:
    return program(name, package="maven", why=why, otherwise=_OR_ADDRESS, log=_CACHE / "log")
