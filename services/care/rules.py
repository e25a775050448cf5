"""The regulation of care as pure functions over dated parameters.

An assessment takes the regime of its day, an amount that of the month it begins in, a month's
contacts that of the month.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.care import CareIndicator
from shared.contracts.fields import CareLevel, Due, ParameterUsed, Programme
from shared.deadlines import working_day_due
from shared.kernel.decider import Moment, Refusal
from shared.policy import Parameters

VISITS_SOURCE: Final = "陕民发〔2022〕23号 art. 2(2).3"
"""Who visits, how often, and what follows for a caregiver who does not do what was agreed."""

REPORT_SOURCE: Final = "民发〔2021〕43号 art. 23"
"""Who reports that self-care has changed, and by when it is assessed again."""

LONGEST_TERM_MONTHS: Final = 120
"""Longer than any agreement's term; a later end is a slip of the pen."""


def regime_on(division: str, day: date, at: Moment) -> Parameters:
    """The parameters of tekun for a division on a day."""
    return at.policy.at(division, Programme.TEKUN, day)


def regime_of(division: str, month: Month, at: Moment) -> Parameters:
    """The parameters of a month: those that hold on its first day."""
    return regime_on(division, month.first_day, at)


def require_day_between(code: str, day: date, earliest: date, latest: date) -> None:
    """Something happened on a day that it can have happened on; both ends are included."""
    if not earliest <= day <= latest:
        raise Refusal(
            code,
            facts={
                "day": day.isoformat(),
                "earliest": earliest.isoformat(),
                "latest": latest.isoformat(),
            },
        )


def require_assessors(regime: Parameters, assessors: Collection[UUID]) -> None:
    """Enough different people assess together."""
    needed = regime.whole("self_care_minimum_assessors")
    different = len(set(assessors))
    if different < needed:
        facts: dict[str, int | str] = {"different": different, "needed": needed}
        source = regime.value("self_care_minimum_assessors").source
        raise Refusal("too-few-assessors", facts=facts, source=source)


def reassessment_due(reported_on: date, regime: Parameters) -> Due:
    """By when a person is assessed again whose self-care was reported to have changed.

    Ten working days from the report. Source: 民发〔2021〕43号, art. 23.
    """
    days = regime.whole("self_care_reassess_within_working_days")
    return working_day_due(regime, reported_on, days)


def require_none_owed(owed: Due | None) -> None:
    """One new assessment answers for every change before it: a second report waits for nothing."""
    if owed is not None:
        raise Refusal("reassessment-owed", facts={"due": owed.on.isoformat()}, source=REPORT_SOURCE)


def level_of(failed: Collection[CareIndicator], regime: Parameters) -> CareLevel:
    """How far somebody can look after themselves, by how many of six indicators they fail.

    None: able (全自理); one to three: partly (半护理); four or more: not (全护理).
    Source: 民发〔2021〕43号, art. 22.
    """
    if len(failed) >= regime.whole("self_care_full_from_failed"):
        return CareLevel.FULL_CARE
    if len(failed) >= regime.whole("self_care_partial_from_failed"):
        return CareLevel.PARTIAL_CARE
    return CareLevel.SELF_CARE


def first_month_of_level(assessed_on: date) -> Month:
    """The month after the assessment, as the benefit begins in the month after its decision.

    Source: 民发〔2021〕43号, art. 17.
    """
    return Month.of(assessed_on).next()


def care_fen(level: CareLevel, regime: Parameters) -> int:
    """The care supplement of a level in fen a month, as the place has set it."""
    return regime.fen(f"tekun_care_{level}_monthly_fen")


def parameters_used(*regimes: Parameters) -> tuple[ParameterUsed, ...]:
    """The figures that a decision has read of one or several days' parameters, for its event."""
    values = (value for regime in regimes for value in regime.used)
    figures = ((value.name, value.whole_figure(), value.standard_id) for value in values)
    return tuple(
        ParameterUsed(name=name, value=figure, standard_id=standard_id)
        for name, figure, standard_id in figures
        if figure is not None
    )


def require_term(signed_on: date, until_on: date, today: date) -> None:
    """An agreement ends after it begins, is not over yet, and has an end that somebody meant."""
    latest = Month.of(signed_on).next(LONGEST_TERM_MONTHS).last_day
    require_day_between("term-impossible", until_on, max(signed_on, today), latest)


def require_parties(
    person: UUID, caregiver: UUID, visitor: UUID, *, has_full_capacity: bool
) -> None:
    """Caregiver, visitor and the person cared for are three; the caregiver has full capacity.

    The person responsible for visits (探视责任人) looks after the caregiver's work and so is not
    the caregiver. Source: 陕民发〔2022〕23号, 2(2).3.
    """
    if caregiver == person:
        raise Refusal("caregiver-is-the-person")
    if visitor in (caregiver, person):
        raise Refusal("visitor-is-a-party", source=VISITS_SOURCE)
    if not has_full_capacity:
        raise Refusal("caregiver-without-full-capacity")


def first_month_owed(signed_on: date, *, covered_on_the_first: bool) -> Month:
    """The first month in which contact is owed under an agreement.

    The month of signing, if it was signed on its first day, or if an agreement before it held on
    that day (``covered_on_the_first``): who takes over in its middle takes the month over, so
    that it is owed by somebody. Otherwise the next: of a month that began without an agreement
    nobody owes a part. The sources are silent on both.
    """
    month = Month.of(signed_on)
    takes_it_on = signed_on == month.first_day or covered_on_the_first
    return month if takes_it_on else month.next()


def contacts_owed(regime: Parameters) -> int:
    """How many contacts a person supported at home is owed in a month; 0 where none is set.

    Source: 陕民发〔2022〕23号, 2(2).3 (至少每月上门巡访或电话询访1次).
    """
    return regime.whole_or_none("care_contacts_each_month") or 0


def is_late(contact_on: date, recorded_on: date) -> bool:
    """Whether a contact was recorded only after its month was over."""
    return Month.of(contact_on) < Month.of(recorded_on)


def rectification_due(ordered_on: date, regime: Parameters) -> Due:
    """By when a caregiver is to have mended their ways."""
    days = regime.whole("care_rectification_within_working_days")
    return working_day_due(regime, ordered_on, days)
