"""What a completed check's account is worked out into: an amount, or a refusal with its reason."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Determination, Stage
from services.decision.rules import children, hands, tekun
from services.decision.rules import entitlement as rules
from services.decision.rules.assessment import Assessment, assess
from services.decision.rules.coming_of_age import minor_by_age
from services.decision.rules.single_person import whose_means
from shared.contracts.assessments import AssessmentDrawnUp, ProcedureRegime
from shared.contracts.decision import (
    BenefitProposed,
    DeterminationOpened,
    RefusalProposed,
    RefusalReason,
)
from shared.contracts.fields import NoteRef, ParameterUsed, Programme
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters


class Propose(Command):
    """Work the account out into a proposal.

    ``recognised_case`` is, of aid for expenses, where the household was recognised before.
    """

    actor: UUID
    explanation: NoteRef
    recognised_case: UUID | None = None


def propose(case: Determination, command: Propose, at: Moment) -> Decision:
    """Propose an amount with its arithmetic, or a refusal with its reason.

    Dibao's account is assessed for every kind of assistance first, and what each comes to stands
    beside the proposal.
    """
    case.require(Stage.OPENED)
    require_new_hands(case, command.actor)
    if command.recognised_case is not None:
        raise Refusal("recognition-out-of-place", status=422)
    account = case.known_account()
    regime = rules.regime_of(account, at)
    if account.programme is Programme.TEKUN:
        return [
            Fact(_proposal(account, command, _tekun(account, regime, at)), policy=regime.version)
        ]
    if account.programme is Programme.CHILD_ALLOWANCE:
        found_of_child = _child(account, regime, at)
        return [Fact(_proposal(account, command, found_of_child), policy=regime.version)]
    found = assess(account, regime)
    persons, counted_income_fen = whose_means(account)
    drawn_up = AssessmentDrawnUp(
        regime=ProcedureRegime(regime.code("procedure_regime")),
        persons=persons,
        standard_fen=found.standard_fen,
        counted_income_fen=counted_income_fen,
        outcomes=found.outcomes,
        parameters=rules.parameters_used(regime),
        rigid=found.rigid,
        tests=found.tests,
    )
    proposed = _Found(
        found.refusal, found.amount_fen, found.standard_fen, drawn_up.parameters, found
    )
    return [
        Fact(drawn_up, policy=regime.version),
        Fact(_proposal(account, command, proposed), policy=regime.version),
    ]


def require_new_hands(case: Determination, actor: UUID) -> None:
    """After a survey anew, nobody proposes whose hands were in what fell."""
    if case.resurvey is not None:
        hands.require_separate_hands(actor, case.hands("survey"))


class _Found(NamedTuple):
    """What an account comes to, in fen a month, by the parameters that were asked.

    ``counted_fen`` where something else than the account's income is held against the standard.
    """

    reason: RefusalReason | None
    amount_fen: int
    standard_fen: int
    parameters: tuple[ParameterUsed, ...]
    assessment: Assessment | None = None
    counted_fen: int | None = None


def _proposal(
    account: DeterminationOpened, command: Propose, found: _Found
) -> BenefitProposed | RefusalProposed:
    singly = found.assessment.single_persons if found.assessment else ()
    topups = found.assessment.topups if found.assessment else ()
    own_fen = sum(person.own_income_fen for person in singly)
    persons, counted_fen = whose_means(account)
    if found.counted_fen is not None:
        counted_fen = found.counted_fen
    stated: dict[str, Any] = {
        "proposer": command.actor,
        "persons": len(singly) or persons,
        "standard_fen": found.standard_fen,
        "counted_income_fen": own_fen if singly else counted_fen,
        "parameters": found.parameters,
        "explanation": command.explanation,
    }
    if found.reason is not None:
        return RefusalProposed(reason=found.reason, **stated)
    return BenefitProposed(
        amount_fen=found.amount_fen,
        single_persons=singly or None,
        topups=topups or None,
        tier=found.assessment.tier if found.assessment else None,
        **stated,
    )


def _tekun(account: DeterminationOpened, regime: Parameters, at: Moment) -> _Found:
    """Income is tested against the dibao standard; what is paid is the basic standard of tekun."""
    dibao = rules.dibao_regime_of(account, at)
    reason = tekun.reason_to_refuse(account, regime, dibao)
    amount_fen = 0 if reason is not None else regime.fen("tekun_basic_monthly_fen")
    standard_fen = dibao.fen("standard_monthly_fen")
    return _Found(reason, amount_fen, standard_fen, rules.parameters_used(regime, dibao))


def _child(account: DeterminationOpened, regime: Parameters, at: Moment) -> _Found:
    """By both parents' situations and without a test of means; beside what is paid already."""
    child = children.circumstances_of(account)
    standard_fen = children.standard_fen(child, regime)
    if came_of_age(account, at):
        reason: RefusalReason | None = RefusalReason.OF_AGE
    else:
        reason = children.reason_to_refuse(child, regime, standard_fen)
    beside_fen = children.paid_beside_fen(child)
    amount_fen = children.allowance_fen(child, standard_fen)
    used = rules.parameters_used(regime)
    return _Found(reason, amount_fen, standard_fen, used, counted_fen=beside_fen)


def came_of_age(account: DeterminationOpened, at: Moment) -> bool:
    """Whether the first month to be paid lies after the last one that a minor is supported in."""
    minor = minor_by_age(account)
    if minor is None:
        return False
    pay_from = rules.pay_from(account, rules.regime_of(account, at), at.date)
    return children.is_of_age_in(minor, pay_from)
