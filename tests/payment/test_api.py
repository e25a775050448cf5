"""Funds, aid payments and entitlements over HTTP, on the embedded system with its sandbox bank.

What intake, decision and care say is handed to payment as their contracts' events.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from infra.demo.office import (
    AUDITOR,
    CLERK,
    COUNTY,
    PAYMENT_APPROVER,
    PREPARER,
    TOWNSHIP,
    Official,
)
from infra.demo.people import PLANTED, told
from services.payment.model import aid_payment_id_of
from services.payment.reactions import FOREIGN
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.aid import AidGranted, AidTier
from shared.contracts.decision import CaseConfirmed
from shared.kernel.event import Event
from tests.house import Run, running
from tests.payment.office import said
from tests.payment.words import EXPLAINED, accepted, assessed, confirmed, ended, granted, phased_out

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON = date(2020, 4, 1)
APRIL, MAY, JUNE = (Month(2020, month) for month in (4, 5, 6))
OTHER_TOWNSHIP = "350924101000"
OF_THE_TOWNSHIP = Official("township's approver", Role.PAYMENT_APPROVER)
NEIGHBOUR = Official("neighbour", Role.PAYMENT_APPROVER, "350925000000", "county")
OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
DECIDER = Official("county decider", Role.COUNTY_APPROVER, COUNTY, "county")
BOTH_HATS = Official("county officer", Role.COUNTY_APPROVER, COUNTY, "county")
WORDS = count(1)
FUNDS, FUND = "/funds", f"/funds/{TOWNSHIP}"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("payment"), gateway_timeout_ms=300) as made:
        yield made


async def hear(run: Run, case_id: UUID, *events: Event) -> None:
    """What others say of a case, in this order, and all that follows."""
    writer = run.embedded.services["payment"].writer
    for event in events:
        word = said(event, case_id, ON, next(WORDS))
        for react in FOREIGN[type(event)]:
            for submission in react(word):
                (await writer.execute(submission)).or_raise()
    await run.settled()


async def payee(run: Run) -> UUID:
    """Somebody with an account."""
    return UUID((await run.registered((run.stranger(),)))[0])


async def aid_of(run: Run, amount_fen: int, **changed: Any) -> AidGranted:
    """A grant to somebody who is registered."""
    grant = granted(amount_fen, **changed)
    return grant.model_copy(update={"payee": await payee(run)})


async def replenish(run: Run, amount_fen: int, division: str = TOWNSHIP) -> dict[str, Any]:
    path = f"/funds/{division}/replenishments"
    body = {"amount_fen": amount_fen}
    found = await run.house.do(PAYMENT_APPROVER, "payment", path, body)
    await run.settled()
    return dict(found)


async def fund(run: Run) -> dict[str, Any]:
    """The township's fund as the log has it, which is as the list shows it."""
    shown = dict(await run.house.see(PREPARER, "payment", FUND))
    (listed,) = (await run.house.see(PREPARER, "payment", f"{FUNDS}?division={TOWNSHIP}"))["items"]
    assert listed["balance_fen"] == shown["balance_fen"]
    in_list = {one["payment_id"] for one in listed["advances"]}
    both = (*shown["waiting"], *shown["open_advances"])
    assert in_list == {one["payment_id"] for one in both}
    return shown


async def payments(run: Run, case_id: UUID) -> list[dict[str, Any]]:
    found = await run.house.see(PREPARER, "payment", f"/cases/{case_id}/payments")
    return list(found["items"])


async def test_an_aid_goes_from_the_fund_to_the_account_and_is_explained(run: Run) -> None:
    case_id = uuid4()
    await replenish(run, 1_000_00)
    before = (await fund(run))["balance_fen"]
    await hear(run, case_id, accepted())
    (awaited,) = await payments(run, case_id)
    assert (awaited["stage"], awaited["kind"], awaited["amount_fen"]) == ("awaited", "aid", None)
    await hear(run, case_id, await aid_of(run, 800_00))
    (paid,) = await payments(run, case_id)
    assert (paid["stage"], paid["amount_fen"]) == ("settled", 800_00)
    assert (paid["pay_by"], paid["overdue"]) == ("2020-04-08", False)
    ledger = {line["payment_id"]: line for line in await run.house.bank_ledger()}
    assert ledger[str(aid_payment_id_of(case_id))]["amount_fen"] == 800_00
    after = await fund(run)
    assert after["balance_fen"] == before - 800_00
    assert [one["case_id"] for one in after["open_advances"]] == [str(case_id)]
    await hear(run, case_id, EXPLAINED)
    assert (await fund(run))["open_advances"] == []


async def test_a_short_fund_pays_in_order_once_it_is_replenished(run: Run) -> None:
    balance_fen = (await fund(run))["balance_fen"]
    cases = [uuid4(), uuid4()]
    await hear(run, cases[0], await aid_of(run, balance_fen + 500_00))
    await hear(run, cases[1], await aid_of(run, 1_00))
    waiting = (await fund(run))["waiting"]
    assert [one["case_id"] for one in waiting] == [str(one) for one in cases]
    await replenish(run, 501_00)
    assert (await fund(run))["waiting"] == []
    assert [(await payments(run, one))[0]["stage"] for one in cases] == ["settled", "settled"]


