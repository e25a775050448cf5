"""Changes of members who entered dibao alone: their own income, their family's means.

Shaanxi-like rules of August 2021 in Fujian: standard 600, an edge household of four lies below
4 × 900 = 3,600. The mother is severely disabled with 100 of her own: 500 a month; so is the
daughter, with nothing: 600.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    AtStandard,
    DecideChange,
    ReportChange,
    decide_change,
    report_change,
)
from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    HouseholdChange,
    HouseholdChangeCause,
    HouseholdChanged,
    ManualReviewOpened,
    MonthsRedetermined,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.circumstances import HouseholdCircumstances, PovertyStanding
from shared.contracts.fields import Member, Relation
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import (
    CHANGE,
    FOUR,
    OTHER,
    REPORTER,
    confirmed,
    given,
    opened,
    proposed,
    reported,
)
from tests.decision.standards import standard_set
from tests.decision.test_printed import printed
from tests.decision.test_property_changes import held
from tests.decision.test_tiers import FIRST, SECOND, TIERS
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, lives
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER, STRANGER, note, wage

ACCEPTED = date(2021, 8, 2)
ON = date(2021, 11, 10)
GROUND = SinglePersonGround.EDGE_SEVERE_DISABILITY
COUNTED_FEN = 2_600_00


def alone(person_id: Any, own_fen: int, amount_fen: int | None = None) -> SinglePerson:
    due_fen = 600_00 - own_fen if amount_fen is None else amount_fen
    return SinglePerson(
        person_id=person_id, ground=GROUND, own_income_fen=own_fen, amount_fen=due_fen
    )


def entered(*people: SinglePerson) -> tuple[Event, ...]:
    """The family's case, of these members alone."""
    account = opened(
        accepted_on=ACCEPTED,
        counted_income_fen=COUNTED_FEN,
        income=(wage(HUSBAND, 2_500_00), wage(MOTHER, 100_00)),
        deductions=(),
        circumstances=HouseholdCircumstances(
            poverty=PovertyStanding.NOT_REGISTERED,
            members=(
                lives(APPLICANT),
                lives(HUSBAND),
                lives(DAUGHTER, **PHYSICAL_2),
                lives(MOTHER, **PHYSICAL_2),
            ),
        ),
    )
    amount_fen = sum(person.amount_fen for person in people)
    entering = {person.person_id for person in people}
    return (
        account,
        proposed(
            persons=len(people),
            counted_income_fen=sum(person.own_income_fen for person in people),
            amount_fen=amount_fen,
            single_persons=people,
        ),
        confirmed(
            amount_fen=amount_fen,
            members=tuple(m for m in FOUR if m.person_id in entering),
            pay_from=Month(2021, 9),
        ),
    )


MOTHER_ALONE = entered(alone(MOTHER, 100_00))
BOTH = entered(alone(DAUGHTER, 0), alone(MOTHER, 100_00))


def told(
    mother_fen: int, husband_fen: int = 2_500_00, daughter_fen: int = 0, **changed: Any
) -> ChangeReported:
    lines = ((HUSBAND, husband_fen), (MOTHER, mother_fen), (DAUGHTER, daughter_fen))
    stated = {
        "income": tuple(wage(person, fen) for person, fen in lines if fen),
        "deductions": (),
        "counted_income_fen": mother_fen + husband_fen + daughter_fen,
    }
    return reported(0, ON, **(stated | changed))


def decided(
    change: ChangeReported,
    *more: Event,
    of: tuple[Event, ...] = MOTHER_ALONE,
    folders: tuple[Path, ...] = (),
    **command: Any,
) -> Decided:
    stated: dict[str, Any] = {"actor": OTHER, "role": "township_approver", "change_id": CHANGE}
    spec = given(*of, change, *more, on=ON, folders=folders)
    return spec.when(DecideChange(**(stated | command)), decide_change)


