"""Residence permits that run out, and that are over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions.residence import (
    ExpirePermit,
    TellOfPermit,
    expire_permit,
    tell_of_permit,
)
from services.decision.duties.entries import entry_of
from services.decision.model import determination_of, permit_of, reviews_of
from shared.contracts.decision import CaseEnded, CaseRefused
from shared.contracts.residence import PermitExpired, PermitNoted, PermitRenewed, PermitRunsOut
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

PERMIT_RUNS_OUT: Final = "residence-permit-runs-out"
PERMIT_EXPIRES: Final = "residence-permit-expires"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """Officials are told some days before a permit's last, and it is over on the day after."""
    event = document.data
    case_id = document.subject
    match event:
        case PermitNoted() | PermitRenewed():
            over_on = event.until_on + timedelta(days=1)
            yield AgendaDone(PERMIT_RUNS_OUT, case_id)
            yield AgendaDone(PERMIT_EXPIRES, case_id)
            yield entry_of(PERMIT_RUNS_OUT, case_id, event.tell_on, document)
            yield entry_of(PERMIT_EXPIRES, case_id, over_on, document)
        case PermitRunsOut():
            yield AgendaDone(PERMIT_RUNS_OUT, case_id)
        case PermitExpired() | CaseRefused() | CaseEnded():
            yield AgendaDone(PERMIT_RUNS_OUT, case_id)
            yield AgendaDone(PERMIT_EXPIRES, case_id)


def _runs_out(entry: AgendaEntry) -> Submission:
    reads = (permit_of(entry.subject), determination_of(entry.subject))
    return duty(entry, reads, tell_of_permit, TellOfPermit())


def _expires(entry: AgendaEntry) -> Submission:
    case_id = entry.subject
    reads = (permit_of(case_id), determination_of(case_id), reviews_of(case_id))
    return duty(entry, reads, expire_permit, ExpirePermit(case_id=case_id))


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    PERMIT_RUNS_OUT: _runs_out,
    PERMIT_EXPIRES: _expires,
}
