"""The home visit: who visits, when, and what has to be stated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.fields import (
    Member,
    Programme,
)
from shared.contracts.home_visits import ContactlessSurvey, VisitSignatures
from shared.kernel.decider import Refusal
from shared.policy import Parameters

COMPLETENESS_SOURCE: Final = "国务院令第649号 arts. 11, 58"
"""What has to be looked into: the visit, the residents' review, the departments' data."""

TEKUN_SOURCE: Final = "民发〔2021〕43号 arts. 4, 5, 8"
SUBSIDY_SOURCE: Final = "国发〔2015〕52号 2(1)"


def require_surveyors(parameters: Parameters, surveyors: Collection[UUID]) -> None:
    """Enough different people visit: 每组调查人员不得少于2人.

    Source: 民发〔2012〕220号, art. 18; 民发〔2021〕57号, art. 16.
    """
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
    programme: Programme, circumstances: TekunCircumstances | None, regime: Parameters
) -> None:
    """A visit for tekun says why somebody cannot work and who is bound to support them.

    Where it does not, it is told which obligors count as unable. A disability is stated with its
    kind and grade, and nothing else with them. Source: 民发〔2021〕43号, arts. 4, 5, 8.
    """
    if programme is not Programme.TEKUN:
        if circumstances is not None:
            facts = {"programme": programme}
            raise Refusal("tekun-circumstances-out-of-place", facts=facts, status=422)
        return
    if circumstances is None:
        unable = ", ".join(regime.codes("tekun_obligors_unable"))
        raise Refusal(
            "tekun-circumstances-missing",
            facts={"obligors_unable": unable},
            source=TEKUN_SOURCE,
            status=422,
        )
    disabled = circumstances.ground is TekunGround.DISABILITY
    stated = (circumstances.disability is not None, circumstances.grade is not None)
    if stated != (disabled, disabled):
        raise Refusal(
            "tekun-disability-unclear",
            facts={"ground": circumstances.ground},
            source=TEKUN_SOURCE,
            status=422,
        )


def require_disability_circumstances(
    programme: Programme, circumstances: DisabilityCircumstances | None
) -> None:
    """A visit for a subsidy for disabled people says what it asks, and no other visit does.

    Source: 国发〔2015〕52号, 2(1).
    """
    facts: dict[str, int | str] = {"programme": programme}
    if programme.is_disability_subsidy == (circumstances is not None):
        return
    if circumstances is None:
        raise Refusal(
            "disability-circumstances-missing", facts=facts, source=SUBSIDY_SOURCE, status=422
        )
    raise Refusal("disability-circumstances-out-of-place", facts=facts, status=422)


def require_no_means(programme: Programme, *stated: object) -> None:
    """Nothing of income, deductions, bills or property is asked where no means are looked into.

    What nobody needs for a decision is not collected.
    """
    if not programme.tests_means and any(stated):
        raise Refusal("means-out-of-place", facts={"programme": programme}, status=422)


def require_circumstances(
    programme: Programme, members: Sequence[Member], circumstances: HouseholdCircumstances | None
) -> None:
    """What a visit found beside means is said of every member, of each once.

    A rule over a household cannot be told somebody's age or illness by their absence. Where one
    person applies alone, the visit says what their programme asks instead.
    """
    if circumstances is None:
        return
    if programme.is_of_one_person:
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


def require_signatures(
    parameters: Parameters,
    surveyors: Collection[UUID],
    members: Sequence[Member],
    signatures: VisitSignatures | None,
) -> None:
    """The form is signed by every surveyor and by a member of the household.

    Whether the record must hold the signatures, or paper is enough, the place says. Source:
    民发〔2012〕220号, art. 19 (分别签字); 民发〔2021〕57号, art. 16.
    """
    if signatures is None:
        if parameters.code("survey_signatures") == "recorded":
            source = parameters.value("survey_signatures").source
            raise Refusal("signatures-missing", source=source, status=422)
        return
    missing = len(set(surveyors).difference(signatures.surveyors))
    strangers = len(set(signatures.surveyors).difference(surveyors))
    if signatures.member not in {member.person_id for member in members}:
        strangers += 1
    if missing or strangers:
        facts: dict[str, int | str] = {"missing": missing, "strangers": strangers}
        raise Refusal("signatures-incomplete", facts=facts, status=422)


def require_contactless_allowed(
    parameters: Parameters, contactless: ContactlessSurvey | None
) -> None:
    """By phone or video only where the regime allows it in major emergencies.

    Source: 民发〔2021〕57号, art. 16: 发生重大突发事件时 … 可以采取电话、视频等非接触方式进行.
    """
    if contactless is None or parameters.flag("survey_contactless_in_emergency"):
        return
    raise Refusal(
        "survey-contactless-not-allowed",
        facts={"manner": contactless.manner},
        source=parameters.value("survey_contactless_in_emergency").source,
    )
