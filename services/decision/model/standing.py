"""How a case stood before each decision, and how it stands again where one falls or waits."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType
from uuid import UUID, uuid5

from services.decision.model.determination import (
    CameTo,
    Change,
    Determination,
    Stage,
    Standing,
)
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.changes import BenefitStopped, StopReason
from shared.contracts.coming_of_age import PayeeMoved


def standing_before(
    state: Determination,
    change_id: UUID,
    since: Month,
    outcome: CameTo | None = None,
) -> dict[UUID, Standing]:
    """What is kept of how the case stood before a decision, at the first of its events.

    Nothing of what restores months after a decision fell: no account of its own begins with it, and
    each of those months is one of the account that counted in it.
    """
    if change_id in state.restorations and change_id not in state.before:
        return dict(state.before)
    # Without what was kept before it, or every decision would double what the state holds.
    forgetful = replace(state, before=MappingProxyType({}))
    known = state.before.get(change_id) or Standing(forgetful, since)
    if outcome is not None and known.decider is None:
        known = replace(known, decider=outcome.decider)
    return {**state.before, change_id: replace(known, outcome=outcome or known.outcome)}


def stood_before(state: Determination, change_id: UUID) -> Determination:
    """The case as it stood before a decision, with what was kept before the earlier ones.

    Raises ``KeyError`` for a decision before which nothing is kept.
    """
    earlier = takewhile(lambda known: known[0] != change_id, state.before.items())
    return replace(state.before[change_id].state, before=dict(earlier))


def is_stop_suspended_or_fell(state: Determination, reason: StopReason, last_month: Month) -> bool:
    """Whether a case that is in benefit was stopped so before, and that fell or is suspended.

    Nothing that follows by itself stops it so again.
    """
    decided = [s.outcome for one, s in state.before.items() if one not in state.restorations]
    return any(
        isinstance(one, BenefitStopped) and (one.reason, one.last_month) == (reason, last_month)
        for one in (*state.fell, *decided[-1:])
    )


def account_in(state: Determination, month: Month) -> Determination:
    """The case as it stood with the account that counts for a month; itself for the latest."""
    account = state
    for standing in reversed(tuple(state.before.values())):
        if standing.from_month <= month:
            break
        account = standing.state
    return account


def revoked(state: Determination, event: DecisionRevoked) -> Determination:
    """A refusal that fell is proposed anew; any other decision leaves what stood before it."""
    if event.change_id is None or event.change_id not in state.before:
        return _proposed_anew(state)
    return _as_before(state, event, event.change_id)


def _proposed_anew(state: Determination) -> Determination:
    proposer = () if state.proposal is None else (state.proposal.proposer,)
    approver = () if state.approver is None else (state.approver,)
    return replace(
        Determination(),
        stage=Stage.OPENED,
        account=state.account,
        income=state.income,
        members=state.members,
        child=state.child,
        family=state.family,
        held=state.held,
        former_hands=state.former_hands.union(proposer, approver),
        resurvey=state.resurvey,
        aided_at_home=state.aided_at_home,
        kin_owed=state.kin_owed,
    )


def _as_before(state: Determination, event: DecisionRevoked, change_id: UUID) -> Determination:
    """As it stood, but for what was due meanwhile and what does not rest on the decision.

    Whatever suspended the decision is forgotten with it. A report that is to be decided anew waits
    again, unless a later one waits by now: that stands in its place.
    """
    prior, standing = stood_before(state, change_id), state.before[change_id]
    decider, outcome = standing.decider, standing.outcome
    return replace(
        prior,
        restorations=state.restorations | {event.appeal_id},
        fell=state.fell if event.redo or outcome is None else (*state.fell, outcome),
        redone=(*state.redone, change_id) if event.redo else state.redone,
        amounts=state.amounts,
        standards=state.standards,
        standard_review=None,
        change=state.change or _to_redo(prior, event),
        former_hands=state.former_hands.union(() if decider is None else (decider,)),
        ended=state.ended,
        recognised=state.recognised,
        recognition_ended=state.recognition_ended,
        special_aid=state.special_aid,
        aided_at_home=state.aided_at_home,
        kin_owed=state.kin_owed,
    )


def _to_redo(prior: Determination, event: DecisionRevoked) -> Change | None:
    change = prior.change
    if not event.redo or change is None or change.reported.change_id != event.change_id:
        return None
    return change


def reinstated(state: Determination, event: HouseholdReinstated) -> Determination:
    """The account that counted before the suspended decision; or, once that stands, its own.

    The decision is the latest: nothing that came after it was decided.
    """
    kept, suspended = event.appeal_id, state.before.get(event.appeal_id)
    if suspended is None:
        decided = [s for one, s in state.before.items() if one not in state.restorations]
        was = decided[-1].state
    else:
        kept, was = uuid5(event.appeal_id, "stands"), suspended.state
    return replace(
        state,
        before=standing_before(state, kept, event.from_month),
        restorations=state.restorations | {event.appeal_id, kept},
        income=was.income,
        basis=was.basis,
        withheld=was.withheld,
        withheld_fen=was.withheld_fen,
        members=event.members,
        alone=was.alone,
        family=was.family,
        held=was.held,
        payee=event.payee,
        child=was.child,
    )


def paid_in_person(state: Determination, event: PayeeMoved) -> Determination:
    """Who has come of age stays paid in person, whatever decision before it falls."""
    before = {
        change_id: replace(standing, state=replace(standing.state, payee=event.payee))
        for change_id, standing in state.before.items()
    }
    return replace(state, payee=event.payee, before=before)
