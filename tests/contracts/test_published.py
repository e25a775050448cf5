"""The published language: files say what the code does, and no free string slips in."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from shared.bus.wire import headers_of, key_of
from shared.contracts.compatibility import broken
from shared.contracts.publish import ASYNCAPI, asyncapi, published, released, schema_of, stale
from shared.kernel.event import NO_DIGEST, Document, Recorded, digest_of, encode
from tests.contracts.examples import LISTED_PATTERNS, example_documents, read_back

VALIDATOR = Path(__file__).parent / "asyncapi" / "validate.mjs"
FORMATS = {"uuid", "date", "date-time"}
TYPES = sorted(published())


def test_the_committed_files_are_what_the_classes_say() -> None:
    assert [path.name for path in stale()] == [], "run python -m shared.contracts.publish"


def test_the_official_parser_accepts_the_asyncapi_document() -> None:
    done = subprocess.run(
        ["node", VALIDATOR, ASYNCAPI], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert (found["version"], found["messages"]) == ("3.0.0", len(TYPES))
    assert [d for d in found["diagnostics"] if d["severity"] == 0] == []


def test_every_channel_is_a_topic_of_a_service_with_its_events() -> None:
    channels = asyncapi()["channels"]
    assert {"intake", "verification", "decision", "payment"} <= channels.keys()
    for service, channel in channels.items():
        assert channel["address"] == f"doudi.{{cell}}.{service}"
        owners = {event_type.split(".")[1] for event_type in channel["messages"]}
        assert owners == {service, "kernel"}


@pytest.mark.parametrize("document", example_documents(), ids=lambda d: d.type)
def test_what_is_written_fits_its_schema_and_is_a_cloudevent(document: Document[Any]) -> None:
    body = encode(document)
    schema = schema_of(type(document.data))
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(json.loads(body))] == []
    assert read_back(type(document.data), body) == document

    digest = digest_of(NO_DIGEST, body)
    row = Recorded(1, document.stream, 1, document.type, body, NO_DIGEST, digest)
    event = from_kafka_event(KafkaMessage(dict(headers_of(row)), key_of(row), body))
    assert (event.get_id(), event.get_type(), event.get_source(), event.get_subject()) == (
        str(document.id),
        document.type,
        document.source,
        str(document.subject),
    )
    assert event.get_time() == document.recorded_at
    assert event.get_dataschema() == document.dataschema
    assert event.get_extension("commandid") == str(document.command_id)
    assert event.get_data() == json.loads(body)["data"]


def leaves(schema: Any, definitions: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Every place of a schema where a value stands."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from leaves(definitions[name], definitions, path)
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from leaves(option, definitions, path)
    elif schema.get("type") == "object":
        assert "additionalProperties" not in schema, f"{path}: names of fields are free"
        for name, field in schema.get("properties", {}).items():
            yield from leaves(field, definitions, f"{path}.{name}")
    elif schema.get("type") == "array":
        assert "items" in schema, f"{path}: anything may stand in it"
        yield from leaves(schema["items"], definitions, f"{path}[]")
    else:
        yield path, schema


@pytest.mark.parametrize("event_type", TYPES)
def test_no_contract_has_a_free_string(event_type: str) -> None:
    schema = schema_of(published()[event_type])
    for path, leaf in leaves(schema, schema.get("$defs", {}), event_type):
        if "const" in leaf or "enum" in leaf:
            continue
        assert leaf.get("type") in {"string", "integer", "boolean", "null"}, f"{path}: {leaf}"
        if leaf["type"] == "string":
            listed = leaf.get("format") in FORMATS or leaf.get("pattern") in LISTED_PATTERNS
            assert listed, f"{path} is a free string: {leaf}"


@pytest.mark.parametrize("pattern", LISTED_PATTERNS)
def test_no_id_number_and_no_telephone_number_fits_a_listed_pattern(pattern: str) -> None:
    random = Random(7)  # noqa: S311 - samples
    digits = ["".join(random.choices("0123456789", k=k)) for k in (17, 18, 11) for _ in range(200)]
    numbers = [*digits, *(number + "X" for number in digits if len(number) == 17)]
    numbers += ["11010519491231002X", "13800138000", "350924193001010018"]
    assert not [number for number in numbers if re.search(pattern, number)]
    assert re.search(pattern, LISTED_PATTERNS[pattern])


def test_what_was_released_is_kept() -> None:
    known = released()
    assert known, "run python -m shared.contracts.publish release"
    assert broken(known, {t: schema_of(event) for t, event in published().items()}) == []


BEFORE: dict[str, Any] = {
    "$defs": {
        "Kind": {"enum": ["a", "b"], "type": "string", "description": "Kinds."},
        "Inner": {
            "type": "object",
            "properties": {"n": {"type": "integer"}},
            "required": ["n"],
        },
    },
    "type": "object",
    "properties": {
        "kind": {"$ref": "#/$defs/Kind"},
        "inner": {"$ref": "#/$defs/Inner"},
        "description": {"type": "integer", "minimum": 0},
    },
    "required": ["kind", "inner"],
}


class TestGrowth:
    """The rules of growing, tried on a schema."""

    def changed(self, *path: str, to: Any) -> list[str]:
        now = deepcopy(BEFORE)
        place: Any = now
        for key in path[:-1]:
            place = place[key]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to
        return broken({"t": BEFORE}, {"t": now})

    def test_wording_and_optional_fields_may_change(self) -> None:
        assert self.changed("$defs", "Kind", "description", to="Other words.") == []
        assert self.changed("properties", "more", to={"type": "integer"}) == []
        assert self.changed("$defs", "Inner", "properties", "m", to={"type": "integer"}) == []

    def test_a_type_that_is_gone_is_named(self) -> None:
        assert broken({"t": BEFORE}, {}) == ["t: released, and gone"]

    def test_a_field_that_is_gone_or_changed_is_named(self) -> None:
        assert self.changed("properties", "description", to=None) == [
            "t.description: released, and gone"
        ]
        assert self.changed("properties", "description", "minimum", to=1) == [
            "t.description: was 0, is 1"
        ]
        assert self.changed("$defs", "Inner", "properties", "n", "type", to="string") == [
            "t.inner.n: was integer, is string"
        ]

    def test_other_values_are_named_also_additional_ones(self) -> None:
        assert self.changed("$defs", "Kind", "enum", to=["a", "b", "c"]) == [
            "t.kind: was ['a', 'b'], is ['a', 'b', 'c']"
        ]

    def test_what_becomes_required_or_optional_is_named(self) -> None:
        assert self.changed("required", to=["kind", "inner", "description"]) == [
            "t.description: was optional, is required"
        ]
        assert self.changed("required", to=["kind"]) == ["t.inner: was required, is optional"]
        now = deepcopy(BEFORE)
        now["properties"] |= {"more": {"type": "integer"}}
        now["required"] = ["kind", "inner", "more"]
        assert broken({"t": BEFORE}, {"t": now}) == ["t.more: new, and required"]
