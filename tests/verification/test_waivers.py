"""The family's check is waived: by whom, for whom, until when, and what the account holds then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.verification.decisions import (
    CompleteCheck,
    RecordAnswer,
    WaiveFamilyCheck,
    complete,
    record_answer,
    waive_family_check,
)
from services.verification.model import CHECK
from shared.contracts.assessments import SinglePersonGround
from shared.contracts.circumstances import (
    Illness,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.departments import Department
from shared.contracts.fields import (
    IncomeKind,
    LineSource,
    Programme,
)
from shared.contracts.home_visits import DeclaredProperty, HomeVisitRecorded
from shared.contracts.leads import Contradiction, LeadClearance, LeadCleared, LeadKind, LeadRaised
from shared.contracts.verification import CheckCompleted, CheckOpened
from shared.contracts.waivers import FamilyCheckWaived, FamilyWaiver, WaivedFor
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.policy import Policy
from tests.verification import test_home_counties as at_home
from tests.verification.circumstances import PHYSICAL_2, PHYSICAL_3, household, lives
from tests.verification.household import (
    APPLICANT,
    DAYAO,
    FIRST,
    FUJIAN,
    HUSBAND,
    MOTHER,
    THIRD,
    all_answered,
    answered,
    asked,
    note,
    opened,
    reviewed,
    visited,
    wage,
)

TODAY = date(2020, 4, 7)
LAST_DAY = date(2020, 12, 31)
G = SinglePersonGround
UNLIFTED = PovertyStanding.UNLIFTED
XINGAN = "152201000000"


SEVERELY_DISABLED = lives(MOTHER, **PHYSICAL_2)


def visit(
    *members: MemberCircumstances, poverty: PovertyStanding = UNLIFTED, **changed: object
) -> HomeVisitRecorded:
    """The visit of the story, with what was found of the members; the others are healthy."""
    stated = {
        "circumstances": household(*members, poverty=poverty),
        "property": DeclaredProperty(deposits_fen=800_00, houses=1, vehicles=0),
    }
    return visited().model_copy(update=stated | changed)


def given(
    *events: Event, on: date = TODAY, check: CheckOpened | None = None, policy: Policy | None = None
) -> Given:
    begun = check or opened()
    return spec(CHECK, on=on, policy=policy).given(begun, *asked(), *events)


def waiving(
    *members: MemberCircumstances,
    on: date = TODAY,
    check: CheckOpened | None = None,
    poverty: PovertyStanding = UNLIFTED,
    decider: UUID = THIRD,
    policy: Policy | None = None,
) -> Decided:
    command = WaiveFamilyCheck(decider=decider, grounds=note("waiver"))
    begun = given(visit(*members, poverty=poverty), on=on, check=check, policy=policy)
    return begun.when(command, waive_family_check)


def persons(decided: Decided) -> list[tuple[UUID, SinglePersonGround]]:
    waived = decided.events[0]
    assert isinstance(waived, FamilyCheckWaived)
    return [(person.person_id, person.ground) for person in waived.waiver.persons]


WAIVED = FamilyCheckWaived(
    waiver=FamilyWaiver(
        persons=(WaivedFor(person_id=MOTHER, ground=G.UNLIFTED_SEVERE_DISABILITY),),
        decider=THIRD,
        decided_on=TODAY,
        until_on=LAST_DAY,
    ),
    grounds=note("waiver"),
)


@pytest.mark.mechanism("S0-9", "S1-13")
class TestWhoseFamily:
    """未脱贫建档立卡贫困户中的重度残疾人、重病患者 … 对其家庭可不再进行经济状况核对."""

    def test_is_that_of_a_severely_disabled_person_of_a_household_not_lifted(self) -> None:
        assert waiving(SEVERELY_DISABLED).events == (WAIVED,)

    def test_is_that_of_a_severely_ill_one(self) -> None:
        ill = lives(HUSBAND, illness=Illness.SEVERE)
        assert persons(waiving(ill)) == [(HUSBAND, G.UNLIFTED_SEVERE_ILLNESS)]

    @pytest.mark.parametrize("division", [FUJIAN, XINGAN])
    def test_is_the_nations_and_fujians_alike(self, division: str) -> None:
        check = opened(division)
        ill = lives(HUSBAND, illness=Illness.MAJOR)
        assert persons(waiving(SEVERELY_DISABLED, ill, check=check)) == [
            (HUSBAND, G.UNLIFTED_SEVERE_ILLNESS),
            (MOTHER, G.UNLIFTED_SEVERE_DISABILITY),
        ]

    @pytest.mark.parametrize("division", [FUJIAN, XINGAN])
    @pytest.mark.parametrize(
        "member",
        [
            lives(MOTHER, **PHYSICAL_3),
            lives(MOTHER, illness=Illness.ILL),
            lives(MOTHER, occupation=Occupation.SCHOOL),
            lives(MOTHER),
        ],
    )
    def test_is_nobody_elses(self, member: MemberCircumstances, division: str) -> None:
        decided = waiving(member, check=opened(division))
        decided.refuses("family-waiver-without-ground")

    @pytest.mark.parametrize("poverty", [PovertyStanding.LIFTED, PovertyStanding.NOT_REGISTERED])
    def test_is_not_that_of_a_lifted_household(self, poverty: PovertyStanding) -> None:
        waiving(SEVERELY_DISABLED, poverty=poverty).refuses("family-waiver-without-ground")

    def test_is_in_dayao_that_of_who_applied_only(self) -> None:
        check = opened(DAYAO)
        waiving(SEVERELY_DISABLED, check=check).refuses("family-waiver-without-ground")
        applied = lives(APPLICANT, **PHYSICAL_2)
        assert persons(waiving(applied, check=check)) == [(APPLICANT, G.UNLIFTED_SEVERE_DISABILITY)]

    def test_is_read_widely_where_a_place_says_so(self, tmp_path: Path) -> None:
        """因病、因残、因学单人保对象的家庭."""
        ill = lives(HUSBAND, illness=Illness.ILL)
        lifted = PovertyStanding.LIFTED
        wide = place(tmp_path, 'grounds = ["illness"]')
        found_ = waiving(ill, poverty=lifted, policy=wide)
        assert persons(found_) == [(HUSBAND, G.ILLNESS)]
        waiving(ill, poverty=lifted).refuses("family-waiver-without-ground")


def place(folder: Path, said: str) -> Policy:
    """Fujian as its own notice has it: ``until = …`` or ``grounds = …``."""
    name, _, value = said.partition(" = ")
    (folder / "place.toml").write_text(
        f"""
