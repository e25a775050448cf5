"""Emergencies: the fund's money in its order, each aid once, and what came late said to be late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from services.payment.model import aid_payment_id_of
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidGranted,
    AidInstalmentReleased,
    AidRefused,
    AidTier,
)
from shared.contracts.decision import CaseEnded
from shared.contracts.intake import EmergencyAccepted
from shared.contracts.payment import (
    AidPaymentIntended,
    AidPaymentOverdue,
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundReplenished,
    FundShort,
    PaymentSettled,
)
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History

if TYPE_CHECKING:
    from tests.simulation.households import Household
    from tests.simulation.world import World

ONE_DAY = timedelta(days=1)


class Asked(NamedTuple):
    """A stage of an aid that waits for the fund's money."""

    payment_id: UUID
    amount_fen: int


def funds_are_in_order(history: History) -> None:
    """The balance is what came in less what went out; strictly in order; nobody waits idly."""
    balance_fen, waiting, advanced = 0, list[Asked](), set[UUID]()
    kinds = FundReplenished, FundShort, FundAdvanced, FundAdvanceReturned
    documents = list(history.events(*kinds))
    for document, following in zip_longest(documents, documents[1:]):
        event = document.data
        match event:
            case FundReplenished():
                balance_fen += event.amount_fen
            case FundAdvanceReturned():
                balance_fen += event.amount_fen
            case FundShort():
                waiting.append(Asked(event.payment_id, event.amount_fen))
            case FundAdvanced():
                first = waiting.pop(0).payment_id if waiting else event.payment_id
                text = f"{event.payment_id} is advanced, {first} was first"
                require(event.payment_id == first, Invariant.MONEY_ONCE, text)
                text = f"{first} is advanced twice"
                require(first not in advanced, Invariant.MONEY_ONCE, text)
                advanced.add(first)
                balance_fen -= event.amount_fen
        text = f"the fund holds {balance_fen}, {event!r}"
        truly = 0 <= balance_fen == event.balance_fen
        require(truly, Invariant.MONEY_ONCE, text)
        if following is None or following.command_id != document.command_id:
            idle = bool(waiting) and waiting[0].amount_fen <= balance_fen
            text = f"{waiting[:1]} waits, and the fund holds {balance_fen}"
            require(not idle, Invariant.MONEY_ONCE, text)


def aids_were_paid_once(
    households: Mapping[UUID, Household], histories: Mapping[str, History]
) -> None:
    """Each stage of a granted aid went out once, in its amount; the township's once the fund
    advanced it.
    """
    payment, decision = histories["payment"], histories["decision"]
    advanced = Counter(d.data.payment_id for d in payment.events(FundAdvanced))
    waiting = {d.data.payment_id for d in payment.events(FundShort)} - {*advanced}
    intended = Counter(
        (d.data.payment_id, d.data.payee, d.data.amount_fen)
        for d in payment.events(AidPaymentIntended)
    )
    expected: Counter[tuple[UUID, UUID, int]] = Counter()
    for document in decision.events(AidGranted):
        granted, household = document.data, households[document.subject]
        emergency = household.emergency
        wanted_fen = emergency.amount_fen if emergency and emergency.granted else 0
        above = wanted_fen > household.scene.aid_limit_fen
        tier = AidTier.COUNTY if above else AidTier.TOWNSHIP
        said = granted.amount_fen, granted.tier
        text = f"{document.subject}: granted {said}, wanted {wanted_fen}, {tier}"
        require(said == (wanted_fen, tier), Invariant.CLIENTS_UNTROUBLED, text)
        stages = _stages(decision, document.subject, granted)
        due = {n: fen for n, (fen, _by) in stages.items()}
        text = f"{document.subject}: of {granted.later} were released {due}"
        whole = sum(due.values()) == wanted_fen
        require(whole, Invariant.COMMANDS_ONCE, text)
        for number, fen in due.items():
            payment_id = aid_payment_id_of(document.subject, number)
            if tier is AidTier.TOWNSHIP:
                text = f"{document.subject} {number} is granted, and neither advanced nor waiting"
                times = advanced[payment_id] + (payment_id in waiting)
                require(times == 1, Invariant.MONEY_ONCE, text)
            if payment_id not in waiting:
                expected[payment_id, household.applicant, fen] += 1
    text = f"aids: expected {expected}, intended {intended}"
    require(intended == expected, Invariant.MONEY_ONCE, text)


