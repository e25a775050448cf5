"""A household's account: whose income and which deductions may stand in it, and what counts.

Verification draws it up for an application, decision anew when a change is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.circumstances import is_minor, is_severely_disabled
from shared.contracts.circumstances import HouseholdCircumstances, MemberCircumstances, Occupation
from shared.contracts.fields import (
    DeductionLine,
    ExcludedIncome,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    IncomeTreatment,
    Member,
    Supporter,
    TreatmentChosen,
)
from shared.kernel.decider import Refusal
from shared.money import MAX_FEN
from shared.policy import Parameters

BASIC_PENSION_PARAMETER: Final = "income_basic_pension"
EXCLUDED_PARAMETER: Final = "income_excluded"

SUPPORT_PARAMETER: Final = "income_support_not_counted"

_KINDS_WITH_ITEMS: Final = frozenset({IncomeKind.TRANSFER, IncomeKind.OTHER})


class Treatment(StrEnum):
    """What the regime makes of a line; ``UNSETTLED``: it says nothing, and a person decides."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    UNSETTLED = "unsettled"


def treatment_of(parameters: Parameters, item: IncomeItem | None) -> Treatment:
    """Whether an income of this item counts in the household's income.

    What nothing leaves out counts. Until June 2021 social relief money was transfer income
    (社会救济金; 民发〔2012〕220号, art. 16); since then neither it nor preferential pensions,
    awards and scholarships count (民发〔2021〕57号, art. 13). The central basic pension is left out
    during the fourteenth five-year plan, for tekun without an end (民发〔2021〕43号, art. 6).
    """
    if item is None:
        return Treatment.COUNTED
    if item is IncomeItem.BASIC_PENSION:
        return Treatment(parameters.code(BASIC_PENSION_PARAMETER))
    excluded = item.value in parameters.codes(EXCLUDED_PARAMETER)
    return Treatment.EXCLUDED if excluded else Treatment.COUNTED


def treatment_of_support(
    parameters: Parameters, paid_by: Supporter, member: MemberCircumstances | None
) -> Treatment:
    """Whether what somebody is paid for their living counts as their income.

    It does, but for adults who are severely disabled and without work, by whom the regime names.
    Nobody of whom the survey found nothing is taken for one.
    Source: 民发〔2022〕83号, 1(1) (兄弟姐妹或者六十周岁及以上老年人给付的供养费用).
    """
    if member is None or is_minor(member) or member.occupation is not Occupation.NO_WORK:
        return Treatment.COUNTED
    if paid_by.value not in parameters.codes(SUPPORT_PARAMETER):
        return Treatment.COUNTED
    severe = is_severely_disabled(member, parameters)
    return Treatment.EXCLUDED if severe else Treatment.COUNTED


@dataclass(frozen=True, slots=True)
class IncomeApart:
    """A household's income, what counts and what does not; ``income_fen`` a month is what does.

    ``chosen`` is who decided what where the regime left it unsettled.
    """

    counted: tuple[IncomeLine, ...]
    excluded: tuple[ExcludedIncome, ...]
    chosen: TreatmentChosen | None

    @property
    def income_fen(self) -> int:
        """The sum of what counts, in fen a month."""
        return within_bounds(sum(line.amount_fen for line in self.counted))

    @property
    def left_out(self) -> tuple[ExcludedIncome, ...] | None:
        """What does not count, for an event that names it only where there is any."""
        return self.excluded or None


def income_apart(
    parameters: Parameters,
    lines: Sequence[IncomeLine],
    chosen: TreatmentChosen | None = None,
    circumstances: HouseholdCircumstances | None = None,
) -> IncomeApart:
    """What of a household's income counts, each line by the regime.

    ``chosen`` is needed, and allowed, where a line's treatment is unsettled. ``circumstances`` are
    what a survey found of the household's people.
    """
    members = circumstances.members if circumstances else ()

    def treated(line: IncomeLine) -> Treatment:
        if line.paid_by is None:
            return treatment_of(parameters, line.item)
        found = next((one for one in members if one.person_id == line.person_id), None)
        return treatment_of_support(parameters, line.paid_by, found)

    treatments = [treated(line) for line in lines]
    unsettled = treatments.count(Treatment.UNSETTLED)
    _require_choice_where_unsettled(parameters, unsettled, chosen)
    counted: list[IncomeLine] = []
    excluded: list[ExcludedIncome] = []
    leaving_out = {Treatment.EXCLUDED}
    if chosen is not None and chosen.treatment is IncomeTreatment.EXCLUDED:
        leaving_out.add(Treatment.UNSETTLED)
    for line, treatment in zip(lines, treatments, strict=True):
        if treatment in leaving_out:
            excluded.append(ExcludedIncome(line=line, parameter=_parameter_of(line)))
        else:
            counted.append(line)
    return IncomeApart(tuple(counted), tuple(excluded), chosen)


