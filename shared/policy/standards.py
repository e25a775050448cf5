"""Standards as recorded: which parameter each is, and whose standards hold for a division."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import CareLevel, Programme
from shared.contracts.standards import DivisionLevel, StandardKind
from shared.policy.recorded import RecordedValue
from shared.regions import Level

_PARAMETERS: Final[Mapping[StandardKind, tuple[str, Programme]]] = {
    StandardKind.DIBAO: ("standard_monthly_fen", Programme.DIBAO),
    StandardKind.TEKUN_BASIC: ("tekun_basic_monthly_fen", Programme.TEKUN),
    StandardKind.TEKUN_SELF_CARE: ("tekun_care_self_care_monthly_fen", Programme.TEKUN),
    StandardKind.TEKUN_PARTIAL_CARE: ("tekun_care_partial_care_monthly_fen", Programme.TEKUN),
    StandardKind.TEKUN_FULL_CARE: ("tekun_care_full_care_monthly_fen", Programme.TEKUN),
    StandardKind.CHILD_IN_INSTITUTION: (
        "child_in_institution_monthly_fen",
        Programme.CHILD_ALLOWANCE,
    ),
    StandardKind.CHILD_OUTSIDE_INSTITUTION: (
        "child_outside_institution_monthly_fen",
        Programme.CHILD_ALLOWANCE,
    ),
    StandardKind.DISABILITY_LIVING_SUBSIDY: (
        "disability_subsidy_monthly_fen",
        Programme.DISABILITY_LIVING_SUBSIDY,
    ),
    StandardKind.DISABILITY_CARE_SUBSIDY: (
        "disability_subsidy_monthly_fen",
        Programme.DISABILITY_CARE_SUBSIDY,
    ),
}
"""The parameter that a rule asks for, and the programme that it is held by."""

STANDARD_OF_PROGRAMME: Final[Mapping[Programme, StandardKind]] = {
    Programme.DIBAO: StandardKind.DIBAO,
    Programme.TEKUN: StandardKind.TEKUN_BASIC,
    Programme.DISABILITY_LIVING_SUBSIDY: StandardKind.DISABILITY_LIVING_SUBSIDY,
    Programme.DISABILITY_CARE_SUBSIDY: StandardKind.DISABILITY_CARE_SUBSIDY,
}
"""The standard that the amounts of a programme rest on."""

CARE_TIERS: Final[Mapping[StandardKind, CareLevel]] = {
    StandardKind.TEKUN_SELF_CARE: CareLevel.SELF_CARE,
    StandardKind.TEKUN_PARTIAL_CARE: CareLevel.PARTIAL_CARE,
    StandardKind.TEKUN_FULL_CARE: CareLevel.FULL_CARE,
}
"""The standards of care supplements, which care applies, by the level of who gets them."""

PROGRAMME_OF_KIND: Final[Mapping[StandardKind, Programme]] = {
    kind: programme for kind, (_, programme) in _PARAMETERS.items()
}
"""The programme whose cases a standard touches."""


class Recorded(Protocol):
    """A standard as an event tells it."""

    @property
    def standard_id(self) -> UUID:
        """The decision."""

    @property
    def division(self) -> str:
        """Whose standard it is."""

    @property
    def level(self) -> DivisionLevel:
        """The division's level."""

    @property
    def kind(self) -> StandardKind:
        """What it is the standard of."""

    @property
    def amount_fen(self) -> int:
        """Fen a person and month."""

    @property
    def from_month(self) -> Month:
        """From when on."""


def digits_of(level: DivisionLevel) -> int:
    """How many digits of a code name a division of the level."""
    return Level(level).digits


def division_at(division: str, level: DivisionLevel) -> str:
    """The division of a level around another, or itself (12 digits)."""
    return Level(level).around(division)


def level_of(division: str) -> DivisionLevel | None:
    """The level of a division that sets standards, ``None`` for a township or a village.

    The widest that the code can be of: no county of a prefecture, and no prefecture of a province,
    has only zeros for its own digits.
    """
    return next(
        (level for level in DivisionLevel if division == division_at(division, level)), None
    )


def parameter_of(kind: StandardKind) -> str:
    """The parameter that a standard is."""
    return _PARAMETERS[kind][0]


def recorded_value(standard: Recorded) -> RecordedValue:
    """What a set standard is to a rule."""
    name, programme = _PARAMETERS[standard.kind]
    return RecordedValue(
        name=name,
        programme=programme,
        scope=standard.division[: digits_of(standard.level)],
        fen=standard.amount_fen,
        valid_from=standard.from_month.first_day,
        standard_id=standard.standard_id,
    )
