"""A household's account: of several statements the line that counts, and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.verification.rules.leads import (
    bills_that_count,
    without_set_aside,
    without_superseded,
)
from services.verification.rules.necessities import exempt_property, is_house
from services.verification.rules.spending import (
    deducted_of,
    monthly_deductions,
    rigid_spending,
)
from services.verification.rules.work import (
    deduction_of,
    employment_costs,
    imputed_wages,
    with_imputed,
)
from shared.accounts import IncomeApart, counted_income_fen, income_apart, within_bounds
from shared.contracts.circumstances import (
    HouseholdCircumstances,
)
from shared.contracts.departments import DepartmentAnswered
from shared.contracts.fields import (
    DeductionLine,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    LineSource,
    Supporter,
    TreatmentChosen,
)
from shared.contracts.home_visits import Bill, DeclaredProperty, ExemptProperty, HomeVisitRecorded
from shared.contracts.leads import LeadOutcome
from shared.contracts.residence import HomeCountyAnswered
from shared.contracts.verification import EmploymentCost, ImputedWage
from shared.money import MAX_FEN
from shared.policy import Parameters

_KINDS: Final = {kind: place for place, kind in enumerate(IncomeKind)}
"""The contract's order of kinds."""
_NAMES: Final = (*IncomeItem, *Supporter)
_RANK: Final = {
    source: (source is not LineSource.DECLARED, -place) for place, source in enumerate(LineSource)
}
"""What goes before at equal amounts: a department's line, and by the contract's order."""

