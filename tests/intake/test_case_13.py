"""Worked case 13 over HTTP, in Dayao in the spring of 2020: rosters, and what came of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from infra.demo.office import Official, Town
from infra.demo.people import PLANTED, told
from services.intake.model import task_id_of
from services.intake.reactions import FOREIGN
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Member, Programme
from tests.documents import document
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAYAO = "532326000000"
JINBI = Town("532326101000", DAYAO, "530000000000")
XINJIE = Town("532326103000", DAYAO, "530000000000")
CLERK = JINBI.official("clerk", Role.TOWNSHIP_CLERK)
SURVEYOR = JINBI.official("surveyor", Role.TOWNSHIP_SURVEYOR)
APPROVER = JINBI.official("approver", Role.TOWNSHIP_APPROVER)
OFFICER = JINBI.of_county("officer", Role.COUNTY_OFFICER)
COUNTY_APPROVER = JINBI.of_county("approver", Role.COUNTY_APPROVER)
NEIGHBOUR = Official("neighbour", Role.COUNTY_OFFICER, "532325000000", "county")
SCREENING = f"/screenings/{DAYAO}/2020"
RECEIVED = ("no_labour_household", "lifted_below_dibao", "disabled_by_match", "support_list")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("dayao")
    of_yunnan = {"home_division": JINBI.province, "hand_clock_start": date(2020, 3, 10)}
    async with running(folder, **of_yunnan) as made:
        body = {"division": DAYAO, "year": 2020}
        await made.house.do(OFFICER, "intake", "/screenings", body)
        yield made


async def people(run: Run, count: int) -> list[str]:
    """So many persons, registered in Jinbi."""
    found = []
    for _ in range(count):
        body = run.stranger().registration(JINBI.township)
        found.append((await run.house.do(CLERK, "intake", "/persons", body))["person_id"])
    return found


def roster(kind: str, *persons: str, **changed: Any) -> dict[str, Any]:
    """A signed roster of people of Jinbi; those of the match have a severe mental disability."""
    disability = {"kind": "mental", "grade": 3}
    stated = {"disability": disability} if kind == "disabled_by_match" else {}
    entries = [{"person_id": p, "division": JINBI.township, **stated} for p in persons]
    paper = sha256(f"{kind}/{uuid4()}".encode()).hexdigest()
    body = {
        "kind": kind,
        "signer": str(uuid4()),
        "signed_on": "2020-03-10",
        "document_digest": paper,
        "entries": entries,
    }
    return body | changed


async def listed(run: Run, kind: str, *persons: str) -> None:
    """A roster is imported, and everybody on it taken up."""
    body = roster(kind, *persons)
    await run.house.do(OFFICER, "intake", f"{SCREENING}/rosters", body)
    await run.settled()


def task_of(person: str) -> str:
    return f"/screening-tasks/{task_id_of(DAYAO, UUID(person))}"


async def visited(run: Run, person: str) -> str:
    """Somebody on a roster whose household was visited: the path of their task."""
    await listed(run, "no_labour_household", person)
    here = task_of(person)
    visit = {"visited_on": "2020-03-10", "findings": told("家中无劳力")}
    await run.house.do(SURVEYOR, "intake", f"{here}/findings", visit)
    return here


async def applied(run: Run, person: str) -> str:
    body = application([{"person_id": person, "relation": "applicant"}], division=JINBI.township)
    return str((await run.house.do(CLERK, "intake", "/applications", body))["case_id"])


async def ledger(run: Run) -> dict[str, int]:
    await run.settled()
    path = f"/screening-ledger?division={JINBI.township}&level=township&year=2020"
    found = await run.house.see(OFFICER, "intake", path)
    rows: list[dict[str, int]] = found["items"]
    return rows[0] if rows else {}


@pytest.mark.mechanism("S3-3", "S3-4")
async def test_case_13_rosters_of_three_kinds_are_one_task_with_three_tags(run: Run) -> None:
    (person,) = await people(run, 1)
    before = await ledger(run)
    kinds = ("no_labour_household", "lifted_below_dibao", "disabled_by_match")
    for kind in kinds:
        await listed(run, kind, person)
    here = task_of(person)
    shown = await run.house.see(CLERK, "intake", here)
    assert (shown["stage"], tuple(shown["tags"])) == ("open", kinds)
    rows = await run.house.see(CLERK, "intake", "/screening-tasks?stage=open&year=2020&limit=200")
    (row,) = [item for item in rows["items"] if item["person_id"] == person]
    assert row["screening_due_on"] == "2020-04-15"
    assert (await ledger(run))["persons"] == before.get("persons", 0) + 1


@pytest.mark.mechanism("S3-5")
async def test_case_13_rosters_skip_who_is_enrolled(run: Run) -> None:
    (person,) = await people(run, 1)
    await applied(run, person)
    await listed(run, "unlifted", person)
    shown = await run.house.see(CLERK, "intake", task_of(person))
    assert shown["stage"] == "skipped"
    rows = await run.house.see(CLERK, "intake", "/screening-tasks?stage=skipped&limit=200")
    (row,) = [item for item in rows["items"] if item["person_id"] == person]
    assert row["skipped"] == "in_dibao_case"
    visit = {"visited_on": "2020-03-10", "findings": "x"}
    answer = await run.house.call(SURVEYOR, "POST", "intake", f"{task_of(person)}/findings", visit)
    assert (answer.status_code, answer.json()["code"]) == (409, "screening-task-elsewhere")


@pytest.mark.mechanism("S3-9")
async def test_case_13_rosters_nobody_is_excluded_without_a_coded_reason(run: Run) -> None:
    (person,) = await people(run, 1)
    here = await visited(run, person)
    for body in ({"grounds": "收入高"}, {"reason": "well_known", "grounds": "收入高"}):
        answer = await run.house.call(
            CLERK, "POST", "intake", f"{here}/exclusion", body, if_match='"2"'
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-fields")
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "open"
    exclusion = {"reason": "income_not_below_standard", "grounds": told("子女每月给两千元")}
    await run.house.do(CLERK, "intake", f"{here}/exclusion", exclusion, at=here)
    check = {"confirmed": True, "findings": told("复核属实")}
    await run.house.do(APPROVER, "intake", f"{here}/second-check", check, at=here)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "excluded"
    await run.settled()
    rows = await run.house.see(OFFICER, "intake", "/screening-tasks?stage=excluded&limit=200")
    (row,) = [item for item in rows["items"] if item["person_id"] == person]
    assert row["excluded"] == "income_not_below_standard"
    assert row["referred_to"] == "poverty_office"
    assert not any(mark in str(rows) for mark in PLANTED)


@pytest.mark.mechanism("S3-7")
async def test_case_13_rosters_enrol_nobody_by_themselves(run: Run) -> None:
    """Neither 一兜了之 nor 漏保: being listed leads to one's own application, and to its end."""
    (person,) = await people(run, 1)
    here = await visited(run, person)
    stray = await applied(run, (await people(run, 1))[0])
    answer = await run.house.call(
        CLERK, "POST", "intake", f"{here}/application", {"case_id": stray}, if_match='"2"'
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "application-of-others")
    case_id = await applied(run, person)
    await run.house.do(CLERK, "intake", f"{here}/application", {"case_id": case_id}, at=here)
    of_case = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{of_case}/acceptance", at=of_case)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "applied"
    before = await ledger(run)
    confirmed = CaseConfirmed(
        programme=Programme.DIBAO,
        division=JINBI.township,
        payee=UUID(person),
        members=(Member(person_id=UUID(person), relation="applicant"),),
        amount_fen=300_00,
        pay_from=Month(2020, 4),
    )
    intake = run.embedded.services["intake"]
    said = document(confirmed, case_id=UUID(case_id), on=await intake.today())
    for react in FOREIGN[CaseConfirmed]:
        for submission in react(said):
            await intake.writer.execute(submission)
    after = await ledger(run)
    assert after["enrolled"] == before["enrolled"] + 1
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "enrolled"


