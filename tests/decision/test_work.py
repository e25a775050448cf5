"""Refused work: case 11 of the worked cases, rows and what breaks them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID, uuid5

import pytest
from hypothesis import given as each
from hypothesis import strategies as some

from services.decision.decisions import record_work_offer
from services.decision.model import WORK
from services.decision.rules import work as rules
from shared.calendar import Month
from shared.contracts.changes import AmountChanged
from shared.contracts.circumstances import LabourAbility, Occupation, PovertyStanding
from shared.contracts.fields import Programme
from shared.contracts.work import (
    WorkConsequence,
    WorkConsequenceCause,
    WorkConsequenceDecided,
    WorkConsequenceDropped,
    WorkExcuse,
    WorkOfferAnswered,
    WorkResponse,
)
from shared.kernel.decider import HOUSE
from tests.decision.dayao import GRANDMOTHER, JULY, SON, at_work, circumstances, in_benefit, policy
from tests.decision.household import given
from tests.decision.work import (
    CONSEQUENCE,
    EXCUSED,
    JOB,
    NONE,
    REASON,
    REDUCE,
    STOP,
    TAKEN_UP,
    THRICE,
    TWICE,
    answered,
    cut,
    decided,
    record,
    waiting,
    withheld,
)
from tests.verification.household import APPLICANT, DAYAO, FUJIAN, STRANGER


class TestCase11:
    """Registered poor, able to work, without work; three persons, a gap of 600, 200 each."""

    @pytest.mark.mechanism("S3-20")
    def test_case_11_two_refusals_in_a_row_lead_to_nothing(self) -> None:
        for number, before in ((1, ()), (2, TWICE[:1])):
            (event,) = at_work(*before).when(record(number), record_work_offer).events
            assert (type(event), event.refusals) == (WorkOfferAnswered, number)

    @pytest.mark.mechanism("S3-20")
    def test_case_11_the_third_is_brought_up_for_decision(self) -> None:
        came = at_work(*TWICE).when(record(3), record_work_offer)
        came.then(answered(3, 3), waiting())
        assert {fact.stream.aggregate for fact in came.facts if fact.stream} == {"work"}

    @pytest.mark.mechanism("S3-20")
    @pytest.mark.parametrize(("consequence", "amount_fen"), [(STOP, 400_00), (REDUCE, 500_00)])
    def test_case_11_the_own_share_alone_is_stopped_or_halved(
        self, consequence: WorkConsequence, amount_fen: int
    ) -> None:
        own, household_ = decided(consequence).events
        assert isinstance(own, WorkConsequenceDecided)
        assert (own.own_share_fen, own.consequence) == (200_00, consequence)
        assert isinstance(household_, AmountChanged)
        assert (household_.amount_fen, household_.from_month) == (amount_fen, Month(2020, 8))
        assert household_.withheld_fen == 600_00 - amount_fen
        others_fen = [share for who, share in self.shares().items() if who != SON]
        assert others_fen == [200_00, 200_00]

    def shares(self) -> dict[UUID, Fraction]:
        return rules.own_shares(600_00, (APPLICANT, SON, GRANDMOTHER), ())

    @pytest.mark.mechanism("S3-20")
    @pytest.mark.parametrize("response", [EXCUSED, TAKEN_UP])
    def test_case_11_an_excuse_or_taking_part_begins_the_row_anew(
        self, response: WorkResponse
    ) -> None:
        between = answered(3, 0, response)
        (event,) = at_work(*TWICE, between).when(record(4), record_work_offer).events
        assert event.refusals == 1

    @pytest.mark.mechanism("S3-20")
    def test_case_11_nothing_at_all_is_lawful_with_a_reason(self) -> None:
        (event,) = decided(NONE, explanation=REASON).events
        assert (event.consequence, event.explanation) == (NONE, REASON)
        refusal = decided(NONE).refuses("work-consequence-reason-missing")
        assert "大民联发(2020)2号" in refusal.source

    def test_case_11_an_amount_that_does_not_divide_is_rounded_once(self) -> None:
        """A gap of 100.00 for three: 33.33 withheld of one, 66.67 of two, all of three."""
        people = (APPLICANT, SON, GRANDMOTHER)
        shares = rules.own_shares(100_00, people, ())
        regime = policy().at(DAYAO, "dibao", JULY)
        for number, taken_fen in ((1, 33_33), (2, 66_67), (3, 100_00)):
            of = [withheld(person_id=person) for person in people[:number]]
            assert rules.withheld_fen(shares, of, regime) == taken_fen

    @each(some.integers(0, 10_000_00), some.integers(1, 9), some.data())
    def test_what_is_withheld_is_never_more_than_all(
        self, gap_fen: int, persons: int, data: some.DataObject
    ) -> None:
        people = [uuid5(HOUSE, f"tests/person/{n}") for n in range(persons)]
        refusing = data.draw(some.sets(some.sampled_from(people)))
        parts = [withheld(Fraction(1), person_id=person) for person in refusing]
        regime = policy().at(DAYAO, "dibao", JULY)
        taken_fen = rules.withheld_fen(rules.own_shares(gap_fen, people, ()), parts, regime)
        assert 0 <= taken_fen <= gap_fen
        assert len(refusing) < persons or taken_fen == gap_fen


class TestRows:
    def test_jobs_and_projects_count_apart(self) -> None:
        (event,) = at_work(*TWICE).when(record(3, kind=JOB), record_work_offer).events
        assert (event.kind, event.refusals) == (JOB, 1)

    def test_members_count_apart(self) -> None:
        other = record(3, person_id=GRANDMOTHER)
        (event,) = at_work(*TWICE).when(other, record_work_offer).events
        assert event.refusals == 1

    def test_an_excuse_that_is_recorded_late_breaks_the_row_where_it_belongs(self) -> None:
        """Refused on the 1st and the 3rd; ill on the 2nd, which is recorded last."""
        before = (answered(1, 1), answered(3, 2))
        (event,) = at_work(*before).when(record(2, EXCUSED), record_work_offer).events
        assert event.refusals == 1

    def test_what_waits_is_dropped_when_its_row_is_broken(self) -> None:
        late = record(2, EXCUSED)
        before = (answered(1, 1), answered(3, 2), answered(4, 3), waiting())
        at_work(*before).when(late, record_work_offer).then(
            answered(2, 2, EXCUSED), WorkConsequenceDropped(consequence_id=CONSEQUENCE)
        )

    def test_a_fourth_refusal_brings_up_no_second_matter(self) -> None:
        (event,) = at_work(*THRICE).when(record(4), record_work_offer).events
        assert event.refusals == 4

    def test_after_nothing_followed_the_next_refusal_is_brought_up_again(self) -> None:
        nothing, *_ = decided(NONE, explanation=REASON).events
        spec = at_work(*THRICE, nothing)
        _, opened = spec.when(record(4), record_work_offer).events
        assert (opened.cause, opened.refusals) == (WorkConsequenceCause.LIMIT_REACHED, 4)

    def test_who_is_stopped_is_not_brought_up_again_who_is_reduced_is(self) -> None:
        own, _ = decided(STOP).events
        for part, events in ((Fraction(1), 1), (Fraction(1, 2), 2)):
            after = (cut(400_00, withheld(part)),)
            came = at_work(*THRICE, own, after=after).when(record(4), record_work_offer)
            assert len(came.events) == events

    @pytest.mark.parametrize(
        ("labour", "occupation"),
        [
            (LabourAbility.NONE, Occupation.NO_WORK),
            (LabourAbility.FULL, Occupation.STEADY_WORK),
            (LabourAbility.FULL, Occupation.UNSTEADY_WORK),
            (LabourAbility.PARTIAL, Occupation.SCHOOL),
        ],
    )
    def test_only_who_is_able_to_work_and_has_none_is_bound(
        self, labour: LabourAbility, occupation: Occupation
    ) -> None:
        command = record(1, labour=labour, occupation=occupation)
        at_work().when(command, record_work_offer).refuses("not-bound-to-work", labour=labour)

    def test_who_is_able_in_part_is_bound(self) -> None:
        command = record(1, labour=LabourAbility.PARTIAL)
        assert at_work().when(command, record_work_offer).events

    @pytest.mark.parametrize(
        ("poverty", "code"),
        [
            (PovertyStanding.NOT_REGISTERED, "not-registered-poor"),
            (None, "poverty-standing-unknown"),
        ],
    )
    def test_projects_bind_the_registered_poor_jobs_everybody(
        self, poverty: PovertyStanding | None, code: str
    ) -> None:
        found = None if poverty is None else circumstances(poverty)
        spec = at_work(circumstances=found)
        spec.when(record(1), record_work_offer).refuses(code)
        assert spec.when(record(1, kind=JOB), record_work_offer).events

    def test_who_was_lifted_is_still_registered(self) -> None:
        spec = at_work(circumstances=circumstances(PovertyStanding.LIFTED))
        assert spec.when(record(1), record_work_offer).events

    def test_a_project_counts_for_nothing_where_no_plan_counts_it(self) -> None:
        refusal = at_work(division=FUJIAN).when(record(1), record_work_offer)
        assert (
            "民发〔2012〕220号" in refusal.refuses("work-offer-not-counted", kind="project").source
        )
        assert at_work(division=FUJIAN).when(record(1, kind=JOB), record_work_offer).events

    @pytest.mark.parametrize(
        ("on", "counts"), [(date(2021, 6, 30), True), (date(2021, 7, 1), False)]
    )
    def test_the_plan_of_dayao_ends_with_june_2021(self, on: date, counts: bool) -> None:
        came = at_work(on=on).when(record(1), record_work_offer)
        assert (came.refusal is None) == counts

    def test_an_answer_follows_its_offer_and_is_not_ahead(self) -> None:
        for offered, answer in ((2, 1), (16, 16), (15, 16)):
            dates = {"offered_on": date(2020, 7, offered), "answered_on": date(2020, 7, answer)}
            command = record(1, **dates)
            at_work().when(command, record_work_offer).refuses("work-offer-dates-astray")
        today = record(15)
        assert at_work().when(today, record_work_offer).events

    def test_an_excuse_is_named_and_only_then(self) -> None:
        for command in (record(1, EXCUSED, excuse=None), record(1, excuse=WorkExcuse.ILLNESS)):
            at_work().when(command, record_work_offer).refuses("work-excuse-astray")

    def test_it_is_about_members_of_a_household_on_dibao(self) -> None:
        stranger = record(1, person_id=STRANGER)
        at_work().when(stranger, record_work_offer).refuses("person-not-in-household")
        spec = at_work(programme=Programme.TEKUN)
        spec.when(record(1), record_work_offer).refuses("programme-without-changes")
        unconfirmed = given(*in_benefit()[:2], on=JULY).beside(WORK)
        unconfirmed.when(record(1), record_work_offer).refuses("wrong-stage", stage="proposed")
