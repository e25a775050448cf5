"""In what a department's data, or another case, contradict what a household declared.

A contradiction is a lead, not a verdict: it is put to the household.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from shared.accounts import within_bounds
from shared.contracts.circumstances import Disability, DisabilityCircumstances
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    ReceivedAnswer,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import IncomeKind, IncomeLine
from shared.contracts.home_visits import Bill, HomeVisitRecorded
from shared.contracts.leads import Contradiction, LeadKind, LeadOutcome, LeadStanding

RECHECK_SOURCE: Final = "民发〔2012〕220号 art. 20; 民发〔2021〕57号 art. 18"

_MEMBERSHIP: Final = {
    RegisterKind.DECEASED: LeadKind.RECORDED_DEAD,
    RegisterKind.IN_PRISON: LeadKind.IN_PRISON,
    RegisterKind.IN_COMPULSORY_DETOX: LeadKind.IN_COMPULSORY_DETOX,
}
"""Entries that nobody who lives in a household has."""

_LIVELIHOOD: Final = {
    RegisterKind.BUSINESS_REGISTERED: (LeadKind.BUSINESS_UNDECLARED, IncomeKind.BUSINESS),
    RegisterKind.ON_FISCAL_PAYROLL: (LeadKind.PAYROLL_UNDECLARED, IncomeKind.WAGE),
}
"""Entries that contradict who declared no income of the kind that they stand for."""

PROPERTY: Final = {
    LeadKind.DEPOSITS_ABOVE_DECLARED: "deposits_fen",
    LeadKind.HOUSES_ABOVE_DECLARED: "houses",
    LeadKind.VEHICLES_ABOVE_DECLARED: "vehicles",
}
"""By kind of lead the field of an answer that says how much somebody has."""


def contradictions(
    visit: HomeVisitRecorded, answer: DepartmentAnswered
) -> tuple[Contradiction, ...]:
    """What a department's answer says against what the household declared at the visit.

    Income of a kind above the declared, strictly; deposits, houses and vehicles above what was
    stated of property, where any was; entries in registers that do not go with what was said; a
    certificate of disability of another kind or grade than was shown. What registers say of a
    child's parents contradicts nobody.
    """
    found = [*_of_income(visit.income, answer), *_of_property(visit, answer)]
    found += _of_certificate(visit, answer)
    parents = {parent.person_id for parent in visit.child.parents} if visit.child else set()
    for entry in answer.entries or ():
        if entry.person_id not in parents:
            found += of_entry(visit.income, answer, entry)
    return tuple(found)


def without_superseded(
    answers: Iterable[DepartmentAnswered],
) -> tuple[DepartmentAnswered, ...]:
    """The answers without what banks say of deposits, once the People's Bank's network answered.

    It knows of the accounts in every bank, each once: the same account is not counted twice, and
    nobody is asked about it twice.
    """
    answers = tuple(answers)
    if all(answer.department is not Department.PBOC_NETWORK for answer in answers):
        return answers
    return tuple(
        answer.model_copy(update={"deposits_fen": 0})
        if answer.department is Department.BANKS
        else answer
        for answer in answers
    )


def is_superseded(said: Contradiction) -> bool:
    """Whether a lead is of what banks say of deposits, which their network knows better."""
    return said.kind is LeadKind.DEPOSITS_ABOVE_DECLARED and said.department is Department.BANKS


def without_set_aside(
    answers: Iterable[DepartmentAnswered], leads: Sequence[LeadOutcome]
) -> tuple[DepartmentAnswered, ...]:
    """The answers without the data against which an explanation was accepted.

    Of income the lines of that person and kind; of deposits, houses and vehicles the figure: what
    the household stated of them counts in its place.
    """
    aside = [lead.contradiction for lead in leads if lead.standing is LeadStanding.SET_ASIDE]
    return tuple(_without(answer, aside) for answer in answers)


def _without(answer: DepartmentAnswered, aside: Iterable[Contradiction]) -> DepartmentAnswered:
    for said in aside:
        if said.department is not answer.department:
            continue
        if said.kind is LeadKind.INCOME_ABOVE_DECLARED:
            kept = tuple(
                line
                for line in answer.income
                if (line.person_id, line.kind) != (said.person_id, said.income)
            )
            answer = answer.model_copy(update={"income": kept})
        elif said.kind in PROPERTY:
            answer = answer.model_copy(update={PROPERTY[said.kind]: 0})
    return answer


def bills_that_count(bills: Iterable[Bill], leads: Sequence[LeadOutcome]) -> tuple[Bill, ...]:
    """The bills without those that stand as used in another case."""
    elsewhere = {
        lead.contradiction.number_digest
        for lead in leads
        if lead.contradiction.kind is LeadKind.BILL_USED_ELSEWHERE
        and lead.standing not in (LeadStanding.SET_ASIDE, LeadStanding.CLEARED)
    }
    return tuple(bill for bill in bills if bill.number_digest not in elsewhere)


def _of_income(
    declared: Iterable[IncomeLine], answer: DepartmentAnswered
) -> Iterator[Contradiction]:
    stated = income_sums(declared)
    reported = income_sums(answer.income)
    for (person_id, kind), reported_fen in reported.items():
        declared_fen = stated.get((person_id, kind), 0)
        if reported_fen > declared_fen:
            yield Contradiction(
                kind=LeadKind.INCOME_ABOVE_DECLARED,
                department=answer.department,
                person_id=person_id,
                income=kind,
                declared=declared_fen,
                reported=reported_fen,
            )


def income_sums(lines: Iterable[IncomeLine]) -> dict[tuple[UUID, IncomeKind], int]:
    """What lines come to a month in fen, per person and kind."""
    sums: dict[tuple[UUID, IncomeKind], int] = {}
    for line in lines:
        key = (line.person_id, line.kind)
        sums[key] = within_bounds(sums.get(key, 0) + line.amount_fen)
    return sums


def _of_property(visit: HomeVisitRecorded, answer: DepartmentAnswered) -> Iterator[Contradiction]:
    stated = visit.property
    if stated is None:
        return
    for kind, name in PROPERTY.items():
        declared, reported = getattr(stated, name), getattr(answer, name)
        if reported > declared:
            yield Contradiction(
                kind=kind, department=answer.department, declared=declared, reported=reported
            )


def _of_certificate(
    visit: HomeVisitRecorded, answer: DepartmentAnswered
) -> Iterator[Contradiction]:
    """Another kind or grade than the certificate that was shown, or none in the register."""
    if visit.disability is None or answer.department is not Department.DISABILITY_FEDERATION:
        return
    shown, registered = visit.disability.disability, registered_disability(answer)
    if shown != registered:
        yield Contradiction(
            kind=LeadKind.CERTIFICATE_DIFFERS,
            department=answer.department,
            declared=None if shown is None else shown.grade,
            reported=None if registered is None else registered.grade,
        )


def registered_disability(answer: DepartmentAnswered) -> Disability | None:
    """What the register of certificates has of the one person that was asked about."""
    return next((one.disability for one in answer.certificates or ()), None)


def disability_that_counts(
    stated: DisabilityCircumstances | None,
    answers: Iterable[DepartmentAnswered],
    leads: Sequence[LeadOutcome],
) -> DisabilityCircumstances | None:
    """The circumstances with the disability as the federation's register has it.

    The county's federation keeps the certificates and checks them: its register goes before the
    paper that was shown, unless an explanation was accepted against it. Where it gave no data the
    paper counts. Source: 国发〔2015〕52号, 3(2).
    """
    if stated is None:
        return None
    shown = any(
        lead.contradiction.kind is LeadKind.CERTIFICATE_DIFFERS
        and lead.standing is LeadStanding.SET_ASIDE
        for lead in leads
    )
    for answer in answers:
        if answer.department is Department.DISABILITY_FEDERATION and not shown:
            return stated.model_copy(update={"disability": registered_disability(answer)})
    return stated


def of_entry(
    declared: Iterable[IncomeLine], answer: ReceivedAnswer, entry: RegisterEntry
) -> Iterator[Contradiction]:
    """What an entry in a register says against a household with this income."""
    if entry.kind in _LIVELIHOOD:
        kind, income = _LIVELIHOOD[entry.kind]
        if any(line.person_id == entry.person_id and line.kind is income for line in declared):
            return
    elif entry.kind in _MEMBERSHIP:
        kind = _MEMBERSHIP[entry.kind]
    else:
        return
    yield Contradiction(kind=kind, department=answer.department, person_id=entry.person_id)
