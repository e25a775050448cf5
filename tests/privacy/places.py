"""What is personal in what officials send, and where a running system might keep it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from infra.demo.people import PLANTED
from infra.environment import settings_of
from shared.runtime.build import open_bus, topic_specs
from shared.settings import SERVICES
from tests.house import Run
from tests.privacy.scan import OUTSIDE, Scan

if TYPE_CHECKING:
    from infra.stack import Stack
    from tests.lived import Place

PERSONAL = frozenset({"name", "id_number", "phone", "account", "address"})
WRITTEN = frozenset({"reason", "findings", "minutes", "explanation", "grounds"})
SHORTEST = 4


def marks_of(sent: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Everything personal that officials sent: who somebody is, and what they wrote, in pieces.

    Also of what was refused; what is too short to tell anybody by is left out.
    """
    found = set(PLANTED)
    for body in sent:
        for name in body.keys() & (PERSONAL | WRITTEN):
            found |= {body[name], *pieces(body[name])}
    return frozenset(mark for mark in found if len(mark) >= SHORTEST)


def pieces(text: str) -> Iterator[str]:
    """The parts of a text between its marks of punctuation."""
    yield from re.split(r"[，。；：（）\s]+", text)


def scan_embedded(run: Run, scan: Scan) -> None:
    """Every file of the data folder but the outside's, and every topic."""
    embedded = run.embedded
    files = sorted(embedded.settings.data_dir.rglob("*.db"))
    assert {path.name for path in files} >= {f"{name}.db" for name in SERVICES} | set(OUTSIDE)
    for path in files:
        if path.name not in OUTSIDE:
            scan.sqlite(path)
    for service in embedded.services.values():
        scan.topic(service.bus, service.topic)


def scan_engines(stack: Stack, scan: Scan) -> None:
    """Every database, every view, every topic, and the logs of the engines."""
    settings = settings_of(stack.environment)
    for name in SERVICES:
        scan.postgres(settings.database_url_of(name))
        assert settings.mongo_url is not None
        scan.mongo(settings.mongo_url.get_secret_value(), settings.mongo_database_of(name))
    assert settings.keystore_url is not None
    scan.postgres(settings.keystore_url.get_secret_value())
    bus = open_bus(settings)
    for spec in topic_specs(settings):
        scan.topic(bus, spec.name)
    bus.close()
    for engine in (stack.folder / "engines").iterdir():
        scan.logs(engine / "log")


async def scan_place(place: Place, scan: Scan) -> None:
    """Everything that a system keeps, on whichever engines, and its log lines."""
    if place.run is not None:
        await asyncio.to_thread(scan_embedded, place.run, scan)
    else:
        assert place.stack is not None
        await asyncio.to_thread(scan_engines, place.stack, scan)
    scan.logs(place.logs)


def looked_at(scan: Scan, service: str, part: str) -> bool:
    """Whether a table or view of a service was looked at, on whichever engine."""
    return any(
        service in store and part in store.split(".", 1)[1] for store in scan.fields if "." in store
    )
