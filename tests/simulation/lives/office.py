"""The payment office: a run each month, prepared by one and approved by another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from services.payment import decisions as payment
from services.payment.model import roster_of, run_of
from shared.calendar import Month
from tests.simulation.clients import Client
from tests.simulation.households import DIVISION
from tests.simulation.lives.desk import PROGRAMME, Desk

OFFICE: Final = UUID("0ff1ce00-0000-4000-8000-000000000001")


def pay(client: Client, months: Collection[Month]) -> None:
    """The payment office: a run each month, prepared by one and approved by another.

    The last month's run waits until every case is through, and goes on until nothing is left.
    """
    world = client.world
    for month in months:
        client.until_day(date(month.year, month.month, 8))
        if month == max(months):
            client.until(lambda: world.lives_over, "done")
        while _run(client, month):
            client.note(f"the run of {month} is approved")


def _run(client: Client, month: Month) -> bool:
    """Prepare and approve a month's run once; whether there was something to pay."""
    office = Desk(client, uuid5(OFFICE, str(month)))
    run, roster = run_of(PROGRAMME, DIVISION, month), roster_of(PROGRAMME, DIVISION)
    run_id = client.world.uuid()
    preparer, approver = office.hand("preparer"), office.hand("approver")
    prepare = payment.PrepareRun(
        actor=preparer, run_id=run_id, programme=PROGRAMME, division=DIVISION, month=month
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
