"""Who is recognised as tekun: no ability to work, no means, nobody able who is bound to support.

Source: 民发〔2021〕43号, arts. 4–8.
"""

from __future__ import annotations

from services.decision.rules.entitlement import is_below_standard, property_is_within_limits
from shared.contracts.circumstances import ObligorStanding, TekunCircumstances, TekunGround
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def circumstances_of(account: DeterminationOpened) -> TekunCircumstances:
    """What the survey found of ability to work and obligors; ``Refusal`` where it did not."""
    if account.tekun is None:
        raise Refusal("tekun-circumstances-missing", source="民发〔2021〕43号 art. 4")
    return account.tekun


def is_unable_to_work(circumstances: TekunCircumstances, regime: Parameters) -> bool:
    """Whether somebody has no ability to work: by age, or by kind and grade of disability.

    Of sixty or more, under sixteen; intellectual or mental disability of grades one to three,
    physical of one and two, visual of one. A province may add others. Source: 民发〔2021〕43号,
    art. 5.
    """
    if circumstances.ground is not TekunGround.DISABILITY:
        return circumstances.ground in regime.codes("tekun_unable_ages")
    if circumstances.disability is None or circumstances.grade is None:
        return False
    name = f"tekun_disability_grade_{circumstances.disability}"
    least_severe = regime.whole_or_none(name)
    return least_severe is not None and circumstances.grade <= least_severe


def reason_to_refuse(
    account: DeterminationOpened, regime: Parameters, dibao: Parameters
) -> RefusalReason | None:
    """Why somebody is not recognised, in the order of the article, or ``None`` if they are.

    Income below the dibao standard of the place, property within the place's limits for tekun.
    Source: 民发〔2021〕43号, art. 4.
    """
    circumstances = circumstances_of(account)
    if not is_unable_to_work(circumstances, regime):
        return RefusalReason.ABLE_TO_WORK
    standard_fen = dibao.fen("standard_monthly_fen")
    if not is_below_standard(standard_fen, len(account.members), account.counted_income_fen):
        return RefusalReason.INCOME_NOT_BELOW_STANDARD
    if not property_is_within_limits(account, regime, standard_fen):
        return RefusalReason.PROPERTY_ABOVE_LIMIT
    if circumstances.obligors is ObligorStanding.ABLE:
        return RefusalReason.OBLIGOR_ABLE
    return None
