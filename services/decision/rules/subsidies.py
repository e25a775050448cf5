"""The two subsidies for disabled people (残疾人两项补贴): who gets them, and in which months.

Source: 国发〔2015〕52号.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol

from services.decision.rules.entitlement import (
    first_month_paid,
    is_paid_from_application,
    month_of_application,
)
from shared.calendar import Month
from shared.contracts.changes import StopReason
from shared.contracts.circumstances import Disability, DisabilityCircumstances, DisabilityKind
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.subsidies import Support
from shared.kernel.decider import Refusal
from shared.policy import Parameters

STANDARD: Final = "disability_subsidy_monthly_fen"
SUBSIDIES: Final = (Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY)
WORK_INJURY_CARE: Final = "work_injury_care"
_OF_MIND: Final = (DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL)

_NOT_BESIDE: Final[Mapping[Support, tuple[RefusalReason, StopReason]]] = {
    Support.TEKUN: (RefusalReason.SUPPORTED_AS_TEKUN, StopReason.SUPPORTED_AS_TEKUN),
    Support.CHILD_ALLOWANCE: (RefusalReason.PAID_AS_CHILD, StopReason.PAID_AS_CHILD),
}


class Supported(Protocol):
    """A support that a person has: since when, and up to which month where it is over."""

    @property
    def support(self) -> Support:
        """What it is."""

    @property
    def since(self) -> Month:
        """Its first month."""

    @property
    def last_month(self) -> Month | None:
        """Its last month; ``None`` while it goes on."""


class KnownSupports(Protocol):
    """All that the house knows of what a person is supported by."""

    @property
    def died_in(self) -> Month | None:
        """The month of the person's death."""

    def of(self, *supports: str) -> Sequence[Supported]:
        """What there is of these, the earliest first."""


class Months(NamedTuple):
    """In which months somebody is entitled, as far as is known; ``ends`` why in the last."""

    first: Month
    last: Month | None = None
    ends: StopReason | None = None


def circumstances_of(account: DeterminationOpened) -> DisabilityCircumstances:
    """What the township found of disability and care; ``Refusal`` where it did not."""
    if account.disability is None:
        raise Refusal("disability-circumstances-missing", source="国发〔2015〕52号 2(1)")
    return account.disability


def grade_is_covered(disability: Disability, regime: Parameters) -> bool:
    """Whether the care subsidy is paid for a disability of this kind and grade.

    Grades one and two of any kind; a place may extend it to lighter intellectual and mental
    disability. Source: 国发〔2015〕52号, 2(1).
    """
    least = regime.whole("care_subsidy_least_grade")
    if disability.kind in _OF_MIND:
        extended = regime.whole_or_none("care_subsidy_intellectual_or_mental_least_grade")
        least = max(least, extended or least)
    return disability.grade <= least


def needs_long_term_care(care_months: int, regime: Parameters) -> bool:
    """Whether care is needed for so long that it is long-term: six months or more (6个月以上).

    Source: 国发〔2015〕52号, 2(1).
    """
    return care_months >= regime.whole("care_subsidy_months_of_care")


def reason_to_refuse(
    account: DeterminationOpened, regime: Parameters, supports: KnownSupports
) -> RefusalReason | None:
    """Why somebody does not get a subsidy, in the order of the document; ``None`` if they do.

    Source: 国发〔2015〕52号, 2(1), 2(4).
    """
    found = circumstances_of(account)
    if found.disability is None:
        return RefusalReason.NO_DISABILITY_CERTIFICATE
    if account.programme is Programme.DISABILITY_CARE_SUBSIDY:
        if not grade_is_covered(found.disability, regime):
            return RefusalReason.GRADE_NOT_COVERED
        if not needs_long_term_care(found.care_months, regime):
            return RefusalReason.NO_LONG_TERM_CARE
    if found.work_injury_care and WORK_INJURY_CARE in regime.codes("subsidy_not_beside"):
        return RefusalReason.WORK_INJURY_CARE
    months = months_entitled(account.programme, supports, regime, month_of_application(account))
    return None if isinstance(months, Months) else months


