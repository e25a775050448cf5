"""A changed standard in print: who set it, what it makes of the amount, what past months get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from services.decision.printed import figures
from services.decision.printed.household import is_of_child, is_of_one_person
from services.decision.printed.rules import Standards, set_by_lines
from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from shared.contracts.decision import DeterminationOpened
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.regions import Regions


def changed_standard_lines(
    event: AmountRedetermined | StandardReviewOpened,
    on: date,
    account: DeterminationOpened | None,
    who: Mapping[UUID, str],
    standards: Standards,
    regions: Regions,
    sources: Sources,
) -> Iterator[str]:
    """What a standard changes of an amount, or why it does not yet; the household is as it was."""
    yield "  家庭情况未变，只因标准调整 / the household is as it was: the standard has changed"
    yield from set_by_lines(event.standard_id, standards, regions)
    before, now = yuan(event.standard_before_fen), yuan(event.standard_fen)
    since = f"自 {event.from_month} 起 / from then on"
    if isinstance(event, AmountRedetermined) and event.last_month is not None:
        since = f"仅 {event.from_month} 至 {event.last_month} / these months only"
    yield f"  标准 / Standard: {before} → {now}，{since}"
    match event:
        case AmountRedetermined():
            if is_of_child(account):
                yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
            elif not is_of_one_person(account):
                yield from figures.due_lines(event, who, sources)
            paid = f"{yuan(event.amount_before_fen)} → {yuan(event.amount_fen)}"
            yield f"  每月 / A month: {paid}"
            yield from figures.arrears_lines(event, on)
        case StandardReviewOpened():
            yield f"  {said('standard_review', event.reason)}"
            yield f"  暂按原额发放 / paid on until decided: {yuan(event.amount_fen)}"
