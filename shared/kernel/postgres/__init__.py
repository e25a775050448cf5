"""The store on PostgreSQL, in its parts: tables, rows on their way in, a turn, connections."""

from shared.kernel.postgres.connections import connect
from shared.kernel.postgres.schema import SCHEMA
from shared.kernel.postgres.store import PostgresStore
from shared.kernel.postgres.turn import LOG_LOCK, PostgresTurn

__all__ = ["LOG_LOCK", "SCHEMA", "PostgresStore", "PostgresTurn", "connect"]
