"""Aid for expenses: the ordinary way of a determination, and one payment at its end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from services.decision.decisions.aid_rest import end_of_expense_aid
from services.decision.decisions.determination import (
    HANDS,
    Decide,
    reason_to_wait,
)
from services.decision.decisions.proposing import Propose, require_new_hands
from services.decision.model import IN_BENEFIT, Aid, AidStage, Determination, Stage, aid_of
from services.decision.rules import aid as aid_rules
from services.decision.rules import aid_forms, entitlement, expense, hands, instalments
from shared.contracts.aid import (
    AidGranted,
    AidOpened,
    AidTier,
    AidUnderWay,
    ExpenseAid,
    RecognisedAs,
)
from shared.contracts.aid_needs import value_of
from shared.contracts.decision import (
    BenefitProposed,
    ConfirmationDeferred,
    DeterminationOpened,
    RefusalProposed,
)
from shared.contracts.fields import Member, Programme
from shared.contracts.recognition import HouseholdStatus
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters

RECOGNISED_SOURCE: Final = "临时救助意见（2026年） (已认定的家庭，只核实支出)"

_STATUS_OF: Final = {
    Programme.DIBAO: RecognisedAs.DIBAO,
    Programme.TEKUN: RecognisedAs.TEKUN,
}


class GrantExpenseAid(Decide):
    """Grant what was proposed, in a role: at once, or in stages. Reads the case and its aid."""

    case_id: UUID


def propose_expense_aid(case: Determination, aid: Aid, *rest: Any) -> Decision:
    """Propose what was asked for, up to the cap, or a refusal with its reason.

    Where needs were assessed, no more money than was assessed, and what else was assessed beside
    it; what that is worth counts towards the cap. Called with the case, its aid, the determination
    of the recognised case where one is named, the command and the moment.
    """
    *named, command, at = rest
    case.require(Stage.OPENED)
    require_new_hands(case, command.actor)
    account = case.known_account()
    regime = entitlement.regime_of(account, at)
    dibao = entitlement.dibao_regime_of(account, at)
    standard_fen = dibao.fen("standard_monthly_fen")
    expenses = _worked_out(account, aid, named, command, regime, standard_fen)
    reason = expense.reason_to_refuse(account, expenses, regime, standard_fen)
    stated: dict[str, Any] = {
        "proposer": command.actor,
        "persons": len(account.members),
        "standard_fen": standard_fen,
        "counted_income_fen": account.counted_income_fen,
        "parameters": entitlement.parameters_used(regime, dibao),
        "explanation": command.explanation,
        "expenses": expenses,
    }
    if reason is not None:
        return [Fact(RefusalProposed(reason=reason, **stated), policy=regime.version)]
    amount_fen = expense.proposed_fen(expenses)
    return [Fact(BenefitProposed(amount_fen=amount_fen, **stated), policy=regime.version)]


def _worked_out(
    account: DeterminationOpened,
    aid: Aid,
    named: list[Determination],
    command: Propose,
    regime: Parameters,
    standard_fen: int,
) -> ExpenseAid:
    opened = _opened(aid)
    aid_forms.require_assessed(opened.aid.kind, aid.assessed, regime)
    recognised = _recognised(account, named, regime)
    income_fen = None
    if not recognised:
        income_fen = regime.fen("local_disposable_income_yearly_fen")
    return ExpenseAid(
        requested_fen=opened.aid.requested_fen,
        spending_fen=expense.rigid_spending_fen(account),
        cap_fen=expense.most_for_expenses_fen(standard_fen, regime),
        local_income_yearly_fen=income_fen,
        recognised_case=command.recognised_case,
        **recognised,
        assessed_fen=aid.assessed.money_fen if aid.assessed else None,
        in_kind=aid.assessed.in_kind or None if aid.assessed else None,
    )


def _recognised(
    account: DeterminationOpened, named: list[Determination], regime: Parameters
) -> dict[str, Any]:
    """What the household was recognised as in the case that is named, and where; empty for none."""
    if not named:
        return {}
    (case,) = named
    status = recognised_as(case, account.members)
    division = case.known_account().division
    expense.require_recognised_here(division, account.division, regime)
    return {"recognised_as": status, "recognised_in": division}


def recognised_as(recognised: Determination, members: Collection[Member]) -> RecognisedAs:
    """What a household was recognised as in another case, all of its members.

    On dibao or tekun and paid, or an edge household until its recognition ends. Raises
    ``Refusal`` where it was not, or where somebody of the household is not of it.
    Source: 临时救助意见（2026年）.
    """
    people = {member.person_id for member in members}
    account = recognised.account
    if account is not None and recognised.stage in IN_BENEFIT:
        known = _STATUS_OF.get(account.programme)
        if known is not None and people <= {m.person_id for m in recognised.members}:
            return known
    edge = None if recognised.recognition_ended else recognised.recognised
    if edge is not None and recognised.stage in (*IN_BENEFIT, Stage.REFUSED):
        covered = {member.person_id for member in edge.members}
        if people <= covered and edge.status is HouseholdStatus.EDGE_HOUSEHOLD:
            return RecognisedAs.EDGE_HOUSEHOLD
    raise Refusal("not-recognised-before", source=RECOGNISED_SOURCE)


def grant_expense_aid(
    case: Determination, aid: Aid, command: GrantExpenseAid, at: Moment
) -> Decision:
    """Grant an approved aid for expenses, by its tier and by hands that had no part in it before.

    Papers and findings went before it, so nothing is explained afterwards; the case ends with the
    grant, or with the last of its stages and deliveries. While an objection is open the attempt is
    recorded as deferred.
    Source: 民发〔2018〕23号 (分级审批).
    """
    case.require(Stage.APPROVED)
    proposal = case.proposal
    if not isinstance(proposal, BenefitProposed):
        raise Refusal("nothing-to-approve")
    account = case.known_account()
    regime = entitlement.regime_of(account, at)
    in_kind = proposal.expenses.in_kind if proposal.expenses else None
    limit_fen = regime.fen("township_aid_limit_fen")
    value_fen = value_of(proposal.amount_fen, in_kind or ())
    within = aid_rules.is_within_township_limit(value_fen, limit_fen)
    tier = AidTier.TOWNSHIP if within else AidTier.COUNTY
    aid_rules.require_tier(command.role, tier)
    hands.require_separate_hands(command.actor, case.hands(*HANDS) | aid.hands("assessment"))
    opened = _opened(aid)
    instalments.require_instalments(
        opened.aid.kind, command.later, proposal.amount_fen, at.date, regime
    )
    waits = reason_to_wait(case, regime, at)
    if waits is not None:
        return [ConfirmationDeferred(reason=waits)]
    granted = AidGranted(
        granter=command.actor,
        tier=tier,
        division=account.division,
        payee=account.applicant,
        amount_fen=proposal.amount_fen,
        pay_by=expense.pay_by(at.date, regime),
        follow_up_on=aid_rules.follow_up_on(at.date, regime),
        delivery_due=aid_forms.delivery_due(opened, in_kind or (), at.date, regime),
        parameters=entitlement.parameters_used(regime),
        in_kind=in_kind,
        later=command.later or None,
    )
    of_aid = aid_of(command.case_id)
    # The case's own event comes last: the position that the command answers with is its own.
    if in_kind or command.later:
        under_way = AidUnderWay(granter=command.actor)
        return [
            Fact(granted, of_aid, policy=regime.version),
            Fact(under_way, policy=regime.version),
        ]
    explained, ended = end_of_expense_aid(case)
    return [
        Fact(granted, of_aid, policy=regime.version),
        Fact(explained, of_aid),
        Fact(ended, policy=regime.version),
    ]


def _opened(aid: Aid) -> AidOpened:
    """What was asked for; ``Refusal`` until intake's word of it has arrived, or once granted."""
    aid.require(AidStage.OPENED)
    return aid.known()