class TestAReport:
    def command(self, **changed: Any) -> ReportChange:
        stated: dict[str, Any] = {
            "change_id": CHANGE,
            "reporter": REPORTER,
            "income": (wage(HUSBAND, 2_500_00), wage(MOTHER, 200_00)),
            "deductions": (),
            "explanation": note("change"),
        }
        return ReportChange(**(stated | changed))

    def test_is_the_whole_familys_account(self) -> None:
        (event,) = given(*MOTHER_ALONE, on=ON).when(self.command(), report_change).events
        assert event.counted_income_fen == 2_700_00

    def test_tells_of_nobody_else(self) -> None:
        command = self.command(income=(wage(STRANGER, 1),))
        given(*MOTHER_ALONE, on=ON).when(command, report_change).refuses(
            "person-not-in-household", lines=1
        )

    def test_adds_nobody(self) -> None:
        joining = HouseholdChange(
            cause=HouseholdChangeCause.BIRTH,
            joined=(Member(person_id=STRANGER, relation=Relation.CHILD),),
        )
        command = self.command(household=joining, happened_on=ON)
        given(*MOTHER_ALONE, on=ON).when(command, report_change).refuses(
            "nobody-joins-who-entered-alone"
        )

    def test_does_not_say_itself_who_qualifies_no_longer(self) -> None:
        leaving = HouseholdChange(cause=HouseholdChangeCause.NO_LONGER_ALONE, left=(MOTHER,))
        command = self.command(household=leaving, happened_on=ON)
        given(*BOTH, on=ON).when(command, report_change).refuses("household-change-astray")


class TestTheirOwnIncome:
    @pytest.mark.parametrize(
        ("own_fen", "amount_fen"), [(0, 600_00), (599_99, 1), (250_00, 350_00)]
    )
    def test_below_the_standard_changes_what_they_get(self, own_fen: int, amount_fen: int) -> None:
        (event,) = decided(told(own_fen)).events
        assert isinstance(event, AmountChanged)
        assert (event.amount_fen, event.from_month) == (amount_fen, Month(2021, 12))
        assert (event.persons, event.counted_income_fen) == (1, own_fen)
        assert event.single_persons == (alone(MOTHER, own_fen),)

    def test_exactly_at_the_standard_is_looked_into(self) -> None:
        (review,) = decided(told(600_00)).events
        assert isinstance(review, ManualReviewOpened)
        (stays,) = decided(told(600_00), review, at_standard=AtStandard.STAY).events
        assert isinstance(stays, AmountChanged)
        assert stays.amount_fen == 0
        (stops,) = decided(told(600_00), review, at_standard=AtStandard.STOP).events
        assert stops.reason is StopReason.INCOME_AT_STANDARD

    def test_above_the_standard_is_phased_out_as_a_household_of_one(self) -> None:
        (event,) = decided(told(600_01)).events
        assert isinstance(event, PhaseOutStarted)
        assert (event.amount_fen, event.first_month) == (500_00, Month(2021, 12))
        assert (event.persons, event.counted_income_fen) == (1, 600_01)

    def test_one_who_does_not_go_on_leaves_the_others(self) -> None:
        gone, event = decided(told(600_01), of=BOTH).events
        assert isinstance(gone, HouseholdChanged)
        assert gone.cause is HouseholdChangeCause.NO_LONGER_ALONE
        assert (gone.left, [m.person_id for m in gone.members]) == ((MOTHER,), [DAUGHTER])
        assert (event.persons, event.amount_fen) == (1, 600_00)
        assert event.single_persons == (alone(DAUGHTER, 0),)

    def test_nobody_is_phased_out_while_others_go_on(self) -> None:
        decided(told(600_01), of=BOTH, phase_out_months=12).refuses(
            "no-phase-out", months=12, because="not_all_leave"
        )

    def test_counts_from_the_month_after_a_fact_of_the_past(self) -> None:
        changed, beside = decided(told(300_00, happened_on=date(2021, 9, 15))).events
        assert (changed.from_month, changed.amount_fen) == (Month(2021, 10), 300_00)
        assert isinstance(beside, MonthsRedetermined)
        months = [(m.month, m.before_fen, m.after_fen) for m in beside.months]
        assert months == [(Month(2021, 10), 500_00, 300_00), (Month(2021, 11), 500_00, 300_00)]


