"""The bank: every way in which it may answer, or not, and one payment whatever it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import CLERK, PAYMENT_APPROVER, PREPARER, TOWNSHIP, VILLAGE
from services.payment.gateways import Bank
from services.payment.model import BANK_INSTRUCTION
from services.payment.reactions import on_case_confirmed
from services.payment.rules import payment_id_of
from shared.access.registry import RegistryClient
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Programme
from shared.kernel.duties import OutsideAway
from shared.kernel.event import read
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission
from tests.documents import document
from tests.house import Run, eventually, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

APRIL = Month(2020, 4)
BEGUN = date(2020, 4, 1)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("bank"), gateway_timeout_ms=300) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def behaving(run: Run) -> AsyncIterator[None]:
    yield
    await faults(run)
    await run.settled()


async def faults(run: Run, **how: Any) -> None:
    url = f"{run.house.sandboxes['bank']}/faults"
    (await run.house.client.put(url, json=how)).raise_for_status()


async def entitled(run: Run, division: str = TOWNSHIP, **changed: str | None) -> UUID:
    """A case entitled from April on, whose payee is registered with these changes."""
    person = run.stranger()
    body: dict[str, Any] = person.registration(TOWNSHIP) | changed
    body = {name: value for name, value in body.items() if value is not None}
    payee = UUID((await run.house.do(CLERK, "intake", "/persons", body))["person_id"])
    case_id = uuid4()
    event = CaseConfirmed(
        programme=Programme.DIBAO,
        division=division,
        payee=payee,
        members=(),
        amount_fen=200_00,
        pay_from=APRIL,
    )
    for submission in on_case_confirmed(document(event, case_id=case_id, on=BEGUN)):
        await run.embedded.services["payment"].writer.execute(submission)
    return case_id


async def pay(run: Run) -> None:
    """Prepare April's run for everybody not paid yet, and approve it."""
    body = {"programme": "dibao", "division": TOWNSHIP, "month": "2020-04"}
    prepared = await run.house.do(PREPARER, "payment", "/runs", body)
    here = f"/runs/dibao/{TOWNSHIP}/2020-04"
    approval = {"run_id": prepared["run_id"]}
    await run.house.do(PAYMENT_APPROVER, "payment", f"{here}/approval", approval, at=here)


async def became(run: Run, case_id: UUID) -> list[dict[str, Any]]:
    """What became of a case's payments, without ids and dates."""
    await run.settled()
    path = f"/cases/{case_id}/payments"
    found = (await run.house.see(PREPARER, "payment", path))["items"]
    return [{k: p[k] for k in ("month", "amount_fen", "stage", "reason")} for p in found]


async def credit(run: Run, case_id: UUID) -> dict[str, Any] | None:
    """The bank's credit of the case's payment for April."""
    payment_id = str(payment_id_of(case_id, APRIL))
    ledger = await run.house.bank_ledger()
    return next((line for line in ledger if line["payment_id"] == payment_id), None)


async def instruction(run: Run, case_id: UUID) -> AgendaEntry:
    """The case's payment on payment's agenda, once it is there."""
    store = run.embedded.services["payment"].store

    async def there() -> AgendaEntry | None:
        open_ = store.agenda(BANK_INSTRUCTION, date(2020, 4, 30), 1000)
        return next((entry for entry in open_ if entry.subject == case_id), None)

    found = await eventually(there)
    assert found is not None
    return found


PAID = {"month": "2020-04", "amount_fen": 200_00, "stage": "settled", "reason": None}
BACK = {"month": "2020-04", "amount_fen": 200_00, "stage": "returned"}


async def test_a_payment_is_intended_before_it_leaves_and_settled_after(run: Run) -> None:
    case_id = await entitled(run)
    await pay(run)
    assert await became(run, case_id) == [PAID]
    assert await credit(run, case_id) == {
        "payment_id": str(payment_id_of(case_id, APRIL)),
        "amount_fen": 200_00,
        "asked": 1,
    }
    rows = run.embedded.services["payment"].store.read_log(0, 10_000)
    names = [row.type for row in rows if read(row).subject == case_id]
    assert [name.split(".")[2] for name in names] == [
        "entitlement-opened",
        "payment-intended",
        "payment-settled",
    ]


async def test_who_applied_through_a_village_is_paid_by_its_township(run: Run) -> None:
    case_id = await entitled(run, division=VILLAGE)
    await pay(run)
    assert await became(run, case_id) == [PAID]
    shown = await run.house.see(PREPARER, "payment", f"/cases/{case_id}/entitlement")
    assert shown["division"] == VILLAGE


@pytest.mark.parametrize(
    "fault",
    [
        {"away": True},
        {"silent": True},
        {"undecided": True},
        {"malformed": True},
        {"delay_ms": 5_000},
    ],
    ids=lambda fault: next(iter(fault)),
)
async def test_a_bank_that_gives_no_word_is_asked_until_it_does_and_pays_once(
    run: Run, fault: dict[str, Any]
) -> None:
    await faults(run, **fault)
    case_id = await entitled(run)
    await pay(run)
    entry = await instruction(run, case_id)
    with pytest.raises(OutsideAway):
        await Bank(run.embedded.services["payment"]).instruct(entry)
    await faults(run)
    assert await became(run, case_id) == [PAID]
    found = await credit(run, case_id)
    assert found is not None
    assert found["amount_fen"] == 200_00
    assert (found["asked"] > 1) == ("silent" in fault)


