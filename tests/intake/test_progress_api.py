"""Requests and query codes over HTTP: from the hotline to an answer, without a login."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import CLERK, COUNTY, TOWNSHIP, Official
from infra.demo.people import PLANTED, told
from services.intake.api.progress import ANSWER_AFTER_S, CODE_BYTES
from services.intake.reactions import FOREIGN
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Member, Programme
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.kernel.event import Event
from tests.documents import document
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTY_OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
OTHER_TOWNSHIP = "350924101000"
OTHER_CLERK = Official("other clerk", Role.TOWNSHIP_CLERK, OTHER_TOWNSHIP)
CALL = {"way": "hotline_12345", "division": TOWNSHIP, "words": told("家里断粮，请求帮助")}
STEPS = {
    "received_on",
    "registered_on",
    "transferred_on",
    "fed_back_on",
    "accepted_on",
    "check_under_way",
    "publicity_until",
    "withdrawn_on",
    "decided_on",
    "confirmed",
    "first_month",
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("progress")) as made:
        yield made


async def ask(run: Run, code: str) -> httpx.Response:
    """Somebody without a login asks by a code."""
    url = f"{run.house.system.services['intake']}/progress"
    return await run.house.client.post(url, json={"code": code})


async def steps(run: Run, code: str) -> dict[str, Any]:
    """What has been done, by a code that is one."""
    await run.settled()
    answer = await ask(run, code)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == STEPS
    assert answer.headers["Cache-Control"] == "no-store"
    return {name: value for name, value in answer.json().items() if value not in (None, False)}


async def applied(run: Run, **changed: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A newcomer's application: its body and its receipt."""
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}], **changed)
    return body, await run.house.do(CLERK, "intake", "/applications", body)


async def happened(run: Run, case_id: str, event: Event) -> None:
    """Decision said this of a case."""
    intake = run.embedded.services["intake"]
    said = document(event, case_id=UUID(case_id), on=await intake.today())
    for react in FOREIGN[type(event)]:
        for submission in react(said):
            await intake.writer.execute(submission)


@pytest.mark.mechanism("S4-33", "S4-34")
async def test_an_applicant_sees_the_steps_and_nothing_else(run: Run) -> None:
    body, receipt = await applied(run, way="e_assistance_code")
    code, case_id = receipt["query_code"], receipt["case_id"]
    assert await steps(run, code) == {"received_on": "2020-04-01"}
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    assert await steps(run, code) == {
        "received_on": "2020-04-01",
        "accepted_on": "2020-04-01",
        "check_under_way": True,
    }
    posted = PublicityPosted(
        round=PublicityRound.FIRST, from_on=date(2020, 4, 2), until_on=date(2020, 4, 8)
    )
    await happened(run, case_id, posted)
    assert await steps(run, code) == {
        "received_on": "2020-04-01",
        "accepted_on": "2020-04-01",
        "publicity_until": "2020-04-08",
    }
    confirmed = CaseConfirmed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=UUID(body["applicant"]),
        members=tuple(Member.model_validate(member) for member in body["members"]),
        amount_fen=200_00,
        pay_from=Month(2020, 5),
    )
    await happened(run, case_id, confirmed)
    assert await steps(run, code) == {
        "received_on": "2020-04-01",
        "accepted_on": "2020-04-01",
        "publicity_until": "2020-04-08",
        "decided_on": "2020-04-01",
        "confirmed": True,
        "first_month": "2020-05",
    }
    shown = await run.house.see(CLERK, "intake", here)
    assert shown["way"] == "e_assistance_code"


async def test_a_repeated_command_shows_the_same_code_and_no_other_has_it(run: Run) -> None:
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    key = uuid4()
    first, again = [
        await run.house.call(CLERK, "POST", "intake", "/applications", body, key=key)
        for _ in range(2)
    ]
    code = first.json()["query_code"]
    assert again.json()["query_code"] == code
    assert len(code.replace("-", "")) * 5 == CODE_BYTES * 8
    _body, other = await applied(run)
    assert other["query_code"] != code
    typed = code.lower().replace("-", " ")
    assert await steps(run, typed) == {"received_on": "2020-04-01"}


async def test_a_withdrawn_application_says_so(run: Run) -> None:
    _body, receipt = await applied(run)
    here = f"/applications/{receipt['case_id']}"
    await run.house.do(CLERK, "intake", f"{here}/withdrawal", {"reason": "x"}, at=here)
    assert (await steps(run, receipt["query_code"]))["withdrawn_on"] == "2020-04-01"


