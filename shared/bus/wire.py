"""An event as a record: what the relay writes, and what a reader of its own topic gets back.

The value is the document's bytes as they are stored (a CloudEvent in structured mode), the key
its subject. Headers repeat what a reader wants without parsing.
"""

from __future__ import annotations

from functools import lru_cache

from pydantic import ValidationError

from shared.bus.port import Headers, Record
from shared.kernel.event import CONTENT_TYPE, Envelope, Recorded, digest_of, event_id

TYPE = "type"
LOG_POSITION = "log_position"
PREVIOUS_DIGEST = "previous_digest"
DIGEST = "digest"

_CONTENT_TYPE_HEADER = ("content-type", CONTENT_TYPE.encode())
_SUBJECT = b'"subject":"'
_UUID_LENGTH = 36
_POSITION_DIGITS = 18


def key_of(row: Recorded) -> bytes:
    """The record's key: the document's subject.

    Found without parsing: nothing before it in a document's canonical bytes can hold the name.
    """
    start = row.document.index(_SUBJECT) + len(_SUBJECT)
    return row.document[start : start + _UUID_LENGTH]


@lru_cache(maxsize=1024)
def _type_header(event_type: str) -> tuple[str, bytes]:
    return TYPE, event_type.encode()


def headers_of(row: Recorded) -> Headers:
    """The record's headers; digests in hexadecimal."""
    return (
        _CONTENT_TYPE_HEADER,
        _type_header(row.type),
        (LOG_POSITION, b"%d" % row.position),
        (PREVIOUS_DIGEST, row.previous_digest.hex().encode()),
        (DIGEST, row.digest.hex().encode()),
    )


def header(record: Record, name: str) -> str | None:
    """A header's text, ``None`` where it is absent or not ASCII."""
    for known, value in record.headers:
        if known == name:
            return value.decode() if value.isascii() else None
    return None


def log_position(record: Record) -> int:
    """The event's position in its service's log, 0 where the record does not tell one.

    A number that no log reaches, and no database's integer holds, is none.
    """
    text = header(record, LOG_POSITION)
    if text is None or not text.isdecimal() or len(text) > _POSITION_DIGITS:
        return 0
    return int(text)


def row_of(record: Record, source: str) -> Recorded | None:
    """The log's row that the record carries; ``None`` if it is no valid event of that source.

    Valid means: the document states its source, id, type and subject as they must be, and its
    bytes give the digest in the headers.
    """
    body = record.value or b""
    try:
        envelope = Envelope.model_validate_json(body)
        previous = bytes.fromhex(header(record, PREVIOUS_DIGEST) or "")
        digest = bytes.fromhex(header(record, DIGEST) or "")
    except (ValidationError, ValueError):
        return None
    position = log_position(record)
    stated = (
        envelope.source == source
        and envelope.id == event_id(envelope.stream, envelope.version)
        and envelope.type == header(record, TYPE)
        and str(envelope.subject).encode() == record.key
    )
    if not stated or position < 1 or digest_of(previous, body) != digest:
        return None
    return Recorded(
        position, envelope.stream, envelope.version, envelope.type, body, previous, digest
    )


def source_of(topic: str) -> str:
    """The CloudEvents source of a topic's service: ``doudi.fj.intake`` is ``/doudi/fj/intake``."""
    return "/" + topic.replace(".", "/")
