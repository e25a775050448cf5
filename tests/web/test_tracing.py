from uuid import uuid4

import httpx
import pytest

from shared.access.registry import RegistryClient
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.web import tracing
from tests.web.sample import House

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_callers_trace_goes_on_in_a_new_span() -> None:
    trace = tracing.start(f"00-{TRACE}-{SPAN}-00")
    assert trace.trace_id == TRACE
    assert trace.span_id != SPAN
    assert not trace.sampled
    assert tracing.parse(trace.traceparent) == trace
    assert trace.child().trace_id == TRACE


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "张三",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_what_is_no_trace_begins_a_new_one(header: str | None) -> None:
    assert tracing.parse(header) is None
    trace = tracing.start(header)
    assert trace.trace_id != TRACE
    assert tracing.parse(trace.traceparent) == trace


def test_a_later_version_may_say_more() -> None:
    assert tracing.parse(f"01-{TRACE}-{SPAN}-01-more") == tracing.Trace(TRACE, SPAN)


NUMBER = "350121195203141226"
HIDDEN = f"00-{NUMBER}{'a' * 14}-{SPAN}-01"


def trace_of(answer: httpx.Response) -> str:
    return answer.headers["traceparent"].split("-")[1]


async def test_the_answer_and_the_problem_name_the_trace_begun_here() -> None:
    house = House()
    for headers in ({}, house.token()):
        async with house.client(traceparent=HIDDEN, **headers) as http:
            answer = await http.get("/cases")
        assert NUMBER not in answer.headers["traceparent"] + answer.text
        assert answer.json()["instance"] == f"urn:doudi:trace:{trace_of(answer)}"
    assert tracing.current() is None


async def test_a_services_trace_goes_on() -> None:
    house = House()
    token = house.issuer.mint_service("verification", "intake", "means-check")
    headers = {"authorization": f"Bearer {token}", "traceparent": f"00-{TRACE}-{SPAN}-01"}
    async with house.client(**headers) as http:
        answer = await http.post("/cases/look-up", json={"id_number": "1"})
    assert answer.status_code == 200
    assert trace_of(answer) == TRACE
    assert SPAN not in answer.headers["traceparent"]
    assert tracing.current() is None


async def test_a_service_tells_the_registry_its_trace() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("traceparent"))
        return httpx.Response(200, json={"persons": []})

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://intake"
    ) as http:
        client = RegistryClient(http, lambda _: httpx.BasicAuth("a", "b"))
        trace = tracing.start()
        bound = tracing.bind(trace)
        await client.consult([uuid4()], ConsultationPurpose.NOTICE, [PersonField.NAME])
        tracing.unbind(bound)
        await client.consult([uuid4()], ConsultationPurpose.NOTICE, [PersonField.NAME])
    assert seen == [trace.traceparent, None]
