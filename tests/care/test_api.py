"""Care over HTTP, on the embedded system: what officials see and are told.

Danfeng County in Shaanxi; the hand clock starts on 20 December 2022.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import Official
from infra.demo.people import PLANTED, told
from services.care.reactions import on_case_confirmed, on_case_ended
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.fields import Member, Relation
from shared.kernel.event import Event, read
from tests.care.test_rooms import case_ended, confirmed
from tests.documents import document
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTY = "611022000000"
TOWNSHIP = "611022101000"
CLERK = Official("clerk in Shaanxi", Role.TOWNSHIP_CLERK, TOWNSHIP)
VISITOR = Official("visitor", Role.WELFARE_VISITOR, TOWNSHIP)
OTHER_VISITOR = Official("other visitor", Role.WELFARE_VISITOR, TOWNSHIP)
OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
AUDITOR = Official("auditor of Shaanxi", Role.AUDITOR, "610000000000", "province")
NEXT_CLERK = Official("next clerk", Role.TOWNSHIP_CLERK, "611023101000")
STARTS_ON = date(2022, 12, 20)
ASSESSMENT = {
    "assessed_on": "2022-12-20",
    "assessors": [str(uuid4()), str(uuid4())],
    "failed": ["bathing", "walking_indoors"],
    "findings": told("室内行走、洗澡不能自理"),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("care")
    async with running(folder, hand_clock_start=STARTS_ON, home_division="610000000000") as made:
        yield made


async def happens(run: Run, event: Event, case_id: str) -> None:
    """An event of decision reaches care."""
    service = run.embedded.services["care"]
    react: Any = on_case_ended if "ended" in event.type else on_case_confirmed
    on = await service.today()
    for submission in react(document(event, case_id=UUID(case_id), on=on, region=TOWNSHIP)):
        await service.writer.execute(submission)


async def person(run: Run) -> str:
    """Somebody new, registered."""
    body = run.stranger().registration(TOWNSHIP)
    return str((await run.house.do(CLERK, "intake", "/persons", body))["person_id"])


async def recognised(run: Run) -> str:
    """The case of a tekun person who was recognised today."""
    case_id = str(uuid4())
    payee = UUID(await person(run))
    members = (Member(person_id=payee, relation=Relation.APPLICANT),)
    of_case = {"division": TOWNSHIP, "payee": payee, "members": members}
    await happens(run, confirmed().model_copy(update=of_case), case_id)
    return case_id


async def at_home(run: Run) -> str:
    """A case that was assessed and is supported at home."""
    case_id = await recognised(run)
    today = (await run.embedded.services["care"].today()).isoformat()
    assessment = ASSESSMENT | {"assessed_on": today}
    assert (await do(run, CLERK, case_id, "assessments", assessment)).is_success
    assert (await do(run, CLERK, case_id, "support-mode", {"mode": "dispersed"})).is_success
    return case_id


async def agreed(run: Run) -> str:
    """A case with an agreement of today."""
    case_id = await at_home(run)
    today = await run.embedded.services["care"].today()
    body = await parties(run) | {"signed_on": today.isoformat()}
    answer = await do(run, CLERK, case_id, "agreements", body)
    assert answer.status_code == 201, answer.text
    return case_id


async def parties(run: Run, visitor: Official = VISITOR) -> dict[str, Any]:
    """A new caregiver, and a term of about a year."""
    today = await run.embedded.services["care"].today()
    return {
        "until_on": date(today.year + 1, 12, 31).isoformat(),
        "caregiver": await person(run),
        "visitor": str(visitor.actor),
        "full_capacity": True,
        "terms": told("每日做饭、每周洗衣"),
    }


async def do(
    run: Run, who: Official, case_id: str, step: str, body: Any = None, key: UUID | None = None
) -> httpx.Response:
    """One step on what is seen now."""
    here = f"/care-files/{case_id}"
    seen = await run.house.call(CLERK, "GET", "care", here)
    tag = seen.headers.get("ETag")
    return await run.house.call(who, "POST", "care", f"{here}/{step}", body, key=key, if_match=tag)


async def contact(
    run: Run, case_id: str, on: date, kind: str = "visit", who: Official = VISITOR
) -> httpx.Response:
    body = {"contact_on": on.isoformat(), "kind": kind, "findings": told("身体尚好")}
    return await do(run, who, case_id, "contacts", body)


async def shown(run: Run, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(CLERK, "care", f"/care-files/{case_id}")
    return found


async def missed(run: Run, case_id: str, month: Month | None = None) -> list[dict[str, Any]]:
    """What the county's officer sees of a case among the missed months, or in one of them."""
    await run.settled()
    asked = "" if month is None else f"?month={month}"
    listed = await run.house.see(OFFICER, "care", f"/missed-contacts{asked}")
    return [row for row in listed["items"] if row["case_id"] == case_id]


