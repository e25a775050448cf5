"""A young person comes of age: told ahead, paid in person, at school or not, and over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    AnnounceComingOfAge,
    ComeOfAge,
    EndCase,
    MovePayee,
    ProveSchooling,
    ScheduleComingOfAge,
    announce_coming_of_age,
    come_of_age,
    end_case,
    move_payee,
    prove_schooling,
    schedule_coming_of_age,
)
from services.decision.model import (
    COMING_OF_AGE,
    Stage,
    coming_of_age_of,
    determination_of,
)
from services.decision.views.coming_of_age import fold
from shared.calendar import Month
from shared.contracts.changes import AmountChanged, BenefitStopped, StopReason
from shared.contracts.children import Minor
from shared.contracts.circumstances import ObligorStanding, TekunCircumstances, TekunGround
from shared.contracts.coming_of_age import (
    ComingOfAgeAnnounced,
    ComingOfAgeScheduled,
    PayeeMoved,
    SchoolingProven,
    SchoolKind,
)
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision.children import (
    GUARDIAN,
    OUTSIDE_FEN,
    PAPER,
    TURNS_EIGHTEEN,
    account,
    confirmed,
    proposed,
    scheduled,
)
from tests.decision.household import OTHER, given
from tests.decision.office import Office
from tests.decision.test_printed import printed
from tests.documents import document
from tests.verification.household import ALONE, APPLICANT, CASE, FUJIAN

CONFIRMED: tuple[Event, ...] = (account(), proposed(), confirmed())
CONFIRMED_ON = date(2020, 3, 20)
TOLD_ON = date(2020, 12, 1)
"""Ninety days before 1 March 2021."""

SCHOOLING = uuid5(HOUSE, "tests/schooling")
ANNOUNCED = ComingOfAgeAnnounced(
    programme=Programme.CHILD_ALLOWANCE,
    division=FUJIAN,
    person_id=APPLICANT,
    last_month=TURNS_EIGHTEEN,
)
COME_OF_AGE = ComeOfAge(case_id=CASE, actor=OTHER)
FIRST_DAY = TURNS_EIGHTEEN.first_day
UNDER_SIXTEEN = TekunCircumstances(ground=TekunGround.UNDER_SIXTEEN, obligors=ObligorStanding.NONE)


def young(*events: Event, on: date, case: tuple[Event, ...] = CONFIRMED) -> Given:
    """The child's case, and what happened of its coming of age."""
    return given(*case, on=on).beside(COMING_OF_AGE, *events)


def prove(until: Month, school: SchoolKind = SchoolKind.HIGH_SCHOOL) -> ProveSchooling:
    return ProveSchooling(
        case_id=CASE,
        schooling_id=SCHOOLING,
        recorder=OTHER,
        school=school,
        until=until,
        certificate=PAPER,
    )


def proven(until: Month) -> SchoolingProven:
    return SchoolingProven(
        schooling_id=SCHOOLING,
        recorder=OTHER,
        school=SchoolKind.HIGH_SCHOOL,
        until=until,
        certificate=PAPER,
        parameters=(),
    )


def tekun(ground: TekunGround, **changed: Any) -> tuple[Event, ...]:
    """A tekun minor of Fujian, recognised in 2021, sixteen in 2023."""
    circumstances = UNDER_SIXTEEN.model_copy(update={"ground": ground, **changed})
    minor = Minor(turns_eighteen=Month(2025, 6))
    stated: dict[str, Any] = {"programme": Programme.TEKUN, "members": ALONE}
    return (
        account(
            tekun=circumstances, minor=minor, accepted_on=date(2021, 8, 2), **stated
        ).model_copy(update={"child": None}),
        proposed(standard_fen=600_00, amount_fen=780_00),
        confirmed(payee=APPLICANT, amount_fen=780_00, pay_from=Month(2021, 9), **stated),
    )


