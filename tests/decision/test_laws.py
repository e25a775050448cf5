"""What holds of every household, whatever its figures: properties over random accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given as over
from hypothesis import strategies as st

from services.decision.decisions import DecideChange, decide_change
from services.decision.rules.assessment import Assessment, assess
from services.payment.model import ByMonth
from services.verification import rules as verification
from shared.calendar import Month
from shared.contracts.assessments import Outcome
from shared.contracts.changes import AmountChanged
from shared.contracts.circumstances import (
    AgeGroup,
    HouseholdCircumstances,
    Illness,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.fields import (
    IncomeKind,
    IncomeLine,
    LineSource,
)
from tests.decision.assessments import BAOJI
from tests.decision.household import (
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    FOUR,
    OTHER,
    given,
    opened,
    policy,
    reported,
)
from tests.verification.circumstances import PHYSICAL_2, lives
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    DAUGHTER,
    DAYAO,
    DEDUCTIONS,
    FUJIAN,
    HUSBAND,
    MOTHER,
    SHAANXI,
    wage,
)

PERSONS = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
FEN = st.integers(0, 6_000_00)
PLACES = st.sampled_from([FUJIAN, DAYAO, SHAANXI, BAOJI])
DAYS = st.sampled_from(
    [
        date(2019, 5, 6),
        date(2020, 5, 18),
        date(2021, 5, 17),
        date(2021, 8, 2),
        date(2023, 3, 1),
        date(2026, 7, 1),
    ]
)
CONDITIONS = st.sampled_from(
    [
        {},
        PHYSICAL_2,
        {"illness": Illness.MAJOR},
        {"illness": Illness.ILL},
        {"occupation": Occupation.SCHOOL, "age": AgeGroup.UNDER_SIXTEEN},
        {"occupation": Occupation.NO_WORK},
        {"age": AgeGroup.SEVENTY_OR_OVER},
    ]
)
CIRCUMSTANCES = st.builds(
    lambda poverty, conditions: HouseholdCircumstances(
        poverty=poverty,
        members=tuple(
            lives(person_id, **condition)
            for person_id, condition in zip(PERSONS, conditions, strict=True)
        ),
    ),
    st.sampled_from(PovertyStanding),
    st.lists(CONDITIONS, min_size=4, max_size=4),
)


def assessed(place: str, on: date, **account: Any) -> Assessment:
    return assess(
        opened(division=place, accepted_on=on, **account), policy().at(place, "dibao", on)
    )


def paid_as_a_household(found: Assessment) -> int:
    """What the household gets as a whole; nothing where members enter alone instead."""
    first = found.outcomes[0]
    return first.amount_fen or 0 if first.outcome is Outcome.QUALIFIES else 0


@over(PLACES, DAYS, CIRCUMSTANCES, FEN, FEN)
def test_more_counted_income_never_raises_what_a_household_gets(
    place: str, on: date, circumstances: HouseholdCircumstances, less_fen: int, more_fen: int
) -> None:
    low, high = sorted((less_fen, more_fen))
    with_less, with_more = (
        assessed(place, on, circumstances=circumstances, counted_income_fen=fen)
        for fen in (low, high)
    )
    assert paid_as_a_household(with_more) <= paid_as_a_household(with_less)


@over(PLACES, DAYS, CIRCUMSTANCES, FEN, FEN)
def test_more_income_of_their_own_never_raises_what_a_member_alone_gets(
    place: str, on: date, circumstances: HouseholdCircumstances, less_fen: int, more_fen: int
) -> None:
    low, high = sorted((less_fen, more_fen))
    amounts = []
    for fen in (low, high):
        found = assessed(
            place,
            on,
            circumstances=circumstances,
            counted_income_fen=4 * 700_00,
            income=(wage(MOTHER, fen),),
        )
        of_mother = [p.amount_fen for p in found.single_persons if p.person_id == MOTHER]
        amounts.append(sum(of_mother))
    assert amounts[1] <= amounts[0]


@over(PLACES, DAYS, CIRCUMSTANCES, st.permutations(range(4)), FEN)
def test_the_order_of_members_never_matters(
    place: str,
    on: date,
    circumstances: HouseholdCircumstances,
    order: list[int],
    counted_fen: int,
) -> None:
    def of(members: tuple[MemberCircumstances, ...]) -> Assessment:
        told = circumstances.model_copy(update={"members": members})
        return assessed(place, on, circumstances=told, counted_income_fen=counted_fen)

    found = of(circumstances.members)
    anew = of(tuple(circumstances.members[index] for index in order))
    assert anew.amount_fen == found.amount_fen
    assert [(o.assistance, o.outcome, o.reason) for o in anew.outcomes] == [
        (o.assistance, o.outcome, o.reason) for o in found.outcomes
    ]
    assert set(anew.single_persons) == set(found.single_persons)
    assert set(anew.topups) == set(found.topups)


LINES = st.lists(
    st.builds(
        IncomeLine,
        person_id=st.sampled_from(PERSONS),
        kind=st.sampled_from(IncomeKind),
        source=st.just(LineSource.DECLARED),
        amount_fen=FEN,
    ),
    max_size=6,
)


@over(LINES, st.data())
def test_the_order_of_a_households_lines_never_matters(
    lines: list[IncomeLine], data: st.DataObject
) -> None:
    regime = policy().at(FUJIAN, "dibao", ACCEPTED_ON)

    def of(ordered: list[IncomeLine]) -> verification.Account:
        stated = verification.Statement(income=tuple(ordered), deductions=DEDUCTIONS)
        return verification.account(regime, stated, ())

    assert of(data.draw(st.permutations(lines))) == of(lines)


@over(PLACES, DAYS, CIRCUMSTANCES, FEN, FEN)
def test_a_benefit_is_never_negative_and_never_nothing(
    place: str, on: date, circumstances: HouseholdCircumstances, counted_fen: int, own_fen: int
) -> None:
    """Who is entitled at all is entitled to something."""
    found = assessed(
        place,
        on,
        circumstances=circumstances,
        counted_income_fen=counted_fen,
        income=(wage(HUSBAND, own_fen),),
    )
    assert (found.refusal is None) == (found.amount_fen > 0)
    assert all(person.amount_fen > 0 for person in found.single_persons)
    assert all(topup.amount_fen >= 0 for topup in found.topups)


@over(PLACES, DAYS, CIRCUMSTANCES, FEN)
def test_a_household_that_is_short_is_not_split(
    place: str, on: date, circumstances: HouseholdCircumstances, counted_fen: int
) -> None:
    """Nobody enters alone from a household that qualifies as a whole (民发〔2022〕83号, 1(1))."""
    found = assessed(place, on, circumstances=circumstances, counted_income_fen=counted_fen)
    as_a_whole = found.outcomes[0].outcome is Outcome.QUALIFIES
    assert not (as_a_whole and found.single_persons)


@over(st.integers(0, 2_399_99))
def test_a_redetermination_of_unchanged_facts_changes_nothing(counted_fen: int) -> None:
    """In Fujian in 2020: the same wages give the amount that was confirmed."""
    wages_fen = counted_fen + 700_00
    account = opened(income=(wage(HUSBAND, wages_fen),), counted_income_fen=counted_fen)
    found = assess(account, policy().at(FUJIAN, "dibao", ACCEPTED_ON))
    begun = (account, *CONFIRMED[1:], reported(wages_fen))
    spec = given(*begun, on=CHANGED_ON)
    command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
    (event,) = spec.when(command, decide_change).events
    assert isinstance(event, AmountChanged)
    assert event.amount_fen == found.amount_fen


MAY = Month(2020, 5)


@over(st.integers(1, 36), st.data(), FEN)
def test_splitting_and_joining_months_never_changes_a_total(
    months: int, data: st.DataObject, amount_fen: int
) -> None:
    last = MAY.next(months - 1)
    whole = ByMonth().over(MAY, last, amount_fen)
    cut = data.draw(st.integers(1, months))
    split = ByMonth().over(MAY, MAY.next(cut - 1), amount_fen)
    if cut < months:
        split = split.over(MAY.next(cut), last, amount_fen)
    assert split == whole
    assert sum(fen for _month, fen in split.months(last)) == months * amount_fen


def test_four_are_assessed_as_four() -> None:
    """The fixture: every property above is of the household that it names."""
    assert {member.person_id for member in FOUR} == set(PERSONS)
