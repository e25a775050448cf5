"""The payment office: a run each month, prepared by one and approved by another."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID, uuid5

from services.payment import decisions as payment
from services.payment.model import roster_of, run_of
from shared.calendar import Month
from tests.simulation.clients import Client
from tests.simulation.lives.desk import Desk

OFFICE: Final = UUID("0ff1ce00-0000-4000-8000-000000000001")


def pay(client: Client) -> None:
    """The payment office: a run in some months, prepared by one and approved by another.

    One in each of the first two months, then now and then; the last one, which takes up all the
    months between, when every case is through, and until nothing is left.
    """
    first = Month.of(client.world.scene.start).next()
    for month in (first, first.next()):
        client.until_day(_pay_day(month))
        if month == first or not client.world.lives_over:
            _run_all(client, month)
    while not client.world.lives_over:
        month = month.next(client.random.randint(1, 5))
        client.until_day(_pay_day(month), lambda: client.world.lives_over, "done")
        if client.world.today >= _pay_day(month):
            _run_all(client, month)
    last = client.world.paid_through = Month.of(client.world.today)
    _run_all(client, last)


def _pay_day(month: Month) -> date:
    return date(month.year, month.month, 8)


def _run_all(client: Client, month: Month) -> None:
    while _run(client, month):
        client.note(f"the run of {month} is approved")


def _run(client: Client, month: Month) -> bool:
    """Prepare and approve a month's run once; whether there was something to pay."""
    office = Desk(client, uuid5(OFFICE, str(month)))
    programme, division = client.world.scene.monthly, client.world.scene.division
    run, roster = run_of(programme, division, month), roster_of(programme, division)
    run_id = client.world.uuid()
    preparer, approver = office.hand("preparer"), office.hand("approver")
    prepare = payment.PrepareRun(
        actor=preparer, run_id=run_id, programme=programme, division=division, month=month
    )
    prepared = office.do(
        "payment",
        payment.prepare_run,
        prepare,
        run,
        roster,
        hand="preparer",
        role="payment_preparer",
        refused=("nothing-to-pay",),
    )
    if prepared.refusal:
        return False
    if office.dares():
        office.must_be_refused(
            "payment",
            payment.approve_run,
            payment.ApproveRun(actor=preparer, run_id=run_id),
            run,
            roster,
            hand="preparer",
            role="payment_approver",
            refused=("same-hands", "run-replaced", "run-not-prepared"),
        )
    office.do(
        "payment",
        payment.approve_run,
        payment.ApproveRun(actor=approver, run_id=run_id),
        run,
        roster,
        hand="approver",
        role="payment_approver",
        refused=("run-outdated", "run-replaced", "run-not-prepared"),
    )
    return True
