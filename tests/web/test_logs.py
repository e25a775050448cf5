import io
import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Request

from shared.access.roles import Role
from shared.web import tracing
from shared.web.logs import REDACTED, redact, set_up_logs
from tests.web.sample import CASE, House

NAME, TELEPHONE, ID_NUMBER = "张三丰", "13800001111", "110101199003078515"


@pytest.fixture
def lines() -> Iterator[Any]:
    """The lines logged during the test; the loggers are as before afterwards."""
    root = logging.getLogger()
    names = ["", "httpx", "httpcore", "uvicorn", "uvicorn.error", "uvicorn.access"]
    names += ["kafka", "pymongo", "asyncio", "motor"]
    before = [(name, logging.getLogger(name).level) for name in names]
    handlers = list(root.handlers)
    stream = io.StringIO()
    set_up_logs("intake", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    for name, level in before:
        logging.getLogger(name).setLevel(level)


log = logging.getLogger("doudi.test")


@pytest.mark.parametrize(
    "text",
    [
        ID_NUMBER,
        "11010119900307803X",
        "11010119900307803x",
        "身份证" + ID_NUMBER + "号",
        "tel=" + TELEPHONE,
        "电话" + TELEPHONE + "。",
        "138 0000 1111",
        "138-0000-1111",
        "+86-13800001111",
        "１３８００００１１１１",
        "110101 19900307 8515",
        "110101900307851",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "0591-87654321",
    ],
)
def test_personal_numbers_are_blacked_out(text: str) -> None:
    redacted = redact(text)
    assert REDACTED in redacted
    assert sum(letter.isdigit() for letter in redacted) <= 3  # a country's code may stay


@pytest.mark.parametrize(
    "text",
    [
        "350102001000",
        "2020-04-01T09:00:00.000+08:00",
        "6f1a1a2e-5a0e-5c0b-9f0e-13800001111a",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f0138000011117-01",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "p-abcdefghijkl",
        "640.00",
        "position 1234567890",
    ],
)
def test_ids_codes_dates_and_digests_stay_readable(text: str) -> None:
    assert redact(text) == text


def test_a_line_tells_what_where_and_in_which_trace(lines: Any) -> None:
    bound = tracing.bind(tracing.start())
    try:
        log.info("relayed", extra={"position": 42, "case": UUID(int=1), "on": date(2020, 4, 1)})
        trace = tracing.current()
    finally:
        tracing.unbind(bound)
    [line] = lines()
    assert trace is not None
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "doudi.test",
        "message": "relayed",
        "service": "intake",
        "trace": trace.trace_id,
        "span": trace.span_id,
        "position": 42,
        "case": str(UUID(int=1)),
        "on": "2020-04-01",
    }


def test_extra_fields_hold_no_objects_and_no_personal_numbers(lines: Any) -> None:
    log.info(
        "x",
        extra={
            "body": {"name": NAME},
            "raw": NAME.encode(),
            "telephone": int(TELEPHONE),
            "seconds": 0.5,
            "id": ID_NUMBER,
            "many": [TELEPHONE, 1, {"name": NAME}],
            "none": None,
            "role": Role.AUDITOR,
        },
    )
    [line] = lines()
    assert line["body"] == "<dict>"
    assert line["raw"] == "<bytes>"
    assert line["telephone"] == line["id"] == REDACTED
    assert line["many"] == [REDACTED, 1, "<dict>"]
    assert (line["seconds"], line["none"], line["role"]) == (0.5, None, "auditor")


def _fails(name: str) -> None:
    try:
        raise KeyError(name)
    except KeyError as error:
        raise ConnectionRefusedError(111, f"refused {name}") from error


def test_an_exception_is_told_by_types_codes_and_places_never_by_its_message(lines: Any) -> None:
    try:
        _fails(NAME)
    except ConnectionRefusedError:
        log.exception("could not reach the engine")
    [line] = lines()
    outer, inner = line["exception"]
    assert (outer["type"], outer["code"]) == ("builtins.ConnectionRefusedError", 111)
    assert inner["type"] == "builtins.KeyError"
    assert any("tests/web/test_logs.py" in place and "_fails" in place for place in inner["at"])
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_a_request_is_one_line_without_path_query_or_body(lines: Any) -> None:
    import asyncio

    router = APIRouter()

    @router.post("/breaks")
    async def breaks(request: Request) -> None:
        raise ValueError(await request.body())

    async def story() -> None:
        house = House()
        house.app.include_router(router)
        async with house.client(**house.token(Role.TOWNSHIP_CLERK)) as http:
            await http.get(f"/cases/{CASE}?division=350102001000&name={NAME}&t={TELEPHONE}")
            await http.get(f"/cases/{TELEPHONE}/{NAME}")
            await http.post("/breaks", content=f"{NAME} {ID_NUMBER}".encode())
        async with house.client(Authorization=f"Bearer {NAME}".encode()) as http:  # type: ignore[arg-type]
            await http.get("/cases")

    asyncio.run(story())
    told = lines()
    requests = [line for line in told if line["logger"] == "doudi.request"]
    assert [(r["route"], r["status"]) for r in requests] == [
        ("/cases/{case_id}", 200),
        ("unmatched", 404),
        ("/breaks", 500),
        ("unmatched", 401),
    ]
    assert requests[0]["role"] == "township_clerk"
    assert requests[3]["problem"] == "token-invalid"
    [failure] = [line for line in told if line["level"] == "error"]
    assert failure["exception"][0]["type"] == "builtins.ValueError"
    assert failure["trace"] == requests[2]["trace"]
    whole = json.dumps(told, ensure_ascii=False)
    for planted in (NAME, TELEPHONE, ID_NUMBER, "Bearer"):
        assert planted not in whole


def test_libraries_that_log_addresses_are_quiet_and_the_server_speaks_json(lines: Any) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET http://x/?name=%s", NAME)
    logging.getLogger("uvicorn.access").info("GET /cases?name=%s", NAME)
    logging.getLogger("uvicorn.error").info("Started server process")
    assert [line["message"] for line in lines()] == ["Started server process"]
