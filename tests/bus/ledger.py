"""A service's log in a file, to be restored and edited behind its back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from shared.bus.memory import MemoryBus
from shared.bus.witness import Damage, verify
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from tests.bus.house import TOPIC


class Ledger:
    """A service's database file, to be copied, cut and edited."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "service.db"
        self.copy = folder / "copy.db"
        self._open: list[SqliteStore] = []

    def store(self) -> SqliteStore:
        made = SqliteStore(self.path)
        made.create_table()
        self._open.append(made)
        return made

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()

    def back_up(self) -> None:
        self.close()
        shutil.copy(self.path, self.copy)

    def restore(self) -> None:
        self.close()
        for leftover in self.path.parent.glob("service.db*"):
            leftover.unlink()
        shutil.copy(self.copy, self.path)

    def edit(self, statement: str, *params: object) -> None:
        self.close()
        connection = sqlite3.connect(self.path)
        with connection:
            assert connection.execute(statement, params).rowcount
        connection.close()


def found(store: Store, bus: MemoryBus) -> list[tuple[Damage, int, int | None]]:
    return [(f.damage, f.position, f.version) for f in verify(store, bus, TOPIC)]
