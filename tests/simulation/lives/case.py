"""One case from its application to its end."""

from __future__ import annotations

from uuid import UUID

from tests.simulation.clients import Client
from tests.simulation.households import Household
from tests.simulation.lives import aiding, applying, caring, changing, checking, deciding
from tests.simulation.lives.desk import Life
from tests.simulation.scenes import Way


def live(client: Client, household: Household, case_id: UUID) -> None:
    """One case from its application to its end."""
    life = Life(client, household, case_id)
    if household.way is Way.EMERGENCY:
        aiding.live(life)
        return
    if not applying.apply(life):
        return
    checking.check(life)
    deciding.propose(life)
    if household.way is Way.REFUSED:
        deciding.refuse(life)
        return
    deciding.confirmed(life)
    life.sees("payment", "entitlements", lambda seen: seen.get("programme"))
    if household.way is Way.CHANGED:
        changing.live_on(life)
    elif household.way is Way.TEKUN:
        caring.live_on(life)
