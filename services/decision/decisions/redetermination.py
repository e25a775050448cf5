"""A changed standard goes through the cases it touches: part by part, page by page.

A province's goes to its prefectures, theirs to their counties, those to their townships; a
township lists its caseload in pages, and each page is one command. So no turn is longer than a
page, and what was begun goes on wherever it stopped.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.former_accounts import arrears_fen, months_of_former_accounts
from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import (
    Caseload,
    CaseloadParts,
    Redetermination,
    Standards,
    determination_of,
    nearest,
    parts_of,
    township_of,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    REDETERMINATION_PAGE_CASES,
    AmountRedetermined,
    CaseloadEntered,
    CaseloadLeft,
    CaseloadPartOpened,
    DivisionLevel,
    RedeterminationListed,
    RedeterminationPageApplied,
    RedeterminationPageListed,
    RedeterminationStarted,
    StandardKind,
    StandardReviewOpened,
)
from shared.kernel.decider import Decision, Fact, Moment
from shared.policy.standards import division_at

PARTS_OF: Final = (DivisionLevel.COUNTY, DivisionLevel.PREFECTURE, DivisionLevel.PROVINCE)
"""Whose parts are kept, from the narrowest: the townships of a county first."""


class EnterCaseload(Command):
    """A case is in benefit, in the caseload of its township."""

    programme: Programme
    division: str
    case_id: UUID


class LeaveCaseload(Command):
    """A case is over, after its last month."""

    case_id: UUID
    last_month: Month | None


class StartRedetermination(Command):
    """Go through the parts of a division, for a standard that ``set_by`` has set."""

    standard_id: UUID
    set_by: str
    kind: StandardKind
    programme: Programme
    division: str
    level: DivisionLevel


class ListCases(Command):
    """List a township's cases, for a standard."""

    standard_id: UUID
    kind: StandardKind
    programme: Programme
    division: str
    amount_fen: int
    from_month: Month


class ApplyStandard(Command):
    """Bring a page's cases up to the standards of their months.

    Through ``from_month``; where that has begun before, through the month of the day.
    """

    standard_id: UUID
    from_month: Month
    page: int
    cases: tuple[UUID, ...]


def enter_caseload(
    caseload: Caseload,
    county: CaseloadParts,
    prefecture: CaseloadParts,
    province: CaseloadParts,
    command: EnterCaseload,
    _at: Moment,
) -> Decision:
    """Enter a case in its township's caseload, and the township where nobody knew of it yet."""
    if command.case_id in caseload.cases:
        return []
    township = township_of(command.division)
    entered = CaseloadEntered(
        programme=command.programme, division=township, case_id=command.case_id
    )
    facts = [Fact(entered)]
    part = township
    for level, known in zip(PARTS_OF, (county, prefecture, province), strict=True):
        if part not in known.parts:
            opened = CaseloadPartOpened(programme=command.programme, part=part)
            facts.append(Fact(opened, stream=parts_of(command.programme, part, level)))
        part = division_at(part, level)
    return facts


def leave_caseload(caseload: Caseload, command: LeaveCaseload, _at: Moment) -> Decision:
    """Take a case that is over off its township's caseload, if it is there."""
    if command.case_id not in caseload.cases:
        return []
    return [CaseloadLeft(case_id=command.case_id, last_month=command.last_month)]


def start_redetermination(
    redetermination: Redetermination,
    parts: CaseloadParts,
    standards: Standards,
    command: StartRedetermination,
    _at: Moment,
) -> Decision:
    """Start with a division's parts, unless that was done or another standard was set instead."""
    standing = standards.set_as(command.standard_id)
    if redetermination.started is not None or standing is None:
        return []
    started = RedeterminationStarted(
        standard_id=command.standard_id,
        set_by=command.set_by,
        kind=command.kind,
        programme=command.programme,
        division=command.division,
        level=command.level,
        amount_fen=standing.amount_fen,
        from_month=standing.from_month,
        parts=tuple(sorted(parts.parts)),
    )
    return [started]


def list_cases(redetermination: Redetermination, caseload: Caseload, *rest: Any) -> Decision:
    """List a township's cases in pages, once; none where a nearer standard counts.

    For a standard from a past month also who was in benefit in it or since, and is no longer.
    Called with the township's re-determination and caseload, the standards around it from the
    widest, the command and the moment.
    """
    *around, command, at = rest
    if redetermination.listed is not None:
        return []
    counting = nearest(around, command.kind, command.from_month)
    touched = counting is not None and counting.standard_id == command.standard_id
    is_past = command.from_month < Month.of(at.date)
    of_then = caseload.since(command.from_month) if is_past else caseload.cases
    cases = sorted(of_then) if touched else []
    starts = range(0, len(cases), REDETERMINATION_PAGE_CASES)
    pages = [tuple(cases[start : start + REDETERMINATION_PAGE_CASES]) for start in starts]
    told: dict[str, Any] = {
        "standard_id": command.standard_id,
        "kind": command.kind,
        "programme": command.programme,
        "division": command.division,
        "amount_fen": command.amount_fen,
        "from_month": command.from_month,
    }
    listed = RedeterminationListed(cases=len(cases), pages=len(pages), **told)
    return [
        listed,
        *(
            RedeterminationPageListed(page=number, cases=page, **told)
            for number, page in enumerate(pages, start=1)
        ),
    ]


def apply_standard(redetermination: Redetermination, *rest: Any) -> Decision:
    """Bring a page's cases up to the standards of their months, each in its own stream.

    Called with the re-determination, the standards around the township from the widest, one
    determination per case of the page, the command and the moment. A page that was applied, and a
    case that another decision brought up before, are left as they are. An amount that was decided
    before and counts from next month on is brought up from then on: nothing else would do it.
    """
    *states, command, at = rest
    around, cases = states[: len(DivisionLevel)], states[len(DivisionLevel) :]
    if command.page in redetermination.applied:
        return []
    at = with_standards(at, around)
    through = max(command.from_month, Month.of(at.date))
    states_of = dict(zip(command.cases, cases, strict=True))
    found = {
        case_id: [
            *months_of_former_accounts(case, command.from_month, at),
            *levelled(case, around, max(through, case.amount_from or through), at),
        ]
        for case_id, case in states_of.items()
    }
    recorded = [
        Fact(fact.event, stream=determination_of(case_id), policy=fact.policy)
        for case_id, facts in found.items()
        for fact in facts
    ]
    begun = list(command.from_month.through(through)) if command.from_month < through else []
    arrears = [arrears_fen(case, found[case_id], begun) for case_id, case in states_of.items()]
    told = _told_of(command, [facts for facts in found.values() if facts])
    return [*recorded, Fact(told.model_copy(update={"arrears_fen": sum(arrears)} if begun else {}))]


def _told_of(command: ApplyStandard, touched: list[list[Fact]]) -> RedeterminationPageApplied:
    """What came of a page, in cases and in fen a month, by what was recorded of each case."""
    events = [[fact.event for fact in facts] for facts in touched]
    amounts = [
        [e for e in of_case if isinstance(e, AmountRedetermined) and e.last_month is None]
        for of_case in events
    ]
    referred = sum(isinstance(of_case[-1], StandardReviewOpened) for of_case in events)
    return RedeterminationPageApplied(
        standard_id=command.standard_id,
        page=command.page,
        redetermined=len(touched) - referred,
        referred=referred,
        unchanged=len(command.cases) - len(touched),
        before_fen=sum(of_case[0].amount_before_fen for of_case in amounts if of_case),
        after_fen=sum(of_case[-1].amount_fen for of_case in amounts if of_case),
    )
