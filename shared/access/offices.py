"""What the offices of a place are called, as their signs have it."""

from __future__ import annotations

from datetime import date

from shared.access.roles import Role
from shared.regions import Level, Regions, UnknownDivision

_TOWNSHIPS = frozenset(
    {
        Role.VILLAGE_ASSISTANT,
        Role.TOWNSHIP_CLERK,
        Role.TOWNSHIP_SURVEYOR,
        Role.TOWNSHIP_APPROVER,
        Role.WELFARE_VISITOR,
        Role.CHILD_DIRECTOR,
    }
)
_COUNTYS = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_APPROVER})


def township(division: str, regions: Regions, on: date) -> str:
    """The government of the township around a division, or a sub-district's office."""
    try:
        name = regions.at_level(division, Level.TOWNSHIP, on).name
    except UnknownDivision:
        return "乡镇人民政府（街道办事处）"
    return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"


def county(division: str, regions: Regions, on: date) -> str:
    """The civil affairs of the county around a division."""
    try:
        return f"{regions.at_level(division, Level.COUNTY, on).name}民政局"
    except UnknownDivision:
        return "县级人民政府民政部门"


def office_of(role: str, division: str, regions: Regions, on: date) -> str | None:
    """For which office somebody acts in a role; ``None`` for those of no township and county."""
    if role in _TOWNSHIPS:
        return township(division, regions, on)
    return county(division, regions, on) if role in _COUNTYS else None