class TestTheFamilysMeans:
    @pytest.mark.parametrize(("husband_fen", "stays"), [(3_499_99, True), (3_500_00, False)])
    def test_the_ground_lasts_while_the_family_is_an_edge_household(
        self, husband_fen: int, stays: bool
    ) -> None:
        """1.5 × 600 × 4 = 3,600, of which the mother has 100."""
        (event,) = decided(told(100_00, husband_fen)).events
        if stays:
            assert event.amount_fen == 500_00
        else:
            assert event.reason is StopReason.NO_SINGLE_PERSON_GROUND
            assert event.last_month == Month(2021, 11)

    def test_a_familys_car_takes_the_ground(self) -> None:
        (event,) = decided(told(100_00, property=held(vehicles=1))).events
        assert isinstance(event, BenefitStopped)
        assert event.reason is StopReason.PROPERTY_ABOVE_LIMIT

    def test_a_ground_that_asks_for_no_edge_household_is_not_lost_by_a_car(self) -> None:
        """An adult without work, severely disabled: 民发〔2022〕83号, 1(1), since October 2022."""
        on = date(2023, 5, 15)
        change = told(100_00, property=held(vehicles=1), reported_on=on)
        account = MOTHER_ALONE[0].model_copy(
            update={
                "circumstances": HouseholdCircumstances(
                    poverty=PovertyStanding.NOT_REGISTERED,
                    members=(lives(MOTHER, occupation="no_work", **PHYSICAL_2),),
                )
            }
        )
        command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        spec = given(account, *MOTHER_ALONE[1:], change, on=on)
        (event,) = spec.when(command, decide_change).events
        assert event.amount_fen == 500_00

    def test_property_that_is_known_counts_with_the_next_change(self) -> None:
        first = told(100_00, property=held(houses=1, vehicles=0))
        (changed,) = decided(first).events
        later = told(200_00)
        (event,) = decided(later, of=(*MOTHER_ALONE, first, changed)).events
        assert event.amount_fen == 400_00

    def test_below_the_standard_as_a_whole_they_go_on_alone(self) -> None:
        (event,) = decided(told(100_00, 500_00)).events
        assert event.amount_fen == 500_00


@pytest.mark.mechanism("S0-10")
@pytest.mark.parametrize(
    ("of_mother", "amount_fen"), [({"illness": "ill"}, None), (PHYSICAL_2, 350_00)]
)
def test_who_entered_in_2020_is_managed_by_the_rules_of_the_day_afterwards(
    of_mother: dict[str, Any], amount_fen: int | None
) -> None:
    """Paid the full standard for illness or disability in 2020 (闽民救〔2020〕21号); from July 2021
    on by 民发〔2021〕57号, art. 8: of an edge household severe disability is one, illness none.
    """
    circumstances = HouseholdCircumstances(
        poverty=PovertyStanding.UNLIFTED, members=(lives(MOTHER, **of_mother),)
    )
    in_2020 = {"accepted_on": date(2020, 5, 18), "circumstances": circumstances}
    case = (MOTHER_ALONE[0].model_copy(update=in_2020), *MOTHER_ALONE[1:])
    (event,) = decided(told(250_00), of=case).events
    if amount_fen is None:
        assert event.reason is StopReason.NO_SINGLE_PERSON_GROUND
    else:
        assert event.amount_fen == amount_fen


def test_a_death_leaves_the_others_alone() -> None:
    death = HouseholdChange(cause=HouseholdChangeCause.DEATH, left=(MOTHER,), certificate="0" * 64)
    members = tuple(m for m in FOUR if m.person_id == DAUGHTER)
    change = told(0, household=death, members=members, happened_on=date(2021, 11, 2))
    changed, event = decided(change, of=BOTH).events[:2]
    assert changed.cause is HouseholdChangeCause.DEATH
    assert event.single_persons == (alone(DAUGHTER, 0),)
    assert event.amount_fen == 600_00


