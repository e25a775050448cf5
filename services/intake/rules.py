"""The rules of applying, pure: who applies, where, with what, and how soon the survey follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from shared.calendar import add_working_days
from shared.contracts.fields import Due, Member, Relation
from shared.contracts.intake import Material
from shared.kernel.decider import Refusal
from shared.policy import Parameters
from shared.regions import Level, Regions, UnknownDivision

APPLY_WHERE_SOURCE: Final = "国务院令第649号 art. 11"
ONE_NOTICE_SOURCE: Final = "民发〔2021〕57号 art. 12"
CHECK_AUTHORIZATION_SOURCE: Final = "国务院令第649号 art. 58"

HANDLING_LEVELS: Final = (Level.TOWNSHIP, Level.VILLAGE)
"""An application is made to the township, or through one of its villages."""


def require_household(applicant: UUID, members: Sequence[Member]) -> None:
    """A household lists each person once, its applicant as such, and at most one spouse."""
    persons = [member.person_id for member in members]
    if len(set(persons)) != len(persons):
        raise Refusal("member-listed-twice", facts={"members": len(persons)}, status=422)
    applicants = [m.person_id for m in members if m.relation is Relation.APPLICANT]
    if applicants != [applicant]:
        raise Refusal("applicant-not-in-household", facts={"applicants": 1}, status=422)
    if sum(member.relation is Relation.SPOUSE for member in members) > 1:
        raise Refusal("more-than-one-spouse", facts={"allowed": 1}, status=422)


def require_handling_division(regions: Regions, division: str, on: date) -> None:
    """The division exists on the date, and is one that takes applications in.

    Applications go to the township (乡镇人民政府、街道办事处); a village may hand them in for it.
    The refusal names codes that would do, never what was sent.
    """
    try:
        found = regions.division(division, on)
    except UnknownDivision as error:
        facts: dict[str, int | str] = {"on": on.isoformat(), "allowed": ", ".join(error.allowed)}
        if error.nearest is not None:
            facts["nearest"] = error.nearest.code
        raise Refusal("division-unknown", facts=facts, status=422) from None
    if found.level not in HANDLING_LEVELS:
        raise Refusal(
            "division-takes-no-applications",
            facts={"level": found.level, "allowed": ", ".join(HANDLING_LEVELS)},
            source=APPLY_WHERE_SOURCE,
            status=422,
        )


def require_no_open_application(cases: Iterable[UUID | None]) -> None:
    """Nobody is in two open applications, or in one beside a confirmed case, of one programme.

    ``cases`` holds, per member, the case that the person is in. Otherwise two members of one
    household could each apply for all of it, and the same household would be paid twice.
    """
    held = [case for case in cases if case is not None]
    if held:
        raise Refusal("open-application-exists", facts={"case": str(held[0])})


def require_check_authorization(supplied: Collection[Material]) -> None:
    """Departments may be asked about a household only at its own request (请求、委托)."""
    if Material.CHECK_AUTHORIZATION not in supplied:
        raise Refusal(
            "check-authorization-missing",
            facts={"material": Material.CHECK_AUTHORIZATION},
            source=CHECK_AUTHORIZATION_SOURCE,
        )


def survey_due(parameters: Parameters, accepted_on: date) -> Due:
    """The last day for the household survey, in working days from acceptance.

    民发〔2012〕220号 lets it be finished within the days, 民发〔2021〕57号 begun; the parameter says
    how many.
    """
    deadline = add_working_days(accepted_on, parameters.whole("survey_working_days"))
    return Due(
        on=deadline.due_on, calendar=deadline.calendar_version, provisional=deadline.provisional
    )
