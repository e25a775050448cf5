"""Care at home: every month that is owed was contacted or missed, and never missed twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from shared.calendar import Month
from shared.contracts.care import (
    AgreementEnded,
    AgreementSigned,
    ContactRecorded,
    MonthlyContactMissed,
)
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass
class _Agreement:
    """An agreement's term; ``end`` is the first day without it, whatever ended it."""

    signed: AgreementSigned
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        ended = self.end is not None and self.end <= day
        return self.signed.signed_on <= day <= self.signed.until_on and not ended


@dataclass
class _File:
    """What a person's care came to: agreements, and where in the log contacts and misses are."""

    agreements: dict[UUID, _Agreement] = field(default_factory=dict)
    contacts: dict[Month, list[int]] = field(default_factory=lambda: defaultdict(list))
    missed: dict[Month, list[int]] = field(default_factory=lambda: defaultdict(list))

    def owed(self, today: date) -> set[Month]:
        """The months that are over whose contact was owed by whom an agreement bound at the end."""
        return {
            month
            for agreement in self.agreements.values()
            for month in self._first(agreement).through(Month.of(today).previous())
            if agreement.holds_on(month.last_day)
        }

    def _first(self, agreement: _Agreement) -> Month:
        """The month of signing, if somebody was bound on its first day; otherwise the next."""
        month = Month.of(agreement.signed.signed_on)
        bound = any(one.holds_on(month.first_day) for one in self.agreements.values())
        return month if bound else month.next()


def months_were_contacted_or_missed(world: World, history: History) -> None:
    """Each owed month was contacted or missed once; a contact after that came too late."""
    files: dict[UUID, _File] = defaultdict(_File)
    for row, document in zip(history.rows, history.documents, strict=True):
        event, file = document.data, files[document.subject]
        match event:
            case AgreementSigned():
                file.agreements[event.agreement_id] = _Agreement(event)
            case AgreementEnded():
                file.agreements[event.agreement_id].end = event.ended_on
            case ContactRecorded():
                file.contacts[Month.of(event.contact_on)].append(row.position)
            case MonthlyContactMissed():
                file.missed[event.month].append(row.position)
    for case_id, file in files.items():
        owed = file.owed(world.today)
        for month in owed | {*file.missed}:
            _looked_at(f"{case_id} {month}", file, month, owed=month in owed)


def _looked_at(name: str, file: _File, month: Month, *, owed: bool) -> None:
    contacts, missed = file.contacts[month], file.missed[month]
    once = len(missed) <= owed and bool(contacts or missed)
    text = f"{name}: owed {owed}, contacts at {contacts}, missed at {missed}"
    require(once, Invariant.COMMANDS_ONCE, text)
    unseen = not contacts or not missed or missed[0] < contacts[0]
    require(unseen, Invariant.COMMANDS_ONCE, f"{text}: it was missed in spite of a contact")