async def test_an_assessment_gives_level_and_supplement_and_shows_nothing_written(
    run: Run,
) -> None:
    case_id = await recognised(run)
    key = uuid4()
    first = await do(run, CLERK, case_id, "assessments", ASSESSMENT, key)
    receipt = first.json()
    assert (first.status_code, receipt["level"], receipt["care_fen"], receipt["from_month"]) == (
        201,
        "partial_care",
        350_00,
        "2023-01",
    )
    full = ASSESSMENT | {"failed": ["eating", "dressing", "bathing", "using_the_toilet"]}
    assert (await do(run, CLERK, case_id, "assessments", full)).json()["level"] == "full_care"
    again = await do(run, CLERK, case_id, "assessments", ASSESSMENT, key)
    assert again.json() == receipt | {"repeated": True}
    answer = await run.house.call(AUDITOR, "GET", "care", f"/care-files/{case_id}")
    assert [one["level"] for one in answer.json()["assessments"]] == ["partial_care", "full_care"]
    assert not any(mark in answer.text for mark in PLANTED)


async def test_one_assessor_named_twice_is_one(run: Run) -> None:
    case_id = await recognised(run)
    twice = ASSESSMENT | {"assessors": ASSESSMENT["assessors"][:1] * 2}
    answer = await do(run, CLERK, case_id, "assessments", twice)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-few-assessors")
    assert answer.json()["facts"] == {"different": 1, "needed": 2}


async def test_findings_of_an_assessment_are_under_the_persons_key(run: Run) -> None:
    case_id = await recognised(run)
    await do(run, CLERK, case_id, "assessments", ASSESSMENT)
    file = await shown(run, case_id)
    note_id = file["assessments"][0]["findings"]["note_id"]
    row = run.embedded.services["intake"].store.annex_get("note", [note_id])[note_id]
    assert file["opened"]["person_id"] in row.body.partition(b"\n")[0].decode()


async def test_a_caregiver_whom_nobody_registered_is_refused(run: Run) -> None:
    case_id = await at_home(run)
    body = await parties(run) | {"caregiver": str(uuid4()), "signed_on": "2022-12-20"}
    answer = await do(run, CLERK, case_id, "agreements", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "note-owner-unknown")
    assert (await shown(run, case_id))["agreements"] == []


