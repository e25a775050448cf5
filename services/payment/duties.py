"""Payment's agenda: which payments are to be handed to the bank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from services.payment.model import BANK_INSTRUCTION
from shared.contracts.payment import PaymentIntended, PaymentReturned, PaymentSettled
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission

DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {}
"""Nothing in payment falls due by itself yet: runs are prepared and approved by people."""


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """An intended payment is to be handed to the bank until it is settled or returned."""
    event = document.data
    match event:
        case PaymentIntended():
            yield AgendaEntry(
                BANK_INSTRUCTION,
                event.payment_id,
                document.effective_on,
                document.subject,
                document.stream,
                document.id,
                document.region,
            )
        case PaymentSettled() | PaymentReturned():
            yield AgendaDone(BANK_INSTRUCTION, event.payment_id)
