"""Which township is to be asked, by where the members are registered and live; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.registry.rules import known_division
from services.intake.rules.applications import HANDLING_LEVELS
from shared.contracts.fields import AidPlace, Member
from shared.contracts.residence import Residence
from shared.kernel.decider import Refusal
from shared.policy import Parameters
from shared.regions import Level, Regions, UnknownDivision

COMPETENT_SOURCE: Final = "民发〔2021〕57号 art. 5"
PERMIT_SOURCE: Final = "巩固拓展脱贫攻坚兜底保障成果指导意见 2(9)"

OUTSIDE: Final = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)


@dataclass(frozen=True, slots=True)
class Household:
    """Who applies, why this place is asked, and where every member is registered and lives."""

    applicant: UUID
    place: AidPlace
    residences: tuple[Residence, ...]
    permit_until: date | None

    @property
    def own(self) -> Residence:
        """The applicant's."""
        return next(one for one in self.residences if one.person_id == self.applicant)


def township_of(regions: Regions, division: str, on: date) -> str:
    """The township that a residence names, or lies in.

    Where the table of divisions does not reach (a county of another province), the code of a
    township is taken as it is. Raises ``Refusal`` for any other.
    """
    try:
        found = regions.division(division, on)
    except UnknownDivision as error:
        near = error.nearest
        beyond = near is not None and near.level in OUTSIDE and not regions.children(near.code, on)
        if beyond and division[6:9] != "000":
            return Level.TOWNSHIP.around(division)
        known_division(regions, division, on)
        raise
    if found.level not in HANDLING_LEVELS:
        allowed = ", ".join(HANDLING_LEVELS)
        facts: dict[str, int | str] = {"level": found.level, "allowed": allowed}
        raise Refusal("residence-is-no-township", facts=facts, status=422)
    return Level.TOWNSHIP.around(division)


def require_residences(members: Sequence[Member], residences: Sequence[Residence]) -> None:
    """Every member's residence is stated, once, and nobody else's."""
    if sorted(m.person_id for m in members) != sorted(r.person_id for r in residences):
        facts: dict[str, int | str] = {"members": len(members), "residences": len(residences)}
        raise Refusal("residences-incomplete", facts=facts, status=422)


def require_stated(parameters: Parameters, place: AidPlace | None, *, stated: bool) -> None:
    """Residences are stated where the place wants it, and by whoever claims on a permit."""
    if stated:
        return
    if place is AidPlace.RESIDENCE_PERMIT:
        raise Refusal("residences-missing", source=PERMIT_SOURCE, status=422)
    if parameters.flag("residences_required"):
        source = parameters.value("residences_required").source
        raise Refusal("residences-missing", source=source, status=422)


def require_permit(place: AidPlace, permit_until: date | None, on: date) -> None:
    """A claim where one lives rests on a permit that is not over; no other claim names one.

    On its last day a permit is valid. Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(9)
    (持有居住证人员).
    """
    if (place is AidPlace.RESIDENCE_PERMIT) != (permit_until is not None):
        raise Refusal("residence-permit-astray", source=PERMIT_SOURCE, status=422)
    if permit_until is not None and permit_until < on:
        facts: dict[str, int | str] = {"until_on": permit_until.isoformat()}
        raise Refusal("residence-permit-over", facts=facts, source=PERMIT_SOURCE)


def competent_townships(
    household: Household, parameters: Parameters, is_town: Callable[[str], bool]
) -> tuple[str, ...]:
    """The townships that may be asked, in the order of their codes; residences are townships.

    With a residence permit the township of living. Else of a household that is registered in one
    county the applicant's township of registration, and, where the place takes those who moved
    into its towns into the towns' scheme, the one of their own county's townships in which they
    live, if ``is_town``. A household that is registered in several counties or provinces goes by
    the rule for these. Source: 民发〔2021〕57号, art. 5; 巩固拓展脱贫攻坚兜底保障成果指导意见,
    2(9) (将符合条件的农业转移人口纳入户籍地城镇救助范围).
    """
    own = household.own
    if household.place is AidPlace.RESIDENCE_PERMIT:
        return (own.lives_in,)
    registered = [one.registered_in for one in household.residences]
    if len({Level.PROVINCE.around(code) for code in registered}) > 1:
        return _of_split(household, parameters.code("split_across_provinces_place"))
    county = Level.COUNTY.around
    if len({county(code) for code in registered}) > 1:
        return _of_split(household, parameters.code("split_within_province_place"))
    moved = county(own.lives_in) == county(own.registered_in) and is_town(own.lives_in)
    if moved and parameters.code("within_county_place") == "registration_or_town":
        return tuple(sorted({own.registered_in, own.lives_in}))
    return (own.registered_in,)


def _of_split(household: Household, rule: str) -> tuple[str, ...]:
    """By the place's rule for a household whose members are registered apart.

    ``registered_where_living``: whoever is registered where they live; if nobody is, anybody.
    """
    residences = household.residences
    match rule:
        case "applicant_registration":
            return (household.own.registered_in,)
        case "applicant_residence":
            return (household.own.lives_in,)
        case "registered_where_living":
            at_home = [one for one in residences if one.registered_in == one.lives_in]
            residences = tuple(at_home) or residences
    return tuple(sorted({one.registered_in for one in residences}))


def require_competent(
    competent: Collection[str],
    division: str,
    name_of: Callable[[str], str],
    source: str = COMPETENT_SOURCE,
) -> None:
    """The township that is asked, or whose village is, is one that is competent.

    The refusal names those that are.
    """
    if Level.TOWNSHIP.around(division) not in competent:
        named = ", ".join(f"{code} {name_of(code)}".rstrip() for code in competent)
        facts: dict[str, int | str] = {"asked": Level.TOWNSHIP.around(division), "competent": named}
        raise Refusal("township-not-competent", facts=facts, source=source)


def name_of(regions: Regions, code: str, on: date) -> str:
    """What a township is called; nothing where the table of divisions does not reach."""
    try:
        return regions.division(code, on).name
    except UnknownDivision:
        return ""


def crosses_counties(residences: Sequence[Residence], division: str) -> bool:
    """Whether anybody is registered in another county than the one that decides (异地申请)."""
    county = Level.COUNTY.around
    return any(county(one.registered_in) != county(division) for one in residences)