_Property = DeclaredProperty | DepartmentAnswered | HomeCountyAnswered
"""What says how much a household has of deposits, houses and vehicles."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a household stated at the visit, and the bills that it showed; fen a month."""

    income: tuple[IncomeLine, ...] = ()
    deductions: tuple[DeductionLine, ...] = ()
    bills: tuple[Bill, ...] = ()
    circumstances: HouseholdCircumstances | None = None
    property: DeclaredProperty | None = None

    @classmethod
    def of(cls, visit: HomeVisitRecorded) -> Statement:
        """The statement of a recorded visit; of billed kinds the bills, not what they came to."""
        bills = visit.bills or ()
        billed = {bill.kind for bill in bills}
        return cls(
            income=visit.income,
            deductions=tuple(line for line in visit.deductions if line.kind not in billed),
            bills=bills,
            circumstances=visit.circumstances,
            property=visit.property,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A household's account: the lines that count and those that do not, and the sums.

    In fen a month, but ``deposits_fen``, which is what is there. ``rigid_spending`` is what counts
    of it, deducted or not. ``houses`` and ``vehicles`` are without ``exempt_property``.
    """

    income: IncomeApart
    imputed: tuple[ImputedWage, ...]
    deductions: tuple[DeductionLine, ...]
    employment_costs: tuple[EmploymentCost, ...]
    bills: tuple[Bill, ...]
    rigid_spending: tuple[DeductionLine, ...]
    deposits_fen: int
    houses: int
    vehicles: int
    exempt_property: tuple[ExemptProperty, ...]

    @property
    def deducted_fen(self) -> int:
        """What is deducted, in fen a month."""
        return within_bounds(sum(line.amount_fen for line in self.deductions))

    @property
    def counted_income_fen(self) -> int:
        """What counts against the standard, in fen a month."""
        return counted_income_fen(self.income.income_fen, self.deducted_fen)


def account(
    parameters: Parameters,
    statement: Statement,
    answers: Sequence[DepartmentAnswered],
    leads: Sequence[LeadOutcome] = (),
    chosen: TreatmentChosen | None = None,
    home: Sequence[HomeCountyAnswered] = (),
) -> Account:
    """The household's account, line by line, out of what it declared and departments reported.

    Departments look at different things, and where two report the same (deposits, houses) the
    higher figure is taken, so that nothing counts twice; of deposits, the People's Bank's network
    goes before what single banks state. What surveys at ``home`` found of property
    is weighed so too: one of them and a register of the whole country may see the same house (see
    docs/decisions/0048). ``leads`` are the contradictions with what became of them: data that were
    set aside do not count, a bill that stands as used elsewhere is not deducted. ``chosen`` is what
    was decided of income whose treatment the regime leaves unsettled.
    """
    weighed = without_superseded(without_set_aside(answers, leads))
    reported = (line for answer in weighed for line in answer.income)
    lines = counting_lines([*statement.income, *reported])
    income = income_apart(parameters, lines, chosen, statement.circumstances)
    imputed = imputed_wages(parameters, statement.circumstances, income.counted)
    if imputed:
        income = replace(income, counted=with_imputed(income.counted, imputed))
    costs = employment_costs(parameters, statement.circumstances, income.counted)
    bills = bills_that_count(statement.bills, leads)
    billed = monthly_deductions(parameters, bills)
    stated = statement.property or DeclaredProperty(deposits_fen=0, houses=0, vehicles=0)
    seen: tuple[_Property, ...] = (stated, *weighed, *home)
    houses = max(one.houses for one in seen)
    vehicles = max(one.vehicles for one in seen)
    exempt = exempt_property(parameters, stated.necessities or (), houses)
    return Account(
        income=income,
        imputed=imputed,
        deductions=(
            *statement.deductions,
            *deducted_of(parameters, billed),
            *deduction_of(costs),
        ),
        employment_costs=costs,
        bills=bills,
        rigid_spending=rigid_spending(parameters, (*statement.deductions, *billed)),
        deposits_fen=max(one.deposits_fen for one in seen),
        houses=houses - sum(is_house(one.necessity) for one in exempt),
        vehicles=vehicles - sum(not is_house(one.necessity) for one in exempt),
        exempt_property=exempt,
    )


def counting_lines(lines: Iterable[IncomeLine]) -> tuple[IncomeLine, ...]:
    """Per person and kind the lines that count, by person and then kind in the contract's order.

    Several amounts of one source (two employers) are one line, their sum.
    """
    of_kind: dict[tuple[int, int], list[IncomeLine]] = {}
    for line in lines:
        of_kind.setdefault((line.person_id.int, _KINDS[line.kind]), []).append(line)
    return tuple(line for key in sorted(of_kind) for line in lines_of_one_kind(of_kind[key]))


def lines_of_one_kind(lines: Sequence[IncomeLine]) -> tuple[IncomeLine, ...]:
    """What counts of one person's income of one kind: each named item, then what is over.

    Of an item, and of the whole, the highest statement counts. What a source knows of the whole
    without naming it is explained by the items as far as they reach: a pension that the household
    names is not counted a second time because a register holds its amount without a name. See
    docs/decisions/0026.
    """
    whole = _highest(lines)
    named = {line.named for line in lines}
    if named == {None}:
        return (whole,)
    items = [
        _highest([line for line in lines if line.named is name]).model_copy(update=_naming(name))
        for name in _NAMES
        if name in named
    ]
    over_fen = whole.amount_fen - sum(line.amount_fen for line in items)
    if over_fen > 0:
        items.append(whole.model_copy(update={"amount_fen": over_fen}))
    return tuple(items)


def _naming(name: IncomeItem | Supporter) -> dict[str, object]:
    return {"item" if isinstance(name, IncomeItem) else "paid_by": name}


def _highest(lines: Sequence[IncomeLine]) -> IncomeLine:
    """Of several sources' sums the one that counts, without its item."""
    sums: dict[LineSource, int] = {}
    for line in lines:
        sums[line.source] = sums.get(line.source, 0) + line.amount_fen
    stated = sums
    if max(sums.values()) > MAX_FEN:
        stated = {source: within_bounds(amount_fen) for source, amount_fen in sums.items()}
    source = higher_of_declared_and_reported(stated)
    return IncomeLine(
        person_id=lines[0].person_id,
        kind=lines[0].kind,
        source=source,
        amount_fen=stated[source],
    )


def higher_of_declared_and_reported(stated: Mapping[LineSource, int]) -> LineSource:
    """The source that counts of those that state one person's income of one kind, in fen a month.

    The highest: a declaration does not undo what a department knows, nor does an incomplete
    register undo what was declared. At equal amounts a department's line goes before the
    declared one. No source says how the two are weighed; see docs/decisions.
    """
    return max(
        stated,
        key=lambda source: (stated[source], _RANK[source]),
    )
