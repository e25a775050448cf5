"""Payment's aggregates: entitlements, rosters, runs and payments, each a fold of its stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementOpened,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    RosterEntryAdded,
    RosterMonthsListed,
    RunApproved,
    RunLine,
    RunPageListed,
    RunPrepared,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a case is entitled to; ``opened`` is ``None`` before it is."""

    opened: EntitlementOpened | None = None


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A case to be paid. ``listed_through`` is the last month that an approved run took up."""

    case_id: UUID
    payee: UUID
    amount_fen: int
    from_month: Month
    listed_through: Month | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who is to be paid in one township under one programme, by case."""

    entries: Mapping[UUID, RosterEntry] = field(default_factory=lambda: MappingProxyType({}))


class RunStage(StrEnum):
    """How far a month's run is."""

    NONE = "none"
    PREPARED = "prepared"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run of a township and month, and its lines, page by page."""

    stage: RunStage = RunStage.NONE
    prepared: RunPrepared | None = None
    pages: tuple[tuple[RunLine, ...], ...] = ()
    approver: UUID | None = None

    @property
    def lines(self) -> tuple[RunLine, ...]:
        """All lines in order."""
        return tuple(line for page in self.pages for line in page)


class PaymentStage(StrEnum):
    """What became of a payment."""

    NONE = "none"
    INTENDED = "intended"
    SETTLED = "settled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Payment:
    """One case's payment for one month."""

    stage: PaymentStage = PaymentStage.NONE
    intended: PaymentIntended | None = None
    bank_reference: UUID | None = None


def evolve_entitlement(state: Entitlement, event: Event) -> Entitlement:
    """Fold one event of an entitlement."""
    match event:
        case EntitlementOpened():
            return Entitlement(event)
    return state


def evolve_roster(state: Roster, event: Event) -> Roster:
    """Fold one event of a roster."""
    match event:
        case RosterEntryAdded():
            entry = RosterEntry(event.case_id, event.payee, event.amount_fen, event.from_month)
            return Roster({**state.entries, event.case_id: entry})
        case RosterMonthsListed():
            listed = {
                case_id: replace(state.entries[case_id], listed_through=event.month)
                for case_id in event.cases
            }
            return Roster({**state.entries, **listed})
    return state


def evolve_run(state: Run, event: Event) -> Run:
    """Fold one event of a month's run; preparing anew replaces an unapproved one."""
    match event:
        case RunPrepared():
            return Run(RunStage.PREPARED, event)
        case RunPageListed():
            return replace(state, pages=(*state.pages, event.lines))
        case RunApproved():
            return replace(state, stage=RunStage.APPROVED, approver=event.approver)
    return state


def evolve_payment(state: Payment, event: Event) -> Payment:
    """Fold one event of a payment."""
    match event:
        case PaymentIntended():
            return Payment(PaymentStage.INTENDED, event)
        case PaymentSettled():
            return replace(state, stage=PaymentStage.SETTLED, bank_reference=event.bank_reference)
        case PaymentReturned():
            return replace(state, stage=PaymentStage.RETURNED)
    return state


ENTITLEMENT: Final = Aggregate("entitlement", Entitlement(), evolve_entitlement)
ROSTER: Final = Aggregate("roster", Roster(), evolve_roster)
RUN: Final = Aggregate("run", Run(), evolve_run)
PAYMENT: Final = Aggregate("payment", Payment(), evolve_payment)

BANK_INSTRUCTION: Final = "bank-instruction"
"""The agenda's kind of payments that are to be handed to the bank."""

AGGREGATES: Final = {a.name: a for a in (ENTITLEMENT, ROSTER, RUN, PAYMENT)}


def entitlement_of(case_id: UUID) -> Stream:
    """The entitlement's stream of a case."""
    return Stream.of_case(ENTITLEMENT.name, case_id)


def roster_of(programme: Programme, division: str) -> Stream:
    """The roster's stream of a township under a programme."""
    return Stream(ROSTER.name, f"{programme}/{division}")


def run_of(programme: Programme, division: str, month: Month) -> Stream:
    """The stream of a township's runs of a month under a programme."""
    return Stream(RUN.name, f"{programme}/{division}/{month}")


def payment_of(case_id: UUID, month: Month) -> Stream:
    """The payment's stream of a case for a month: one, so that it cannot be paid twice."""
    return Stream(PAYMENT.name, f"{case_id}/{month}", case_id)
