"""The rules of the means check, pure functions over the parameters of the acceptance date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final
from uuid import UUID

from shared.accounts import counted_income_fen, within_bounds
from shared.contracts.fields import (
    DeductionLine,
    Due,
    IncomeKind,
    IncomeLine,
    LineSource,
    Programme,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.verification import DepartmentAnswered
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters

COMPLETENESS_SOURCE: Final = "国务院令第649号 arts. 11, 58"
"""What has to be looked into: the visit, the residents' review, the departments' data."""

TEKUN_SOURCE: Final = "民发〔2021〕43号 arts. 4, 5, 8"


def require_surveyors(parameters: Parameters, surveyors: Collection[UUID]) -> None:
    """Enough different people visit: 每组调查人员不得少于2人."""
    needed = parameters.whole("survey_minimum_surveyors")
    different = len(set(surveyors))
    if different < needed:
        raise Refusal(
            "too-few-surveyors",
            facts={"different": different, "needed": needed},
            source=parameters.value("survey_minimum_surveyors").source,
        )


def require_day_between(code: str, day: date, earliest: date, latest: date) -> None:
    """Something happened on a day that it can have happened on; both ends are included."""
    if not earliest <= day <= latest:
        raise Refusal(
            code,
            facts={
                "day": day.isoformat(),
                "earliest": earliest.isoformat(),
                "latest": latest.isoformat(),
            },
        )


def require_tekun_circumstances(
    programme: Programme, circumstances: TekunCircumstances | None
) -> None:
    """A visit for tekun says why somebody cannot work and who is bound to support them.

    A disability is stated with its kind and grade, and nothing else with them. Source: 民发〔2021〕
    43号, arts. 4, 5, 8.
    """
    if programme is not Programme.TEKUN:
        if circumstances is not None:
            facts = {"programme": programme}
            raise Refusal("tekun-circumstances-out-of-place", facts=facts, status=422)
        return
    if circumstances is None:
        raise Refusal("tekun-circumstances-missing", source=TEKUN_SOURCE, status=422)
    disabled = circumstances.ground is TekunGround.DISABILITY
    stated = (circumstances.disability is not None, circumstances.grade is not None)
    if stated != (disabled, disabled):
        raise Refusal(
            "tekun-disability-unclear",
            facts={"ground": circumstances.ground},
            source=TEKUN_SOURCE,
            status=422,
        )


def review_required(parameters: Parameters) -> bool:
    """Whether every check has a democratic review, objection or not."""
    return parameters.code("democratic_review_when") == "always"


def require_review_provided_for(parameters: Parameters) -> None:
    """Where the regime knows no democratic review, none is held."""
    if parameters.code("democratic_review_when") == "never":
        source = parameters.value("democratic_review_when").source
        raise Refusal("review-not-provided-for", source=source)


def require_representatives(parameters: Parameters, present: int, representatives: int) -> None:
    """Residents' representatives are a share of all who take part.

    民发〔2012〕220号, art. 22: 村（居）民代表人数不得少于参加评议总人数的三分之二. Of five present
    four: three would be less than two thirds.
    """
    share = parameters.ratio_or_none("democratic_review_representative_share")
    if share is None:
        return
    needed = ceil(share * present)
    if representatives < needed:
        raise Refusal(
            "too-few-representatives",
            facts={"present": present, "representatives": representatives, "needed": needed},
            source=parameters.value("democratic_review_representative_share").source,
        )


def review_due(parameters: Parameters, visited_on: date) -> Due | None:
    """The last day for the democratic review, in working days after the survey; ``None`` if the
    regime asks for no review or sets no period.
    """
    days = parameters.whole_or_none("democratic_review_within_working_days")
    if days is None or not review_required(parameters):
        return None
    return working_day_due(parameters, visited_on, days)


@dataclass(frozen=True, slots=True)
class Account:
    """A household's account: the lines that count, and the sums, in fen a month.

    ``deposits_fen`` is what is there, not a month's.
    """

    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    income_fen: int
    deducted_fen: int
    counted_income_fen: int
    deposits_fen: int
    houses: int
    vehicles: int


def account(
    declared: Iterable[IncomeLine],
    deductions: Sequence[DeductionLine],
    answers: Sequence[DepartmentAnswered],
) -> Account:
    """The household's account, line by line, out of what it declared and departments reported.

    Departments look at different things, and where two report the same (deposits, houses) the
    higher figure is taken, so that nothing counts twice.
    """
    reported = (line for answer in answers for line in answer.income)
    lines = counting_lines([*declared, *reported])
    income_fen = within_bounds(sum(line.amount_fen for line in lines))
    deducted_fen = within_bounds(sum(line.amount_fen for line in deductions))
    return Account(
        income=lines,
        deductions=tuple(deductions),
        income_fen=income_fen,
        deducted_fen=deducted_fen,
        counted_income_fen=counted_income_fen(income_fen, deducted_fen),
        deposits_fen=max((answer.deposits_fen for answer in answers), default=0),
        houses=max((answer.houses for answer in answers), default=0),
        vehicles=max((answer.vehicles for answer in answers), default=0),
    )


def counting_lines(lines: Iterable[IncomeLine]) -> tuple[IncomeLine, ...]:
    """Per person and kind the line that counts, by person and then kind in the contract's order.

    Several amounts of one source (two employers) are one line, their sum.
    """
    sums: dict[tuple[UUID, IncomeKind], dict[LineSource, int]] = {}
    for line in lines:
        of_kind = sums.setdefault((line.person_id, line.kind), {})
        of_kind[line.source] = of_kind.get(line.source, 0) + line.amount_fen
    kinds = list(IncomeKind)
    return tuple(
        higher_of_declared_and_reported(
            IncomeLine(
                person_id=person_id, kind=kind, source=source, amount_fen=within_bounds(amount_fen)
            )
            for source, amount_fen in sums[person_id, kind].items()
        )
        for person_id, kind in sorted(sums, key=lambda key: (key[0], kinds.index(key[1])))
    )


def higher_of_declared_and_reported(lines: Iterable[IncomeLine]) -> IncomeLine:
    """The line that counts among what several sources state of one person's income of one kind.

    The highest: a declaration does not undo what a department knows, nor does an incomplete
    register undo what was declared. At equal amounts a department's line goes before the
    declared one. No source says how the two are weighed; see docs/decisions.
    """
    order = list(LineSource)
    return max(
        lines,
        key=lambda line: (
            line.amount_fen,
            line.source is not LineSource.DECLARED,
            -order.index(line.source),
        ),
    )
