"""Who of those that apply together belongs to the household, by how they stand to the applicant."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.contracts.fields import Programme, Relation

DEFINED_FOR: Final = Programme.DIBAO
"""The programme whose documents say who belongs to a household; of others who applied does."""

SPOUSE: Final = "spouse"
PARENTS: Final = "parents"
MINOR_CHILDREN: Final = "minor_children"
DEPENDENT_ADULT_CHILDREN: Final = "dependent_adult_children"
OTHER_SUPPORTED: Final = "other_supported"

GROUNDS: Final[Mapping[Relation, tuple[str, ...]]] = MappingProxyType(
    {
        Relation.SPOUSE: (SPOUSE,),
        Relation.CHILD: (MINOR_CHILDREN, DEPENDENT_ADULT_CHILDREN, OTHER_SUPPORTED),
        Relation.PARENT: (PARENTS, OTHER_SUPPORTED),
        Relation.OTHER_DEPENDENT: (OTHER_SUPPORTED,),
    }
)
"""As what of ``household_members`` somebody can belong to the household. The applicant always does.

``other_supported`` are those bound by law to support each other who live together for long
(其他具有法定赡养、扶养、抚养义务关系并长期共同居住的人员): a parent or a grown child may be that.
Source: 民发〔2012〕220号, art. 5; 民发〔2021〕57号, art. 7.
"""
