"""Until which month a young person is supported, and when that is told.

Of nobody's birth is more recorded than the month, so months are what is counted: that of the
eighteenth birthday is the last, unless school goes on.
"""

from __future__ import annotations

from datetime import date, timedelta

from shared.calendar import Month
from shared.contracts.children import Minor
from shared.contracts.circumstances import TekunGround
from shared.contracts.coming_of_age import SchoolKind
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import Programme
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def minor_by_age(account: DeterminationOpened) -> Minor | None:
    """Whose support ends with their coming of age, and when that is; ``None`` for anybody else.

    Who is tekun because of a disability stays so when they are of age. Source: 民发〔2021〕43号,
    arts. 5, 24; 国办发〔2010〕54号 (未满18周岁).
    """
    if account.programme is Programme.CHILD_ALLOWANCE:
        return account.minor
    if account.tekun is not None and account.tekun.ground is TekunGround.UNDER_SIXTEEN:
        return account.minor
    return None


def last_month_of(turns_eighteen: Month, schooling_until: Month | None) -> Month:
    """The last month that is paid: that of the birthday, or of the school that goes beyond it.

    Source: 民发〔2021〕43号, art. 24.
    """
    return turns_eighteen if schooling_until is None else max(turns_eighteen, schooling_until)


def announced_on(last_month: Month, regime: Parameters, today: date) -> date:
    """When officials are told: so many days before the last month begins, but not before today.

    Source: 法规未作规定 (the days: they are a choice of the deployment).
    """
    ahead = timedelta(days=regime.whole("coming_of_age_announced_days_before"))
    return max(last_month.first_day - ahead, today)


def require_school_counts(school: SchoolKind, regime: Parameters) -> None:
    """Only schools that the programme names keep support on.

    Of tekun compulsory education, high school and secondary vocational school.
    Source: 民发〔2021〕43号, art. 24; 民发〔2019〕62号, 3(3) (按国家有关规定).
    """
    counted = regime.codes("coming_of_age_schools")
    if school not in counted:
        raise Refusal(
            "school-does-not-count",
            facts={"school": school, "allowed": ", ".join(counted)},
            source=regime.value("coming_of_age_schools").source,
            status=422,
        )


def require_beyond(until: Month, turns_eighteen: Month, today: date) -> None:
    """School that ends before support does anyway changes nothing."""
    earliest = max(turns_eighteen.next(), Month.of(today))
    if until < earliest:
        facts: dict[str, int | str] = {"until": str(until), "earliest": str(earliest)}
        raise Refusal("schooling-ends-before", facts=facts, status=422)
