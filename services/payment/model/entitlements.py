"""Entitlements and rosters: who is to be paid how much for which months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.payment.model.fraud import Frauds, with_fraud
from shared.by_month import NOTHING, ByMonth
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound
from shared.contracts.paydays import PaydayMet, PaydayMissed, PaydaySet
from shared.contracts.payment import (
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    EntitlementPayeeSet,
    PaidMonthsDiffer,
    RosterEntryAdded,
    RosterMonthsListed,
    RosterPartSet,
    RosterPayeeSet,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event

Parts = Mapping[EntitlementPart, ByMonth]
"""Fen a month, by the part of the amount."""

NO_PARTS: Final[Parts] = MappingProxyType(dict.fromkeys(EntitlementPart, NOTHING))
MONTHLY_PROGRAMMES: Final[tuple[Programme, ...]] = tuple(
    programme for programme in Programme if programme is not Programme.TEMPORARY_ASSISTANCE
)
"""The programmes that pay by the month, each with a roster in every township."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a case is entitled to.

    ``opened`` is its latest opening, with who is paid now, ``None`` before the first;
    ``last_month`` is that of its end, if it has ended since. ``entitled`` is 1 in every month in
    which the case is entitled, and ``parts`` are amounts as they were set, in whatever order that
    became known: what is due is the one times the other. ``differences`` are due less listed, of
    months taken up. ``frauds`` are what was found to be obtained by fraud: nothing due depends on
    them.
    """

    opened: EntitlementOpened | None = None
    last_month: Month | None = None
    entitled: ByMonth = NOTHING
    parts: Parts = field(default_factory=lambda: NO_PARTS)
    differences: ByMonth = NOTHING
    frauds: Frauds = ()

    @property
    def is_open(self) -> bool:
        """Whether it was opened and has not ended."""
        return self.opened is not None and self.last_month is None

    def due(self, part: EntitlementPart) -> ByMonth:
        """What is due of a part, in fen a month."""
        return self.parts[part] * self.entitled


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A case to be paid: what is due of each part, in fen a month.

    ``listed_through`` is the last month that an approved run took up. ``listed_before`` is what
    runs took up, through ``changed_after``, before an amount last changed.
    """

    case_id: UUID
    payee: UUID
    parts: Parts = field(default_factory=lambda: NO_PARTS)
    listed_through: Month | None = None
    listed_before: ByMonth = NOTHING
    changed_after: Month | None = None

    @property
    def due(self) -> ByMonth:
        """The sum of the parts."""
        benefit, care = self.parts[EntitlementPart.BENEFIT], self.parts[EntitlementPart.CARE]
        return benefit + care if care.steps else benefit

    @property
    def listed(self) -> ByMonth:
        """What approved runs took up, through ``listed_through``."""
        if self.listed_through == self.changed_after:
            return self.listed_before
        since = self.due.after(self.changed_after).until(self.listed_through)
        return self.listed_before + since

    @property
    def unlisted(self) -> ByMonth:
        """What no approved run took up; a month with 0 that they passed counts as taken up."""
        return self.due.after(self.listed_through)

    @property
    def differences(self) -> ByMonth:
        """Due less listed, over the months that were taken up."""
        return self.due.until(self.listed_through) - self.listed

    def with_part(
        self, part: EntitlementPart, amount_fen: int, from_month: Month, last_month: Month | None
    ) -> RosterEntry:
        """The entry once a part has another amount; what runs took up stays as it was."""
        months = self.parts[part].since(from_month, amount_fen, last_month)
        return replace(
            self,
            parts=MappingProxyType({**self.parts, part: months}),
            listed_before=self.listed,
            changed_after=self.listed_through,
        )