def first_month(months: Months, regime: Parameters, confirmed_on: date) -> Month:
    """The first month that is paid: that of the application, or of the standing it rests on.

    Where a place pays from the month after its decision, not before that.
    Source: 国发〔2015〕52号, 3(3).
    """
    if is_paid_from_application(regime):
        return months.first
    return max(months.first, first_month_paid(confirmed_on))


def months_entitled(
    programme: Programme, supports: KnownSupports, regime: Parameters, since: Month
) -> Months | RefusalReason:
    """The months, from one on, in which what the house knows lets somebody have a subsidy.

    The living subsidy rests on the household's standing: it is paid in no month before the
    household was confirmed, and to the last month of that. Neither is paid from the month on in
    which a person gets what it is not paid beside, nor after the month of a death; who got that
    before is paid from the month after. Else the reason why there is no such month.
    Source: 国发〔2015〕52号, 2(1), 2(4), 3(4).
    """
    months = Months(since)
    if programme is Programme.DISABILITY_LIVING_SUBSIDY:
        grounds = supports.of(*regime.codes("living_subsidy_households"))
        found = _months_of(grounds, since)
        if found is None:
            return RefusalReason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED
        months = found
    for held in supports.of(*regime.codes("subsidy_not_beside")):
        refusal, ends = _NOT_BESIDE[held.support]
        if held.since > months.first:
            months = _until(months, held.since.previous(), ends)
        elif held.last_month is None:
            return refusal
        elif held.last_month >= months.first:
            months = months._replace(first=held.last_month.next())
    died_in = supports.died_in
    if died_in is not None and (months.last is None or died_in <= months.last):
        months = Months(months.first, died_in, StopReason.PERSON_DIED)
    if months.last is not None and months.last < months.first:
        return _refusal_for(months.ends)
    return months


def _months_of(grounds: Sequence[Supported], since: Month) -> Months | None:
    """The months from one on that supports cover without a gap, the earliest first."""
    found: Months | None = None
    for held in grounds:
        if held.last_month is not None and held.last_month < max(since, held.since):
            continue
        last, ends = held.last_month, StopReason.HOUSEHOLD_NO_LONGER_COUNTS
        if found is None:
            found = Months(max(since, held.since), last, ends if last else None)
        elif found.last is not None and held.since <= found.last.next():
            later = None if last is None else max(last, found.last)
            found = Months(found.first, later, ends if later else None)
    return found


def _until(months: Months, last: Month, ends: StopReason) -> Months:
    if months.last is not None and months.last <= last:
        return months
    return Months(months.first, last, ends)


def end_for(reason: RefusalReason) -> StopReason:
    """Why a subsidy ends that by what is known now nobody would be entitled to."""
    return dict(_NOT_BESIDE.values()).get(reason, StopReason.HOUSEHOLD_NO_LONGER_COUNTS)


def _refusal_for(ends: StopReason | None) -> RefusalReason:
    """Why there is no month at all, where what ends them came before the first."""
    known = {stop: refusal for refusal, stop in _NOT_BESIDE.values()}
    nothing = RefusalReason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED
    return nothing if ends is None else known.get(ends, nothing)


def is_to_be_offered(
    programme: Programme,
    disability: Disability | None,
    supports: KnownSupports,
    regime: Parameters,
    now: Month,
) -> bool:
    """Whether what the house knows lets somebody have a subsidy from now on, who has none.

    Whether long-term care is needed nobody knows before they are asked. Source: 社会救助兜底脱贫
    行动方案 (应补尽补); 闽民救〔2020〕21号, 2(3).1.
    """
    if disability is None:
        return False
    if programme is Programme.DISABILITY_CARE_SUBSIDY and not grade_is_covered(disability, regime):
        return False
    months = months_entitled(programme, supports, regime, now)
    return isinstance(months, Months) and months.last is None
