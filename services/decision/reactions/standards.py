"""What decision's own events make it do about standards: caseloads kept, cases gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from services.decision.decisions import (
    ApplyStandard,
    EnterCaseload,
    LeaveCaseload,
    ListCases,
    StartRedetermination,
    apply_standard,
    enter_caseload,
    leave_caseload,
    list_cases,
    start_redetermination,
)
from services.decision.decisions.redetermination import PARTS_OF
from services.decision.model import (
    caseload_of,
    determination_of,
    parts_of,
    redetermination_of,
    standards_of,
    standards_over,
)
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    DivisionLevel,
    RedeterminationPageListed,
    RedeterminationStarted,
)
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction
from shared.policy.standards import CARE_TIERS, digits_of
from shared.regions import Level

_BELOW: Final[Mapping[DivisionLevel, DivisionLevel]] = {
    DivisionLevel.PROVINCE: DivisionLevel.PREFECTURE,
    DivisionLevel.PREFECTURE: DivisionLevel.COUNTY,
}
_TOWNSHIP: Final = Level.TOWNSHIP.digits


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A confirmed case is in the caseload of its township."""
    confirmed = document.data
    programme, division = confirmed.programme, confirmed.division
    parts = (parts_of(programme, division, level) for level in PARTS_OF)
    reads = (caseload_of(programme, division), *parts)
    command = EnterCaseload(programme=programme, division=division, case_id=document.subject)
    yield reaction("enter-caseload", document, reads, enter_caseload, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """A case that is over is off its township's caseload."""
    ended = document.data
    if ended.programme is not Programme.TEMPORARY_ASSISTANCE:
        reads = (caseload_of(ended.programme, ended.division),)
        command = LeaveCaseload(case_id=document.subject, last_month=ended.last_month)
        yield reaction("leave-caseload", document, reads, leave_caseload, command)


def on_redetermination_started(document: Document[RedeterminationStarted]) -> Iterable[Submission]:
    """The parts of a division are gone through: a county's townships list their cases.

    What follows is of the part, not of the division that set the standard.
    """
    started = document.data
    for part in started.parts:
        if started.level is DivisionLevel.COUNTY:
            submission = _list_cases(document, part)
        else:
            submission = _start(document, part, _BELOW[started.level])
        yield replace(submission, region=part)


def _list_cases(document: Document[RedeterminationStarted], township: str) -> Submission:
    started = document.data
    command = ListCases(
        standard_id=started.standard_id,
        kind=started.kind,
        programme=started.programme,
        division=township,
        amount_fen=started.amount_fen,
        from_month=started.from_month,
    )
    reads = (
        redetermination_of(started.standard_id, township, _TOWNSHIP),
        caseload_of(started.programme, township),
        *standards_over(township),
    )
    return reaction("list-cases", document, reads, list_cases, command)


def _start(
    document: Document[RedeterminationStarted], division: str, level: DivisionLevel
) -> Submission:
    started = document.data
    command = StartRedetermination(
        standard_id=started.standard_id,
        set_by=started.set_by,
        kind=started.kind,
        programme=started.programme,
        division=division,
        level=level,
    )
    reads = (
        redetermination_of(started.standard_id, division, digits_of(level)),
        parts_of(started.programme, division, level),
        standards_of(started.set_by),
    )
    return reaction("start-redetermination", document, reads, start_redetermination, command)


def on_page_listed(document: Document[RedeterminationPageListed]) -> Iterable[Submission]:
    """A page's cases are brought up to the standard, in one command; of care tiers by care."""
    page = document.data
    if page.kind in CARE_TIERS:
        return
    command = ApplyStandard(
        standard_id=page.standard_id,
        from_month=page.from_month,
        page=page.page,
        cases=page.cases,
    )
    reads = (
        redetermination_of(page.standard_id, page.division, _TOWNSHIP),
        *standards_over(page.division),
        *(determination_of(case_id) for case_id in page.cases),
    )
    yield reaction("apply-standard", document, reads, apply_standard, command)


OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    CaseEnded: (on_case_ended,),
    RedeterminationStarted: (on_redetermination_started,),
    RedeterminationPageListed: (on_page_listed,),
}
