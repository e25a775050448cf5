"""Who may decide, and whose hands must be kept apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from shared.kernel.decider import Refusal
from shared.policy import Parameters

HANDS_SOURCE = "民发〔2021〕57号 (调查、审核、确认分离: survey, review, confirmation apart)"


def require_deciding_role(role: str, regime: Parameters) -> None:
    """Who confirms or refuses: the county, or the township where approval is delegated.

    Source: 国务院令第649号, art. 11; delegation: 闽民救〔2020〕21号, 2(2).1.
    """
    level = regime.code("procedure_decided_by")
    if role != f"{level}_approver":
        raise Refusal(
            "not-the-deciding-level",
            facts={"decided_by": level},
            source=regime.value("procedure_decided_by").source,
            status=403,
        )


def require_separate_hands(actor: UUID, before: Mapping[str, Collection[UUID]]) -> None:
    """Who had a hand in an earlier step (``before``, by its name) cannot do this one."""
    for step, hands in before.items():
        if actor in hands:
            raise Refusal("same-hands", facts={"before": step}, source=HANDS_SOURCE, status=403)