async def test_an_aid_that_the_bank_sends_back_is_in_the_fund_again(run: Run) -> None:
    await replenish(run, 800_00)
    before = await fund(run)
    url = f"{run.house.sandboxes['bank']}/faults"
    (await run.house.client.put(url, json={"returns": "account_closed"})).raise_for_status()
    case_id = uuid4()
    await hear(run, case_id, await aid_of(run, 800_00))
    (await run.house.client.put(url, json={})).raise_for_status()
    (back,) = await payments(run, case_id)
    assert (back["stage"], back["reason"]) == ("returned", "account_closed")
    after = await fund(run)
    assert after["balance_fen"] == before["balance_fen"]
    assert after["open_advances"] == before["open_advances"]


async def test_the_countys_aid_leaves_the_fund_alone(run: Run) -> None:
    before = await fund(run)
    case_id = uuid4()
    await hear(run, case_id, await aid_of(run, 1_200_00, tier=AidTier.COUNTY))
    (paid,) = await payments(run, case_id)
    assert (paid["stage"], paid["amount_fen"]) == ("settled", 1_200_00)
    assert await fund(run) == before


async def test_a_replenishment_sent_again_counts_once(run: Run) -> None:
    before = (await fund(run))["balance_fen"]
    key, body = uuid4(), {"amount_fen": 100_00}
    path = f"{FUND}/replenishments"
    for _ in range(2):
        answer = await run.house.call(PAYMENT_APPROVER, "POST", "payment", path, body, key=key)
        assert answer.status_code == 201
    await run.settled()
    assert (await fund(run))["balance_fen"] == before + 100_00


@pytest.mark.parametrize(
    ("who", "division", "status", "code"),
    [
        (OF_THE_TOWNSHIP, TOWNSHIP, 403, "fund-replenished-by-county"),
        (NEIGHBOUR, TOWNSHIP, 403, "division-not-covered"),
        (CLERK, TOWNSHIP, 403, "role-not-allowed"),
        (PREPARER, TOWNSHIP, 403, "role-not-allowed"),
        (PAYMENT_APPROVER, COUNTY, 422, "fund-is-a-townships"),
    ],
)
async def test_only_the_county_replenishes_and_only_a_townships_fund(
    run: Run, who: Official, division: str, status: int, code: str
) -> None:
    path = f"/funds/{division}/replenishments"
    answer = await run.house.call(who, "POST", "payment", path, {"amount_fen": 1})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("amount_fen", [0, -1, 1.5, "100", 10_000_000_000])
