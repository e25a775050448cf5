"""Money obtained by fraud, with the fine for it: kept with the entitlement it was got under."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.calendar import Month
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound


@dataclass(frozen=True, slots=True)
class Fraud:
    """A finding; a fine for it, if one was imposed, and whether that was paid."""

    found: FraudFound
    fine: FraudFineImposed | None = None
    paid: FraudFinePaid | None = None

    def covers(self, first: Month, last: Month) -> bool:
        """Whether it is about one of these months."""
        return self.found.first_month <= last and first <= self.found.last_month


Frauds = tuple[Fraud, ...]


def with_fraud(frauds: Frauds, event: FraudFound | FraudFineImposed | FraudFinePaid) -> Frauds:
    """The findings after another event of one of them."""
    match event:
        case FraudFound():
            return (*frauds, Fraud(event))
        case FraudFineImposed():
            return tuple(
                replace(one, fine=event) if one.found.finding_id == event.finding_id else one
                for one in frauds
            )
        case FraudFinePaid():
            return tuple(
                replace(one, paid=event) if one.found.finding_id == event.finding_id else one
                for one in frauds
            )
