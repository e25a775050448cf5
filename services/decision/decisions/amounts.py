"""What a household is due a month by a standard, with all that goes onto it and off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.decision.model import Determination
from services.decision.rules import children, entitlement, work
from services.decision.rules.single_person import singly_by
from shared.contracts.assessments import SinglePerson
from shared.contracts.standards import StandardKind
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Moment
from shared.policy import Parameters
from shared.policy.standards import STANDARD_OF_PROGRAMME, parameter_of


def standard_paid_by(case: Determination, regime: Parameters) -> int:
    """The standard of a regime that a case's amount goes by, in fen a month.

    Raises ``KeyError`` for a programme that pays by none.
    """
    kind = kind_paid_by(case)
    if kind is None:
        raise KeyError(case.known_account().programme)
    return regime.fen(parameter_of(kind))


def kind_paid_by(case: Determination) -> StandardKind | None:
    """By which kind of standard a case is paid, if by any; a child by where it lives."""
    if case.child is not None:
        return children.standard_kind(case.child)
    return STANDARD_OF_PROGRAMME.get(case.known_account().programme)


def due_as_it_stands(
    case: Determination,
    withheld: tuple[WithheldShare, ...],
    regime: Parameters,
    at: Moment,
    *,
    standard_fen: int,
    counted_income_fen: int,
) -> dict[str, Any]:
    """The fields of an amount by a standard, all else as it is with a case, in fen a month.

    One person's support is the standard itself, of a child what it lacks of it; members who entered
    alone get what each of them does, any other household its gap. One that was brought up to the
    poverty line when it entered stays there for as long as the account it entered with is the one
    that counts.
    """
    account = case.known_account()
    if case.child is not None:
        return {"amount_fen": children.allowance_fen(case.child, standard_fen)}
    if account.programme.is_of_one_person:
        return {"amount_fen": standard_fen}
    alone = entered_alone(case, regime, standard_fen, at)
    if alone:
        return due_alone(alone, withheld, regime)
    as_entered = case.income == account.income and case.members == account.members
    return due_by_method(
        case,
        case.people(),
        withheld,
        regime,
        standard_fen=standard_fen,
        counted_income_fen=counted_income_fen,
        at_least_fen=entitlement.poverty_gap_fen(account, entitlement.regime_of(account, at))
        if as_entered
        else 0,
    )


def due_by_method(
    case: Determination,
    people: Sequence[UUID],
    withheld: tuple[WithheldShare, ...],
    regime: Parameters,
    *,
    standard_fen: int,
    counted_income_fen: int,
    at_least_fen: int = 0,
) -> dict[str, Any]:
    """The fields of an amount, in fen a month, for the ``people`` of a household.

    What the place's method gives, or what it is brought up by at least, and the top-ups of its
    members' categories; less what is withheld of members' own shares for refused work, each an
    equal part of both.
    """
    due_fen, topups, tier = entitlement.benefit_with_topups(
        case.known_account(),
        regime,
        people,
        standard_fen=standard_fen,
        counted_income_fen=counted_income_fen,
        at_least_fen=at_least_fen,
    )
    shares = work.own_shares(due_fen, people, ())
    taken_fen = work.withheld_fen(shares, withheld, regime)
    return {"topups": topups or None, "tier": tier, **_less_withheld(due_fen, taken_fen, withheld)}


def due_alone(
    alone: tuple[SinglePerson, ...], withheld: tuple[WithheldShare, ...], regime: Parameters
) -> dict[str, Any]:
    """The fields of an amount, in fen a month, of members who entered alone: what each is due,
    less what is withheld of it for refused work.
    """
    due_fen = sum(person.amount_fen for person in alone)
    shares = work.own_shares(due_fen, [person.person_id for person in alone], alone)
    taken_fen = work.withheld_fen(shares, withheld, regime)
    return {"single_persons": alone, **_less_withheld(due_fen, taken_fen, withheld)}


def entered_alone(
    case: Determination, regime: Parameters, standard_fen: int, at: Moment
) -> tuple[SinglePerson, ...]:
    """The members who entered alone, each with what a regime's method and a standard give them, in
    fen a month.

    On which grounds it is paid in full is of the regime under which they entered.
    """
    if not case.alone:
        return ()
    entered = entitlement.regime_of(case.known_account(), at)
    in_full = entered.codes("single_person_full_standard_grounds")
    return singly_by(case.alone, regime, standard_fen, in_full)


def _less_withheld(
    due_fen: int, withheld_fen: int, withheld: tuple[WithheldShare, ...]
) -> dict[str, Any]:
    return {
        "amount_fen": due_fen - withheld_fen,
        "withheld": withheld or None,
        "withheld_fen": withheld_fen or None,
    }