async def test_case_13_rosters_what_is_contested_is_the_countys(run: Run) -> None:
    (person,) = await people(run, 1)
    here = await visited(run, person)
    await run.house.do(CLERK, "intake", f"{here}/contest", {"grounds": "户籍有争议"}, at=here)
    answer = await run.house.call(
        CLERK, "POST", "intake", f"{here}/contest/decision", {"findings": "x"}, if_match='"3"'
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")
    word = {"findings": "按实际居住认定"}
    await run.house.do(COUNTY_APPROVER, "intake", f"{here}/contest/decision", word, at=here)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "open"
    referral = {"referred_to": "housing", "explanation": "危房"}
    await run.house.do(CLERK, "intake", f"{here}/referral", referral, at=here)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "referred"


async def test_a_person_may_decline(run: Run) -> None:
    (person,) = await people(run, 1)
    here = await visited(run, person)
    statement = {"statement": "本人不愿申请"}
    await run.house.do(CLERK, "intake", f"{here}/refusal", statement, at=here)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "declined"


@pytest.mark.mechanism("S3-29")
@pytest.mark.parametrize(
    ("without", "code"), [("signer", "invalid-fields"), ("document_digest", "invalid-fields")]
)
async def test_a_bare_file_is_no_roster(run: Run, without: str, code: str) -> None:
    body = roster("unlifted", *(await people(run, 1)))
    del body[without]
    path = f"{SCREENING}/rosters"
    answer = await run.house.call(OFFICER, "POST", "intake", path, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_roster_names_registered_people_and_is_imported_once(run: Run) -> None:
    (person,) = await people(run, 1)
    path = f"{SCREENING}/rosters"
    body = roster("unlifted", person, str(uuid4()))
    answer = await run.house.call(OFFICER, "POST", "intake", path, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "member-not-registered")
    assert answer.json()["positions"] == [2]
    body = roster("unlifted", person)
    key = uuid4()
    first, again = [
        await run.house.call(OFFICER, "POST", "intake", path, body, key=key) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["roster_id"] == again.json()["roster_id"]
    twice = await run.house.call(OFFICER, "POST", "intake", path, body)
    assert (twice.status_code, twice.json()["code"]) == (409, "roster-imported-before")


async def test_a_neighbour_county_sees_and_lists_nobody(run: Run) -> None:
    (person,) = await people(run, 1)
    here = await visited(run, person)
    for method, path, body in (
        ("GET", here, None),
        ("GET", SCREENING, None),
        ("POST", f"{SCREENING}/rosters", roster("unlifted", person)),
        ("GET", f"/screening-ledger?division={DAYAO}&level=county", None),
    ):
        answer = await run.house.call(NEIGHBOUR, method, "intake", path, body)
        assert answer.status_code == 403
    for path in ("/screening-tasks", "/screening-ledger"):
        assert (await run.house.see(NEIGHBOUR, "intake", path))["items"] == []


@pytest.mark.mechanism("S3-2", "S3-3", "S3-6", "S3-8", "S3-11")
async def test_what_is_late_is_in_the_record_when_its_day_is_over(run: Run) -> None:
    """The last test: it moves the clock over the plan's last days."""
    waiting, applying = await people(run, 2)
    await listed(run, "support_list", waiting, applying)
    case_id = await applied(run, applying)
    here = task_of(applying)
    await run.house.do(CLERK, "intake", f"{here}/application", {"case_id": case_id}, at=here)

    def named() -> dict[str, str]:
        log = run.embedded.services["intake"].store.read_log(0, 10_000)
        return {row.type.split(".")[2]: row.document.decode() for row in log}

    await run.advance(date(2020, 3, 15))
    assert "rosters-missed" not in named()
    await run.advance(date(2020, 3, 16))
    missing = named()["rosters-missed"]
    assert "poverty_edge" in missing
    assert not any(f'"{kind}"' in missing for kind in RECEIVED)
    await run.advance(date(2020, 4, 15))
    assert "screening-deadline-missed" not in named()
    await run.advance(date(2020, 4, 16))
    rows = await run.house.see(CLERK, "intake", "/screening-tasks?stage=open&limit=200")
    (row,) = [item for item in rows["items"] if item["person_id"] == waiting]
    assert row["missed_on"] == "2020-04-15"
    await run.advance(date(2020, 5, 6))
    assert "enrolment-deadline-missed" in named()
    rows = await run.house.see(CLERK, "intake", "/screening-tasks?stage=applied&limit=200")
    (row,) = [item for item in rows["items"] if item["person_id"] == applying]
    assert row["missed_on"] == "2020-05-05"
    result = {"present": 7, "included": 2, "excluded": 1, "minutes": told("领导小组会议纪要")}
    await run.house.do(COUNTY_APPROVER, "intake", f"{SCREENING}/sign-off", result)
    await run.advance(date(2020, 5, 26))
    assert "sign-off-missed" not in named()
    shown = await run.house.see(OFFICER, "intake", SCREENING)
    assert (shown["signed_off"], shown["sign_off_due"]) == (True, "2020-05-25")
