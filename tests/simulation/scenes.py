"""Where and when a seed lives: a township with the procedure of its day.

The figures are stated here once more, apart from the parameters' files, so that a life which
follows another rule is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from shared.contracts.fields import CareLevel, Programme
from shared.contracts.publicity import PublicityRound


class Way(StrEnum):
    """Which way a case goes."""

    STORY = "story"
    ORDINARY = "ordinary"
    OBJECTION = "objection"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RIVALS = "rivals"
    CHANGED = "changed"
    EMERGENCY = "emergency"
    TEKUN = "tekun"


@dataclass(frozen=True)
class Scene:
    """A township and a day on which its seeds begin. Amounts are in fen.

    ``monthly`` is the programme that is paid by the month; ``basic_fen`` its flat amount where
    it has one. ``always`` is a way that every seed has, ``others`` are drawn by their weights.
    """

    division: str
    county: str
    start: date
    monthly: Programme
    deciding_role: str
    rounds: tuple[PublicityRound, ...]
    standard_fen: int
    aid_limit_fen: int
    always: Way
    others: Mapping[Way, int]
    basic_fen: int = 0
    care_fen: Mapping[CareLevel, int] | None = None

    def ways(self, random: Random) -> list[Way]:
        """Which cases a seed has: the one of every seed, and up to three others."""
        others = random.choices(list(self.others), list(self.others.values()), k=4)
        return [self.always, *others[: random.choice((1, 2, 2, 3))]]


FUJIAN: Final = Scene(
    division="350924100000",
    county="350924000000",
    start=date(2020, 4, 1),
    monthly=Programme.DIBAO,
    deciding_role="township_approver",
    rounds=(PublicityRound.FIRST, PublicityRound.SECOND),
    standard_fen=600_00,
    aid_limit_fen=1_800_00,
    always=Way.STORY,
    others={
        Way.ORDINARY: 2,
        Way.OBJECTION: 3,
        Way.REFUSED: 3,
        Way.WITHDRAWN: 2,
        Way.RIVALS: 3,
        Way.CHANGED: 4,
        Way.EMERGENCY: 5,
    },
)
"""During the epidemic: two publicities, decided by the township, twelve months of phase-out."""

SHAANXI: Final = Scene(
    division="611022001000",
    county="611022000000",
    start=date(2023, 1, 3),
    monthly=Programme.TEKUN,
    deciding_role="county_approver",
    rounds=(PublicityRound.FIRST,),
    standard_fen=500_00,
    aid_limit_fen=1_000_00,
    always=Way.TEKUN,
    others={Way.EMERGENCY: 1},
    basic_fen=650_00,
    care_fen={
        CareLevel.SELF_CARE: 50_00,
        CareLevel.PARTIAL_CARE: 350_00,
        CareLevel.FULL_CARE: 700_00,
    },
)
"""Tekun persons with a contact owed each month, and emergencies wherever they happen."""


def drawn(random: Random) -> Scene:
    """A seed's scene."""
    return random.choices((FUJIAN, SHAANXI), (4, 1))[0]