async def test_money_that_the_bank_sends_back_is_told_with_its_reason(run: Run) -> None:
    await faults(run, returns="account_closed")
    case_id = await entitled(run)
    await pay(run)
    assert await became(run, case_id) == [BACK | {"reason": "account_closed"}]
    assert await credit(run, case_id) is None


async def test_who_has_no_account_is_paid_once_they_have_one(run: Run) -> None:
    case_id = await entitled(run, account=None)
    await pay(run)
    entry = await instruction(run, case_id)
    bank = Bank(run.embedded.services["payment"])
    with pytest.raises(OutsideAway, match="no account"):
        await bank.instruct(entry)
    assert await credit(run, case_id) is None
    payee = (await bank._intended(entry)).payee
    body = {"region": TOWNSHIP, "account": "6222021409000009999"}
    await run.house.do(CLERK, "intake", f"/persons/{payee}/amendments", body)
    assert await became(run, case_id) == [PAID]


async def test_a_payee_whom_the_registry_lost_is_not_given_up(run: Run) -> None:
    case_id = await entitled(run)
    await pay_nobody_yet(run)
    entry = await instruction(run, case_id)
    service = run.embedded.services["payment"]
    payee = (await Bank(service)._intended(entry)).payee
    store = run.embedded.services["intake"].store
    rows = store.annex_get("person", [str(payee)])
    store.annex_delete("person", [str(payee)])
    with pytest.raises(OutsideAway, match="unknown"):
        await Bank(service).instruct(entry)
    store.annex_put(list(rows.values()))
    await faults(run)
    assert await became(run, case_id) == [PAID]


async def pay_nobody_yet(run: Run) -> None:
    """A run whose payments wait: the bank is away."""
    await faults(run, away=True)
    await pay(run)


@pytest.mark.parametrize("account", ["6222021409000007777", None], ids=["another", "none"])
async def test_what_the_bank_did_before_counts_whatever_the_account_is_now(
    run: Run, account: str | None
) -> None:
    """Its answer was lost, and the account changed since: 409, or nothing to send."""
    case_id = await entitled(run, account=account)
    url = f"{run.house.sandboxes['bank']}/instructions/{payment_id_of(case_id, APRIL)}"
    first = {"account": "6222021409000008888", "name": "某某人", "amount_fen": 200_00}
    (await run.house.client.put(url, json=first | {"currency": "CNY"})).raise_for_status()
    await pay(run)
    assert await became(run, case_id) == [PAID]


Answer = Callable[[httpx.Request], httpx.Response]


async def asked(run: Run, answer: Answer) -> Submission:
    """What the gateway makes of a bank that answers so; meanwhile the real one is away."""
    await faults(run, away=True)
    case_id = await entitled(run)
    await pay(run)
    entry = await instruction(run, case_id)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        return await Bank(replace(run.embedded.services["payment"], http=http)).instruct(entry)


def statuses(put: int, get: int) -> Answer:
    return lambda request: httpx.Response(put if request.method == "PUT" else get)


@pytest.mark.parametrize("status", [400, 422])
async def test_an_instruction_that_the_bank_does_not_take_is_rejected(
    run: Run, status: int
) -> None:
    submission = await asked(run, statuses(status, 404))
    assert submission.command.reason == "rejected"


@pytest.mark.parametrize(
    ("put", "get"),
    [(409, 404), (422, 503), (409, 500), (302, 404), (401, 404), (404, 404), (429, 404)],
)
async def test_what_is_no_word_on_the_payment_leaves_it_open(run: Run, put: int, get: int) -> None:
    with pytest.raises(OutsideAway):
        await asked(run, statuses(put, get))


@pytest.mark.parametrize("said", [{"status": "settled"}, {"status": "returned"}, {"status": "x"}])
async def test_half_an_answer_is_none(run: Run, said: dict[str, str]) -> None:
    with pytest.raises(OutsideAway):
        await asked(run, lambda _request: httpx.Response(200, json=said))


@pytest.mark.parametrize("status", [503, 403])
async def test_without_the_registry_nothing_leaves_the_house(run: Run, status: int) -> None:
    await faults(run, away=True)
    case_id = await entitled(run)
    await pay(run)
    entry = await instruction(run, case_id)
    away = httpx.MockTransport(lambda _request: httpx.Response(status))
    async with httpx.AsyncClient(transport=away, base_url="http://intake") as client:
        registry = RegistryClient(client, lambda _purpose: httpx.Auth())
        bank = Bank(replace(run.embedded.services["payment"], registry=registry))
        await faults(run)
        with pytest.raises(OutsideAway):
            await bank.instruct(entry)
    assert await became(run, case_id) == [PAID]


async def test_what_is_read_for_a_payment_is_recorded_and_stays_out_of_payment(run: Run) -> None:
    case_id = await entitled(run, account="6222021409000005555")
    await pay(run)
    await run.settled()
    log = b"".join(
        row.document for row in run.embedded.services["payment"].store.read_log(0, 10_000)
    )
    assert str(case_id).encode() in log
    assert b"6222021409000005555" not in log
    last = [
        found.data
        for found in map(read, run.embedded.services["intake"].store.read_log(0, 10_000))
        if found.type.endswith("persons-consulted.v1")
    ][-1]
    assert (last.purpose, set(last.fields)) == ("payment", {"name", "account"})