def chosen_by(treatment: IncomeTreatment | None, who: UUID) -> TreatmentChosen | None:
    """A choice with who made it; none, where none was made."""
    return None if treatment is None else TreatmentChosen(treatment=treatment, chosen_by=who)


def _require_choice_where_unsettled(
    parameters: Parameters, unsettled: int, chosen: TreatmentChosen | None
) -> None:
    if not unsettled and chosen is not None:
        raise Refusal("basic-pension-settled", facts={"chosen": chosen.treatment})
    if unsettled and chosen is None:
        raise Refusal(
            "basic-pension-unsettled",
            facts={"lines": unsettled, "allowed": ", ".join(IncomeTreatment)},
            source=parameters.value(BASIC_PENSION_PARAMETER).source,
        )


def _parameter_of(line: IncomeLine) -> str:
    if line.paid_by is not None:
        return SUPPORT_PARAMETER
    pension = line.item is IncomeItem.BASIC_PENSION
    return BASIC_PENSION_PARAMETER if pension else EXCLUDED_PARAMETER


def require_income_of_members(lines: Sequence[IncomeLine], members: Iterable[Member]) -> None:
    """Each line is of a member of the household, each kind and item stated once a person.

    What is named as an item of its own is a transfer, or other income: nobody's wage is a pension.
    Support that somebody pays is a transfer, and no item beside.
    """
    known = {member.person_id for member in members}
    strangers = sum(line.person_id not in known for line in lines)
    if strangers:
        raise Refusal("person-not-in-household", facts={"lines": strangers}, status=422)
    misplaced = [line for line in lines if not _may_be_named(line)]
    if misplaced:
        facts: dict[str, int | str] = {"kind": misplaced[0].kind, "item": str(misplaced[0].named)}
        raise Refusal("income-item-out-of-place", facts=facts, status=422)
    stated = {(line.person_id, line.kind, line.named) for line in lines}
    if len(stated) != len(lines):
        repeated = len(lines) - len(stated)
        raise Refusal("line-listed-twice", facts={"lines": repeated}, status=422)


def _may_be_named(line: IncomeLine) -> bool:
    """Whether a line may say what it is: an item where items are, support as a transfer alone."""
    if line.paid_by is not None:
        return line.item is None and line.kind is IncomeKind.TRANSFER
    return line.item is None or line.kind in _KINDS_WITH_ITEMS


def require_deductions_allowed(parameters: Parameters, lines: Sequence[DeductionLine]) -> None:
    """Only what division and date provide for is deducted, each kind once.

    In Fujian in 2020: illness, disability, schooling, epidemic and the cost of working
    (因病、因残、因学、因疫, 必要的就业成本).
    Source: 闽民救〔2020〕21号, 2(2).1; 大民联发(2020)2号, 2(4); 民发〔2021〕57号, art. 13;
    社会救助兜底脱贫行动方案; 民发〔2021〕43号, art. 6.
    """
    allowed = parameters.codes("income_deductions")
    refused = [line.kind for line in lines if line.kind not in allowed]
    if refused:
        raise Refusal(
            "deduction-not-allowed",
            facts={"kind": refused[0], "allowed": ", ".join(allowed)},
            source=parameters.value("income_deductions").source,
        )
    if len({line.kind for line in lines}) != len(lines):
        raise Refusal("line-listed-twice", facts={"lines": len(lines)}, status=422)


def counted_income_fen(income_fen: int, deducted_fen: int) -> int:
    """What counts against the standard, in fen a month: income less deductions, at least zero."""
    return max(0, income_fen - deducted_fen)


def within_bounds(amount_fen: int) -> int:
    """An amount as one case's contract can hold it: just under 100 million yuan at most.

    Beyond that no figure changes what is decided about a household.
    """
    return min(amount_fen, MAX_FEN)