class TestWhenItIsKnown:
    def test_a_confirmation_schedules_the_month_of_the_birthday(self) -> None:
        decided = young(on=CONFIRMED_ON).when(
            ScheduleComingOfAge(case_id=CASE), schedule_coming_of_age
        )
        (event,) = decided.events
        assert event.model_copy(update={"parameters": ()}) == scheduled()
        assert decided.facts[0].stream == coming_of_age_of(CASE)
        assert [p.value for p in event.parameters] == [90]

    def test_who_is_nearly_of_age_is_told_of_at_once(self) -> None:
        on = date(2021, 2, 10)
        decided = young(on=on).when(ScheduleComingOfAge(case_id=CASE), schedule_coming_of_age)
        (event,) = decided.events
        assert event.announced_on == on

    @pytest.mark.parametrize(
        ("ground", "last_month"),
        [(TekunGround.UNDER_SIXTEEN, Month(2025, 6)), (TekunGround.DISABILITY, None)],
    )
    def test_a_tekun_minor_comes_of_age_but_who_is_disabled_stays(
        self, ground: TekunGround, last_month: Month | None
    ) -> None:
        spec = young(on=date(2021, 8, 20), case=tekun(ground))
        events = spec.when(ScheduleComingOfAge(case_id=CASE), schedule_coming_of_age).events
        assert [event.last_month for event in events] == ([last_month] if last_month else [])

    def test_nothing_is_known_of_who_was_not_recorded_as_a_minor(self) -> None:
        spec = young(on=CONFIRMED_ON, case=(account(minor=None), proposed(), confirmed()))
        spec.when(ScheduleComingOfAge(case_id=CASE), schedule_coming_of_age).then()


class TestWhenItIsTold:
    def test_once_of_each_last_month(self) -> None:
        command = AnnounceComingOfAge(case_id=CASE)
        young(scheduled(), on=TOLD_ON).when(command, announce_coming_of_age).then(ANNOUNCED)
        told = (scheduled(), ANNOUNCED)
        young(*told, on=TOLD_ON).when(command, announce_coming_of_age).then()
        later = (*told, scheduled(last_month=Month(2022, 6)))
        (again,) = young(*later, on=TOLD_ON).when(command, announce_coming_of_age).events
        assert again.last_month == Month(2022, 6)

    def test_the_young_person_takes_over_the_account_from_then_on(self) -> None:
        refusal = young(scheduled(), on=TOLD_ON - timedelta(days=1)).when(MovePayee(), move_payee)
        refusal.refuses("coming-of-age-not-near", announced_on="2020-12-01")
        moved = PayeeMoved(payee=APPLICANT, payee_before=GUARDIAN)
        told = young(scheduled(), ANNOUNCED, on=TOLD_ON)
        told.when(MovePayee(), move_payee).then(moved)
        told.given(moved).when(MovePayee(), move_payee).refuses("own-account-already")
        young(on=TOLD_ON).when(MovePayee(), move_payee).refuses("support-not-by-age")


class TestTheEnd:
    @pytest.mark.mechanism("S0-25")
    def test_the_month_of_the_birthday_is_the_last_and_the_person_is_kept_in_mind(self) -> None:
        moved, stopped, listed = (
            young(scheduled(), ANNOUNCED, on=FIRST_DAY).when(COME_OF_AGE, come_of_age).events
        )
        assert moved == PayeeMoved(payee=APPLICANT, payee_before=GUARDIAN)
        assert isinstance(stopped, BenefitStopped)
        assert (stopped.reason, stopped.last_month) == (StopReason.OF_AGE, TURNS_EIGHTEEN)
        assert isinstance(listed, PotentialRecipientListed)
        assert (listed.programme, listed.members) == (Programme.DIBAO, ALONE)
        assert listed.hardship == (HardshipGround.CAME_OF_AGE,)
        after = young(scheduled(), on=FIRST_DAY).given(moved, stopped, listed)
        assert after.state.amounts.at(TURNS_EIGHTEEN) == OUTSIDE_FEN
        assert after.state.amounts.at(TURNS_EIGHTEEN.next()) == 0
        after.when(COME_OF_AGE, come_of_age).then()

    def test_the_case_is_over_with_the_month(self) -> None:
        ending = young(scheduled(), on=FIRST_DAY).when(COME_OF_AGE, come_of_age).events
        over = given(*CONFIRMED, *ending, on=TURNS_EIGHTEEN.next().first_day)
        (ended,) = over.when(EndCase(), end_case).events
        assert isinstance(ended, CaseEnded)
        assert (ended.reason, ended.last_month) == (EndReason.STOPPED, TURNS_EIGHTEEN)
        given(*CONFIRMED, *ending, on=TURNS_EIGHTEEN.last_day).when(EndCase(), end_case).then()

    def test_nothing_ends_in_the_month_before(self) -> None:
        day = FIRST_DAY - timedelta(days=1)
        young(scheduled(), ANNOUNCED, on=day).when(COME_OF_AGE, come_of_age).then()

    def test_whoever_leaves_on_another_ground_does_not_come_of_age_as_well(self) -> None:
        stopped = BenefitStopped(
            change_id=uuid5(CASE, "other"),
            decider=OTHER,
            persons=1,
            standard_fen=OUTSIDE_FEN,
            counted_income_fen=0,
            parameters=(),
            reason=StopReason.PARENT_NOT_COVERED,
            last_month=TURNS_EIGHTEEN,
        )
        left = young(scheduled(), on=FIRST_DAY, case=(*CONFIRMED, stopped))
        left.when(COME_OF_AGE, come_of_age).then()
        left.when(AnnounceComingOfAge(case_id=CASE), announce_coming_of_age).then()
        left.when(prove(Month(2022, 6)), prove_schooling).refuses("already-leaving")


