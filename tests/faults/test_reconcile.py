"""The reconciliation proves itself: it names each harm that is planted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from infra.clockwork import now
from infra.demo.cells import SHAANXI
from infra.demo.tekun import MISSED_ON
from shared.clock import legal_date
from shared.kernel.event import digest_of, event_id
from tests.faults import harms
from tests.faults.harms import CARE, MONEY, affairs_found, copies_found
from tests.faults.later import live_in_care, live_on
from tests.faults.lives import Driver, driving
from tests.faults.nursery import Nursery
from tests.faults.reconcile import reconcile
from tests.faults.reconcile.copies import copies_in
from tests.faults.site import embedded_site


@dataclass(frozen=True)
class Harm:
    """What is done to a table of a file, and the finding that must name it."""

    file: str
    table: str
    statement: str
    finding: str


AnyHarm = harms.Harm | harms.CopyHarm

# Each key's records in the opposite order, in the same places: who follows the topic has read them.
_REVERSED: Final = """
WITH ranked AS (
    SELECT "partition", "offset", key, value, headers,
        row_number() OVER (PARTITION BY "partition", key ORDER BY "offset") AS up,
        row_number() OVER (PARTITION BY "partition", key ORDER BY "offset" DESC) AS down
    FROM records JOIN topics USING (topic) WHERE name = 'doudi.fj.payment')
UPDATE records SET (value, headers) = (
    SELECT b.value, b.headers FROM ranked a
    JOIN ranked b ON a."partition" = b."partition" AND a.key = b.key AND a.up = b.down
    WHERE a."partition" = records."partition" AND a."offset" = records."offset")
WHERE topic = (SELECT topic FROM topics WHERE name = 'doudi.fj.payment')
"""

HARMS: Final = (
    Harm(
        "sandbox-bank.db",
        "credits",
        "INSERT INTO credits SELECT '00000000' || substr(payment_id, 9), reference, account, name, "
        "amount_fen, 1 FROM credits LIMIT 1",
        "but the bank credited",
    ),
    Harm(
        "payment-views.db",
        "view__payments__v2__g1",
        "UPDATE view__payments__v2__g1 SET document = replace(document, 'settled', 'returned')",
        "the view payments is not what its log gives",
    ),
    Harm(
        "decision.db",
        "handled",
        "DELETE FROM handled WHERE events > 0",
        "has events and no outcome",
    ),
    Harm(
        "payment.db",
        "handled",
        "UPDATE handled SET events = events + 1 WHERE position = 2",
        "its outcome says",
    ),
    Harm(
        "bus.db",
        "records",
        _REVERSED,
        "of its key",
    ),
    Harm(
        "bus.db",
        "records",
        "DELETE FROM records WHERE headers LIKE '%payment-intended%'",
        "lacks events",
    ),
    Harm(
        "oversight.db",
        "copies",
        "DELETE FROM copies WHERE position = (SELECT max(position) FROM copies)",
        "the copies lack",
    ),
    Harm(
        "oversight.db",
        "copies",
        "UPDATE copies SET seal = zeroblob(32) WHERE position = 7",
        "oversight cannot prove the record",
    ),
)


async def test_each_harm_is_found(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery) as site:
        site.start()
        site.keep()
        async with driving(site) as driver:
            cases = await driver.live(1)
            await live_on(driver, list(cases))
            logs = await reconcile(site, driver, cases)
            _require_found(affairs_found(MONEY, logs, await _today(driver)))
            with site.store("oversight") as store:
                copies = copies_in(store.copies)
            _require_found(copies_found(copies, logs))
            for harm in HARMS:
                undo = _do(site.settings.data_dir, harm)
                with pytest.raises(AssertionError, match=harm.finding):
                    await reconcile(site, driver, cases)
                undo()
            await reconcile(site, driver, cases)
            _intend_twice(site.settings.data_dir / "payment.db")
            with pytest.raises(AssertionError, match="intended twice"):
                await reconcile(site, driver, cases)


async def test_each_harm_to_care_is_found(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery, **SHAANXI.settings) as site:
        site.start()
        site.keep()
        async with driving(site) as driver:
            await live_in_care(driver)
            logs = await reconcile(site, driver)
            _require_found(affairs_found(CARE, logs, MISSED_ON))


async def _today(driver: Driver) -> date:
    return legal_date(min((await now(driver.operator)).values()))


def _require_found(harms: Iterable[tuple[AnyHarm, list[str]]]) -> None:
    """What was done is among what is found."""
    for harm, found in harms:
        assert any(harm.finding in sentence for sentence in found), (harm, found)


def _do(folder: Path, harm: Harm) -> Callable[[], None]:
    """Do the harm; what undoes it."""
    path = folder / harm.file
    with closing(sqlite3.connect(path)) as db, db:
        before = db.execute(f"SELECT * FROM {harm.table}").fetchall()
        guards = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
            (harm.table,),
        ).fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(harm.statement)
        assert db.total_changes > 0

    def undo() -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(f"DELETE FROM {harm.table}")
            places = ", ".join("?" * len(before[0]))
            db.executemany(f"INSERT INTO {harm.table} VALUES ({places})", before)
            for _, guard in guards:
                db.execute(guard)

    return undo


def _intend_twice(path: Path) -> None:
    """Append a second intent of a payment, well formed and sealed, under another command."""
    with closing(sqlite3.connect(path)) as db, db:
        columns = "notification_id, originator_id, originator_version, topic, state, digest"
        rows = db.execute(f"SELECT {columns} FROM stored_events ORDER BY 1").fetchall()
        intended = next(row for row in rows if "payment-intended" in row[3])
        last = [row for row in rows if row[1] == intended[1]][-1]
        document: dict[str, Any] = json.loads(intended[4])
        command, version = uuid4(), last[2] + 1
        document |= {
            "id": str(event_id(UUID(intended[1]), version)),
            "version": version,
            "commandid": str(command),
        }
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        position = rows[-1][0] + 1
        db.execute(
            "INSERT INTO stored_events (notification_id, originator_id, originator_version, topic, "
            "state, previous_digest, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (position, last[1], version, intended[3], body, last[5], digest_of(last[5], body)),
        )
        db.execute(
            "INSERT INTO handled SELECT ?, body_digest, ?, 1, ?, refusal, recorded_at "
            "FROM handled LIMIT 1",
            (command.hex, position, version),
        )
