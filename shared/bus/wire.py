"""An event as a record: what the relay writes, and what a reader of its own topic gets back.

The value is the document's bytes as they are stored (a CloudEvent in structured mode), the key
its subject. Headers repeat what a reader wants without parsing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pydantic import ValidationError

from shared.bus.port import Headers, Record
from shared.kernel.event import CONTENT_TYPE, Envelope, Recorded, digest_of, event_id
from shared.kernel.store import Handled

TYPE = "type"
LOG_POSITION = "log_position"
PREVIOUS_DIGEST = "previous_digest"
DIGEST = "digest"
COMMAND_PART = "command_part"
COMMAND_VERSION = "command_version"

_CONTENT_TYPE_HEADER = ("content-type", CONTENT_TYPE.encode())
_SUBJECT = b'"subject":"'
_COMMAND = b'"commandid":"'
_MOST_EVENTS = 100_000
_UUID_LENGTH = 36
_MOST_DIGITS = 18


def key_of(row: Recorded) -> bytes:
    """The record's key: the document's subject.

    Found without parsing: nothing before it in a document's canonical bytes can hold the name.
    """
    return _uuid_after(_SUBJECT, row.document)


def command_of(row: Recorded) -> bytes:
    """The id of the command that the event came from, found as the key is."""
    return _uuid_after(_COMMAND, row.document)


def _uuid_after(name: bytes, document: bytes) -> bytes:
    start = document.index(name) + len(name)
    return document[start : start + _UUID_LENGTH]


class Told(NamedTuple):
    """What a record tells of the command that its event came from.

    ``before`` is the log position before the command's first event, ``events`` how many it
    wrote, ``version`` the version of the stream that it read first.
    """

    before: int
    events: int
    version: int


@lru_cache(maxsize=1024)
def _type_header(event_type: str) -> tuple[str, bytes]:
    return TYPE, event_type.encode()


def headers_of(row: Recorded, command: Handled | None = None) -> Headers:
    """The record's headers; digests in hexadecimal.

    ``command`` is the outcome of the event's command: where that wrote several events, which
    may go to several partitions, each record tells which of how many it is. Then a reader who
    got only some of them knows.
    """
    headers = (
        _CONTENT_TYPE_HEADER,
        _type_header(row.type),
        (LOG_POSITION, b"%d" % row.position),
        (PREVIOUS_DIGEST, row.previous_digest.hex().encode()),
        (DIGEST, row.digest.hex().encode()),
    )
    if command is None or command.events < 2:
        return headers
    number = row.position - command.position + command.events
    if not 1 <= number <= command.events:
        return headers  # rebuilt by a recovery, without all of its events
    return (
        *headers,
        (COMMAND_PART, b"%d/%d" % (number, command.events)),
        (COMMAND_VERSION, b"%d" % command.version),
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
    return _number(header(record, LOG_POSITION))


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > _MOST_DIGITS:
        return 0
    return int(text)


def told_of(record: Record) -> Told | None:
    """What the record tells of its command; ``None`` where its event is the only one."""
    number, _, of = (header(record, COMMAND_PART) or "").partition("/")
    part, events = _number(number), _number(of)
    before = log_position(record) - part
    if not 1 <= part <= events <= _MOST_EVENTS or before < 0:
        return None
    return Told(before, events, _number(header(record, COMMAND_VERSION)))


def row_of(record: Record, source: str) -> Recorded | None:
    """The log's row that the record carries; ``None`` if it is no valid event of that source."""
    found = event_of(record, source)
    return None if found is None else found[1]


def event_of(record: Record, source: str) -> tuple[Envelope, Recorded] | None:
    """The event that the record carries, its envelope and its row in its service's log.

    ``None`` if it is no valid event of that source. Valid means: the document states its source,
    id, type and subject as they must be, and its bytes give the digest in the headers.
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
    return envelope, Recorded(
        position, envelope.stream, envelope.version, envelope.type, body, previous, digest
    )


def source_of(topic: str) -> str:
    """The CloudEvents source of a topic's service: ``doudi.fj.intake`` is ``/doudi/fj/intake``."""
    return "/" + topic.replace(".", "/")
