"""Care: each month that owed a contact had one, or was missed, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shared.calendar import Month
from shared.contracts.care import (
    AgreementEnded,
    AgreementSigned,
    ContactRecorded,
    MonthlyContactMissed,
)
from tests.faults.reconcile.logs import Log


@dataclass
class _Care:
    """A person's agreements with their ends, and their months."""

    agreements: dict[UUID, AgreementSigned] = field(default_factory=dict)
    ended_on: dict[UUID, date] = field(default_factory=dict)
    contacted: set[Month] = field(default_factory=set)
    missed: Counter[Month] = field(default_factory=Counter)

    def owed(self, today: date) -> set[Month]:
        """The months that are over and at whose end somebody was responsible."""
        return {
            month
            for agreement_id, signed in self.agreements.items()
            for month in signed.first_month.through(Month.of(signed.until_on))
            if month.last_day < today
            and month.last_day <= signed.until_on
            and month.last_day < self.ended_on.get(agreement_id, date.max)
        }


def of_care(log: Log, today: date) -> Iterator[str]:
    """Months that were owed and neither contacted nor missed, missed twice, or not owed at all.

    Owed is one contact a month (陕民发〔2022〕23号). A contact that is recorded after the month was
    found missed leaves it so.
    """
    files: dict[UUID, _Care] = defaultdict(_Care)
    for document in log.documents:
        event, care = document.data, files[document.subject]
        match event:
            case AgreementSigned():
                care.agreements[event.agreement_id] = event
            case AgreementEnded():
                care.ended_on[event.agreement_id] = event.ended_on
            case ContactRecorded() if not care.missed[Month.of(event.contact_on)]:
                care.contacted.add(Month.of(event.contact_on))
            case MonthlyContactMissed():
                care.missed[event.month] += 1
    for case_id, care in files.items():
        owed = care.owed(today)
        for month in sorted(owed | care.missed.keys()):
            times = care.missed[month]
            if month not in owed and times:
                yield f"care of {case_id}: {month} was missed, and nobody owed it"
            elif month in owed and (month in care.contacted) + times != 1:
                had = "a contact" if month in care.contacted else "no contact"
                yield f"care of {case_id}: {month} had {had} and was missed {times} times"
