"""Cases kept level with the standards that were recorded for them.

A month's amount uses that month's standard. So whoever decides on a case reads the standards of
the divisions around it in the same turn; what it is paid is first brought up to the month, and
what was decided is then brought up to the month from which it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from services.decision.decisions.amounts import due_as_it_stands, kind_paid_by
from services.decision.model import DETERMINATION, Determination, Stage, Standards, Subject
from services.decision.rules import entitlement
from services.decision.rules import standards as rules
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    AmountRedetermined,
    StandardForce,
    StandardReviewOpened,
    StandardReviewReason,
)
from shared.kernel.decider import Decide, Decision, Fact, Moment
from shared.kernel.event import Event
from shared.policy import Parameters
from shared.policy.standards import parameter_of

Levelled = AmountRedetermined | StandardReviewOpened


def by_recorded_standards(decide: Decide, others: int = 0) -> Decide:
    """A decision on a determination that goes by the recorded standards.

    Called with the determination, as many ``others`` as the decision reads beside it, the
    standards of the divisions around it (as ``standards_over`` names them), the command and the
    moment.
    """

    def decided(case: Determination, *rest: Any) -> Decision:
        beside, (*around, command, at) = rest[:others], rest[others:]
        at = with_standards(at, around)
        before = [*levelled(case, around, Month.of(at.date), at)]
        case = after(case, before)
        facts = [*decide(case, *beside, command, at)]
        case = after(case, facts)
        now = Month.of(at.date)
        behind = levelled(case, around, max(case.amount_from or now, now), at)
        return [*before, *facts, *behind]

    return decided


def with_standards(at: Moment, around: Iterable[Standards]) -> Moment:
    """The moment with the recorded standards among its parameters."""
    values = [value for standards in around for value in standards.values()]
    return replace(at, policy=at.policy.with_recorded(values))


def levelled(
    case: Determination, around: Sequence[Standards], through: Month, at: Moment
) -> list[Fact]:
    """What brings a confirmed case up to the standards of its months, through one of them.

    ``at`` knows the standards that are ``around``. A case in a phase-out, stopped or ended keeps
    what it has; so does one whose months' standards are what its amount rests on.
    """
    facts: list[Fact] = []
    for month in _months(case, around, through):
        event = _levelled_in(case, month, at)
        if event is not None:
            facts.append(Fact(event, policy=at.policy.version))
            case = DETERMINATION.evolve(case, event)
    return facts


def levelled_since(case: Determination) -> Month | None:
    """From which month on a case's amount, as it now stands, follows a changed standard.

    ``None`` for one in a phase-out, stopped or ended, and where nobody is left who has a standard:
    the stop of a household that is gone waits for a ruling.
    """
    since, review = case.amount_from, case.standard_review
    if case.stage is not Stage.CONFIRMED or since is None or not case.members:
        return None
    # What was set before a review was looked into as well.
    return since if review is None else max(since, review.from_month)


def _months(case: Determination, around: Sequence[Standards], through: Month) -> list[Month]:
    """The months in which another standard may begin to count for a case's amount."""
    since = levelled_since(case)
    if since is None or through < since:
        return []
    kind = kind_paid_by(case)
    if kind is None:
        return []
    subject = Subject(kind, StandardForce.STANDARD)
    begun = (s.from_month for of in around for s in of.standing.get(subject, ()))
    return sorted({max(since, month) for month in begun if month <= through})


def _levelled_in(case: Determination, month: Month, at: Moment) -> Levelled | None:
    account, kind = case.known_account(), kind_paid_by(case)
    if kind is None:
        return None
    name = parameter_of(kind)
    regime = entitlement.regime_on(account, month.first_day, at)
    standard_fen, standard_id = regime.fen(name), regime.value(name).standard_id
    review = case.standard_review
    if standard_id in (None, review and review.standard_id) or standard_fen == case.standard_fen:
        return None
    due = due_as_it_stands(
        case,
        case.withheld,
        regime,
        at,
        standard_fen=standard_fen,
        counted_income_fen=case.counted_income_fen,
    )
    for unchanged in ("withheld", "single_persons"):
        due.pop(unchanged, None)  # whose shares they are has not changed
    amount_fen = due["amount_fen"]
    reason = reason_to_look_into(case, standard_fen, amount_fen, regime)
    stated: dict[str, Any] = {
        "standard_id": standard_id,
        "persons": len(case.members),
        "counted_income_fen": case.counted_income_fen,
        "standard_before_fen": case.standard_fen,
        "standard_fen": standard_fen,
        "from_month": month,
        "parameters": entitlement.parameters_used(regime),
    }
    if reason is not None:
        return StandardReviewOpened(reason=reason, amount_fen=case.amount_fen, **stated)
    return AmountRedetermined(amount_before_fen=case.amount_fen, **due, **stated)


def reason_to_look_into(
    case: Determination, standard_fen: int, amount_fen: int, regime: Parameters
) -> StandardReviewReason | None:
    """Why a case is not paid by a lowered standard, and its ``amount_fen``, without a person."""
    account = case.known_account()
    reason = None
    if account.programme is Programme.DIBAO and not case.alone:
        persons = len(case.members)
        reason = rules.reason_to_look_into(persons, standard_fen, case.counted_income_fen)
    if reason is None and rules.asks_for_hearing(regime, case.amount_fen, amount_fen):
        return StandardReviewReason.HEARING_OWED
    return reason


def after(case: Determination, facts: Iterable[Event | Fact]) -> Determination:
    """The determination once these facts are recorded, as far as they are its own."""
    for fact in facts:
        event, stream = (fact.event, fact.stream) if isinstance(fact, Fact) else (fact, None)
        if stream is None or stream.aggregate == DETERMINATION.name:
            case = DETERMINATION.evolve(case, event)
    return case
