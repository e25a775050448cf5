"""Refused work: what counts, what a row of refusals leads to, and how much it takes away.

Jobs that are introduced and poverty projects count in rows of their own, each by its own rule. A
consequence takes the regime of the day it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from uuid import UUID

from shared.contracts.assessments import SinglePerson
from shared.contracts.circumstances import (
    HouseholdCircumstances,
    LabourAbility,
    Occupation,
    PovertyStanding,
)
from shared.contracts.work import (
    WithheldShare,
    WorkConsequence,
    WorkConsequenceCause,
    WorkOfferKind,
    WorkResponse,
)
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters

STOPPED = Fraction(1)


def limit_of(kind: WorkOfferKind, regime: Parameters) -> int:
    """How many refusals in a row have a consequence; ``Refusal`` where the kind does not count.

    Source: 国务院令第649号, art. 45; 民发〔2021〕57号, art. 34 (jobs); 大民联发(2020)2号, 2(3)
    (poverty projects).
    """
    name = f"{kind}_refusals_limit"
    limit = regime.whole_or_none(name)
    if limit is None:
        raise Refusal(
            "work-offer-not-counted", facts={"kind": kind}, source=regime.value(name).source
        )
    return limit


def require_bound_to_work(
    kind: WorkOfferKind,
    labour: LabourAbility,
    occupation: Occupation,
    circumstances: HouseholdCircumstances | None,
    regime: Parameters,
) -> None:
    """Who is able to work and has none (有劳动能力但未就业); of projects, the registered poor only.

    Work that comes and goes is work. Whether the household is registered as poor is what the survey
    found; where it found nothing, no project counts.
    Source: 国务院令第649号, art. 45; 民发〔2021〕57号, art. 34; 大民联发(2020)2号, 2(3).
    """
    source = regime.value(f"{kind}_refusals_limit").source
    if labour is LabourAbility.NONE or occupation is not Occupation.NO_WORK:
        facts: dict[str, int | str] = {"labour": labour, "occupation": occupation}
        raise Refusal("not-bound-to-work", facts=facts, source=source)
    if kind is WorkOfferKind.PROJECT:
        if circumstances is None:
            raise Refusal("poverty-standing-unknown", source=source)
        if circumstances.poverty is PovertyStanding.NOT_REGISTERED:
            raise Refusal("not-registered-poor", source=source)


def refusals_in_a_row(responses: Iterable[WorkResponse]) -> int:
    """How many refusals stand at the end of a row: an excuse or taking part begins it anew."""
    row = 0
    for response in responses:
        row = row + 1 if response is WorkResponse.REFUSED else 0
    return row


def cause_to_decide(
    response: WorkResponse, refusals: int, limit: int, withheld: Fraction
) -> WorkConsequenceCause | None:
    """What is to be decided after an answer, if anything.

    At the limit, and with each refusal after it, unless the whole share is withheld already; and
    once a row is broken whose consequence still runs.
    """
    if refusals < limit:
        return WorkConsequenceCause.ROW_BROKEN if withheld else None
    refused = response is WorkResponse.REFUSED
    return WorkConsequenceCause.LIMIT_REACHED if refused and withheld < STOPPED else None


def require_allowed(
    cause: WorkConsequenceCause,
    kind: WorkOfferKind,
    chosen: WorkConsequence,
    regime: Parameters,
    *,
    explained: bool,
) -> None:
    """What the approver may choose: reduce or stop, and none, with a reason, under a 可 (may).

    A broken row can only be followed by the share's return.
    Source: 国务院令第649号, art. 45; 民发〔2021〕57号, art. 34; 大民联发(2020)2号, 2(3).
    """
    if cause is WorkConsequenceCause.ROW_BROKEN:
        allowed = [WorkConsequence.RESTORE]
    else:
        allowed = [WorkConsequence.REDUCE, WorkConsequence.STOP]
        if regime.code(f"{kind}_refusals_consequence") == "may":
            allowed.append(WorkConsequence.NONE)
    source = regime.value(f"{kind}_refusals_consequence").source
    if chosen not in allowed:
        facts: dict[str, int | str] = {"chosen": chosen, "allowed": ", ".join(allowed)}
        raise Refusal("work-consequence-not-allowed", facts=facts, source=source)
    if chosen is WorkConsequence.NONE and not explained:
        raise Refusal("work-consequence-reason-missing", source=source)


def share_withheld(consequence: WorkConsequence, regime: Parameters) -> Fraction:
    """Which part of the own share a consequence withholds; by how much is reduced no source says.

    Source: 国务院令第649号, art. 45 (减发或者停发其本人的最低生活保障金).
    """
    match consequence:
        case WorkConsequence.STOP:
            return STOPPED
        case WorkConsequence.REDUCE:
            return regime.ratio("work_refusals_reduction_share")
        case _:
            return Fraction(0)


def own_shares(
    gap_fen: int, members: Iterable[UUID], single_persons: Iterable[SinglePerson]
) -> dict[UUID, Fraction]:
    """Each member's own share of the household's amount, in fen a month, exactly.

    An equal part of it; where members entered alone, theirs in the measure of their own amounts.
    No source says how a household's amount is a member's; see docs/decisions/0029.
    """
    alone = {single.person_id: single.amount_fen for single in single_persons}
    whole = sum(alone.values())
    if whole:
        return {person: Fraction(gap_fen * own, whole) for person, own in alone.items()}
    people = tuple(members)
    return {person: Fraction(gap_fen, len(people)) for person in people}


def withheld_part(withheld: Iterable[WithheldShare], person_id: UUID) -> Fraction:
    """Which part of a member's share is withheld; once, if for jobs and projects both."""
    parts = (Fraction(w.numerator, w.denominator) for w in withheld if w.person_id == person_id)
    return max(parts, default=Fraction(0))


def withheld_fen(
    shares: Mapping[UUID, Fraction], withheld: Iterable[WithheldShare], regime: Parameters
) -> int:
    """What is taken off a household's amount for its members' refusals, in fen a month.

    The withheld parts of the members' own shares, added up first and rounded once, so that others'
    shares stay as they are and all shares together are the whole amount.
    """
    known = tuple(withheld)
    if not known:
        return 0
    parts = sum((share * withheld_part(known, who) for who, share in shares.items()), Fraction(0))
    return in_fen(parts, regime)


def in_fen(share_fen: Fraction, regime: Parameters) -> int:
    """A share in whole fen, as the deployment rounds."""
    return share_of(1, share_fen, Rounding(regime.code("benefit_rounding")))
