"""Refused work: case 11 of the worked cases, rows that are broken, what may and must follow."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given as each
from hypothesis import strategies as some

from services.decision.decisions import (
    DecideChange,
    DecideWorkConsequence,
    HearAboutWork,
    RecordWorkOffer,
    decide_change,
    decide_work_consequence,
    hear_about_work,
    record_work_offer,
)
from services.decision.model import WORK
from services.decision.rules import work as rules
from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.changes import AmountChanged, PhaseOutStarted
from shared.contracts.circumstances import LabourAbility, Occupation, PovertyStanding
from shared.contracts.fields import Programme
from shared.contracts.standards import AmountRedetermined
from shared.contracts.work import (
    WithheldShare,
    WorkConsequence,
    WorkConsequenceCause,
    WorkConsequenceDecided,
    WorkConsequenceDropped,
    WorkConsequenceHeard,
    WorkConsequenceOpened,
    WorkExcuse,
    WorkOfferAnswered,
    WorkOfferKind,
    WorkResponse,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.dayao import (
    GRANDMOTHER,
    JULY,
    SON,
    at_work,
    circumstances,
    household,
    in_benefit,
    policy,
)
from tests.decision.household import OTHER, REPORTER, given, reported
from tests.notices import notice
from tests.verification.household import APPLICANT, CASE, DAYAO, FIRST, FUJIAN, STRANGER, note

COUNTY = "county_approver"
CONSEQUENCE = uuid5(HOUSE, "tests/consequence")
REASON = note("reason")
PROJECT, JOB = WorkOfferKind.PROJECT, WorkOfferKind.JOB
TAKEN_UP, EXCUSED, REFUSED = WorkResponse.TAKEN_UP, WorkResponse.EXCUSED, WorkResponse.REFUSED
STOP, REDUCE = WorkConsequence.STOP, WorkConsequence.REDUCE
NONE, RESTORE = WorkConsequence.NONE, WorkConsequence.RESTORE
IN_2022 = date(2022, 3, 15)
UNDER_THE_LAW = date(2026, 7, 15)


def offer_id(number: int) -> UUID:
    return uuid5(HOUSE, f"tests/offer/{number}")


def record(number: int, response: WorkResponse = REFUSED, **changed: Any) -> RecordWorkOffer:
    """The son's answer to an offer on a day of July."""
    stated: dict[str, Any] = {
        "case_id": CASE,
        "offer_id": offer_id(number),
        "consequence_id": CONSEQUENCE,
        "recorder": REPORTER,
        "person_id": SON,
        "kind": PROJECT,
        "offered_on": date(2020, 7, number),
        "answered_on": date(2020, 7, number),
        "labour": LabourAbility.FULL,
        "occupation": Occupation.NO_WORK,
        "response": response,
        "excuse": WorkExcuse.ILLNESS if response is EXCUSED else None,
        "findings": note(f"offer {number}"),
    }
    return RecordWorkOffer(**(stated | changed))


def answered(
    number: int, refusals: int, response: WorkResponse = REFUSED, **changed: Any
) -> WorkOfferAnswered:
    stated = record(number, response, **changed).model_dump(exclude={"case_id", "consequence_id"})
    return WorkOfferAnswered(division=DAYAO, refusals=refusals, **stated)


def waiting(
    cause: WorkConsequenceCause = WorkConsequenceCause.LIMIT_REACHED,
    refusals: int = 3,
    on: date = JULY,
    **changed: Any,
) -> WorkConsequenceOpened:
    stated: dict[str, Any] = {
        "consequence_id": CONSEQUENCE,
        "person_id": SON,
        "kind": PROJECT,
        "cause": cause,
        "refusals": refusals,
        "opened_on": on,
        "recorder": REPORTER,
    }
    return WorkConsequenceOpened(**(stated | changed))


TWICE = (answered(1, 1), answered(2, 2))
THRICE = (*TWICE, answered(3, 3), waiting())


def three_jobs(on: date) -> tuple[Event, ...]:
    of_jobs = [answered(n, n, kind=JOB, offered_on=on, answered_on=on) for n in (1, 2, 3)]
    return (*of_jobs, waiting(kind=JOB, on=on))


def decide(consequence: WorkConsequence, **changed: Any) -> DecideWorkConsequence:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "consequence_id": CONSEQUENCE,
        "actor": OTHER,
        "role": COUNTY,
        "consequence": consequence,
    }
    return DecideWorkConsequence(**(stated | changed))


def decided(consequence: WorkConsequence, *records: Event, **changed: Any) -> Decided:
    command = decide(consequence, **changed)
    return at_work(*(records or THRICE)).when(command, decide_work_consequence)


def withheld(part: Fraction = Fraction(1), **changed: Any) -> WithheldShare:
    stated: dict[str, Any] = {"person_id": SON, "kind": PROJECT}
    of = {"numerator": part.numerator, "denominator": part.denominator}
    return WithheldShare(**(stated | of | changed))


