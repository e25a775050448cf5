"""How long a case may take from its acceptance to its decision."""

from __future__ import annotations

from datetime import date

from shared.contracts.fields import Due
from shared.deadlines import working_day_due
from shared.policy import Parameters


def special_due(regime: Parameters, accepted_on: date) -> Due | None:
    """By when a special case is decided; ``None`` where its regime knows none.

    Special are an objection in publicity, a household registered elsewhere or split, and a survey
    that is hard to do. Counted from the acceptance, like the ordinary days that they replace.
    Source: 民发〔2021〕57号, art. 22 (特殊情况下可以延长至45个工作日); 民发〔2022〕83号, 4(1).
    """
    days = regime.whole_or_none("total_special_working_days")
    return None if days is None else working_day_due(regime, accepted_on, days)
