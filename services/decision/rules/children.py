"""Who is paid the basic living of orphans and of children whom in fact nobody brings up.

Without a test of means. Source: 国办发〔2010〕54号 (孤儿); 民发〔2019〕62号, 1–3, and 民发〔2020〕
125号 (事实无人抚养儿童).
"""

from __future__ import annotations

from typing import Final

from services.decision.rules.entitlement import monthly_gap_fen
from shared.calendar import Month
from shared.contracts.children import (
    ChildCircumstances,
    ChildPlacement,
    Minor,
    ParentCircumstances,
    ParentSituation,
)
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.standards import StandardKind
from shared.kernel.decider import Refusal
from shared.policy import Parameters
from shared.policy.standards import parameter_of

CHILD_SOURCE: Final = "民发〔2019〕62号, 1"

DEAD_OR_MISSING: Final = (ParentSituation.DEAD, ParentSituation.MISSING)
LOST: Final = (*DEAD_OR_MISSING, ParentSituation.UNTRACEABLE)
"""Of whom a child is without: 失去父母、查找不到生父母 (国办发〔2010〕54号)."""

RESTRICTED: Final = (
    ParentSituation.SERVING_SENTENCE,
    ParentSituation.COMPULSORY_DETOX,
    ParentSituation.OTHERWISE_RESTRICTED,
)
_OF_THE_MIND: Final = (DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL)


def circumstances_of(account: DeterminationOpened) -> ChildCircumstances:
    """What the check established of both parents; ``Refusal`` where it did not."""
    if account.child is None:
        raise Refusal("child-circumstances-missing", source=CHILD_SOURCE)
    return account.child


def is_orphan(child: ChildCircumstances) -> bool:
    """Whether a child has lost both parents, or they cannot be traced.

    A parent whom a court has declared missing counts as lost. Source: 国办发〔2010〕54号.
    """
    return all(parent.situation in LOST for parent in child.parents)


def is_unattended(child: ChildCircumstances, regime: Parameters) -> bool:
    """Whether in fact nobody brings a child up (事实无人抚养).

    Both parents are in one of the situations; or one is dead or missing, and the other is in one.
    Source: 民发〔2019〕62号, 1; 民发〔2020〕125号, 1.
    """
    covered = [parent for parent in child.parents if is_covered(parent, regime)]
    gone = [parent for parent in child.parents if parent.situation in DEAD_OR_MISSING]
    return bool(covered) and len(covered) + len(gone) == len(child.parents)


def is_covered(parent: ParentCircumstances, regime: Parameters) -> bool:
    """Whether a parent's situation is one of those that the regime of the day lists.

    A disability of grade one or two, intellectual or mental also of three and four; a sentence or
    measure of six months or more; no contact for six months or more.
    Source: 民发〔2019〕62号, 1; 民发〔2020〕125号, 1 (from 2021: guardianship revoked, deported).
    """
    if parent.situation not in regime.codes("child_parent_situations"):
        return False
    match parent.situation:
        case ParentSituation.DISABLED:
            return parent.disability is not None and _is_severe(parent.disability, regime)
        case ParentSituation.LOST_CONTACT:
            return (parent.months or 0) >= regime.whole("child_lost_contact_minimum_months")
        case situation if situation in RESTRICTED:
            return (parent.months or 0) >= regime.whole("child_restriction_minimum_months")
        case _:
            return True


def _is_severe(disability: Disability, regime: Parameters) -> bool:
    name = "intellectual_or_mental" if disability.kind in _OF_THE_MIND else "other"
    return disability.grade <= regime.whole(f"child_parent_disability_grade_{name}")


def standard_kind(child: ChildCircumstances) -> StandardKind:
    """By which standard a child is paid: an orphan's by where it lives.

    A child whom in fact nobody brings up is paid as an orphan outside an institution.
    Source: 闽民救〔2020〕21号, 2(3).3 (按照散居孤儿标准发放); 民发〔2019〕62号, 3(1)
    (与当地孤儿保障标准相衔接).
    """
    if is_orphan(child) and child.placement is ChildPlacement.INSTITUTION:
        return StandardKind.CHILD_IN_INSTITUTION
    return StandardKind.CHILD_OUTSIDE_INSTITUTION


def standard_fen(child: ChildCircumstances, regime: Parameters) -> int:
    """The standard that a child is paid by, in fen a month."""
    return regime.fen(parameter_of(standard_kind(child)))


def paid_beside_fen(child: ChildCircumstances) -> int:
    """What is taken off the standard, in fen a month: nothing of an orphan's.

    Of any other child what it is paid already of dibao, tekun or the disability living subsidy
    (补差发放). Source: 民发〔2019〕62号, 3(1).
    """
    if is_orphan(child):
        return 0
    return sum(one.amount_fen for one in child.paid_beside)


def allowance_fen(child: ChildCircumstances, standard_fen: int) -> int:
    """What a child is paid a month, in fen: the standard less what it is paid beside, at least 0.

    Source: 民发〔2019〕62号, 3(1).
    """
    return monthly_gap_fen(standard_fen, 1, paid_beside_fen(child))


def reason_to_refuse(
    child: ChildCircumstances, regime: Parameters, standard_fen: int
) -> RefusalReason | None:
    """Why a child is not paid, or ``None`` if it is: a parent can, or it is paid as much beside.

    Who has reached the standard by what is paid beside gets nothing on top.
    Source: 民发〔2019〕62号, 1, 3(1).
    """
    if not is_orphan(child) and not is_unattended(child, regime):
        return RefusalReason.PARENT_NOT_COVERED
    if allowance_fen(child, standard_fen) == 0:
        return RefusalReason.PAID_AS_MUCH_BESIDE
    return None


def is_of_age_in(minor: Minor | None, month: Month) -> bool:
    """Whether a month lies after the one in which somebody turns eighteen."""
    return minor is not None and month > minor.turns_eighteen