async def test_an_amount_is_whole_fen_above_zero(run: Run, amount_fen: Any) -> None:
    body = {"amount_fen": amount_fen}
    path = f"{FUND}/replenishments"
    answer = await run.house.call(PAYMENT_APPROVER, "POST", "payment", path, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-fields")


async def test_a_fund_that_nothing_happened_to_is_not_found(run: Run) -> None:
    answer = await run.house.call(PREPARER, "GET", "payment", f"/funds/{OTHER_TOWNSHIP}")
    assert answer.status_code == 404


async def test_what_is_overdue_is_found_by_the_list(run: Run) -> None:
    case_id = uuid4()
    await hear(run, case_id, accepted())
    await run.advance(date(2020, 4, 9))
    found = await run.house.see(PREPARER, "payment", "/payments?overdue=true")
    assert str(case_id) in {row["case_id"] for row in found["items"]}
    assert {row["stage"] for row in found["items"]} == {"awaited", "returned"}
    in_time = await run.house.see(PREPARER, "payment", "/payments?overdue=false")
    assert "settled" in {row["stage"] for row in in_time["items"]}


async def test_an_entitlement_shows_its_parts_and_its_end(run: Run) -> None:
    case_id = uuid4()
    confirmation: CaseConfirmed = confirmed(APRIL)
    words = (
        confirmation.model_copy(update={"payee": await payee(run)}),
        phased_out(MAY, JUNE, 150_00),
        assessed(MAY, 50_00),
    )
    await hear(run, case_id, *words)
    path = f"/cases/{case_id}/entitlement"
    seen = await run.house.see(PREPARER, "payment", path)
    benefit = {"part": "benefit"}
    parts = [
        benefit | {"from_month": "2020-04", "last_month": "2020-04", "amount_fen": 200_00},
        benefit | {"from_month": "2020-05", "last_month": "2020-06", "amount_fen": 150_00},
    ]
    care = {"part": "care", "from_month": "2020-05", "amount_fen": 50_00}
    assert seen["parts"] == [*parts, care | {"last_month": None}]
    assert (seen["ended"], seen["last_month"]) == (False, None)
    await hear(run, case_id, ended(JUNE))
    seen = await run.house.see(PREPARER, "payment", path)
    assert seen["parts"] == [*parts, care | {"last_month": "2020-06"}]
    assert (seen["ended"], seen["last_month"]) == (True, "2020-06")
    listed = (await run.house.see(PREPARER, "payment", "/entitlements"))["items"]
    (row,) = [one for one in listed if one["case_id"] == str(case_id)]
    assert (row["ended"], row["last_month"], row["from_month"]) == (True, "2020-06", "2020-04")


@pytest.mark.mechanism("S4-50")
async def test_a_month_that_is_not_paid_by_the_tenth_is_listed_as_late(run: Run) -> None:
    await run.advance(date(2020, 5, 1))
    confirmation = confirmed(MAY).model_copy(update={"payee": await payee(run)})
    await hear(run, uuid4(), confirmation)
    await run.advance(date(2020, 5, 10))

    async def paydays(asked: str, who: Official = AUDITOR) -> list[dict[str, Any]]:
        await run.settled()
        found = await run.house.see(who, "payment", f"/paydays?month=2020-05&{asked}")
        return list(found["items"])

    (owed,) = await paydays("open=true&programme=dibao&due_by=2020-05-10")
    assert (owed["division"], owed["due_on"], owed["missed"]) == (TOWNSHIP, "2020-05-10", False)
    assert await paydays("due_by=2020-05-09") == []
    await run.advance(date(2020, 5, 11))
    (late,) = await paydays("missed=true", PREPARER)
    assert (late["open"], late["missed_payments"] > 0) == (True, True)
    await run.house.pay("dibao", TOWNSHIP, "2020-05")
    (paid,) = await paydays("open=false")
    assert (paid["missed"], paid["met_on"]) == (True, "2020-05-11")
    assert paid["run_id"] is not None


async def test_a_fine_for_fraud_is_imposed_within_the_law_and_paid_beside_what_is_owed(
    run: Run,
) -> None:
    case_id, deceiver = uuid4(), await payee(run)
    await hear(run, case_id, confirmed(MAY).model_copy(update={"payee": deceiver}))
    await run.house.pay("dibao", TOWNSHIP, "2020-05")
    await run.settled()
    await hear(run, case_id, ended(APRIL))
    here = f"/cases/{case_id}/fraud-findings"
    today = (await run.embedded.services["payment"].today()).isoformat()
    body = {
        "person_id": str(deceiver),
        "first_month": "2020-05",
        "last_month": "2020-05",
        "until_on": today,
        "grounds": told("隐瞒工资收入"),
    }

    async def post(who: Official, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = await run.house.call(who, "POST", "payment", path, body)
        return answer.status_code, dict(answer.json())

    status, refused = await post(PREPARER, here, body)
    assert (status, refused["code"]) == (403, "role-not-allowed")
    status, refused = await post(OFFICER, here, body | {"person_id": str(uuid4())})
    assert (status, refused["code"]) == (422, "note-owner-unknown")
    status, finding = await post(OFFICER, here, body)
    assert (status, finding.get("obtained_fen")) == (201, 200_00), finding
    status, refused = await post(OFFICER, here, body)
    assert (status, refused["code"]) == (409, "fraud-found-already")

    fine = f"{here}/{finding['finding_id']}/fine"
    status, refused = await post(DECIDER, fine, {"amount_fen": 600_01, "grounds": "x"})
    assert (status, refused["code"]) == (409, "fine-out-of-range")
    assert refused["facts"] == {
        "amount_fen": 600_01,
        "minimum_fen": 200_00,
        "maximum_fen": 600_00,
    }
    assert refused["source"].startswith("国务院令第649号")
    status, refused = await post(BOTH_HATS, fine, {"amount_fen": 400_00, "grounds": "x"})
    assert (status, refused["code"]) == (403, "finder-fines")
    status, imposed = await post(DECIDER, fine, {"amount_fen": 400_00, "grounds": "x"})
    assert (status, imposed.get("maximum_fen")) == (201, 600_00), imposed

    async def listed(asked: str) -> list[dict[str, Any]]:
        await run.settled()
        found = await run.house.see(AUDITOR, "payment", f"/fraud-findings?{asked}")
        return [row for row in found["items"] if row["case_id"] == str(case_id)]

    (row,) = await listed("fined=true&paid=false")
    assert (row["obtained_fen"], row["fine_fen"], row["fined_on"]) == (200_00, 400_00, today)
    status, paid = await post(OFFICER, f"{fine}/payment", {"paid_on": today})
    assert status == 201, paid
    assert [row["paid_on"] for row in await listed("paid=true")] == [today]
    seen = await run.house.see(PREPARER, "payment", f"/cases/{case_id}/entitlement")
    (fraud,) = seen["frauds"]
    assert (fraud["fine"]["amount_fen"], fraud["paid"]["paid_on"]) == (400_00, today)
    owed_back = {"first_month": "2020-05", "last_month": "2020-05", "difference_fen": -200_00}
    assert seen["differences"] == [owed_back]
    assert not any(mark in str(seen) for mark in PLANTED)
