"""After the story nothing personal is anywhere but, sealed, in the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final
from uuid import uuid4

import pytest

from infra.demo.office import CLERK, OPERATOR
from infra.demo.people import HOUSEHOLD, told
from infra.embedded import DEFINITIONS
from services.intake.registry.vault import NOTE, PERSON
from shared.contracts.kernel import ParkReason
from shared.kernel.submission import Arrival, Batch
from shared.kernel.submission import Place as At
from shared.settings import SERVICES
from tests.lived import Place
from tests.privacy.places import looked_at, marks_of, scan_place
from tests.privacy.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_nothing_personal_is_anywhere_but_sealed_in_the_vault(lived: Place) -> None:
    scan = Scan(marks_of(lived.house.sent))
    for person, _relation in HOUSEHOLD:
        personal = {person.name, person.id_number, person.phone, person.account}
        assert personal <= scan.marks
    assert any("丈夫工资低" in mark for mark in scan.marks)
    await lived.settled()
    await counters(lived, scan)
    if lived.run is not None:
        await parked_with_personal_data(lived)
    await scan_place(lived, scan)
    assert scan.findings == []
    assert_everything_was_looked_at(scan, without=NOT_IN_THIS_STORY)


NOT_IN_THIS_STORY: Final = frozenset(
    {
        "intake watch_list",
        "intake screening_tasks",
        "intake screening_ledger",
        "intake requests",
        "topic doudi.fj.care",
        "topic doudi.fj.oversight",
        *(f"care {part}" for part in ("stored_events", "handled")),
        *(
            f"care {view}"
            for view in ("care_files", "care_agreements", "missed_contacts", "reassessments")
        ),
        *(f"oversight {part}" for part in ("stored_events", "handled")),
        "decision aids",
        "decision coming_of_age",
        "decision appeals",
        "decision notices",
        "decision redeterminations",
        "decision recognised_households",
        "decision subsidy_leads",
        "decision residence_permits",
        "verification home_inquiries",
        "payment funds",
        "payment frauds",
    }
)
"""What a household on dibao leaves empty; the cells of the demo fill it, and are searched too."""


async def counters(place: Place, scan: Scan) -> None:
    """What each service counts, for whoever watches it."""
    for name in SERVICES:
        answer = await place.house.call(OPERATOR, "GET", name, "/metrics")
        assert answer.status_code == 200
        scan.look("metrics", name, answer.text)


async def parked_with_personal_data(place: Place) -> None:
    """Park a record that is full of it, as garbage on a topic might be; it lies there sealed."""
    service = place.services["verification"]
    at = At(service.topic, service.bus.topic_id(service.topic), 0, 888_888)
    key = str(uuid4())
    body = told("不是事件").encode()
    arrival = Arrival(key, at, body, unreadable=ParkReason.NO_EVENT)
    await asyncio.wrap_future(service.writer.submit(Batch(service.name, (), (arrival,))))
    (row,) = (row for row in service.store.parked(None, ("", "", 0), 1000) if row.key == key)
    opened = service.keys.key("parking").open(row.body, at.context(service.name))
    assert opened == body


def assert_everything_was_looked_at(scan: Scan, without: Collection[str]) -> None:
    """The story leaves something in each of these, so that a scan of nothing fails.

    ``without`` is what it leaves empty, which must be so.
    """
    wanted = {"logs", "metrics", *(f"topic doudi.fj.{name}" for name in SERVICES)}
    tables = ("stored_events", "handled", "annex", "positions")
    missing = wanted - scan.fields.keys()
    missing |= set() if looked_at(scan, "oversight", "copies") else {"oversight copies"}
    for service in SERVICES:
        missing |= {f"{service} {t}" for t in tables if not looked_at(scan, service, t)}
        for projection in DEFINITIONS[service]().projections:
            view = projection.spec.name
            missing |= set() if looked_at(scan, service, view) else {f"{service} {view}"}
    assert missing == set(without)


async def test_the_vault_does_hold_it(lived_embedded: Place) -> None:
    """What the scan did not find was there to be found: sealed rows of persons and notes."""
    store = lived_embedded.services["intake"].store
    application = await lived_embedded.house.see(
        CLERK, "intake", f"/applications/{lived_embedded.case_id}"
    )
    persons = [member["person_id"] for member in application["members"]]
    assert len(store.annex_get(PERSON, persons)) == len(HOUSEHOLD)
    assert store.annex_get(NOTE, [application["reason"]["note_id"]])