@pytest.mark.parametrize(
    ("daughter_fen", "husband_fen", "vehicles"),
    [(600_01, 1_500_00, None), (0, 3_500_00, None), (0, 1_500_00, 1)],
)
def test_a_death_while_they_leave_lets_the_others_leave_as_they_do(
    daughter_fen: int, husband_fen: int, vehicles: int | None
) -> None:
    """Both are phased out; the mother dies, and the daughter is as little entitled as before."""
    first = told(600_01, daughter_fen=600_01, husband_fen=1_000_00)
    (leaves,) = decided(first, of=BOTH).events
    assert isinstance(leaves, PhaseOutStarted)
    death = HouseholdChange(cause=HouseholdChangeCause.DEATH, left=(MOTHER,), certificate="0" * 64)
    change = told(
        0,
        husband_fen,
        daughter_fen,
        household=death,
        members=tuple(m for m in FOUR if m.person_id == DAUGHTER),
        happened_on=date(2021, 11, 2),
        **({} if vehicles is None else {"property": held(vehicles=vehicles)}),
    )
    so_far = (*BOTH, first, leaves)
    (changed,) = decided(change, of=so_far).events
    assert changed.cause is HouseholdChangeCause.DEATH
    state = given(*so_far, change, changed, on=ON).state
    assert (state.people(), state.leaving, state.change) == ((DAUGHTER,), leaves, None)


def test_nobody_pays_the_dead_where_another_does_not_go_on() -> None:
    """The applicant of three dies, and the mother earns above the standard: the daughter stays."""
    three = entered(alone(APPLICANT, 0), alone(DAUGHTER, 0), alone(MOTHER, 100_00))
    death = HouseholdChange(
        cause=HouseholdChangeCause.DEATH,
        left=(APPLICANT,),
        certificate="0" * 64,
        payee=DAUGHTER,
    )
    members = tuple(
        Member(person_id=person, relation=relation)
        for person, relation in ((DAUGHTER, Relation.APPLICANT), (MOTHER, Relation.PARENT))
    )
    change = told(600_01, 1_500_00, household=death, members=members, happened_on=date(2021, 11, 2))
    dead, gone, amount = decided(change, of=three).events[:3]
    assert [one.left for one in (dead, gone)] == [(APPLICANT,), (MOTHER,)]
    assert [one.payee for one in (dead, gone)] == [DAUGHTER, DAUGHTER]
    state = given(*three, change, dead, gone, amount, on=ON).state
    assert (state.payee, state.people()) == (DAUGHTER, (DAUGHTER,))


def test_a_later_standard_goes_by_the_income_of_the_change() -> None:
    change = told(250_00)
    (changed,) = decided(change).events
    raised = standard_set(from_month=Month(2022, 1))
    case = given(*MOTHER_ALONE, change, changed, on=date(2022, 1, 4))
    beside = case.beside(STANDARDS).beside(STANDARDS).beside(STANDARDS, raised)
    states = [history.state for history in beside.histories[1:]]
    at = with_standards(beside.moment, states)
    (fact,) = levelled(beside.state, states, Month(2022, 1), at)
    assert fact.event.amount_fen == 650_00 - 250_00


def test_the_tier_is_of_their_own_income(tmp_path: Path) -> None:
    folders = (notice(tmp_path, "350924", **TIERS),)
    for own_fen, tier in ((179_99, FIRST), (180_00, SECOND)):
        (event,) = decided(told(own_fen), folders=folders).events
        assert [p.tier for p in event.single_persons] == [tier]
        assert event.amount_fen == tier.per_person_fen


def test_it_is_told_in_print() -> None:
    change = told(250_00)
    (event,) = decided(change).events
    page = printed(*MOTHER_ALONE, change, event, on=ON)
    ground = "边缘家庭中的一级、二级重度残疾人 / severely disabled, of an edge household"
    assert f"{ground}: 600.00 − 250.00 = 350.00" in page