class TestAtSchool:
    UNTIL = Month(2022, 6)

    def test_support_goes_on_to_the_end_of_school_and_the_person_is_paid(self) -> None:
        proof, anew = (
            young(scheduled(), ANNOUNCED, on=date(2021, 1, 11))
            .when(prove(self.UNTIL), prove_schooling)
            .events
        )
        assert isinstance(proof, SchoolingProven)
        assert isinstance(anew, ComingOfAgeScheduled)
        assert (anew.last_month, anew.announced_on) == (self.UNTIL, date(2022, 3, 3))
        known = (scheduled(), ANNOUNCED, proof, anew)
        young(*known, on=FIRST_DAY).when(COME_OF_AGE, come_of_age).then(
            PayeeMoved(payee=APPLICANT, payee_before=GUARDIAN)
        )
        events = young(*known, on=self.UNTIL.first_day).when(COME_OF_AGE, come_of_age).events
        assert [e.last_month for e in events if isinstance(e, BenefitStopped)] == [self.UNTIL]

    @pytest.mark.parametrize(
        ("school", "counts"),
        [
            (SchoolKind.COMPULSORY, True),
            (SchoolKind.HIGH_SCHOOL, True),
            (SchoolKind.SECONDARY_VOCATIONAL, True),
            (SchoolKind.HIGHER, False),
        ],
    )
    @pytest.mark.parametrize("programme", [Programme.CHILD_ALLOWANCE, Programme.TEKUN])
    def test_only_some_schools_count(
        self, school: SchoolKind, programme: Programme, *, counts: bool
    ) -> None:
        if programme is Programme.TEKUN:
            case, on = tekun(TekunGround.UNDER_SIXTEEN), date(2025, 5, 6)
            known = scheduled(turns_eighteen=Month(2025, 6), last_month=Month(2025, 6))
        else:
            case, on, known = CONFIRMED, date(2021, 1, 11), scheduled()
        decided = young(known, on=on, case=case).when(
            prove(Month(2026, 6), school), prove_schooling
        )
        if counts:
            assert decided.events[-1].last_month == Month(2026, 6)
        else:
            decided.refuses("school-does-not-count", school="higher")

    @pytest.mark.parametrize(
        ("until", "beyond"), [(TURNS_EIGHTEEN, False), (TURNS_EIGHTEEN.next(), True)]
    )
    def test_school_goes_beyond_the_birthday(self, until: Month, *, beyond: bool) -> None:
        spec = young(scheduled(), on=date(2021, 1, 11))
        decided = spec.when(prove(until), prove_schooling)
        if beyond:
            assert decided.events[-1].last_month == until
        else:
            decided.refuses("schooling-ends-before", earliest="2021-04")

    def test_proof_that_comes_late_leaves_no_gap(self) -> None:
        """The end was recorded on 1 March; on 20 March the school's paper comes."""
        on = date(2021, 3, 20)
        ending = young(scheduled(), on=FIRST_DAY).when(COME_OF_AGE, come_of_age).events
        late = young(scheduled(), on=on, case=(*CONFIRMED, *ending))
        _, _, paid_on = late.when(prove(self.UNTIL), prove_schooling).events
        assert isinstance(paid_on, AmountChanged)
        assert (paid_on.amount_fen, paid_on.from_month) == (OUTSIDE_FEN, TURNS_EIGHTEEN.next())
        state = late.given(paid_on).state
        assert (state.stage, state.leaving) == (Stage.CONFIRMED, None)
        assert state.amounts.at(Month(2021, 4)) == OUTSIDE_FEN

    def test_proof_that_comes_after_the_last_month_is_too_late(self) -> None:
        ending = young(scheduled(), on=FIRST_DAY).when(COME_OF_AGE, come_of_age).events
        after = young(scheduled(), on=date(2021, 4, 1), case=(*CONFIRMED, *ending))
        after.when(prove(self.UNTIL), prove_schooling).refuses("benefit-over")

    def test_who_leaves_school_early_is_recorded_anew(self) -> None:
        known = (scheduled(), proven(self.UNTIL), scheduled(last_month=self.UNTIL))
        spec = young(*known, on=date(2021, 9, 6))
        assert spec.when(prove(Month(2021, 9)), prove_schooling).events[-1].last_month == Month(
            2021, 9
        )
        spec.when(prove(Month(2021, 8)), prove_schooling).refuses("schooling-ends-before")


