"""When the family of those who enter alone is not checked, and what is looked at then.

Source: 社会救助兜底脱贫行动方案 (对其家庭可不再进行经济状况核对); 闽民救〔2020〕21号, 2(2).1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.verification.rules.account import Statement
from shared.circumstances import is_severely_disabled, is_severely_ill
from shared.contracts.assessments import SinglePersonGround
from shared.contracts.circumstances import (
    HouseholdCircumstances,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.departments import DepartmentAnswered
from shared.contracts.fields import (
    Programme,
)
from shared.contracts.leads import Contradiction
from shared.contracts.residence import HomeCountyAnswered
from shared.contracts.verification import CheckOpened
from shared.contracts.waivers import FamilyWaiver, WaivedFor
from shared.kernel.decider import Refusal
from shared.policy import Parameters

UNTIL: Final = "family_check_waiver_until"
GROUNDS: Final = "family_check_waiver_grounds"

_UNLIFTED: Final = PovertyStanding.UNLIFTED

_HOLDS: Final[
    Mapping[SinglePersonGround, Callable[[PovertyStanding, MemberCircumstances, Parameters], bool]]
] = {
    SinglePersonGround.UNLIFTED_SEVERE_DISABILITY: lambda poverty, member, regime: (
        poverty is _UNLIFTED and is_severely_disabled(member, regime)
    ),
    SinglePersonGround.UNLIFTED_SEVERE_ILLNESS: lambda poverty, member, _regime: (
        poverty is _UNLIFTED and is_severely_ill(member)
    ),
    SinglePersonGround.ILLNESS: lambda _poverty, member, _regime: member.illness is not None,
    SinglePersonGround.DISABILITY: lambda _poverty, member, _regime: member.disability is not None,
    SinglePersonGround.SCHOOLING: lambda _poverty, member, _regime: (
        member.occupation is Occupation.SCHOOL
    ),
}
"""What each ground asks of a member and the register of poverty; of means it asks nothing here."""


def require_waiver_provided_for(programme: Programme, parameters: Parameters, on: date) -> date:
    """Until when the family's check may be waived, by the regime of the application's acceptance.

    That day is included; after it (打赢脱贫攻坚战后) the family is checked, whenever the
    application was accepted.
    """
    until_on = parameters.date_or_none(UNTIL) if programme is Programme.DIBAO else None
    if until_on is None:
        raise Refusal("family-waiver-not-provided-for", facts={"programme": programme})
    if on > until_on:
        raise Refusal(
            "family-waiver-over",
            facts={"until_on": until_on.isoformat()},
            source=parameters.value(UNTIL).source,
        )
    return until_on


def waived_for(
    opened: CheckOpened, circumstances: HouseholdCircumstances | None, parameters: Parameters
) -> tuple[WaivedFor, ...]:
    """Whose family need not be checked: each with the first ground that holds, in its order.

    Only grounds on which the regime also has a member enter alone. Where it asks for their own
    application, only who applied. Raises ``Refusal`` where nobody has a ground.
    """
    entering = parameters.codes("single_person_grounds")
    grounds = [SinglePersonGround(code) for code in parameters.codes(GROUNDS) if code in entering]
    own = parameters.flag("single_person_by_own_application")
    found = []
    for member in circumstances.members if circumstances else ():
        if own and member.person_id != opened.applicant:
            continue
        poverty = circumstances.poverty if circumstances else PovertyStanding.NOT_REGISTERED
        held = (ground for ground in grounds if _HOLDS[ground](poverty, member, parameters))
        ground = next(held, None)
        if ground is not None:
            found.append(WaivedFor(person_id=member.person_id, ground=ground))
    if not found:
        facts: dict[str, int | str] = {"allowed": ", ".join(grounds) or "none"}
        source = parameters.value(GROUNDS).source
        raise Refusal("family-waiver-without-ground", facts=facts, source=source)
    return tuple(found)


def concerns(waiver: FamilyWaiver | None, contradiction: Contradiction) -> bool:
    """Whether a contradiction matters to the account: under a waiver only of those who enter alone.

    Their bills do not, since nothing is deducted from what they have of their own.
    """
    if waiver is None:
        return True
    people = {person.person_id for person in waiver.persons}
    return contradiction.department is not None and contradiction.person_id in people


def looked_at(
    waiver: FamilyWaiver | None,
    statement: Statement,
    answers: Sequence[DepartmentAnswered],
    home: Sequence[HomeCountyAnswered],
) -> tuple[Statement, Sequence[DepartmentAnswered], Sequence[HomeCountyAnswered]]:
    """What of a household's statement, departments' data and home counties' the account is of.

    Under a waiver the income of those who enter alone, and nothing of the others or of property.
    """
    if waiver is None:
        return statement, answers, home
    people = {person.person_id for person in waiver.persons}
    circumstances = statement.circumstances
    if circumstances is not None:
        own = tuple(m for m in circumstances.members if m.person_id in people)
        circumstances = circumstances.model_copy(update={"members": own})
    stated = replace(
        statement,
        income=tuple(line for line in statement.income if line.person_id in people),
        deductions=(),
        bills=(),
        circumstances=circumstances,
        property=None,
    )
    nothing = {"deposits_fen": 0, "houses": 0, "vehicles": 0}
    heard = tuple(
        answer.model_copy(
            update={
                **nothing,
                "income": tuple(line for line in answer.income if line.person_id in people),
            }
        )
        for answer in answers
    )
    return stated, heard, ()


def contradictions_that_matter(
    waiver: FamilyWaiver | None, found: Iterable[Contradiction]
) -> tuple[Contradiction, ...]:
    """The contradictions that are put to the household."""
    return tuple(one for one in found if concerns(waiver, one))
