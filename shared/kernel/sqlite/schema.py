"""The tables on SQLite."""

from __future__ import annotations

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        notification_id INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        previous_digest BLOB NOT NULL,
        digest BLOB NOT NULL,
        UNIQUE (originator_id, originator_version))""",
    """CREATE TABLE IF NOT EXISTS handled (
        command_id TEXT PRIMARY KEY,
        body_digest BLOB NOT NULL,
        position INTEGER NOT NULL,
        events INTEGER NOT NULL,
        version INTEGER NOT NULL,
        refusal TEXT NOT NULL,
        recorded_at TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS positions (
        consumer TEXT NOT NULL,
        topic_id TEXT NOT NULL,
        partition INTEGER NOT NULL,
        position INTEGER NOT NULL,
        source_position INTEGER NOT NULL DEFAULT 0,
        own_position INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer, topic_id, partition)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS agenda (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        due_on TEXT NOT NULL,
        subject TEXT NOT NULL,
        stream TEXT NOT NULL,
        source_event TEXT NOT NULL,
        region TEXT NOT NULL,
        PRIMARY KEY (kind, key)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS agenda_due ON agenda (kind, due_on, key)",
    """CREATE TABLE IF NOT EXISTS parked (
        consumer TEXT NOT NULL,
        key TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        topic TEXT NOT NULL,
        topic_id TEXT NOT NULL,
        partition INTEGER NOT NULL,
        "offset" INTEGER NOT NULL,
        reason TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (consumer, key, ordinal)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS annex (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        expires_at TEXT,
        PRIMARY KEY (kind, key)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS annex_expiry ON annex (kind, expires_at)",
)
