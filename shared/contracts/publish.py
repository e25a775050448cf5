"""The published language in files: a JSON Schema per event, and one AsyncAPI 3 document.

Both are generated from the event classes, so that they cannot say anything else than the code.
``python -m shared.contracts.publish`` writes them; ``… release`` also takes the schemas over as
the released ones, which later versions are compared with.
"""

from __future__ import annotations

import json
import pkgutil
import sys
import tomllib
from collections.abc import Iterable
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from shared import contracts
from shared.kernel.event import CONTENT_TYPE, Event, document_class, event_types

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parent / "schemas"
RELEASED = Path(__file__).parent / "released"
ASYNCAPI = ROOT / "docs" / "asyncapi.json"

KERNEL = "kernel"
"""The owner of the events that every service's own log may hold."""

Schema = dict[str, Any]


def published() -> dict[str, type[Event]]:
    """Every event class of the contracts, by its type, in order."""
    for module in pkgutil.iter_modules(contracts.__path__, f"{contracts.__name__}."):
        import_module(module.name)
    ours = f"{contracts.__name__}."
    known = event_types()
    return {t: known[t] for t in sorted(known) if known[t].__module__.startswith(ours)}


def schema_of(event_class: type[Event]) -> Schema:
    """The JSON Schema (2020-12) of an event's whole document, by itself."""
    made = document_class(event_class).model_json_schema(by_alias=True, mode="validation")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/{event_class.type}.json",
    }
    return head | _as_emitted(made, event_class)


def _as_emitted(document: Schema, event_class: type[Event]) -> Schema:
    """Say what every document of the type holds: its own type, and all that is never absent."""
    properties = document["properties"]
    properties["type"] = {"const": event_class.type, "type": "string"}
    required = [name for name, field in properties.items() if not _nullable(field)]
    described = {
        "title": event_class.type,
        "description": cleandoc(event_class.__doc__ or event_class.__name__),
    }
    return document | described | {"required": required}


def _nullable(field: Schema) -> bool:
    return any(option.get("type") == "null" for option in field.get("anyOf", ()))


def asyncapi() -> Schema:
    """The AsyncAPI 3 document: one channel per service's topic, one message per event."""
    events = published()
    services = sorted({_service(t) for t in events} - {KERNEL})
    components = {"messages": _messages(events), "schemas": _component_schemas(events)}
    channels: Schema = {}
    operations: Schema = {}
    for service in services:
        own = [t for t in events if _service(t) in (service, KERNEL)]
        channels[service] = _channel(service, own)
        operations[f"publish-{service}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{service}"},
            "summary": f"What {service} records, relayed in the order of its log, at least once.",
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Doudi (兜底): events of social assistance",
            "version": _release(),
            "description": (
                "Each message is a CloudEvent 1.0 in structured mode: the very bytes that the "
                "service recorded. Its key is the subject, so that the events of a case come in "
                "order. Its headers repeat type, log position and both digests. A message may "
                "come again; its id tells."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": components,
    }


def _service(event_type: str) -> str:
    return event_type.split(".")[1]


def _release() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _channel(service: str, types: Iterable[str]) -> Schema:
    return {
        "address": f"doudi.{{cell}}.{service}",
        "summary": f"The log of {service}, for good.",
        "parameters": {"cell": {"description": "The deployment for one jurisdiction, as `fj`."}},
        "messages": {t: {"$ref": f"#/components/messages/{t}"} for t in types},
        "bindings": {
            "kafka": {
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": -1,
                    "retention.bytes": -1,
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _messages(events: dict[str, type[Event]]) -> Schema:
    return {
        event_type: {
            "name": event_type,
            "title": event_class.__name__,
            "summary": cleandoc(event_class.__doc__ or "").partition("\n")[0],
            "contentType": CONTENT_TYPE,
            "headers": {"$ref": "#/components/schemas/headers"},
            "payload": {"$ref": f"#/components/schemas/{event_type}"},
            "bindings": {
                "kafka": {
                    "key": {"type": "string", "format": "uuid", "description": "The subject."},
                    "bindingVersion": "0.5.0",
                }
            },
        }
        for event_type, event_class in events.items()
    }


def _component_schemas(events: dict[str, type[Event]]) -> Schema:
    by_document = {document_class(event): event for event in events.values()}
    references, definitions = models_json_schema(
        [(document, "validation") for document in by_document],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    schemas = dict(definitions["$defs"])
    for (document, _mode), reference in references.items():
        event_class = by_document[document]  # type: ignore[index]  # only documents were given
        made = schemas.pop(reference["$ref"].rpartition("/")[2])
        schemas[event_class.type] = _as_emitted(made, event_class)
    schemas["headers"] = _headers()
    return dict(sorted(schemas.items()))


def _headers() -> Schema:
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return {
        "type": "object",
        "properties": {
            "content-type": {"type": "string", "const": CONTENT_TYPE},
            "type": {"type": "string", "description": "The event's type."},
            "log_position": {
                "type": "string",
                "pattern": "^[1-9][0-9]*$",
                "description": "The event's number in its service's log, which has no gaps.",
            },
            "previous_digest": digest,
            "digest": digest
            | {"description": "SHA-256 over the previous digest of the stream and the payload."},
            "command_part": {
                "type": "string",
                "pattern": "^[1-9][0-9]*/[1-9][0-9]*$",
                "description": "Where a command wrote several events: which of how many this is.",
            },
            "command_version": {
                "type": "string",
                "pattern": "^[0-9]+$",
                "description": "Beside command_part: the version that the command answered with.",
            },
        },
        "required": ["content-type", "type", "log_position", "previous_digest", "digest"],
    }


def files() -> dict[Path, str]:
    """Every generated file with what it must hold."""
    wanted = {SCHEMAS / f"{t}.json": _text(schema_of(event)) for t, event in published().items()}
    return wanted | {ASYNCAPI: _text(asyncapi())}


def stale() -> list[Path]:
    """Files that are missing, differ, or describe an event that is no more."""
    wanted = files()
    differing = [p for p, text in wanted.items() if not p.is_file() or _read(p) != text]
    return differing + [p for p in SCHEMAS.glob("*.json") if p not in wanted]


def write() -> None:
    """Bring the generated files up to date."""
    for path in stale():
        path.unlink(missing_ok=True)
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def release() -> None:
    """Take today's schemas over as released: from now on they only grow by optional fields.

    Raises ``ValueError`` where they break what was released before.
    """
    from shared.contracts.compatibility import broken

    problems = broken(released(), {t: schema_of(event) for t, event in published().items()})
    if problems:
        raise ValueError("\n".join(problems))
    RELEASED.mkdir(exist_ok=True)
    for event_type, event_class in published().items():
        path = RELEASED / f"{event_type}.json"
        path.write_text(_text(schema_of(event_class)), encoding="utf-8")


def released() -> dict[str, Schema]:
    """The schemas as last released, by type."""
    return {path.stem: json.loads(_read(path)) for path in sorted(RELEASED.glob("*.json"))}


def _text(value: Schema) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    write()
    if sys.argv[1:] == ["release"]:
        release()
