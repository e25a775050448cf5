"""What is done to logs and copies in memory, each with the finding that must name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from shared.calendar import Month
from shared.contracts.aid import AidGranted, AidTier
from shared.contracts.care import ContactRecorded, MonthlyContactMissed
from shared.contracts.changes import PhaseOutStarted
from shared.contracts.decision import CaseEnded
from shared.contracts.payment import (
    AidPaymentIntended,
    EntitlementPartSet,
    FundAdvanced,
    FundAdvanceReturned,
    FundReplenished,
    PaymentIntended,
)
from shared.kernel.copies import Copy, seal_of
from shared.kernel.event import Document, Event
from tests.faults.reconcile.copies import of_copies
from tests.faults.reconcile.logs import Log
from tests.faults.reconcile.whole import of_affairs

Documents = list[Document[Any]]
Change = Callable[[Document[Any]], Documents]
"""What the last event of a kind is replaced by."""


def _without(_document: Document[Any]) -> Documents:
    return []


def _twice(document: Document[Any]) -> Documents:
    return [document, document]


def _saying(**fields: Any) -> Change:
    def change(document: Document[Any]) -> Documents:
        data = document.data.model_copy(update=fields)
        return [document.model_copy(update={"data": data})]

    return change


class Harm(NamedTuple):
    """What is done to the last event of a kind, and what must be found."""

    kind: type[Event]
    change: Change
    finding: str


MONEY: Final = (
    Harm(FundReplenished, _saying(balance_fen=1), "is said to hold 1,"),
    Harm(FundReplenished, _saying(amount_fen=1), "was overdrawn"),
    Harm(FundAdvanceReturned, _without, "the funds have back {}"),
    Harm(FundAdvanced, _twice, "was made 2 times"),
    Harm(FundAdvanced, _without, "came out of the wrong purse"),
    Harm(AidPaymentIntended, _without, "has 0 payments"),
    Harm(AidPaymentIntended, _without, "granted and never to be paid"),
    Harm(AidPaymentIntended, _twice, "has 2 payments"),
    Harm(AidPaymentIntended, _saying(amount_fen=1), "is paid otherwise than it was made"),
    Harm(AidGranted, _saying(amount_fen=1), "is not what was granted"),
    Harm(AidGranted, _saying(tier=AidTier.COUNTY), "came out of the wrong purse"),
    Harm(PaymentIntended, _without, "entitled to and paid differ"),
    Harm(PaymentIntended, _saying(amount_fen=1), "entitled to and paid differ"),
    Harm(PaymentIntended, _twice, "intended twice"),
    Harm(EntitlementPartSet, _saying(amount_fen=1), "entitled to and paid differ"),
    Harm(PhaseOutStarted, _saying(last_month=Month(2021, 4)), "2021-05 is paid, the last"),
    Harm(CaseEnded, _without, "ended 0 times"),
    Harm(CaseEnded, _twice, "ended 2 times"),
    Harm(CaseEnded, _saying(last_month=Month(2021, 4)), "which nobody decided"),
)

CARE: Final = (
    Harm(ContactRecorded, _without, "had no contact and was missed 0 times"),
    Harm(MonthlyContactMissed, _without, "had no contact and was missed 0 times"),
    Harm(MonthlyContactMissed, _twice, "had no contact and was missed 2 times"),
    Harm(MonthlyContactMissed, _saying(month=Month(2023, 2)), "had a contact and was missed 1"),
    Harm(MonthlyContactMissed, _saying(month=Month(2023, 5)), "nobody owed it"),
)


def affairs_found(
    harms: Iterable[Harm], logs: Mapping[str, Log], today: date
) -> Iterator[tuple[Harm, list[str]]]:
    """Each harm with what is found of it."""
    for harm in harms:
        service = harm.kind.type.split(".")[1]
        documents = list(logs[service].documents)
        last = max(n for n, d in enumerate(documents) if isinstance(d.data, harm.kind))
        documents[last : last + 1] = harm.change(documents[last])
        harmed = replace(logs[service], documents=documents)
        yield harm, list(of_affairs({**logs, service: harmed}, today))


@dataclass(frozen=True)
class CopyHarm:
    """What is done to the copies, and what must be found."""

    change: Callable[[list[Copy]], list[Copy]]
    finding: str


def _again(copies: list[Copy]) -> list[Copy]:
    """The first one once more at the end, as well sealed as the rest."""
    last = copies[-1]
    again = copies[0]._replace(position=last.position + 1)
    return [*copies, again._replace(seal=seal_of(last.seal, again))]


def _moved(copies: list[Copy]) -> list[Copy]:
    """The last one, sealed, as of a place where there is no event."""
    moved = copies[-1]._replace(log_position=1_000_000)
    return [*copies[:-1], moved._replace(seal=seal_of(copies[-2].seal, moved))]


COPIES: Final = (
    CopyHarm(lambda copies: copies[:-1], "the copies lack"),
    CopyHarm(lambda copies: [*copies[:3], *copies[4:]], "copy 5 stands where 4 must"),
    CopyHarm(lambda copies: [*copies[:3], *copies[4:]], "copy 5 is not as it was sealed"),
    CopyHarm(_again, "are both of"),
    CopyHarm(_moved, "which no log holds"),
    CopyHarm(lambda copies: [copies[0]._replace(document=b"{}"), *copies[1:]], "byte for byte"),
)


def copies_found(
    copies: list[Copy], logs: Mapping[str, Log]
) -> Iterator[tuple[CopyHarm, list[str]]]:
    """Each harm with what is found of it."""
    for harm in COPIES:
        yield harm, list(of_copies(harm.change(copies), logs))
