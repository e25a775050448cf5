"""A registered poor household in Dayao: case 11 of the worked cases.

Three persons, standard 4,500 yuan a year, 375 a month; 525 counted, so a gap of 600, and of it 200
for each. The son is able to work and has none.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid5

from infra.demo import STANDARDS
from services.decision.model import DETERMINATION, WORK
from shared.calendar import Month
from shared.contracts.circumstances import (
    AgeGroup,
    HouseholdCircumstances,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.decision import CaseConfirmed, DeterminationOpened
from shared.contracts.fields import (
    Member,
    Relation,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.decision.household import UP_TO_SECOND, confirmed, opened, proposed
from tests.verification.circumstances import UNABLE, lives
from tests.verification.household import APPLICANT, DAYAO

SON, GRANDMOTHER = (uuid5(HOUSE, f"tests/dayao/{name}") for name in ("son", "grandmother"))
THREE = (
    Member(person_id=APPLICANT, relation=Relation.APPLICANT),
    Member(person_id=SON, relation=Relation.CHILD),
    Member(person_id=GRANDMOTHER, relation=Relation.PARENT),
)
COUNTED_FEN, GAP_FEN = 525_00, 600_00
JULY = date(2020, 7, 15)


@cache
def policy(*folders: Path) -> Policy:
    """The built-in parameters, the worked cases' standards, and those of the folders."""
    return Policy.load((STANDARDS, *folders))


def circumstances(
    poverty: PovertyStanding = PovertyStanding.UNLIFTED, *members: MemberCircumstances
) -> HouseholdCircumstances:
    """What the survey found: two who cannot work, and the son, who has no work."""
    usual = (
        lives(APPLICANT, **UNABLE),
        lives(SON, occupation=Occupation.NO_WORK),
        lives(GRANDMOTHER, age=AgeGroup.SEVENTY_OR_OVER, **UNABLE),
    )
    return HouseholdCircumstances(poverty=poverty, members=members or usual)


def account(**changed: Any) -> DeterminationOpened:
    """The account of the three."""
    stated: dict[str, Any] = {
        "division": DAYAO,
        "members": THREE,
        "income": (),
        "deductions": (),
        "counted_income_fen": COUNTED_FEN,
        "circumstances": circumstances(),
    }
    return opened(**(stated | changed))


def entitled(amount_fen: int = GAP_FEN, **changed: Any) -> CaseConfirmed:
    """The confirmation of the gap."""
    return confirmed(division=DAYAO, members=THREE, amount_fen=amount_fen, **changed)


def in_benefit(**changed: Any) -> tuple[Event, ...]:
    """The household from its account to its confirmation; May 2020 is its first month."""
    proposal = proposed(
        persons=3, standard_fen=375_00, counted_income_fen=COUNTED_FEN, amount_fen=GAP_FEN
    )
    return (account(**changed), proposal, *UP_TO_SECOND[2:], entitled(pay_from=Month(2020, 5)))


def household(
    *after: Event, on: date = JULY, folders: tuple[Path, ...] = (), **changed: Any
) -> Given:
    """The household in benefit, whatever followed, on a day."""
    given = spec(DETERMINATION, on=on, policy=policy(*folders))
    return given.given(*in_benefit(**changed), *after)


def at_work(
    *record: Event,
    after: tuple[Event, ...] = (),
    on: date = JULY,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Given:
    """The household, and what its members were offered."""
    return household(*after, on=on, folders=folders, **changed).beside(WORK, *record)