def cut(amount_fen: int, *shares: WithheldShare) -> AmountChanged:
    """The amount once shares are withheld of the gap of 600."""
    return AmountChanged(
        change_id=CONSEQUENCE,
        decider=OTHER,
        persons=3,
        standard_fen=375_00,
        counted_income_fen=525_00,
        parameters=(),
        amount_fen=amount_fen,
        from_month=Month(2020, 8),
        withheld=shares or None,
        withheld_fen=600_00 - amount_fen or None,
    )


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


class TestDeciding:
    def test_it_is_told_to_payment_as_any_other_amount(self) -> None:
        came = decided(STOP)
        own, changed = came.facts
        assert own.stream is not None
        assert changed.stream is None  # the determination's own, which is what others hear
        assert {fact.policy for fact in came.facts} == {policy().version}
        names = {used.name: used.value for used in changed.event.parameters}
        assert names["hearing_before_reduction_or_stop"] == 0

    def test_what_the_share_is_reduced_by_stands_in_the_decision(self) -> None:
        _, changed = decided(REDUCE).events
        assert changed.withheld == (withheld(Fraction(1, 2)),)
        used = {used.name for used in changed.parameters}
        assert "work_refusals_reduction_share" in used

    def test_jobs_must_have_a_consequence(self) -> None:
        """649, art. 45: 应当, where the county's plan for projects says 可."""
        spec = at_work(*three_jobs(JULY))
        refusal = spec.when(decide(NONE, explanation=REASON), decide_work_consequence)
        assert (
            "国务院令第649号"
            in refusal.refuses("work-consequence-not-allowed", allowed="reduce, stop").source
        )
        assert spec.when(decide(STOP), decide_work_consequence).events[1].amount_fen == 400_00

    def test_from_july_2021_jobs_count_by_the_measures(self) -> None:
        spec = at_work(*three_jobs(IN_2022), on=IN_2022)
        refusal = spec.when(decide(NONE, explanation=REASON), decide_work_consequence)
        assert "民发〔2021〕57号" in refusal.refuses("work-consequence-not-allowed").source

    def test_under_the_law_the_household_is_heard_first(self) -> None:
        day = UNDER_THE_LAW
        spec = at_work(*three_jobs(day), on=day)
        refusal = spec.when(decide(STOP), decide_work_consequence).refuses("hearing-missing")
        assert "社会救助法" in refusal.source
        hear = HearAboutWork(case_id=CASE, consequence_id=CONSEQUENCE, statement=note("heard"))
        (heard,) = spec.when(hear, hear_about_work).events
        spec = at_work(*three_jobs(day), heard, on=day)
        assert spec.when(decide(STOP), decide_work_consequence).events[1].amount_fen == 400_00

    def test_it_keeps_the_regime_of_the_day_it_opened(self) -> None:
        """Opened on the last day before the law, decided under it: nobody has to be heard."""
        spec = at_work(*three_jobs(date(2026, 6, 30)), on=date(2026, 7, 1))
        assert spec.when(decide(STOP), decide_work_consequence).events

    def test_hands_are_apart(self) -> None:
        for actor, step in ((REPORTER, "record"), (FIRST, "survey")):
            decided(STOP, actor=actor).refuses("same-hands", before=step)
        decided(STOP, role="township_approver").refuses("not-the-deciding-level")

    def test_there_is_something_to_decide(self) -> None:
        decided(STOP, *TWICE).refuses("no-such-work-consequence")
        hear = HearAboutWork(case_id=CASE, consequence_id=CONSEQUENCE, statement=note("heard"))
        at_work(*TWICE).when(hear, hear_about_work).refuses("no-such-work-consequence")

    def test_a_household_that_leaves_is_not_cut_beside(self) -> None:
        leaving = PhaseOutStarted(
            change_id=CONSEQUENCE,
            decider=OTHER,
            persons=3,
            standard_fen=375_00,
            counted_income_fen=2_000_00,
            parameters=(),
            amount_fen=600_00,
            first_month=Month(2020, 8),
            last_month=Month(2021, 1),
        )
        spec = at_work(*THRICE, after=(leaving,))
        spec.when(decide(STOP), decide_work_consequence).refuses("already-leaving")

    def test_for_jobs_and_projects_both_the_share_is_withheld_once(self) -> None:
        after = (cut(500_00, withheld(Fraction(1, 2))),)
        spec = at_work(*three_jobs(JULY), after=after)
        _, changed = spec.when(decide(STOP), decide_work_consequence).events
        assert (changed.amount_fen, changed.withheld_fen) == (400_00, 200_00)
        assert changed.withheld == (withheld(Fraction(1, 2)), withheld(kind=JOB))

    def test_a_province_may_reduce_by_another_share(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "532326", work_refusals_reduction_share="1/4")
        spec = at_work(*THRICE, folders=(place,))
        assert spec.when(decide(REDUCE), decide_work_consequence).events[1].amount_fen == 550_00

    def test_who_entered_alone_has_an_amount_of_their_own(self) -> None:
        alone = [
            SinglePerson(
                person_id=person,
                ground=SinglePersonGround.ILLNESS,
                own_income_fen=0,
                amount_fen=amount_fen,
            )
            for person, amount_fen in ((SON, 300_00), (GRANDMOTHER, 100_00))
        ]
        shares = rules.own_shares(400_00, (APPLICANT, SON, GRANDMOTHER), alone)
        assert shares == {SON: 300_00, GRANDMOTHER: 100_00}
        assert rules.own_shares(200_00, (), alone) == {SON: 150_00, GRANDMOTHER: 50_00}

    def test_who_entered_alone_has_their_own_amount_by_the_standard_that_counts(self) -> None:
        """375 − 225 and 375 by the old standard, 175 and 400 by that of 400: 175 is the son's."""
        alone = tuple(
            SinglePerson(
                person_id=person,
                ground=SinglePersonGround.POOR_DEPENDENT_DISABILITY,
                own_income_fen=own_fen,
                amount_fen=375_00 - own_fen,
            )
            for person, own_fen in ((SON, 225_00), (GRANDMOTHER, 0))
        )
        account, proposal, *rest, confirmation = in_benefit()
        two = confirmation.members[1:]
        raised = AmountRedetermined(
            standard_id=CONSEQUENCE,
            persons=2,
            counted_income_fen=225_00,
            standard_before_fen=375_00,
            standard_fen=400_00,
            amount_before_fen=525_00,
            amount_fen=575_00,
            from_month=Month(2020, 7),
            parameters=(),
        )
        history = (
            account,
            proposal.model_copy(update={"single_persons": alone, "amount_fen": 525_00}),
            *rest,
            confirmation.model_copy(update={"members": two, "amount_fen": 525_00}),
            raised,
        )
        spec = given(*history, on=JULY).beside(WORK, *THRICE)
        decided, changed = spec.when(decide(STOP), decide_work_consequence).events
        assert (decided.own_share_fen, changed.withheld_fen) == (175_00, 175_00)
        assert changed.amount_fen == 400_00


