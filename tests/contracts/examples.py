"""An example of every published event, made from its schema."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.publish import published
from shared.kernel.event import Document, Event, document_class
from tests.documents import document

DIGEST = "^[0-9a-f]{64}$"
DIVISION = "^[0-9]{12}$"

LISTED_PATTERNS = {
    DIGEST: "0a" * 32,
    DIVISION: "350121000000",
    r"^chinesecalendar-[0-9]{1,3}(\.[0-9]{1,3}){1,2}$": "chinesecalendar-1.11",
    "^[a-z]+(_[a-z]+)*$": "county_officer",
    "^p-[a-p]{12}$": "p-abcdefghijkl",
    "^[0-9]{4}-(0[1-9]|1[0-2])$": "2020-05",
    r"^doudi\.[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]{0,2}$": "doudi.intake.person-registered.v1",
    "^/doudi/[a-z][a-z0-9-]{0,15}/[a-z]+$": "/doudi/fj/intake",
    "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$": f"00-{'0a' * 16}-{'0b' * 8}-01",
    r"^/schemas/[a-z0-9.-]+\.json$": "/schemas/doudi.intake.person-registered.v1.json",
}
"""Every pattern that a contract's string may have, with a value that it allows. Each was looked at:
no ID number and no telephone number fits, and nobody is named in it."""

FORMATS = {
    "uuid": str(UUID("6f1a1a2e-5a0e-4c0b-9f0e-d0d1d0d1d0d1")),
    "date": "2020-05-18",
    "date-time": "2020-05-18T01:00:00Z",
}


def example_of(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """A value that the schema allows; optional fields are given too."""
    if "$ref" in schema:
        return example_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], definitions)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _EXAMPLES[schema["type"]](schema, definitions)


def _object(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    fields = schema.get("properties", {})
    return {name: example_of(field, definitions) for name, field in fields.items()}


def _string(schema: dict[str, Any], _definitions: dict[str, Any]) -> str:
    if "format" in schema:
        return FORMATS[schema["format"]]
    return LISTED_PATTERNS[schema["pattern"]]


_EXAMPLES: dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]] = {
    "object": _object,
    "string": _string,
    "array": lambda s, d: [example_of(s["items"], d)] * s.get("minItems", 1),
    "integer": lambda s, _: s.get("minimum", 0) + 1,
    "boolean": lambda *_: True,
    "null": lambda *_: None,
}


def example_event(event_class: type[Event]) -> Event:
    """An example of an event."""
    schema = event_class.model_json_schema()
    return event_class.model_validate(example_of(schema, schema.get("$defs", {})))


def example_documents() -> list[Document[Any]]:
    """A document of every published event."""
    on = date(2020, 5, 18)
    return [document(example_event(e), case_id=uuid4(), on=on) for e in published().values()]


def read_back(event_class: type[Event], body: bytes) -> Document[Any]:
    """The document of bytes."""
    return document_class(event_class).model_validate_json(body)
