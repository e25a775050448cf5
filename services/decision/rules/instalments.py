"""One approval, aid in stages (一次审批、分阶段救助): of which aid, over what time, paid when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from shared.calendar import same_day_after
from shared.contracts.aid import AidInstalment
from shared.contracts.fields import AidKind, Due
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def require_instalments(
    kind: AidKind,
    later: Sequence[AidInstalment],
    amount_fen: int,
    granted_on: date,
    regime: Parameters,
) -> None:
    """Later instalments are allowed there and then, each on a day of its own, within the total.

    The first is paid at once, so something is left of the total for it; the days lie after the
    grant, in order, and the last is no later than so many months from it, that day included.
    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(6) (一次审批、分阶段救助); 法规未作规定 (the
    months).
    """
    if not later:
        return
    kinds = regime.codes("aid_staged_kinds")
    if kind not in kinds:
        raise Refusal(
            "stages-not-provided-for",
            facts={"kind": kind, "allowed": ", ".join(kinds)},
            source=regime.value("aid_staged_kinds").source,
        )
    later_fen = sum(one.amount_fen for one in later)
    if later_fen >= amount_fen or any(one.amount_fen == 0 for one in later):
        facts = {"amount_fen": amount_fen, "later_fen": later_fen}
        raise Refusal("stages-outside-total", facts=facts, status=422)
    last_on = same_day_after(granted_on, regime.whole("aid_stages_within_months"))
    days = [granted_on, *(one.due_on for one in later)]
    rising = all(before < after for before, after in pairwise(days))
    if not rising or days[-1] > last_on:
        first_on = granted_on + timedelta(days=1)
        raise Refusal(
            "stages-astray",
            facts={"first_on": first_on.isoformat(), "last_on": last_on.isoformat()},
            source=regime.value("aid_stages_within_months").source,
            status=422,
        )


def last_day(granted_on: date, later: Sequence[AidInstalment]) -> date:
    """The day of the last instalment; of an aid that is paid at once, that of its grant."""
    return later[-1].due_on if later else granted_on


def pay_by(kind: AidKind, due_on: date, regime: Parameters) -> Due:
    """By when an instalment is to be paid, from its day on: as soon as an aid of the kind is.

    Source: 闽民救〔2020〕21号, 2(2).3 (5个工作日内发放到位); 法规未作规定 (for expenses).
    """
    if kind is AidKind.EXPENSE:
        days = regime.whole("expense_aid_pay_within_working_days")
    else:
        days = regime.whole("emergency_pay_within_working_days")
    return working_day_due(regime, due_on, days)
