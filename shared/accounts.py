"""A household's account: whose income and which deductions may stand in it, and what counts.

Verification draws it up for an application, decision anew when a change is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.contracts.fields import DeductionLine, IncomeLine, Member
from shared.kernel.decider import Refusal
from shared.money import MAX_FEN
from shared.policy import Parameters


def require_income_of_members(lines: Sequence[IncomeLine], members: Iterable[Member]) -> None:
    """Each line is of a member of the household, and each kind of income stated once a person."""
    known = {member.person_id for member in members}
    strangers = sum(line.person_id not in known for line in lines)
    if strangers:
        raise Refusal("person-not-in-household", facts={"lines": strangers}, status=422)
    stated = {(line.person_id, line.kind) for line in lines}
    if len(stated) != len(lines):
        repeated = len(lines) - len(stated)
        raise Refusal("line-listed-twice", facts={"lines": repeated}, status=422)


def require_deductions_allowed(parameters: Parameters, lines: Sequence[DeductionLine]) -> None:
    """Only what division and date provide for is deducted, each kind once.

    In Fujian in 2020: illness, disability, schooling, epidemic and the cost of working
    (因病、因残、因学、因疫, 必要的就业成本; 闽民救〔2020〕21号).
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