async def test_roles_and_divisions_are_kept_apart(run: Run) -> None:
    case_id = await agreed(run)
    wrong = (
        (VISITOR, "assessments", ASSESSMENT),
        (OFFICER, "support-mode", {"mode": "centralized"}),
        (CLERK, "contacts", {"contact_on": "2022-12-20", "kind": "visit", "findings": "x"}),
        (CLERK, "rectifications", {"grounds": "x"}),
        (AUDITOR, "support-mode", {"mode": "centralized"}),
    )
    for who, step, body in wrong:
        answer = await do(run, who, case_id, step, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed"), step
    for path in (f"/care-files/{case_id}", f"/care-files?division={TOWNSHIP}"):
        answer = await run.house.call(NEXT_CLERK, "GET", "care", path)
        assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
    today = await run.embedded.services["care"].today()
    answer = await contact(run, case_id, today, who=OTHER_VISITOR)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-the-visitor")


@pytest.mark.mechanism("S0-16", "S1-21", "S4-21")
async def test_case_16_visit_phone_call_and_then_nothing(run: Run) -> None:
    case_id = await agreed(run)
    assert (await shown(run, case_id))["agreements"][0]["signed"]["first_month"] == "2023-01"
    await run.advance(date(2023, 1, 10))
    assert (await contact(run, case_id, date(2023, 1, 10))).json()["late"] is False
    await run.advance(date(2023, 2, 15))
    assert (await contact(run, case_id, date(2023, 2, 15), "phone")).status_code == 201
    await run.advance(date(2023, 3, 31))
    assert await missed(run, case_id) == []
    await run.advance(date(2023, 4, 1))
    (row,) = await missed(run, case_id)
    assert (row["month"], row["missed_on"], row["visitor"]) == (
        "2023-03",
        "2023-04-01",
        str(VISITOR.actor),
    )
    # The visit of March was made and is told only now: the month stays missed.
    late = await contact(run, case_id, date(2023, 3, 30))
    assert (late.status_code, late.json()["late"]) == (201, True)
    (row,) = await missed(run, case_id)
    assert row["recorded_late_on"] == "2023-04-01"
    file = await shown(run, case_id)
    assert [one["month"] for one in file["missed"]] == ["2023-03"]
    assert [one["late"] for one in file["contacts"]] == [False, False, True]
    found = await run.house.see(OFFICER, "care", "/care-files?stage=agreed&level=partial_care")
    (listed,) = [one for one in found["items"] if one["case_id"] == case_id]
    assert (listed["missed_months"], listed["last_contact_on"]) == (1, "2023-03-30")


@pytest.mark.mechanism("S4-23", "S1-19", "S1-20")
async def test_a_caregiver_who_refuses_is_replaced_in_the_middle_of_a_month(run: Run) -> None:
    case_id = await agreed(run)
    today = await run.embedded.services["care"].today()
    early = await do(run, CLERK, case_id, "agreements/replacement", await parties(run))
    assert (early.status_code, early.json()["code"]) == (409, "replaced-only-on-refusal")
    ordered = await do(run, OFFICER, case_id, "rectifications", {"grounds": told("经常不到")})
    assert ordered.status_code == 201
    assert date.fromisoformat(ordered.json()["due"]["on"]) > today
    path = f"rectifications/{ordered.json()['order_id']}"
    refused = await do(run, OFFICER, case_id, f"{path}/refusal", {"findings": told("不愿整改")})
    assert refused.status_code == 200
    again = await do(run, OFFICER, case_id, f"{path}/completion", {"findings": "x"})
    assert (again.status_code, again.json()["code"]) == (404, "no-such-order")
    month = Month.of(today).next()
    middle = month.first_day.replace(day=15)
    await run.advance(middle)
    body = await parties(run, OTHER_VISITOR)
    replaced = await do(run, CLERK, case_id, "agreements/replacement", body)
    assert (replaced.status_code, replaced.json()["events"]) == (201, 2)
    assert replaced.json()["first_month"] == str(month)
    first, second = (await shown(run, case_id))["agreements"]
    assert (first["ended"]["reason"], first["ended"]["ended_on"]) == (
        "caregiver_replaced",
        middle.isoformat(),
    )
    assert first["rectifications"][0]["standing"] == "refused"
    assert second["ended"] is None
    listed = await run.house.see(
        OFFICER, "care", f"/agreements?standing=open&wait_for={replaced.json()['position']}"
    )
    of_case = [row for row in listed["items"] if row["case_id"] == case_id]
    assert [row["agreement_id"] for row in of_case] == [replaced.json()["agreement_id"]]
    answer = await contact(run, case_id, middle, who=VISITOR)
    assert answer.json()["code"] == "not-the-visitor"
    await run.advance(month.next().first_day)
    (row,) = await missed(run, case_id, month)
    assert row["visitor"] == str(OTHER_VISITOR.actor)


async def test_a_caregiver_who_mends_their_ways_stays_and_can_be_ordered_again(run: Run) -> None:
    case_id = await agreed(run)
    ordered = (await do(run, OFFICER, case_id, "rectifications", {"grounds": "x"})).json()
    twice = await do(run, OFFICER, case_id, "rectifications", {"grounds": "x"})
    assert (twice.status_code, twice.json()["code"]) == (409, "rectification-ordered")
    path = f"rectifications/{ordered['order_id']}/completion"
    assert (await do(run, OFFICER, case_id, path, {"findings": told("已改")})).status_code == 200
    assert (await do(run, OFFICER, case_id, "rectifications", {"grounds": "x"})).is_success
    (agreement,) = (await shown(run, case_id))["agreements"]
    assert [order["standing"] for order in agreement["rectifications"]] == ["done", "open"]


async def test_moving_to_an_institution_ends_the_agreement_and_its_visits(run: Run) -> None:
    case_id = await agreed(run)
    today = await run.embedded.services["care"].today()
    moved = await do(run, CLERK, case_id, "support-mode", {"mode": "centralized"})
    assert (moved.status_code, moved.json()["events"]) == (201, 2)
    file = await shown(run, case_id)
    assert (file["stage"], file["mode"]) == ("assessed", "centralized")
    assert file["agreements"][0]["ended"]["reason"] == "moved_to_institution"
    answer = await contact(run, case_id, today)
    assert (answer.status_code, answer.json()["code"]) == (409, "no-open-agreement")


async def test_an_agreement_expires_on_the_day_after_its_last(run: Run) -> None:
    case_id = await at_home(run)
    today = await run.embedded.services["care"].today()
    body = await parties(run) | {
        "signed_on": today.isoformat(),
        "until_on": today.isoformat(),
    }
    assert (await do(run, CLERK, case_id, "agreements", body)).status_code == 201
    assert (await shown(run, case_id))["stage"] == "agreed"
    tomorrow = today + timedelta(days=1)
    await run.advance(tomorrow)
    (agreement,) = (await shown(run, case_id))["agreements"]
    assert (agreement["ended"]["reason"], agreement["ended"]["ended_on"]) == (
        "expired",
        tomorrow.isoformat(),
    )


async def test_a_visitor_reads_how_to_reach_the_person_and_no_more(run: Run) -> None:
    person_id = await person(run)
    reach = {"person_ids": [person_id], "fields": ["name", "phone", "address"]}

    async def ask(**changed: Any) -> httpx.Response:
        body = reach | {"purpose": "home-visit"} | changed
        return await run.house.call(VISITOR, "POST", "intake", "/persons/consultations", body)

    answer = await ask()
    assert answer.status_code == 200, answer.text
    (read_person,) = answer.json()["persons"]
    assert read_person["phone"] == "13900015900"
    beyond = await ask(fields=["id_number"])
    assert beyond.json()["code"] == "fields-beyond-purpose"
    answer = await ask(purpose="application")
    assert (answer.status_code, answer.json()["code"]) == (403, "purpose-not-allowed")


async def test_with_the_case_care_ends_once_whatever_is_repeated(run: Run) -> None:
    case_id = await agreed(run)
    store = run.embedded.services["care"].store
    await happens(run, case_ended(), case_id)
    file = await shown(run, case_id)
    assert (file["stage"], file["agreements"][0]["ended"]["reason"]) == ("ended", "support_ended")
    before = store.head()
    await happens(run, case_ended(), case_id)
    await happens(run, confirmed(), case_id)
    await happens(run, case_ended(), str(uuid4()))
    assert store.head() == before
    answer = await do(run, CLERK, case_id, "assessments", ASSESSMENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "care-not-open")
    written = [read(row) for row in store.read_log(0, 10_000)]
    assert not any(mark in str(document.data) for document in written for mark in PLANTED)


@pytest.mark.mechanism("S4-9")
async def test_a_reported_change_is_owed_an_assessment_then_late_then_done(run: Run) -> None:
    case_id = await at_home(run)
    today = await run.embedded.services["care"].today()
    body = {
        "reported_on": today.isoformat(),
        "reporter": "caregiver",
        "account": told("近来不能下床"),
    }
    refused = await do(run, VISITOR, case_id, "ability-reports", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "role-not-allowed")
    answer = await do(run, CLERK, case_id, "ability-reports", body)
    assert answer.status_code == 201, answer.text
    due_on = date.fromisoformat(answer.json()["due"]["on"])
    twice = await do(run, CLERK, case_id, "ability-reports", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "reassessment-owed")

    async def listed(asked: str) -> list[dict[str, Any]]:
        await run.settled()
        found = await run.house.see(AUDITOR, "care", f"/reassessments?{asked}")
        return [row for row in found["items"] if row["case_id"] == case_id]

    (row,) = await listed(f"open=true&due_by={due_on}")
    assert (row["report_id"], row["missed"]) == (answer.json()["report_id"], False)
    assert await listed(f"due_by={due_on - timedelta(days=1)}") == []
    await run.advance(due_on)
    assert await listed("missed=true") == []
    await run.advance(due_on + timedelta(days=1))
    (row,) = await listed("missed=true")
    assert row["open"] is True
    late = await run.embedded.services["care"].today()
    full = ASSESSMENT | {
        "assessed_on": late.isoformat(),
        "failed": ["eating", "dressing", "bathing", "using_the_toilet"],
    }
    assert (await do(run, CLERK, case_id, "assessments", full)).json()["level"] == "full_care"
    (row,) = await listed("open=false")
    assert (row["missed"], row["assessed_on"], row["level"]) == (
        True,
        late.isoformat(),
        "full_care",
    )
    (report,) = (await shown(run, case_id))["reports"]
    assert (report["open"], report["missed"], report["assessed_on"]) == (
        False,
        True,
        late.isoformat(),
    )
    assert not any(mark in str(report) for mark in PLANTED)


async def test_an_unknown_case_is_not_found(run: Run) -> None:
    answer = await run.house.call(CLERK, "GET", "care", f"/care-files/{uuid4()}")
    assert answer.status_code == 404
