"""What a household is due a month by a standard, with all that goes onto it and off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.decision.model import Determination
from services.decision.rules import entitlement, work
from shared.contracts.work import WithheldShare
from shared.policy import Parameters


def due_by_gap(
    case: Determination,
    people: Sequence[UUID],
    withheld: tuple[WithheldShare, ...],
    regime: Parameters,
    *,
    standard_fen: int,
    counted_income_fen: int,
) -> dict[str, Any]:
    """The fields of an amount, in fen a month, for the ``people`` of a household.

    The gap to the standard and the top-ups of its members' categories; less what is withheld of
    members' own shares for refused work, each an equal part of both.
    """
    gap_fen = entitlement.monthly_gap_fen(standard_fen, len(people), counted_income_fen)
    topups = entitlement.category_topups(case.known_account(), regime, standard_fen, people)
    due_fen = gap_fen + sum(topup.amount_fen for topup in topups)
    shares = work.own_shares(due_fen, people, case.single_persons())
    withheld_fen = work.withheld_fen(shares, withheld, regime)
    return {
        "amount_fen": due_fen - withheld_fen,
        "topups": topups or None,
        "withheld": withheld or None,
        "withheld_fen": withheld_fen or None,
    }
