"""The rules of the watch list (潜在救助对象), pure: what need not be brought again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from shared.contracts.intake import Material
from shared.policy import Parameters


def usable_papers(
    parameters: Parameters,
    supplied: Collection[Material],
    refused_on: date,
    on: date,
    *,
    authorised_apart: bool = False,
) -> tuple[Material, ...]:
    """The papers of a refused application that still count on a day, in the contract's order.

    Those of the kinds that the parameters name, up to and including the last of their days from
    the refusal. The household is asked for the others only. The common paper that lets its means
    be checked speaks for nobody any more once somebody ``authorised_apart``, or withdrew.
    """
    days = parameters.whole("watch_list_papers_kept_days")
    if on > refused_on + timedelta(days=days):
        return ()
    kept = set(parameters.codes("watch_list_papers_kept"))
    if authorised_apart:
        kept.discard(Material.CHECK_AUTHORIZATION)
    return tuple(paper for paper in Material if paper in supplied and paper in kept)
