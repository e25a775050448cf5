"""The home visit: who visits, when, and what has to be stated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.fields import (
    HouseholdCircumstances,
    Member,
    Programme,
    TekunCircumstances,
    TekunGround,
)
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


def require_circumstances(
    programme: Programme, members: Sequence[Member], circumstances: HouseholdCircumstances | None
) -> None:
    """What a visit found beside means is said of every member, of each once; not for tekun.

    A rule over a household cannot be told somebody's age or illness by their absence.
    """
    if circumstances is None:
        return
    if programme is Programme.TEKUN:
        facts: dict[str, int | str] = {"programme": programme}
        raise Refusal("circumstances-out-of-place", facts=facts, status=422)
    described = [member.person_id for member in circumstances.members]
    household = {member.person_id for member in members}
    missing = len(household.difference(described))
    strangers = len(set(described) - household)
    repeated = len(described) - len(set(described))
    if missing or strangers or repeated:
        facts = {"missing": missing, "strangers": strangers, "repeated": repeated}
        raise Refusal("circumstances-incomplete", facts=facts, status=422)
