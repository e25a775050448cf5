"""Where a bill was presented: one stream per bill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.contracts.home_visits import BillPresented
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class BillUses:
    """Where a bill was presented, by the digest of its number."""

    presented: tuple[BillPresented, ...] = ()

    def other_case(self, case_id: UUID) -> UUID | None:
        """The case that used it first, if it is another one.

        Who was first stays so, also where it shows the bill again after somebody else did.
        """
        first = self.presented[0].case_id if self.presented else case_id
        return None if first == case_id else first

    def used_by(self, case_id: UUID) -> bool:
        """Whether a case has presented it."""
        return any(presented.case_id == case_id for presented in self.presented)


def evolve_bill(uses: BillUses, event: Event) -> BillUses:
    """One step of a bill's fold."""
    match event:
        case BillPresented():
            return BillUses((*uses.presented, event))
        case _:
            raise TypeError(f"{event.type} is no event of a bill")


BILL: Final = Aggregate("bill", BillUses(), evolve_bill)


def bill_of(number_digest: str) -> Stream:
    """The stream of a bill, wherever it is presented."""
    return Stream(BILL.name, number_digest)
