"""Changes of those who entered dibao alone: who goes on, who does not, by their own income."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.decision.decisions.amounts import due_alone
from services.decision.decisions.retroactive import amounts_since
from services.decision.decisions.weighing import (
    AtStandard,
    Weighed,
    leave,
    refuse_phase_out,
    stop,
    treatment_at_standard,
)
from services.decision.rules import assessment, entitlement
from services.decision.rules import change as rules
from services.decision.rules.single_person import singly_by, still_grounded
from shared.contracts.assessments import SinglePerson
from shared.contracts.changes import (
    AmountChanged,
    HouseholdChangeCause,
    HouseholdChanged,
    ManualReviewOpened,
    StopReason,
)
from shared.contracts.work import WithheldShare
from shared.kernel.event import Event
from shared.policy import Parameters


def outcome_alone(weighed: Weighed) -> Sequence[Event]:
    """What a change comes to for those who entered alone, each a household of one.

    Whoever still has a ground by their family's account anew, and whose own income lies below the
    standard, goes on. Where somebody does, the others leave from the next month on, without a
    phase-out: no source speaks of one for some of several. Where nobody does, all leave as a
    household does.
    Source: 民发〔2021〕57号, art. 8; 民发〔2021〕57号, art. 33.
    """
    regime, standard_fen = weighed.regime, weighed.standard_fen
    account = weighed.account
    has_property = not entitlement.property_is_within_limits(account, regime, standard_fen)
    _edge, family = assessment.family_around(
        account, regime, standard_fen, has_property=has_property
    )
    people = [member.person_id for member in weighed.members]
    grounded = still_grounded(account, family, people, regime, standard_fen)
    stays = tuple(p for p in grounded if p.own_income_fen < standard_fen)
    at_it = tuple(p for p in grounded if p.own_income_fen == standard_fen)
    if at_it:
        treatment = treatment_at_standard(weighed)
        if treatment == "manual_review":
            stated = weighed.stated()
            del stated["parameters"], stated["explanation"]
            return [ManualReviewOpened(**stated)]
        if treatment == AtStandard.STAY:
            stays = tuple(p for p in grounded if p in stays or p in at_it)
    if stays:
        refuse_phase_out(weighed, "not_all_leave")
        return _go_on(weighed, stays)
    if any(p.own_income_fen > standard_fen for p in grounded):
        return leave(weighed)
    if at_it:
        reason = StopReason.INCOME_AT_STANDARD
    elif has_property:
        reason = StopReason.PROPERTY_ABOVE_LIMIT
    else:
        reason = StopReason.NO_SINGLE_PERSON_GROUND
    refuse_phase_out(weighed, reason)
    return stop(weighed, reason)


def _go_on(weighed: Weighed, stays: tuple[SinglePerson, ...]) -> Sequence[Event]:
    """Who goes on, with the sum of what each of them gets; who does not is of the case no more.

    For a fact of the past every month since by its own standard, on the grounds of now.
    """
    case = weighed.case
    in_full = weighed.regime.codes("single_person_full_standard_grounds")
    people = {person.person_id for person in stays}

    def due(
        regime: Parameters, standard_fen: int, withheld: tuple[WithheldShare, ...]
    ) -> dict[str, Any]:
        alone = singly_by(stays, regime, standard_fen, in_full)
        return due_alone(alone, tuple(w for w in withheld if w.person_id in people), regime)

    amount = due(weighed.regime, weighed.standard_fen, case.withheld)
    if amount["amount_fen"] < case.amount_fen:
        rules.require_hearing(weighed.regime, heard=weighed.change.heard)
    figures = {
        "persons": len(stays),
        "counted_income_fen": sum(person.own_income_fen for person in stays),
    }
    current = AmountChanged(from_month=weighed.next_month, **amount, **(weighed.stated() | figures))
    amounts = amounts_since(case, current, weighed.since, weighed.at, due)
    return [*_gone(weighed, stays), *amounts]


def _gone(weighed: Weighed, stays: tuple[SinglePerson, ...]) -> list[HouseholdChanged]:
    """Who does not go on alone, while others do: free to apply with another household."""
    people = {person.person_id for person in stays}
    left = tuple(m.person_id for m in weighed.members if m.person_id not in people)
    if not left:
        return []
    account = weighed.case.known_account()
    reported = weighed.change.reported
    return [
        HouseholdChanged(
            change_id=reported.change_id,
            programme=account.programme,
            division=account.division,
            cause=HouseholdChangeCause.NO_LONGER_ALONE,
            happened_on=reported.happened_on or reported.reported_on,
            members=tuple(m for m in weighed.members if m.person_id in people),
            left=left,
            joined=(),
            payee=weighed.payee,
            from_month=weighed.since,
        )
    ]