class TestTheDuties:
    """The real duties over a store: what is due on which day."""

    def office(self) -> Office:
        office = Office(CONFIRMED_ON)
        office.record(CASE, *CONFIRMED)
        office.follow()
        return office

    def on(self, office: Office, day: date) -> list[Any]:
        office.today = day
        before = len(office.documents())
        office.duties()
        office.follow()
        return [document.data for document in office.documents()[before:]]

    @pytest.mark.parametrize(("days", "told"), [(91, False), (90, True), (89, True)])
    def test_it_is_told_ninety_days_before_the_last_month(self, days: int, *, told: bool) -> None:
        office = self.office()
        happened = self.on(office, FIRST_DAY - timedelta(days=days))
        assert any(isinstance(e, ComingOfAgeAnnounced) for e in happened) is told

    def test_the_end_is_recorded_on_the_first_of_the_last_month_and_told_in_writing(self) -> None:
        office = self.office()
        self.on(office, FIRST_DAY - timedelta(days=1))
        assert office.case(CASE).stage is Stage.CONFIRMED
        kinds = [type(event).__name__ for event in self.on(office, FIRST_DAY)]
        assert kinds.count("BenefitStopped") == 1
        assert {"PayeeMoved", "PotentialRecipientListed", "NoticeOwed"} <= set(kinds)
        later = self.on(office, TURNS_EIGHTEEN.last_day)
        assert not any(isinstance(e, CaseEnded) for e in later)
        ended = self.on(office, TURNS_EIGHTEEN.next().first_day)
        assert any(isinstance(e, CaseEnded) for e in ended)

    def test_late_duties_find_what_was_due(self) -> None:
        """Nobody ran them for half a year: the last month is the same."""
        office = self.office()
        happened = self.on(office, date(2021, 9, 1))
        (stopped,) = (e for e in happened if isinstance(e, BenefitStopped))
        assert stopped.last_month == TURNS_EIGHTEEN

    def test_school_moves_the_end(self) -> None:
        office = self.office()
        self.on(office, TOLD_ON)
        reads = (determination_of(CASE), coming_of_age_of(CASE))
        office.command(reads, prove_schooling, prove(Month(2022, 6)), FUJIAN)
        on_birthday = self.on(office, FIRST_DAY)
        assert [type(e).__name__ for e in on_birthday] == ["PayeeMoved"]
        assert office.case(CASE).payee == APPLICANT
        last: list[Any] = self.on(office, date(2022, 6, 1))
        (stopped,) = (e for e in last if isinstance(e, BenefitStopped))
        assert (stopped.last_month, stopped.reason) == (Month(2022, 6), StopReason.OF_AGE)


def test_the_list_says_whether_the_last_month_that_holds_was_told() -> None:
    """A month is told once: scheduled again unchanged, it stays told."""
    seen: Any = None
    told = []
    for event in (
        scheduled(),
        ANNOUNCED,
        scheduled(),
        scheduled(last_month=Month(2022, 6)),
        CaseEnded(
            programme=Programme.CHILD_ALLOWANCE,
            division=FUJIAN,
            members=ALONE,
            reason=EndReason.STOPPED,
        ),
        scheduled(last_month=Month(2022, 6)),
    ):
        seen = fold(str(CASE), seen, document(event, case_id=CASE, on=TOLD_ON))
        told.append((seen["announced"], seen["ended"]))
    assert told == [
        (False, False),
        (True, False),
        (True, False),
        (False, False),
        (False, True),
        (False, False),
    ]


def test_it_is_told_in_print() -> None:
    ending = young(scheduled(), on=FIRST_DAY).when(COME_OF_AGE, come_of_age).events
    told = printed(account(), scheduled(), ANNOUNCED, proven(Month(2022, 6)), *ending)
    for line in (
        "年满十八周岁 / turns eighteen in: 2021-03",
        "普通高中 / high school，至 / to: 2022-06",
        "年满十八周岁 / of age；发至 / paid to: 2021-03",
        "此后发放至本人 / paid in person from now on",
    ):
        assert line in told, told
    assert str(APPLICANT) not in told