async def test_the_code_is_kept_nowhere(run: Run) -> None:
    _body, receipt = await applied(run)
    await run.settled()
    store = run.embedded.services["intake"].store
    log = "".join(row.document.decode() for row in store.read_log(0, 10_000))
    assert receipt["query_code"] not in log
    assert receipt["query_code"].replace("-", "") not in log
    shown = await run.house.call(CLERK, "GET", "intake", f"/applications/{receipt['case_id']}")
    assert "query_code" not in shown.text


async def test_a_code_that_is_none_is_told_so_and_not_sooner(run: Run) -> None:
    _body, receipt = await applied(run)
    await run.settled()
    code = receipt["query_code"]
    last = "A" if code[-1] != "A" else "B"
    problems = []
    for wrong in (code[:-1] + last, "AAAA-AAAA-AAAA-AAAA", "x", receipt["case_id"]):
        began = time.monotonic()
        answer = await ask(run, wrong)
        assert time.monotonic() - began >= ANSWER_AFTER_S
        problems.append((answer.status_code, answer.json()["code"], set(answer.json())))
    assert problems == [(404, "progress-unknown", problems[0][2])] * 4
    began = time.monotonic()
    await ask(run, code)
    assert time.monotonic() - began >= ANSWER_AFTER_S


@pytest.mark.mechanism("S2-15", "S4-27")
async def test_a_call_to_the_hotline_becomes_an_application(run: Run) -> None:
    call = CALL | {"person_id": (await run.registered((run.stranger(),)))[0]}
    receipt = await run.house.do(COUNTY_OFFICER, "intake", "/requests", call)
    here, code = f"/requests/{receipt['request_id']}", receipt["query_code"]
    kind = {"kind": "living"}
    await run.house.do(CLERK, "intake", f"{here}/registration", kind, at=here)
    to = {"division": OTHER_TOWNSHIP, "to": "housing"}
    await run.house.do(CLERK, "intake", f"{here}/transfer", to, at=here)
    gone = await run.house.call(CLERK, "GET", "intake", here)
    assert gone.status_code == 403
    body = application(
        [{"person_id": call["person_id"], "relation": "applicant"}],
        division=OTHER_TOWNSHIP,
        way="hotline_12345",
    )
    case_id = (await run.house.do(OTHER_CLERK, "intake", "/applications", body))["case_id"]
    answer = {"answer": told("已受理申请"), "case_id": case_id}
    await run.house.do(OTHER_CLERK, "intake", f"{here}/feedback", answer, at=here)
    shown = await run.house.see(OTHER_CLERK, "intake", here)
    assert (shown["stage"], shown["case_id"]) == ("fed_back", case_id)
    assert shown["first_handler"] == str(COUNTY_OFFICER.actor)
    assert await steps(run, code) == {
        "received_on": "2020-04-01",
        "registered_on": "2020-04-01",
        "transferred_on": "2020-04-01",
        "fed_back_on": "2020-04-01",
    }
    listed = await run.house.see(COUNTY_OFFICER, "intake", "/requests?stage=fed_back")
    (row,) = [i for i in listed["items"] if i["request_id"] == receipt["request_id"]]
    assert (row["case_id"], row["division"]) == (case_id, OTHER_TOWNSHIP)
    assert not any(mark in str(shown) + str(listed) for mark in PLANTED)


async def test_a_caller_need_not_be_registered(run: Run) -> None:
    receipt = await run.house.do(CLERK, "intake", "/requests", CALL)
    here = f"/requests/{receipt['request_id']}"
    await run.house.do(CLERK, "intake", f"{here}/registration", {"kind": "question"}, at=here)
    await run.house.do(CLERK, "intake", f"{here}/transfer", {"division": TOWNSHIP}, at=here)
    await run.house.do(CLERK, "intake", f"{here}/feedback", {"answer": "已解释"}, at=here)
    unknown = CALL | {"person_id": str(uuid4())}
    answer = await run.house.call(CLERK, "POST", "intake", "/requests", unknown)
    assert answer.json()["code"] == "member-not-registered"


async def test_somebody_applies_for_another(run: Run) -> None:
    acting = {"ground": "old_age", "office": "village_committee"}
    _body, receipt = await applied(run, acting=acting, way="village_visit")
    shown = await run.house.see(CLERK, "intake", f"/applications/{receipt['case_id']}")
    assert shown["acting"] == acting | {"person_id": None}
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    nobody = {"ground": "minor", "person_id": str(uuid4())}
    answer = await run.house.call(
        CLERK, "POST", "intake", "/applications", body | {"acting": nobody}
    )
    assert answer.json()["code"] == "member-not-registered"


async def test_who_asks_too_often_waits(run: Run) -> None:
    """The last test: it uses this address' allowance up."""
    answers = [await ask(run, "AAAA-AAAA-AAAA-AAAA") for _ in range(40)]
    codes = {answer.status_code for answer in answers}
    assert codes == {404, 429}
    assert "Retry-After" in answers[-1].headers
