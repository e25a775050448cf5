"""Events as documents: CloudEvents names, one serialisation, sealed chains, strict reading."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.kernel.event import (
    NO_DIGEST,
    Document,
    Event,
    InvalidEvent,
    Recorded,
    UnknownEventType,
    decode,
    digest_of,
    document_class,
    encode,
    event_id,
    event_types,
    is_sealed,
    read_as,
    stated,
)

STREAM = UUID("57000000-0000-4000-8000-000000000000")
CASE = UUID("ca5e0000-0000-4000-8000-000000000000")
COMMAND = UUID("c0000000-0000-4000-8000-000000000000")


class BenefitSet(Event, service="tests", name="benefit-set"):
    amount_fen: int
    pay_from: date | None = None


def document(**changed: Any) -> Document[Any]:
    fields = {
        "id": event_id(STREAM, 1),
        "type": BenefitSet.type,
        "source": "/doudi/fj/tests",
        "subject": CASE,
        "recorded_at": datetime(2020, 5, 18, 1, 2, 3, 4, tzinfo=UTC),
        "dataschema": f"/schemas/{BenefitSet.type}.json",
        "stream": STREAM,
        "version": 1,
        "effective_on": date(2020, 4, 1),
        "command_id": COMMAND,
        "actor": COMMAND,
        "role": "clerk",
        "region": "350121000000",
        "causation_id": COMMAND,
        "correlation_id": CASE,
        "data": BenefitSet(amount_fen=200_00),
    }
    return document_class(BenefitSet)(**{**fields, **changed})


def test_a_document_is_a_cloud_event_in_structured_mode() -> None:
    assert json.loads(encode(document())) == {
        "specversion": "1.0",
        "id": str(event_id(STREAM, 1)),
        "type": "doudi.tests.benefit-set.v1",
        "source": "/doudi/fj/tests",
        "subject": str(CASE),
        "time": "2020-05-18T01:02:03.000004Z",
        "datacontenttype": "application/json",
        "dataschema": "/schemas/doudi.tests.benefit-set.v1.json",
        "stream": str(STREAM),
        "version": 1,
        "effectiveon": "2020-04-01",
        "commandid": str(COMMAND),
        "actor": str(COMMAND),
        "role": "clerk",
        "region": "350121000000",
        "causationid": str(COMMAND),
        "correlationid": str(CASE),
        "data": {"amount_fen": 20000},
    }


def test_every_name_outside_the_data_is_one_that_cloudevents_allows() -> None:
    full = document(policy="p-abcdefghijkl", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    names = set(json.loads(encode(full)))
    assert all(name.isascii() and name.isalnum() and name.islower() for name in names)


def test_a_document_reads_back_as_it_was() -> None:
    written = document(policy="p-abcdefghijkl")
    assert decode(BenefitSet.type, encode(written)) == written


@pytest.mark.parametrize("policy", [None, "p-abcdefghijkl"])
def test_a_stated_document_is_the_one_that_validation_makes(policy: str | None) -> None:
    validated = document(policy=policy, traceparent=None)
    made = stated(
        validated.data,
        id_=validated.id,
        source=validated.source,
        subject=CASE,
        recorded_at=validated.recorded_at,
        stream=STREAM,
        version=1,
        effective_on=validated.effective_on,
        command_id=COMMAND,
        actor=COMMAND,
        role="clerk",
        region="350121000000",
        policy=policy,
        causation_id=COMMAND,
        traceparent=None,
    )
    assert made == validated
    assert encode(made) == encode(validated)
    assert list(made.__dict__) == list(Document.model_fields)
    assert made.model_copy(update={"version": 2}).version == 2


def test_fields_that_a_later_version_added_are_no_error() -> None:
    body = json.loads(encode(document()))
    body["laterextension"] = "x"
    body["data"]["added_later"] = 1
    read = decode(BenefitSet.type, json.dumps(body).encode())
    assert read.data == BenefitSet(amount_fen=200_00)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "doudi.tests.benefit-other.v1"},
        {"region": "3501"},
        {"effectiveon": "soon"},
        {"data": {"amount_fen": "much"}},
        {"data": {}},
        {"specversion": "0.3"},
        {"version": 0},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_is_no_such_document_is_invalid(changed: dict[str, Any]) -> None:
    body = {**json.loads(encode(document())), **changed}
    with pytest.raises(InvalidEvent):
        decode(BenefitSet.type, json.dumps(body).encode())


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"[]", b'"text"', b"{" * 100_000])
def test_bytes_that_are_no_document_at_all_are_invalid(body: bytes) -> None:
    with pytest.raises(InvalidEvent):
        decode(BenefitSet.type, body)


def test_a_type_nobody_declared_is_unknown() -> None:
    with pytest.raises(UnknownEventType):
        decode("doudi.tests.benefit-set.v2", encode(document()))


def test_no_error_repeats_what_it_read() -> None:
    planted = "张三 13800138000"
    body = {**json.loads(encode(document())), "region": planted, "data": {"amount_fen": planted}}
    with pytest.raises(InvalidEvent) as caught:
        decode(BenefitSet.type, json.dumps(body, ensure_ascii=False).encode())
    assert "region" in str(caught.value)
    assert "张三" not in repr(caught.value) + repr(caught.value.__cause__)
    with pytest.raises(UnknownEventType) as unknown:
        decode(planted, b"{}")
    assert "张三" not in str(unknown.value)


def recorded(body: bytes, previous: bytes = NO_DIGEST, digest: bytes | None = None) -> Recorded:
    sealed = digest_of(previous, body) if digest is None else digest
    return Recorded(1, STREAM, 1, BenefitSet.type, body, previous, sealed)


def test_a_seal_breaks_with_any_byte_of_the_document_or_of_what_was_before() -> None:
    body = encode(document())
    assert is_sealed(recorded(body))
    digest = digest_of(NO_DIGEST, body)
    assert not is_sealed(recorded(body.replace(b"20000", b"20001"), digest=digest))
    assert not is_sealed(recorded(body + b" ", digest=digest))
    assert not is_sealed(recorded(body, previous=b"\x01" * 32, digest=digest))


def test_an_event_is_frozen() -> None:
    event = BenefitSet(amount_fen=1)
    with pytest.raises(ValidationError):
        event.amount_fen = 2  # type: ignore[misc] # that is the point


def test_an_event_id_is_the_same_for_ever() -> None:
    assert event_id(STREAM, 1) == UUID("8e8fd456-e233-51bd-b549-cc476a35bbc0")
    assert event_id(STREAM, 1) != event_id(STREAM, 2)


def test_an_event_class_is_known_by_its_type() -> None:
    assert BenefitSet.type == "doudi.tests.benefit-set.v1"
    assert event_types()[BenefitSet.type] is BenefitSet


def test_a_type_can_be_declared_once_only() -> None:
    with pytest.raises(ValueError, match="already the type of BenefitSet"):

        class Other(Event, service="tests", name="benefit-set"):
            pass


@pytest.mark.parametrize("name", ["BenefitSet", "benefit_set", "benefit set", "-set", "set-", ""])
def test_a_malformed_name_cannot_be_declared(name: str) -> None:
    with pytest.raises(ValueError, match="not an event name"):

        class Named(Event, service="tests", name=name):
            pass


def test_a_base_of_several_events_is_no_event_itself() -> None:
    class Base(Event):
        amount_fen: int

    class Derived(Base, service="tests", name="benefit-derived"):
        pass

    assert Derived.type == "doudi.tests.benefit-derived.v1"
    assert not hasattr(Base, "type")


class LevelFoundFirst(Event, service="tests", name="level-found"):
    failed: int


class LevelFoundSecond(
    Event, service="tests", name="level-found", version=2, supersedes=LevelFoundFirst
):
    failed: int
    of: int = 6


class LevelFound(
    Event, service="tests", name="level-found", version=3, supersedes=LevelFoundSecond
):
    share: str

    @classmethod
    def upcast(cls, before: Event) -> Event:
        assert isinstance(before, LevelFoundSecond)
        return cls(share=f"{before.failed}/{before.of}")


def test_a_document_of_a_superseded_version_is_read_as_the_latest() -> None:
    stated_then = LevelFoundFirst(failed=4)
    first = document(type=LevelFoundFirst.type).model_copy(update={"data": stated_then})
    first = document_class(LevelFoundFirst).model_construct(**dict(first))
    read = decode(LevelFoundFirst.type, encode(first))
    assert read.data == LevelFound(share="4/6")
    assert (read.type, read.id) == (first.type, first.id)
    assert json.loads(encode(read))["data"] == {"share": "4/6"}
    assert read_as(LevelFound) == {f"doudi.tests.level-found.v{n}" for n in (1, 2, 3)}
    assert read_as(LevelFoundFirst) == {LevelFoundFirst.type}


@pytest.mark.parametrize(("version", "before"), [(3, LevelFoundFirst), (1, LevelFoundFirst)])
def test_a_version_follows_on_the_one_before_it(version: int, before: type[Event]) -> None:
    with pytest.raises(ValueError, match="follows on"):

        class Astray(
            Event, service="tests", name="level-sought", version=version, supersedes=before
        ):
            failed: int
