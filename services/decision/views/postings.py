"""What hangs in public of each case, by ids and figures: names are read where it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.rules.postings import PostingKind, posting_number
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.changes import AmountChanged, HouseholdChanged, PhaseOutStarted
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    DeterminationOpened,
)
from shared.contracts.fields import DivisionCode, Member, Programme
from shared.contracts.publicity import PublicityPosted, ResurveyOrdered
from shared.contracts.standards import AmountRedetermined
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationObjectionResolved,
    TerminationProposed,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PostingRow(Row):
    """A case as far as anything of it is public; ``amount_fen`` a month, of aid once.

    ``kind``, ``number`` and the days are those of the publicity that was posted last, gone with
    what it was about. ``receives_since`` is since when the household is paid by decision, while it
    is. ``named`` is who stands for the household: the applicant, or who is paid once they left.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    accepted_on: date
    applicant: UUID
    named: UUID
    members: tuple[Member, ...]
    review_agreed: bool | None = None
    amount_fen: int | None = None
    kind: PostingKind | None = None
    number: str | None = None
    from_on: date | None = None
    until_on: date | None = None
    receives_since: date | None = None
    receives: bool = False


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A case's posting, and whether it receives."""
    event = document.data
    if isinstance(event, DeterminationOpened):
        return {
            "division": event.division,
            "programme": event.programme.value,
            "accepted_on": event.accepted_on.isoformat(),
            "applicant": str(event.applicant),
            "named": str(event.applicant),
            "members": [member.model_dump(mode="json") for member in event.members],
            "review_agreed": event.review_agreed,
            "receives": False,
        }
    if before is None:  # of aid that has no determination
        return None
    match event:
        case BenefitProposed():
            return {**before, "amount_fen": event.amount_fen, **_entering(before, event)}
        case PublicityPosted():
            days = (event.from_on, event.until_on)
            return before | _posted(document, PostingKind(event.round.value), *days)
        case TerminationProposed() if event.until_on > event.from_on:
            days = (event.from_on, event.until_on)
            return before | _posted(document, PostingKind.TERMINATION, *days)
        case TerminationObjectionResolved() if event.upheld:
            return before | _NOTHING
        case TerminationObjectionResolved() if event.until_on is not None:
            anew = {"from_on": document.effective_on.isoformat()}
            return {**before, **anew, "until_on": event.until_on.isoformat()}
        case ResurveyOrdered() | CaseRefused() | TerminationConcluded():
            return before | _NOTHING
        case CaseEnded():
            return before | _NOTHING | {"receives": False}
    return _fold_receiving(before, event, document.effective_on)


def _fold_receiving(before: Document, event: Any, on: date) -> Document:
    match event:
        case CaseConfirmed():
            since = {"receives": True, "receives_since": on.isoformat()}
            of = _of(before, event.members, event.payee)
            return {**before, **since, "amount_fen": event.amount_fen, **of}
        case AmountRedetermined() if event.last_month is not None:
            return before
        case AmountChanged() | AmountRedetermined() | PhaseOutStarted():
            return {**before, "amount_fen": event.amount_fen}
        case HouseholdChanged() | HouseholdReinstated():
            return {**before, **_of(before, event.members, event.payee)}
        case DecisionRevoked() if event.members is not None:
            return {**before, **_of(before, event.members, event.payee)}
    return before


_NOTHING: Final[Document] = {"kind": None, "number": None, "from_on": None, "until_on": None}


def _posted(
    document: EventDocument[Any], kind: PostingKind, from_on: date, until_on: date
) -> Document:
    return {
        "kind": kind.value,
        "number": posting_number(document.subject, kind, from_on),
        "from_on": from_on.isoformat(),
        "until_on": until_on.isoformat(),
    }


def _of(before: Document, household: tuple[Member, ...], payee: UUID | None) -> Document:
    """Who the household is, and who stands for it."""
    members = [member.model_dump(mode="json") for member in household]
    named = before["applicant"]
    if payee is not None and not any(one["person_id"] == named for one in members):
        named = str(payee)
    return {"members": members, "named": named}


def _entering(before: Document, event: BenefitProposed) -> Document:
    """Those who are proposed to enter alone; nothing else where it is the whole household."""
    if event.single_persons is None:
        return {}
    alone = {str(person.person_id) for person in event.single_persons}
    return {"members": [one for one in before["members"] if one["person_id"] in alone]}


POSTINGS: Final = Projection(
    ViewSpec(
        "postings",
        indexes=(("division", "until_on"), ("division", "receives"), ("number",)),
    ),
    (
        DeterminationOpened,
        BenefitProposed,
        PublicityPosted,
        ResurveyOrdered,
        CaseConfirmed,
        CaseRefused,
        AmountChanged,
        AmountRedetermined,
        PhaseOutStarted,
        HouseholdChanged,
        HouseholdReinstated,
        DecisionRevoked,
        TerminationProposed,
        TerminationObjectionResolved,
        TerminationConcluded,
        CaseEnded,
    ),
    fold,
)
