"""Care's aggregate: one care file per case, from the recognition of a tekun person to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.care import (
    AbilityChangeReported,
    AgreementEnded,
    AgreementSigned,
    CareAmountRedetermined,
    CareEnded,
    CareOpened,
    CareStandardNoted,
    CareStandardReviewOpened,
    ContactRecorded,
    MonthlyContactMissed,
    ReassessmentMissed,
    RectificationDone,
    RectificationOrdered,
    RectificationRefused,
    SelfCareAssessed,
    SupportModeChosen,
)
from shared.contracts.fields import SupportMode
from shared.contracts.standards import DivisionLevel
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event
from shared.policy import RecordedValue
from shared.policy.standards import division_at, recorded_value


class Stage(StrEnum):
    """How far care is; ``NONE`` before it was opened, ``AGREED`` while an agreement is open."""

    NONE = "none"
    OPENED = "opened"
    ASSESSED = "assessed"
    AGREED = "agreed"
    ENDED = "ended"


class Standing(StrEnum):
    """What became of an order to rectify."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Rectification:
    """An order to a caregiver to mend their ways."""

    ordered: RectificationOrdered
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Agreement:
    """A care agreement: open until it has ended. Its orders stand in their order."""

    signed: AgreementSigned
    ended: AgreementEnded | None = None
    rectifications: tuple[Rectification, ...] = ()

    @property
    def rectification(self) -> Rectification | None:
        """The last order, if there ever was one."""
        return self.rectifications[-1] if self.rectifications else None

    def holds_on(self, day: date) -> bool:
        """Whether the agreement was in force on a day, whenever its end was recorded."""
        if not self.signed.signed_on <= day <= self.signed.until_on:
            return False
        return self.ended is None or day < self.ended.ended_on

    def owes(self, month: Month) -> bool:
        """Whether the month's contact is owed under this agreement.

        Whoever is responsible at a month's end owes it: with the caregiver replaced in its
        middle, the new agreement does, and of two that follow one another never both.
        """
        return self.signed.first_month <= month and self.holds_on(month.last_day)


@dataclass(frozen=True, slots=True)
class Report:
    """A reported change of self-care: open until somebody has assessed it, or care has ended.

    ``missed`` stays true whenever it is assessed later.
    """

    reported: AbilityChangeReported
    missed: bool = False
    assessed_on: date | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class CareFile:
    """A person's care. ``agreements`` are all there ever were; at most the last one is open.

    ``care_fen`` is the supplement a month from ``care_from`` on, ``standards`` the changed ones
    that were applied, or left to officials.
    """

    opened: CareOpened | None = None
    assessments: tuple[SelfCareAssessed, ...] = ()
    care_fen: int = 0
    care_from: Month | None = None
    standards: frozenset[UUID] = frozenset()
    reports: tuple[Report, ...] = ()
    mode: SupportMode | None = None
    agreements: tuple[Agreement, ...] = ()
    contacts: tuple[ContactRecorded, ...] = ()
    missed: tuple[MonthlyContactMissed, ...] = ()
    ended: bool = False

    @property
    def stage(self) -> Stage:
        """How far care is."""
        if self.opened is None:
            return Stage.NONE
        if self.ended:
            return Stage.ENDED
        if self.open_agreement is not None:
            return Stage.AGREED
        return Stage.ASSESSED if self.assessments else Stage.OPENED

    @property
    def open_agreement(self) -> Agreement | None:
        """The agreement that is open, if one is."""
        last = self.agreements[-1] if self.agreements else None
        return last if last is not None and last.ended is None else None

    @property
    def open_report(self) -> Report | None:
        """The reported change that is to be assessed, if there is one."""
        last = self.reports[-1] if self.reports else None
        return last if last is not None and last.open else None

    def require_open(self) -> CareOpened:
        """What care was opened with. Raises ``Refusal`` before that and after its end."""
        if self.opened is None or self.ended:
            raise Refusal("care-not-open", facts={"stage": self.stage})
        return self.opened

    def require_agreement(self) -> Agreement:
        """The open agreement. Raises ``Refusal`` where there is none."""
        self.require_open()
        if self.open_agreement is None:
            raise Refusal("no-open-agreement")
        return self.open_agreement

    def agreement(self, agreement_id: UUID) -> Agreement | None:
        """An agreement by its id, open or not."""
        found = (a for a in self.agreements if a.signed.agreement_id == agreement_id)
        return next(found, None)

    def contacts_in(self, month: Month) -> int:
        """How many contacts of a month are recorded."""
        return sum(Month.of(contact.contact_on) == month for contact in self.contacts)


