"""Decisions on a township's reserve fund: replenished, advanced in order, explained, returned."""

from __future__ import annotations

from uuid import UUID

from services.payment import rules
from services.payment.decisions.command import Command
from services.payment.model import Advance, AdvanceStage, Fund, evolve_fund
from shared.contracts.payment import (
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundReplenished,
    FundShort,
)
from shared.kernel.decider import Decision, Moment, Refusal
from shared.kernel.event import Event
from shared.regions import Level


class Replenish(Command):
    """Put money into a township's fund; ``level`` is that of the actor's jurisdiction."""

    actor: UUID
    level: Level
    division: str
    amount_fen: int


class AdvanceAid(Command):
    """Advance an instalment of a case's aid, ``amount_fen`` once."""

    case_id: UUID
    payment_id: UUID
    payee: UUID
    amount_fen: int


class SettleAdvances(Command):
    """A case's aid was explained."""

    case_id: UUID


class ReturnAdvance(Command):
    """The bank sent the money of an advance back."""

    payment_id: UUID


def replenish(fund: Fund, command: Replenish, _at: Moment) -> Decision:
    """Put money into a fund, and advance those who wait for it, as far as it goes.

    Refuses whoever acts for less than a county, a division that has no fund, and more money than
    a fund can hold.
    """
    rules.require_fund_of_township(command.division)
    rules.require_county(command.level)
    out_fen = sum(advance.amount_fen for advance in fund.open_advances)
    rules.require_room(fund.balance_fen, out_fen, command.amount_fen)
    replenished = FundReplenished(
        division=command.division,
        replenished_by=command.actor,
        amount_fen=command.amount_fen,
        balance_fen=fund.balance_fen + command.amount_fen,
    )
    return [replenished, *_advanced_in_order(evolve_fund(fund, replenished))]


def advance_aid(fund: Fund, command: AdvanceAid, _at: Moment) -> Decision:
    """Advance an aid, or record that the fund is too short for it.

    While others wait, so does this one, however small: see ``_advanced_in_order``. An aid that
    the fund was asked for before is left as it is.
    """
    if command.payment_id in fund.advances:
        return []
    short = FundShort(
        case_id=command.case_id,
        payment_id=command.payment_id,
        payee=command.payee,
        amount_fen=command.amount_fen,
        balance_fen=fund.balance_fen,
    )
    return _advanced_in_order(evolve_fund(fund, short)) or [short]


def settle_advances(fund: Fund, command: SettleAdvances, _at: Moment) -> Decision:
    """Record that the aid behind a case's advances was explained; nothing for what is not the
    fund's.

    One may still wait for its money then, or have it back: once it is out, it is written off.
    """
    return [
        FundAdvanceSettled(
            case_id=advance.case_id,
            payment_id=advance.payment_id,
            amount_fen=advance.amount_fen,
        )
        for advance in fund.advances.values()
        if advance.case_id == command.case_id and not advance.explained
    ]


def return_advance(fund: Fund, command: ReturnAdvance, _at: Moment) -> Decision:
    """Put the money that the bank sent back into the fund; nothing for what is not the fund's.

    Whoever waits in front may be advanced of it: to be paid again, the case it was sent back
    from asks the fund anew.
    """
    advance = fund.advances.get(command.payment_id)
    if advance is None:
        return []
    if advance.stage is not AdvanceStage.ADVANCED:
        raise Refusal("advance-not-out", facts={"stage": advance.stage})
    returned = FundAdvanceReturned(
        case_id=advance.case_id,
        payment_id=advance.payment_id,
        amount_fen=advance.amount_fen,
        balance_fen=fund.balance_fen + advance.amount_fen,
    )
    return [returned, *_advanced_in_order(evolve_fund(fund, returned))]


def _advanced_in_order(fund: Fund) -> list[Event]:
    """Advance those who wait, the one that came first in front, until the money does not reach.

    Strictly in order: if a smaller aid could pass a larger one, whoever needs most would wait
    for as long as smaller needs keep coming, and each of those would use up what was put aside.
    """
    advanced: list[Event] = []
    balance_fen = fund.balance_fen
    for advance in fund.waiting:
        if advance.amount_fen > balance_fen:
            break
        balance_fen -= advance.amount_fen
        advanced.append(_advanced(advance, balance_fen))
    return advanced


def _advanced(advance: Advance, balance_fen: int) -> FundAdvanced:
    return FundAdvanced(
        case_id=advance.case_id,
        payment_id=advance.payment_id,
        payee=advance.payee,
        amount_fen=advance.amount_fen,
        balance_fen=balance_fen,
    )
