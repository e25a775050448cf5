"""The tables of one service's database, and the columns of an event in their order."""

from typing import Final

SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        originator_id uuid NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        notification_id bigint NOT NULL,
        previous_digest bytea NOT NULL,
        digest bytea NOT NULL,
        PRIMARY KEY (originator_id, originator_version))""",
    "ALTER TABLE stored_events ALTER COLUMN state SET STORAGE EXTERNAL",
    "CREATE UNIQUE INDEX IF NOT EXISTS stored_events_position ON stored_events (notification_id)",
    """CREATE TABLE IF NOT EXISTS handled (
        command_id uuid PRIMARY KEY,
        body_digest bytea NOT NULL,
        position bigint NOT NULL,
        events integer NOT NULL,
        version bigint NOT NULL,
        refusal text NOT NULL,
        recorded_at timestamptz NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS positions (
        consumer text NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        position bigint NOT NULL,
        source_position bigint NOT NULL DEFAULT 0,
        own_position bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer, topic_id, partition))""",
    """CREATE TABLE IF NOT EXISTS agenda (
        kind text NOT NULL,
        key uuid NOT NULL,
        due_on date NOT NULL,
        subject uuid NOT NULL,
        stream uuid NOT NULL,
        source_event uuid NOT NULL,
        region text NOT NULL,
        PRIMARY KEY (kind, key))""",
    "CREATE INDEX IF NOT EXISTS agenda_due ON agenda (kind, due_on, key)",
    """CREATE TABLE IF NOT EXISTS parked (
        consumer text NOT NULL,
        key text NOT NULL,
        ordinal bigint NOT NULL,
        topic text NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        reason text NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (consumer, key, ordinal))""",
    """CREATE TABLE IF NOT EXISTS annex (
        kind text NOT NULL,
        key text NOT NULL,
        body bytea NOT NULL,
        expires_at timestamptz,
        PRIMARY KEY (kind, key))""",
    "CREATE INDEX IF NOT EXISTS annex_expiry ON annex (kind, expires_at)",
    """CREATE TABLE IF NOT EXISTS copies (
        position bigint PRIMARY KEY,
        service text NOT NULL,
        log_position bigint NOT NULL,
        event_id uuid NOT NULL,
        subject uuid NOT NULL,
        stream uuid NOT NULL,
        version bigint NOT NULL,
        type text NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        document bytea NOT NULL,
        body_digest bytea NOT NULL,
        previous_digest bytea NOT NULL,
        digest bytea NOT NULL,
        seal bytea NOT NULL,
        UNIQUE (event_id, body_digest))""",
    "ALTER TABLE copies ALTER COLUMN document SET STORAGE EXTERNAL",
    "CREATE INDEX IF NOT EXISTS copies_subject ON copies (subject, position)",
    "CREATE INDEX IF NOT EXISTS copies_log ON copies (service, log_position)",
    """CREATE OR REPLACE FUNCTION copies_are_kept() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''copies are never changed''; END'""",
    """CREATE OR REPLACE TRIGGER copies_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON copies
        FOR EACH STATEMENT EXECUTE FUNCTION copies_are_kept()""",
)

EVENT_COLUMNS: Final = (
    "notification_id, originator_id, originator_version, topic, state, previous_digest, digest"
)

COPY_COLUMNS: Final = (
    "position, service, log_position, event_id, subject, stream, version, type, topic_id, "
    'partition, "offset", document, body_digest, previous_digest, digest, seal'
)
