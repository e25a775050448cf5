"""Administrative divisions: 12-digit codes with levels, dated names and jurisdictions."""

from shared.regions.division import (
    Division,
    Jurisdiction,
    Level,
    RegionCode,
    UnknownDivision,
    covers,
)
from shared.regions.table import Regions, RegionTableError, load_regions

__all__ = [
    "Division",
    "Jurisdiction",
    "Level",
    "RegionCode",
    "RegionTableError",
    "Regions",
    "UnknownDivision",
    "covers",
    "load_regions",
]
