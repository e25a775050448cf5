import pytest

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


async def test_the_answer_and_the_problem_name_the_trace() -> None:
    async with House().client(traceparent=f"00-{TRACE}-{SPAN}-01") as http:
        answer = await http.get("/cases")
    assert answer.headers["traceparent"].startswith(f"00-{TRACE}-")
    assert answer.json()["instance"] == f"urn:doudi:trace:{TRACE}"
    assert tracing.current() is None
