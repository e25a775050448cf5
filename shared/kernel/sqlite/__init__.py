"""The store on SQLite, in its parts: tables, rows, a turn."""

from shared.kernel.sqlite.store import SqliteStore
from shared.kernel.sqlite.turn import SqliteTurn

__all__ = ["SqliteStore", "SqliteTurn"]