authority = "place"
scope = "35"
[documents.notice]
title = "A notice of the place"
valid_from = 2020-03-31
by_article = false
[values.dibao]
family_check_waiver_{name} = [{{ value = {value}, document = "notice" }}]
""",
        encoding="utf-8",
    )
    return Policy.load((folder,))


@pytest.mark.mechanism("S0-9", "S1-13", "S0-10", "S1-51")
class TestUntilWhen:
    """脱贫攻坚期内 … 打赢脱贫攻坚战后，按低保政策进行动态管理."""

    def test_it_is_decided_on_the_last_day_of_the_campaign(self) -> None:
        late = opened(accepted_on=date(2020, 12, 20))
        assert waiving(SEVERELY_DISABLED, on=LAST_DAY, check=late).refusal is None

    @pytest.mark.parametrize("division", [FUJIAN, XINGAN])
    def test_and_not_on_the_day_after_whenever_the_application_was_accepted(
        self, division: str
    ) -> None:
        late = opened(division, date(2020, 12, 20))
        decided = waiving(SEVERELY_DISABLED, on=date(2021, 1, 1), check=late)
        decided.refuses("family-waiver-over", until_on="2020-12-31")

    @pytest.mark.parametrize(
        ("division", "accepted_on"),
        [
            (XINGAN, date(2020, 3, 31)),
            (XINGAN, date(2021, 1, 1)),
            (FUJIAN, date(2020, 3, 30)),
            (FUJIAN, date(2021, 1, 1)),
            (FUJIAN, date(2021, 7, 1)),
        ],
    )
    def test_an_application_of_another_time_knows_none(
        self, division: str, accepted_on: date
    ) -> None:
        check = opened(division, accepted_on)
        decided = waiving(SEVERELY_DISABLED, on=accepted_on, check=check)
        decided.refuses("family-waiver-not-provided-for")

    @pytest.mark.parametrize(
        ("division", "accepted_on"), [(XINGAN, date(2020, 4, 1)), (XINGAN, LAST_DAY)]
    )
    def test_is_that_of_the_campaign(self, division: str, accepted_on: date) -> None:
        check = opened(division, accepted_on)
        assert waiving(SEVERELY_DISABLED, on=accepted_on, check=check).refusal is None

    def test_fujians_plan_waives_once_the_nations_grounds_count(self) -> None:
        """On 31 March nobody enters alone in Fujian for not being lifted yet."""
        first = date(2020, 3, 31)
        decided = waiving(SEVERELY_DISABLED, on=first, check=opened(FUJIAN, first))
        decided.refuses("family-waiver-without-ground")

    def test_a_place_may_name_another_day(self, tmp_path: Path) -> None:
        policy = place(tmp_path, "until = 2021-02-24")
        late = opened(accepted_on=date(2020, 12, 20))
        last = waiving(SEVERELY_DISABLED, on=date(2021, 2, 24), check=late, policy=policy)
        assert last.refusal is None
        over = waiving(SEVERELY_DISABLED, on=date(2021, 2, 25), check=late, policy=policy)
        over.refuses("family-waiver-over")

    def test_it_is_of_dibao_only(self) -> None:
        check = opened().model_copy(update={"programme": Programme.TEMPORARY_ASSISTANCE})
        waiving(SEVERELY_DISABLED, check=check).refuses("family-waiver-not-provided-for")


class TestTheDecision:
    def test_is_no_surveyors(self) -> None:
        decided = waiving(SEVERELY_DISABLED, decider=FIRST)
        decided.refuses("family-waiver-by-surveyor")

    def test_makes_who_decides_one_of_the_surveys_hands(self) -> None:
        done = given(*all_answered(), visit(SEVERELY_DISABLED), reviewed(), WAIVED)
        assert THIRD in completing(done).surveyors

    def test_needs_a_visit(self) -> None:
        command = WaiveFamilyCheck(decider=THIRD, grounds=note("waiver"))
        given().when(command, waive_family_check).refuses("visit-missing")

    def test_is_made_once(self) -> None:
        command = WaiveFamilyCheck(decider=APPLICANT, grounds=note("waiver"))
        begun = given(visit(SEVERELY_DISABLED), WAIVED)
        begun.when(command, waive_family_check).refuses("family-waived-before")

    def test_falls_with_another_visit(self) -> None:
        done = given(*all_answered(), visit(SEVERELY_DISABLED), WAIVED, visit(), reviewed())
        assert completing(done).waiver is None


def completing(begun: Given) -> CheckCompleted:
    (completed,) = begun.when(CompleteCheck(actor=FIRST), complete).events
    assert isinstance(completed, CheckCompleted)
    return completed


RICH = answered(
    Department.BANKS,
    wage(HUSBAND, 9_000_00, LineSource.BANKS),
    wage(MOTHER, 150_00, LineSource.BANKS),
    deposits_fen=90_000_00,
    houses=3,
    vehicles=2,
)


class TestTheAccount:
    ANSWERS = (*all_answered()[:-1], RICH)

    def test_holds_the_income_of_who_enters_alone_and_nothing_else(self) -> None:
        done = given(*self.ANSWERS, visit(SEVERELY_DISABLED), reviewed(), WAIVED)
        completed = completing(done)
        assert completed.income == (wage(MOTHER, 150_00, LineSource.BANKS),)
        assert (completed.counted_income_fen, completed.deductions) == (150_00, ())
        assert (completed.deposits_fen, completed.houses, completed.vehicles) == (0, 0, 0)
        assert completed.waiver == WAIVED.waiver

    def test_holds_nothing_that_a_home_county_found(self) -> None:
        found_at_home = (at_home.asked(), at_home.answered(deposits_fen=1_200_00, houses=1))
        done = (*all_answered(), visit(SEVERELY_DISABLED), reviewed(), *found_at_home)
        assert completing(given(*done)).deposits_fen == 1_200_00
        completed = completing(given(*done, WAIVED))
        assert (completed.deposits_fen, completed.houses) == (0, 0)

    def test_without_the_waiver_holds_the_familys_too(self) -> None:
        completed = completing(given(*self.ANSWERS, visit(SEVERELY_DISABLED), reviewed()))
        assert completed.counted_income_fen == 9_000_00 + 150_00 - 700_00
        assert (completed.deposits_fen, completed.houses) == (90_000_00, 3)

    def test_keeps_the_persons_own_procedure(self) -> None:
        """Visit, departments and, under 民发〔2012〕220号, the democratic review stay."""
        command = CompleteCheck(actor=FIRST)
        begun = given(visit(SEVERELY_DISABLED), WAIVED)
        begun.when(command, complete).refuses("departments-outstanding")
        begun.given(*self.ANSWERS).when(command, complete).refuses("review-missing")


def lead(number: int, person_id: UUID | None) -> LeadRaised:
    """The bank knows of a wage that nobody declared, or of more deposits than were stated."""
    if person_id is None:
        said = Contradiction(
            kind=LeadKind.DEPOSITS_ABOVE_DECLARED,
            department=Department.BANKS,
            declared=800_00,
            reported=90_000_00,
        )
    else:
        said = Contradiction(
            kind=LeadKind.INCOME_ABOVE_DECLARED,
            department=Department.BANKS,
            person_id=person_id,
            income=IncomeKind.WAGE,
            declared=0,
            reported=150_00,
        )
    return LeadRaised(lead=number, contradiction=said)


class TestWhatContradictsTheFamily:
    def test_is_cleared_and_what_is_of_the_person_stays(self) -> None:
        begun = given(visit(SEVERELY_DISABLED), lead(1, HUSBAND), lead(2, None), lead(3, MOTHER))
        command = WaiveFamilyCheck(decider=THIRD, grounds=note("waiver"))
        begun.when(command, waive_family_check).then(
            WAIVED,
            LeadCleared(lead=1, by=LeadClearance.WAIVER),
            LeadCleared(lead=2, by=LeadClearance.WAIVER),
        )

    def test_is_not_put_to_it_any_more(self) -> None:
        begun = given(visit(SEVERELY_DISABLED, income=()), WAIVED)
        command = RecordAnswer(
            department=Department.BANKS,
            income=RICH.income,
            deposits_fen=RICH.deposits_fen,
            houses=RICH.houses,
            vehicles=RICH.vehicles,
        )
        _answered, *raised = begun.when(command, record_answer).events
        (only,) = raised
        assert only.contradiction.person_id == MOTHER
