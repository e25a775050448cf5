"""What becomes of people: one application, dates that are kept, money once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from services.payment.rules import payment_id_of
from shared.calendar import Month
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    PublicityCompleted,
    PublicityPosted,
)
from shared.contracts.intake import OpenApplicationClaimed, OpenApplicationReleased
from shared.contracts.payment import PaymentIntended, PaymentSettled
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History
from tests.simulation.outside import account_of

if TYPE_CHECKING:
    from tests.simulation.households import Household
    from tests.simulation.world import World


def applications_stayed_single(history: History) -> None:
    """Nobody was ever in two open applications of a programme."""
    held: dict[UUID, UUID] = {}
    for document in history.events(OpenApplicationClaimed, OpenApplicationReleased):
        event = document.data
        if isinstance(event, OpenApplicationClaimed):
            text = f"{document.stream} is in {held.get(document.stream)} and in {event.case_id}"
            require(document.stream not in held, Invariant.COMMANDS_ONCE, text)
            held[document.stream] = event.case_id
        else:
            held.pop(document.stream, None)


def publicities_ended(world: World, history: History) -> None:
    """What fell due was done once, dated by the day that it fell due."""
    ended = Counter(
        (d.subject, d.data.round, d.effective_on) for d in history.events(PublicityCompleted)
    )
    for document in history.events(PublicityPosted):
        posted = document.data
        if posted.until_on < world.today:
            times = ended.pop((document.subject, posted.round, posted.until_on), 0)
            text = f"{document.subject}: {posted.round} publicity ended {times} times"
            require(times == 1, Invariant.COMMANDS_ONCE, text)
    require(not ended, Invariant.COMMANDS_ONCE, f"ended without being posted: {ended}")


Due = dict[tuple[UUID, Month], tuple[UUID, int]]
"""Payee and amount in fen, by case and month."""


def what_is_due(households: Mapping[UUID, Household], history: History, last_month: Month) -> Due:
    """What the confirmed are due, by the households' own figures; they are also what was said."""
    due: Due = {}
    for document in history.events(BenefitProposed, CaseConfirmed):
        household, said_fen = households[document.subject], document.data.amount_fen
        text = f"{document.subject}: {said_fen} fen, due {household.due_fen}"
        require(said_fen == household.due_fen, Invariant.CLIENTS_UNTROUBLED, text)
        if isinstance(document.data, CaseConfirmed):
            for month in document.data.pay_from.through(last_month):
                due[document.subject, month] = household.applicant, household.due_fen
    return due


def money_was_paid_once(world: World, history: History, due: Due) -> None:
    """Who is entitled got each month once, in the amount that is theirs; nobody else got money."""
    intended = [d.data for d in history.events(PaymentIntended)]
    settled = sorted(d.data.payment_id for d in history.events(PaymentSettled))
    credited = sorted(world.bank.ledger)
    claims = Counter((p.case_id, p.month) for p in intended)
    twice = [claim for claim, times in claims.items() if times > 1]
    require(not twice, Invariant.MONEY_ONCE, f"intended twice: {twice}")
    asked = sorted((p.payment_id, account_of(p.payee), p.amount_fen) for p in intended)
    text = f"the bank credited {credited}, intended was {asked}"
    require(credited == asked, Invariant.MONEY_ONCE, text)
    text = f"settled {settled}, credited {credited}"
    require(settled == [credit.payment_id for credit in credited], Invariant.MONEY_ONCE, text)
    expected = sorted(
        (payment_id_of(case_id, month), account_of(payee), amount_fen)
        for (case_id, month), (payee, amount_fen) in due.items()
    )
    require(credited == expected, Invariant.MONEY_ONCE, f"due {expected}, credited {credited}")
