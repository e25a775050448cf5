"""Property that a household cannot do without (生活必须财产豁免), and whether it counts.

Source: 民发〔2021〕57号, art. 14; 陕民发〔2022〕23号, 2(1).1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from shared.contracts.circumstances import (
    HouseholdCircumstances,
    MemberCircumstances,
    Occupation,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.home_visits import DeclaredProperty, ExemptProperty, Necessity, PropertyItem
from shared.contracts.verification import CheckOpened
from shared.kernel.decider import Refusal
from shared.policy import Parameters

EXEMPT: Final = "property_exempt"

_AT_WORK: Final = (Occupation.STEADY_WORK, Occupation.UNSTEADY_WORK)
_FOR_WORK: Final = (PropertyItem.WORK_VEHICLE, PropertyItem.FARM_MACHINERY)


def is_house(necessity: Necessity) -> bool:
    """Whether it is one of the houses; else it is one of the vehicles."""
    return necessity.item is PropertyItem.ONLY_HOME


def exempt_property(
    parameters: Parameters, necessities: Sequence[Necessity], houses: int
) -> tuple[ExemptProperty, ...]:
    """What of the stated necessities does not count, by the regime.

    ``houses`` is how many the household has by whoever knows of most: the only home is one only if
    there is no other. What no place exempts counts as any other house or vehicle.
    """
    exempted = parameters.codes(EXEMPT) if necessities else ()
    return tuple(
        ExemptProperty(necessity=one, parameter=EXEMPT)
        for one in necessities
        if one.item in exempted and (not is_house(one) or houses == 1)
    )


def require_necessities(
    opened: CheckOpened,
    stated: DeclaredProperty | None,
    circumstances: HouseholdCircumstances | None,
    tekun: TekunCircumstances | None,
) -> None:
    """Necessities are among the houses and vehicles stated, each once, of a member who needs it.

    A scooter is a disabled member's, a vehicle or machine for work one's who works; the only home
    is the only house.
    """
    necessities = (stated.necessities or ()) if stated is not None else ()
    if stated is None or not necessities:
        return
    homes = sum(is_house(one) for one in necessities)
    others = len(necessities) - homes
    repeated = len(necessities) - len(set(necessities))
    household = {member.person_id for member in opened.members}
    strangers = sum(one.person_id not in household for one in necessities)
    if strangers:
        raise Refusal("person-not-in-household", facts={"lines": strangers}, status=422)
    if repeated:
        raise Refusal("line-listed-twice", facts={"lines": repeated}, status=422)
    if others > stated.vehicles or (homes and (homes, stated.houses) != (1, 1)):
        facts: dict[str, int | str] = {"houses": stated.houses, "vehicles": stated.vehicles}
        raise Refusal("necessities-beyond-property", facts=facts, status=422)
    found = {member.person_id: member for member in circumstances.members} if circumstances else {}
    for one in necessities:
        if not _is_needed(one, found, opened.applicant, tekun):
            raise Refusal("necessity-not-shown", facts={"item": one.item}, status=422)


def _is_needed(
    one: Necessity,
    found: Mapping[UUID, MemberCircumstances],
    applicant: UUID,
    tekun: TekunCircumstances | None,
) -> bool:
    member = found.get(one.person_id)
    if one.item in _FOR_WORK:
        return member is not None and member.occupation in _AT_WORK
    if one.item is PropertyItem.DISABILITY_SCOOTER:
        if tekun is not None:
            return tekun.ground is TekunGround.DISABILITY and one.person_id == applicant
        return member is not None and member.disability is not None
    return True
