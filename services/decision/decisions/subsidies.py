"""The subsidies for disabled people: proposed, confirmed, refused, and stopped by what is known.

Source: 国发〔2015〕52号.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.determination import (
    Decide,
    confirmed_from,
    refused_for,
)
from services.decision.decisions.proposing import Propose, require_new_hands
from services.decision.model import (
    IN_BENEFIT,
    Determination,
    Stage,
    Supports,
    is_stop_suspended_or_fell,
)
from services.decision.rules import entitlement
from services.decision.rules import subsidies as rules
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, StopReason
from shared.contracts.decision import BenefitProposed, RefusalProposed
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class StopSubsidy(Command):
    """A subsidy ends with a month, by what the house knows; ``actor`` is the house itself."""

    change_id: UUID
    actor: UUID
    reason: StopReason
    last_month: Month


def propose_subsidy(
    case: Determination, supports: Supports, command: Propose, at: Moment
) -> Decision:
    """Propose a subsidy at its standard, or a refusal with its reason; no means are looked into.

    The standard is that of the first month that is paid: a month's amount uses that month's.
    """
    case.require(Stage.OPENED)
    require_new_hands(case, command.actor)
    if command.recognised_case is not None:
        raise Refusal("recognition-out-of-place", status=422)
    account = case.known_account()
    regime = entitlement.regime_of(account, at)
    reason = rules.reason_to_refuse(account, regime, supports)
    applied_in = entitlement.month_of_application(account)
    months = rules.months_entitled(account.programme, supports, regime, applied_in)
    first = months.first if isinstance(months, rules.Months) else applied_in
    of_month = entitlement.regime_on(account, first.first_day, at)
    standard_fen = of_month.fen(rules.STANDARD)
    stated: dict[str, Any] = {
        "proposer": command.actor,
        "persons": 1,
        "standard_fen": standard_fen,
        "counted_income_fen": 0,
        "parameters": entitlement.parameters_used(regime, of_month),
        "explanation": command.explanation,
    }
    if reason is not None:
        return [Fact(RefusalProposed(reason=reason, **stated), policy=regime.version)]
    return [Fact(BenefitProposed(amount_fen=standard_fen, **stated), policy=regime.version)]


def confirm_subsidy(
    case: Determination, supports: Supports, command: Decide, at: Moment
) -> Decision:
    """Confirm an approved subsidy, paid from the month of the application.

    Refused where what it rested on is gone for every month: it is to be refused then. Where it is
    gone for some, those before are paid, and the end follows by itself.
    """
    case.require(Stage.APPROVED)
    account = case.known_account()
    regime = entitlement.regime_of(account, at)
    reason = rules.reason_to_refuse(account, regime, supports)
    applied_in = entitlement.month_of_application(account)
    months = rules.months_entitled(account.programme, supports, regime, applied_in)
    if reason is not None or not isinstance(months, rules.Months):
        raise Refusal("subsidy-ground-gone", facts={"reason": str(reason)})
    return confirmed_from(case, command, at, rules.first_month(months, regime, at.date))


def refuse_subsidy(
    case: Determination, supports: Supports, command: Decide, at: Moment
) -> Decision:
    """Refuse a subsidy: for what is known now, or as it was proposed."""
    case.require(Stage.PROPOSED, Stage.APPROVED)
    account = case.known_account()
    reason = rules.reason_to_refuse(account, entitlement.regime_of(account, at), supports)
    return refused_for(case, command, at, reason)


def stop_subsidy(case: Determination, command: StopSubsidy, at: Moment) -> Decision:
    """Stop a subsidy with a month, unless it is over with that month or before.

    Nobody decides it: what it rests on was decided elsewhere in the house. Where such a stop fell
    on appeal, or is suspended, it does not follow a second time.
    """
    if case.stage not in IN_BENEFIT:
        return []
    if is_stop_suspended_or_fell(case, command.reason, command.last_month):
        return []
    if case.leaving is not None and case.leaving.last_month <= command.last_month:
        return []
    account = case.known_account()
    regime = entitlement.regime_on(account, at.date, at)
    stopped = BenefitStopped(
        change_id=command.change_id,
        decider=command.actor,
        persons=len(case.members),
        standard_fen=case.standard_fen,
        counted_income_fen=0,
        parameters=entitlement.parameters_used(regime),
        reason=command.reason,
        last_month=command.last_month,
    )
    return [Fact(stopped, policy=regime.version)]
