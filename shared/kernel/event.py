"""Events: what they are, how they are written down, and how their chain is sealed.

An event class is a frozen model of facts in the past tense. Written down, an event is one
CloudEvents 1.0 document in structured mode. Those very bytes are stored, hashed, published and
exported; nothing ever serialises the model a second time.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MAX_DOCUMENT_BYTES = 256 * 1024
"""An event's largest document; Kafka's default message limit lies well above it."""

NO_DIGEST = bytes(32)
"""What stands for the previous digest of a stream's first event."""

CONTENT_TYPE = "application/cloudevents+json"

EventType = Annotated[
    str, StringConstraints(pattern=r"^doudi\.[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]{0,2}$")
]
Source = Annotated[str, StringConstraints(pattern=r"^/doudi/[a-z][a-z0-9-]{0,15}/[a-z]+$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
PolicyVersion = Annotated[str, StringConstraints(pattern=r"^p-[a-p]{12}$")]
TraceParent = Annotated[
    str, StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
]

_NAME = re.compile(r"[a-z]+(-[a-z]+)*\Z")


class Event(BaseModel):
    """The base of every event: frozen, closed to positional surprises, open to added fields.

    A subclass names itself once: ``class CaseConfirmed(Event, service="decision",
    name="case-confirmed")``; ``version`` is 1 unless said. Fields are codes, ids, dates and
    numbers only; what a person wrote or is called lives in the vault. A reader ignores fields it
    does not know, since a version may grow by optional ones.

    A later version names the one it ``supersedes``: documents of that are read as ``upcast``
    says, so that no other code ever meets an older version.

    Raises ``ValueError`` at class creation for a name that is taken or malformed, or a version
    that does not follow on the one it supersedes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]

    def __init_subclass__(
        cls,
        *,
        service: str = "",
        name: str = "",
        version: int = 1,
        supersedes: builtins.type[Event] | None = None,
    ) -> None:
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        service: str = "",
        name: str = "",
        version: int = 1,
        supersedes: builtins.type[Event] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not service and not name:
            return  # an intermediate base of several events
        if not _NAME.match(service) or not _NAME.match(name) or version < 1:
            raise ValueError(f"not an event name: service={service!r} name={name!r} v{version}")
        cls.type = f"doudi.{service}.{name}.v{version}"
        known = _REGISTRY.setdefault(cls.type, cls)
        if known is not cls:
            raise ValueError(f"{cls.type} is already the type of {known.__qualname__}")
        before = f"doudi.{service}.{name}.v{version - 1}" if version > 1 else None
        if before != (supersedes.type if supersedes else None):
            raise ValueError(f"{cls.type} follows on {before}, not on {supersedes}")
        if supersedes is not None:
            _SUCCESSORS[supersedes] = cls

    @classmethod
    def upcast(cls, before: Event) -> Event:
        """The fact that a document of the superseded version states, in this one's fields.

        Overridden where a field of the same name does not mean the same.
        """
        return cls.model_validate(before.model_dump())


_REGISTRY: dict[str, type[Event]] = {}
_SUCCESSORS: dict[type[Event], type[Event]] = {}


def event_types() -> Mapping[str, type[Event]]:
    """Every event class imported so far, by its type."""
    return MappingProxyType(_REGISTRY)


def read_as(event_class: type[Event]) -> frozenset[str]:
    """The types whose documents are read as the class: its own, and what it supersedes."""
    types = {event_class.type}
    for older, newer in _SUCCESSORS.items():
        if newer is event_class:
            types |= read_as(older)
    return frozenset(types)


E = TypeVar("E", bound=Event)


class Envelope(BaseModel):
    """What every event says about itself, whatever it reports (design §4).

    Attribute names on the wire follow CloudEvents: lower case, no underscores.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: EventType
    source: Source
    subject: UUID
    recorded_at: datetime = Field(alias="time")
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[str, StringConstraints(pattern=r"^/schemas/[a-z0-9.-]+\.json$")]
    stream: UUID
    version: int = Field(ge=1)
    effective_on: date = Field(alias="effectiveon")
    command_id: UUID = Field(alias="commandid")
    actor: UUID
    role: RoleName
    region: RegionCode
    policy: PolicyVersion | None = None
    causation_id: UUID = Field(alias="causationid")
    correlation_id: UUID = Field(alias="correlationid")
    traceparent: TraceParent | None = None


class Document(Envelope, Generic[E]):
    """An envelope with the event it carries, as read from its bytes."""

    data: E


_DOCUMENTS: dict[type[Event], type[Document[Any]]] = {}


def document_class(event_class: type[Event]) -> type[Document[Any]]:
    """The document model of one event class; made once, since making it is slow."""
    known = _DOCUMENTS.get(event_class)
    if known is None:
        known = _DOCUMENTS[event_class] = Document[event_class]  # type: ignore[valid-type]
    return known


class Recorded(NamedTuple):
    """One row of a log: the bytes and what is known beside them.

    ``position`` counts the service's log from 1 without gaps; ``version`` counts the stream.
    """

    position: int
    stream: UUID
    version: int
    type: str
    document: bytes
    previous_digest: bytes
    digest: bytes


class UnknownEventType(ValueError):
    """The type is none of the published language that this process knows."""


class InvalidEvent(ValueError):
    """Bytes that are no valid document of the type they claim."""


def event_id(stream: UUID, version: int) -> UUID:
    """The id of a stream's n-th event: the same for ever, whoever computes it."""
    return uuid5(stream, str(version))


def digest_of(previous_digest: bytes, document: bytes) -> bytes:
    """Seal a document onto its stream's chain: SHA-256 over the digest before it and its bytes."""
    return sha256(previous_digest + document).digest()


def stated(
    event: E,
    *,
    id_: UUID,
    source: str,
    subject: UUID,
    recorded_at: datetime,
    stream: UUID,
    version: int,
    effective_on: date,
    command_id: UUID,
    actor: UUID,
    role: str,
    region: str,
    policy: str | None,
    causation_id: UUID,
    traceparent: str | None,
) -> Document[E]:
    """The document that states an event. Nothing is validated: the caller vouches for all of it.

    As pydantic's ``model_construct`` would make it, five times as fast: it is made for every
    event written. The values stand in the order of the fields, which is that of the bytes.
    """
    made = document_class(type(event)).__new__(document_class(type(event)))
    _set(
        made,
        "__dict__",
        {
            "specversion": "1.0",
            "id": id_,
            "type": event.type,
            "source": source,
            "subject": subject,
            "recorded_at": recorded_at,
            "datacontenttype": "application/json",
            "dataschema": f"/schemas/{event.type}.json",
            "stream": stream,
            "version": version,
            "effective_on": effective_on,
            "command_id": command_id,
            "actor": actor,
            "role": role,
            "region": region,
            "policy": policy,
            "causation_id": causation_id,
            "correlation_id": subject,
            "traceparent": traceparent,
            "data": event,
        },
    )
    _set(made, "__pydantic_fields_set__", set(_FIELDS))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


_set = object.__setattr__
_FIELDS = frozenset(Document.model_fields)


def encode(document: Document[Any]) -> bytes:
    """The document's canonical bytes: the only serialisation there ever is of it."""
    return document.__pydantic_serializer__.to_json(document, by_alias=True, exclude_none=True)


def decode(event_type: str, document: bytes) -> Document[Any]:
    """Read a document of the given type; its event comes in the type's latest version.

    Raises ``UnknownEventType`` for a type nobody declared and ``InvalidEvent`` where the bytes
    are not such a document or claim another type than they were filed under. Neither message
    repeats a value, since what is no event may hold anything.
    """
    event_class = _REGISTRY.get(event_type)
    if event_class is None:
        raise UnknownEventType("an event type that this version does not know")
    try:
        read = document_class(event_class).model_validate_json(document)
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in e["loc"]) for e in error.errors()})
        raise InvalidEvent(f"not a document of {event_type}: see {', '.join(places)}") from None
    if read.type != event_type:
        raise InvalidEvent(f"filed as {event_type} but the document states another type")
    return _upcast(read) if event_class in _SUCCESSORS else read


def _upcast(document: Document[Any]) -> Document[Any]:
    """The document with its event in the latest version; its envelope stays as recorded."""
    event = document.data
    while (successor := _SUCCESSORS.get(type(event))) is not None:
        event = successor.upcast(event)
    stated = {name: getattr(document, name) for name in Document.model_fields}
    return document_class(type(event)).model_construct(**stated | {"data": event})


def read(recorded: Recorded) -> Document[Any]:
    """The document of a row of a log. Raises as ``decode`` does."""
    return decode(recorded.type, recorded.document)


def is_sealed(recorded: Recorded) -> bool:
    """Whether the row's digest is the one its bytes and the digest before them give."""
    return digest_of(recorded.previous_digest, recorded.document) == recorded.digest
