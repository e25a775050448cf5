"""Who belongs to a household after somebody left or joined it, and what a fact's date brings.

A fact counts from the month after it happened, whenever it was reported.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from shared.calendar import Month, same_day_after
from shared.contracts.changes import HouseholdChange, HouseholdChangeCause
from shared.contracts.fields import Member, Relation
from shared.kernel.decider import Refusal
from shared.policy import Parameters

_LEAVING: Final = (
    HouseholdChangeCause.DEATH,
    HouseholdChangeCause.DIVORCE,
    HouseholdChangeCause.MOVED_OUT,
    HouseholdChangeCause.IMPRISONMENT,
)


def members_after(
    members: tuple[Member, ...],
    change: HouseholdChange,
    payee: UUID | None,
    family: tuple[Member, ...] = (),
) -> tuple[Member, ...]:
    """The household once a change has happened: those who stay, then those who joined.

    ``family`` are all around members who entered alone: they leave it as well, and any of them can
    be paid. Where the payee has left, the one who is named takes their place, and is the applicant
    from now on if they are of the household; how the others stand to them is not restated. Raises
    ``Refusal`` for a change that does not fit the household, or that leaves nobody to be paid
    although somebody is left.
    """
    known = {member.person_id for member in (*members, *family)}
    strangers = len(set(change.left) - known)
    if strangers:
        raise Refusal("person-not-in-household", facts={"lines": strangers}, status=422)
    joined = [member.person_id for member in change.joined]
    if len({*joined, *known}) != len(joined) + len(known):
        raise Refusal("member-listed-twice", status=422)
    expects_left = change.cause in _LEAVING
    found_by_decision = change.cause is HouseholdChangeCause.NO_LONGER_ALONE
    if (
        found_by_decision
        or expects_left != bool(change.left)
        or expects_left == bool(change.joined)
    ):
        raise Refusal("household-change-astray", facts={"cause": change.cause}, status=422)
    if (change.cause is HouseholdChangeCause.DEATH) != (change.certificate is not None):
        raise Refusal("death-certificate-astray", facts={"cause": change.cause}, status=422)
    after = (*(m for m in members if m.person_id not in change.left), *change.joined)
    if payee not in change.left or not after:
        if change.payee is not None:
            raise Refusal("payee-astray", status=422)
        return after
    there = {member.person_id for member in (*after, *family)} - set(change.left)
    if change.payee not in there:
        raise Refusal("payee-missing", status=422)
    return tuple(
        m.model_copy(update={"relation": Relation.APPLICANT}) if m.person_id == change.payee else m
        for m in after
    )


def adjust_by(died_on: date, regime: Parameters) -> date | None:
    """By when a household is checked and adjusted after a death; ``None`` where none is set.

    Source: 民发〔2022〕83号, 1(3): within three months.
    """
    months = regime.whole_or_none("death_adjust_within_months")
    return None if months is None else same_day_after(died_on, months)


def may_be_admonished(happened_on: date, reported_on: date, regime: Parameters) -> bool | None:
    """Whether a major change was kept back so long that the household may be admonished.

    ``None`` where the regime knows no such time. Source: 民发〔2022〕83号, 5(5): more than three
    months.
    """
    months = regime.whole_or_none("change_admonish_after_months")
    return None if months is None else reported_on > same_day_after(happened_on, months)


def counts_from(happened_on: date | None, pay_from: Month, decided_on: date) -> Month:
    """From which month on a fact counts: the month after it happened, or after it is decided.

    Never before the first month that is paid, nor later than the month after the decision.
    """
    following = Month.of(decided_on).next()
    if happened_on is None:
        return following
    return min(following, max(pay_from, Month.of(happened_on).next()))