@dataclass(frozen=True, slots=True)
class Payday:
    """A day by which months are to be taken up by an approved run; ``missed`` once it passed."""

    payday: PaydaySet
    missed: bool = False

    @property
    def last_month(self) -> Month:
        """The last month that is paid by it."""
        return self.payday.last_month or self.payday.month


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who is to be paid in one township under one programme, by case.

    ``paydays`` are those still to be met, by their first month; ``paydays_through`` is the last
    month for which there ever was one.
    """

    entries: Mapping[UUID, RosterEntry] = field(default_factory=lambda: MappingProxyType({}))
    paydays: Mapping[Month, Payday] = field(default_factory=lambda: MappingProxyType({}))
    paydays_through: Month | None = None


def evolve_entitlement(state: Entitlement, event: Event) -> Entitlement:
    """Fold one event of an entitlement."""
    match event:
        case EntitlementOpened():
            entitled = state.entitled.since(event.from_month, 1)
            opened = replace(state, opened=event, last_month=None, entitled=entitled)
            return _part_set(opened, EntitlementPart.BENEFIT, event.amount_fen, event.from_month)
        case EntitlementPartSet():
            return _part_set(
                state, event.part, event.amount_fen, event.from_month, event.last_month
            )
        case EntitlementPayeeSet() if state.opened is not None:
            opened_for = state.opened.model_copy(update={"payee": event.payee})
            return replace(state, opened=opened_for)
        case EntitlementEnded():
            entitled = state.entitled.until(event.last_month)
            return replace(state, last_month=event.last_month, entitled=entitled)
        case PaidMonthsDiffer():
            first, last = event.first_month, event.last_month
            a_month = event.difference_fen // (first.months_until(last) + 1)
            return replace(state, differences=state.differences.over(first, last, a_month))
        case FraudFound() | FraudFineImposed() | FraudFinePaid():
            return replace(state, frauds=with_fraud(state.frauds, event))
    return state


def _part_set(
    state: Entitlement,
    part: EntitlementPart,
    amount_fen: int,
    from_month: Month,
    last_month: Month | None = None,
) -> Entitlement:
    months = state.parts[part].since(from_month, amount_fen, last_month)
    return replace(state, parts=MappingProxyType({**state.parts, part: months}))


def evolve_roster(state: Roster, event: Event) -> Roster:
    """Fold one event of a roster."""
    match event:
        case RosterEntryAdded():
            known = state.entries.get(event.case_id) or RosterEntry(event.case_id, event.payee)
            entry = replace(known, payee=event.payee).with_part(
                EntitlementPart.BENEFIT, event.amount_fen, event.from_month, None
            )
            return _with_entries(state, {event.case_id: entry})
        case RosterPartSet():
            entry = state.entries[event.case_id].with_part(
                event.part, event.amount_fen, event.from_month, event.last_month
            )
            return _with_entries(state, {event.case_id: entry})
        case RosterPayeeSet():
            paid_to = replace(state.entries[event.case_id], payee=event.payee)
            return _with_entries(state, {event.case_id: paid_to})
        case RosterMonthsListed():
            listed = {
                case_id: replace(
                    state.entries[case_id],
                    listed_through=_later(state.entries[case_id].listed_through, event.month),
                )
                for case_id in event.cases
            }
            return _with_entries(state, listed)
        case PaydaySet() | PaydayMissed() | PaydayMet():
            return _with_payday(state, event)
    return state


def _with_entries(state: Roster, entries: Mapping[UUID, RosterEntry]) -> Roster:
    return replace(state, entries={**state.entries, **entries})


def _with_payday(state: Roster, event: PaydaySet | PaydayMissed | PaydayMet) -> Roster:
    paydays = dict(state.paydays)
    match event:
        case PaydaySet():
            paydays[event.month] = Payday(event)
            last_month = paydays[event.month].last_month
            return replace(state, paydays=paydays, paydays_through=last_month)
        case PaydayMissed():
            paydays[event.month] = replace(paydays[event.month], missed=True)
        case PaydayMet():
            del paydays[event.month]
    return replace(state, paydays=paydays)


def _later(known: Month | None, month: Month) -> Month:
    return month if known is None else max(known, month)


ENTITLEMENT: Final = Aggregate("entitlement", Entitlement(), evolve_entitlement)
ROSTER: Final = Aggregate("roster", Roster(), evolve_roster)


def entitlement_of(case_id: UUID) -> Stream:
    """The entitlement's stream of a case."""
    return Stream.of_case(ENTITLEMENT.name, case_id)


def roster_of(programme: Programme, division: str) -> Stream:
    """The roster's stream of a township under a programme."""
    return Stream(ROSTER.name, f"{programme}/{division}")