def _stages(decision: History, case_id: UUID, granted: AidGranted) -> dict[int, tuple[int, date]]:
    """What was to be paid of an aid so far and by when: the first stage, and those released."""
    stages = {1: (granted.first_fen, granted.pay_by.on)}
    for document in decision.events(AidInstalmentReleased):
        if document.subject == case_id:
            require(document.data.number not in stages, Invariant.COMMANDS_ONCE, f"{document}")
            stages[document.data.number] = document.data.amount_fen, document.data.pay_by.on
    return stages


def aids_were_explained(world: World, histories: Mapping[str, History]) -> None:
    """An explanation ends the case and its advance; a late one, or none, is noted as missed."""
    decision, payment = histories["decision"], histories["payment"]
    explained = {d.subject: d.effective_on for d in decision.events(AidExplained)}
    missed = Counter(d.subject for d in decision.events(AidExplanationMissed))
    settled = Counter(d.data.case_id for d in payment.events(FundAdvanceSettled))
    ended = Counter(d.subject for d in decision.events(CaseEnded) if d.data.last_month is None)
    require(ended == Counter([*explained]), Invariant.COMMANDS_ONCE, f"aids ended: {ended}")
    for document in decision.events(AidGranted):
        granted, case_id = document.data, document.subject
        late = explained.get(case_id, world.today) > granted.explanation_due.on
        text = f"{case_id}: due {granted.explanation_due.on}, {explained.get(case_id)}, {missed}"
        require(missed.pop(case_id, 0) == late, Invariant.COMMANDS_ONCE, text)
        of_fund = case_id in explained and granted.tier is AidTier.TOWNSHIP
        stages = len(_stages(decision, case_id, granted)) if of_fund else 0
        text = f"{case_id}: its advances were written off {settled[case_id]} times"
        require(settled.pop(case_id, 0) == stages, Invariant.COMMANDS_ONCE, text)
    require(not missed and not settled, Invariant.COMMANDS_ONCE, f"of none: {missed}, {settled}")


def overdue_was_noted(world: World, histories: Mapping[str, History]) -> None:
    """Overdue is what the bank had not credited by the last day, noted once and for the day after.

    Of what was refused nobody can say who was first, the refusal or the day.
    """
    payment, decision = histories["payment"], histories["decision"]
    credited = {d.data.payment_id: d.effective_on for d in payment.events(PaymentSettled)}
    refused = {d.subject for d in decision.events(AidRefused)}
    noted = Counter(
        (d.data.payment_id or aid_payment_id_of(d.subject), d.effective_on)
        for d in payment.events(AidPaymentOverdue)
    )
    due = {
        (d.subject, aid_payment_id_of(d.subject)): d.data.pay_by.on
        for d in histories["intake"].events(EmergencyAccepted)
    } | {
        (d.subject, aid_payment_id_of(d.subject, d.data.number)): d.data.pay_by.on
        for d in decision.events(AidInstalmentReleased)
    }
    for (case_id, payment_id), last in due.items():
        late = credited.get(payment_id, world.today) > last
        times = noted.pop((payment_id, last + ONE_DAY), 0)
        text = f"{case_id}: due {last}, paid {credited.get(payment_id)}, noted {times} times"
        right = times <= late if case_id in refused else times == late
        require(right, Invariant.COMMANDS_ONCE, text)
    require(not noted, Invariant.COMMANDS_ONCE, f"overdue without a date: {noted}")
