"""The rules of paying, pure: what a run lists, and who may approve it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from services.payment.model import Roster, RosterEntry, Run, payment_id_of
from shared.calendar import Month
from shared.contracts.payment import RUN_PAGE_LINES, RunLine
from shared.kernel.decider import Refusal

APPROVAL_SOURCE = "社会救助资金管理: 制单与复核分离 (preparer and approver are separate hands)"


def unlisted_months(entry: RosterEntry, through: Month) -> Iterator[Month]:
    """The months of an entry, up to and with ``through``, that no approved run took up.

    An entitlement that became known late is so paid from its first month on: nobody is skipped.
    """
    return entry.next_month.through(through)


def unlisted_lines(roster: Roster, through: Month) -> tuple[RunLine, ...]:
    """What a run of the month ``through`` must list, ordered by case and month.

    Amounts are in fen a month; a month's amount is the entry's.
    """
    return tuple(
        RunLine(
            payment_id=payment_id_of(entry.case_id, month),
            case_id=entry.case_id,
            payee=entry.payee,
            month=month,
            amount_fen=entry.amount_fen,
        )
        for entry in sorted(roster.entries.values(), key=lambda e: e.case_id)
        for month in unlisted_months(entry, through)
    )


def pages_of(lines: Sequence[RunLine]) -> list[tuple[RunLine, ...]]:
    """The lines in pages of at most ``RUN_PAGE_LINES``."""
    starts = range(0, len(lines), RUN_PAGE_LINES)
    return [tuple(lines[start : start + RUN_PAGE_LINES]) for start in starts]


def require_month_begun(month: Month, today: date) -> None:
    """A month's run is prepared in the month or later: it pays for a month that has begun.

    民发〔2012〕220号: paid by the 10th of each month.
    """
    if month > Month.of(today):
        raise Refusal(
            "run-ahead-of-its-month",
            facts={"month": str(month), "latest": str(Month.of(today))},
            source="民发〔2012〕220号",
        )


def require_separate_hands(run: Run, approver: UUID) -> None:
    """Who prepared a run cannot approve it."""
    if run.prepared is not None and run.prepared.preparer == approver:
        raise Refusal("same-hands", source=APPROVAL_SOURCE, status=403)