class TestAfterwards:
    STOPPED = (cut(400_00, withheld()),)

    def record_of_the_stop(self) -> tuple[Event, ...]:
        own, _ = decided(STOP).events
        return (*THRICE, own)

    @pytest.mark.parametrize("response", [TAKEN_UP, EXCUSED])
    def test_taking_part_later_brings_the_share_up_for_return(self, response: WorkResponse) -> None:
        spec = at_work(*self.record_of_the_stop(), after=self.STOPPED)
        spec.when(record(4, response), record_work_offer).then(
            answered(4, 0, response), waiting(WorkConsequenceCause.ROW_BROKEN, 0)
        )

    def test_the_share_comes_back_from_the_next_month_on_without_a_hearing(self) -> None:
        day = UNDER_THE_LAW
        broken = waiting(WorkConsequenceCause.ROW_BROKEN, 0, day)
        spec = at_work(*self.record_of_the_stop(), broken, after=self.STOPPED, on=day)
        _, changed = spec.when(decide(RESTORE), decide_work_consequence).events
        assert (changed.amount_fen, changed.from_month) == (600_00, Month(2026, 8))
        assert (changed.withheld, changed.withheld_fen) == (None, None)

    def test_nothing_else_can_follow_a_broken_row_and_no_return_an_unbroken_one(self) -> None:
        broken = waiting(WorkConsequenceCause.ROW_BROKEN, 0)
        spec = at_work(*self.record_of_the_stop(), broken, after=self.STOPPED)
        spec.when(decide(STOP), decide_work_consequence).refuses(
            "work-consequence-not-allowed", chosen="stop", allowed="restore"
        )
        decided(RESTORE).refuses(
            "work-consequence-not-allowed", chosen="restore", allowed="reduce, stop, none"
        )

    def test_taking_part_in_a_project_returns_nothing_that_was_withheld_for_jobs(self) -> None:
        after = (cut(400_00, withheld(kind=JOB)),)
        (event,) = at_work(*TWICE, after=after).when(record(3, TAKEN_UP), record_work_offer).events
        assert event.refusals == 0

    def test_what_is_withheld_stays_so_when_the_income_changes(self) -> None:
        """A gap of 300 instead of 600: 100 each, and the son's is withheld."""
        change = reported(income=(), counted_income_fen=825_00)
        spec = household(*self.STOPPED, change)
        command = DecideChange(actor=OTHER, role=COUNTY, change_id=change.change_id)
        (event,) = spec.when(command, decide_change).events
        assert (event.amount_fen, event.withheld_fen) == (200_00, 100_00)
        assert event.withheld == (withheld(),)

    def test_a_report_that_waits_is_not_decided_by_it(self) -> None:
        spec = household(reported(income=(), counted_income_fen=825_00), *self.STOPPED)
        assert spec.state.change is not None


def test_a_consequence_that_was_heard_about_is_marked() -> None:
    heard = WorkConsequenceHeard(consequence_id=CONSEQUENCE, statement=note("heard"))
    given = at_work(*THRICE, heard)
    record_state = given.histories[1].state
    assert record_state.waiting[CONSEQUENCE].heard is True