def evolve(state: CareFile, event: Event) -> CareFile:
    """Fold one event of a care file."""
    match event:
        case CareOpened():
            return replace(state, opened=event, ended=False)
        case SelfCareAssessed():
            return replace(
                state,
                assessments=(*state.assessments, event),
                care_fen=event.care_fen,
                care_from=event.from_month,
                reports=_reports(state.reports, event),
            )
        case AbilityChangeReported() | ReassessmentMissed():
            return replace(state, reports=_reports(state.reports, event))
        case CareAmountRedetermined():
            standards = state.standards | {event.standard_id}
            return replace(
                state, care_fen=event.care_fen, care_from=event.from_month, standards=standards
            )
        case CareStandardReviewOpened():
            return replace(state, standards=state.standards | {event.standard_id})
        case SupportModeChosen():
            return replace(state, mode=event.mode)
        case AgreementSigned():
            return replace(state, agreements=(*state.agreements, Agreement(event)))
        case ContactRecorded():
            return replace(state, contacts=(*state.contacts, event))
        case MonthlyContactMissed():
            return replace(state, missed=(*state.missed, event))
        case (
            AgreementEnded() | RectificationOrdered() | RectificationDone() | RectificationRefused()
        ):
            # Only the last agreement ever changes: those before it are over.
            changed = _changed(state.agreements[-1], event)
            return replace(state, agreements=(*state.agreements[:-1], changed))
        case CareEnded():
            return replace(state, ended=True, reports=_reports(state.reports, event))
        case _:
            raise TypeError(f"{event.type} is no event of a care file")


def _reports(
    reports: tuple[Report, ...],
    event: AbilityChangeReported | ReassessmentMissed | SelfCareAssessed | CareEnded,
) -> tuple[Report, ...]:
    """Only the last report ever changes: while it is open there is no other."""
    match event:
        case AbilityChangeReported():
            return (*reports, Report(event))
        case ReassessmentMissed():
            return (*reports[:-1], replace(reports[-1], missed=True))
        case SelfCareAssessed(report_id=UUID(), assessed_on=assessed_on):
            return (*reports[:-1], replace(reports[-1], assessed_on=assessed_on, open=False))
        case CareEnded(report_id=UUID()):
            return (*reports[:-1], replace(reports[-1], open=False))
    return reports


def _changed(
    agreement: Agreement,
    event: AgreementEnded | RectificationOrdered | RectificationDone | RectificationRefused,
) -> Agreement:
    if isinstance(event, AgreementEnded):
        return replace(agreement, ended=event)
    if isinstance(event, RectificationOrdered):
        orders = (*agreement.rectifications, Rectification(event))
    else:
        done = isinstance(event, RectificationDone)
        standing = Standing.DONE if done else Standing.REFUSED
        last = replace(agreement.rectifications[-1], standing=standing)
        orders = (*agreement.rectifications[:-1], last)
    return replace(agreement, rectifications=orders)


@dataclass(frozen=True, slots=True)
class CareStandards:
    """What care knows of a division's standards, in the order in which it heard of them."""

    noted: tuple[CareStandardNoted, ...] = ()

    def values(self) -> Iterator[RecordedValue]:
        """What rules read of it."""
        return map(recorded_value, self.noted)


def evolve_standards(state: CareStandards, event: Event) -> CareStandards:
    """Fold one event of a division's standards."""
    match event:
        case CareStandardNoted():
            return CareStandards((*state.noted, event))
        case _:
            raise TypeError(f"{event.type} is no event of a division's standards")


CARE_FILE: Final = Aggregate("care-file", CareFile(), evolve)
CARE_STANDARDS: Final = Aggregate("care-standards", CareStandards(), evolve_standards)
AGGREGATES: Final = {a.name: a for a in (CARE_FILE, CARE_STANDARDS)}


def care_standards_of(division: str) -> Stream:
    """The stream of what care knows of a division's standards."""
    return Stream(CARE_STANDARDS.name, division)


def care_standards_over(division: str) -> tuple[Stream, ...]:
    """The streams of all whose standards can hold for a division: three, from the widest."""
    return tuple(care_standards_of(division_at(division, level)) for level in DivisionLevel)


def care_file_of(case_id: UUID) -> Stream:
    """The care file's stream of a case."""
    return Stream.of_case(CARE_FILE.name, case_id)
