"""The dated parameters behind an event, each with the article that sets it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.fields import ParameterUsed
from shared.policy import Policy, UnknownParameter
from shared.policy.wording import worded


class RuleUsed(BaseModel):
    """A dated parameter that the event's rule used, and the article that sets it.

    ``said`` is the value in words. ``standard_id`` names the decision that set a standard,
    and ``source`` then who set it when, and under what its notice is filed. Else it is ``None``
    where the parameters in force now no longer hold the value as it was; ``reason`` says why it
    is so where no regulation does, and the value was settled here.
    """

    name: str
    zh: str
    value: int
    unit: str
    said: str
    source: str | None = None
    reason: str | None = None
    standard_id: UUID | None = None


def rule_used(
    policy: Policy, used: ParameterUsed, region: str, programme: str, on: date
) -> RuleUsed:
    """A parameter that was used, looked up for a place, programme and day."""
    name, value, standard_id = used.name, used.value, used.standard_id
    try:
        definition = policy.definition(name)
    except UnknownParameter:
        return RuleUsed(name=name, zh=name, value=value, unit="", said=str(value))
    rule = RuleUsed(
        name=name,
        zh=definition.zh,
        value=value,
        unit=definition.unit,
        said=worded(definition, definition.of_whole(value)),
        standard_id=standard_id,
    )
    if standard_id is not None or not programme:
        return rule
    found = policy.taken_from(name, value, region, programme, on)
    if found is None:
        return rule
    reason = found.note if found.open else None
    return rule.model_copy(update={"source": found.source, "reason": reason})
