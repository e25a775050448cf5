"""Deaths and other changes of a household, and facts that count in the past."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given as each
from hypothesis import strategies as some

from services.decision.decisions import (
    AtStandard,
    DecideChange,
    NoteMissedAdjustment,
    ReportChange,
    decide_change,
    end_case,
    note_missed_adjustment,
    report_change,
)
from services.decision.decisions.change import EndCase
from services.decision.duties import DUTIES, agenda
from services.decision.rules.household import counts_from
from services.intake.reactions import on_household_changed
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    DeathAdjustmentMissed,
    HouseholdChange,
    HouseholdChangeCause,
    HouseholdChanged,
    MonthsRedetermined,
    PhaseOutStarted,
    PropertyHeld,
    StopReason,
)
from shared.contracts.fields import (
    IncomeKind,
    IncomeLine,
    LineSource,
    Member,
    Programme,
    Relation,
)
from shared.contracts.recognition import PotentialRecipientListed
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.changes import PHASE_OUT
from tests.decision.dayao import GRANDMOTHER, JULY, SON, THREE, household
from tests.decision.household import CHANGE, OTHER, REPORTER, confirmed, given, opened, proposed
from tests.decision.work import cut, withheld
from tests.documents import document
from tests.notices import SINCE, notice
from tests.verification.household import APPLICANT, CASE, STRANGER, note

CERTIFICATE = "a" * 64
BABY = uuid5(HOUSE, "tests/dayao/baby")
IN_2023 = date(2023, 5, 15)
DEATH, BIRTH = HouseholdChangeCause.DEATH, HouseholdChangeCause.BIRTH
FOUND_BY_DECISION = HouseholdChangeCause.NO_LONGER_ALONE
CREDIT = IncomeLine(
    person_id=APPLICANT,
    kind=IncomeKind.TRANSFER,
    source=LineSource.DECLARED,
    amount_fen=525_00,
)


def death(*left: Any, **changed: Any) -> HouseholdChange:
    stated: dict[str, Any] = {"cause": DEATH, "left": left, "certificate": CERTIFICATE}
    return HouseholdChange(**(stated | changed))


def report(change: HouseholdChange | None = None, **changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (CREDIT,),
        "deductions": (),
        "explanation": note("change"),
        "happened_on": date(2020, 7, 10),
        "household": change,
    }
    return ReportChange(**(stated | changed))


def told(command: ReportChange, on: date = JULY, *before: Event, **account: Any) -> ChangeReported:
    """The report as it is recorded."""
    (event,) = household(*before, on=on, **account).when(command, report_change).events
    assert isinstance(event, ChangeReported)
    return event


def decided(
    command: ReportChange, on: date = JULY, *before: Event, later: date | None = None, **more: Any
) -> Decided:
    """What a report comes to, decided on the day or later."""
    spec = household(*before, told(command, on, *before), on=later or on)
    decide = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE, **more)
    return spec.when(decide, decide_change)


class TestADeath:
    """The grandmother dies; two are left, 375 × 2 − 525 = 225."""

    def test_the_household_is_determined_without_the_dead_from_the_next_month(self) -> None:
        changed, amount = decided(report(death(GRANDMOTHER))).events
        assert isinstance(changed, HouseholdChanged)
        assert [m.person_id for m in changed.members] == [APPLICANT, SON]
        assert (changed.left, changed.payee) == ((GRANDMOTHER,), APPLICANT)
        assert (amount.persons, amount.amount_fen) == (2, 225_00)
        assert amount.from_month == changed.from_month == Month(2020, 8)

    def test_what_was_due_since_is_beside_what_is(self) -> None:
        """Dead on 10 July, decided on 15 September: August and September were too much."""
        command = report(death(GRANDMOTHER))
        came = decided(command, later=date(2020, 9, 15))
        _, amount, beside = came.events
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 8), 225_00)
        assert isinstance(beside, MonthsRedetermined)
        assert [(str(m.month), m.before_fen, m.after_fen) for m in beside.months] == [
            ("2020-08", 600_00, 225_00),
            ("2020-09", 600_00, 225_00),
        ]
        assert (beside.persons_before, beside.persons_after) == (3, 2)
        assert beside.difference_fen == -750_00
        assert came.facts[-1].effective_on == date(2020, 7, 10)

    def test_the_last_of_a_household_stops_the_aid_with_the_month_of_death(self) -> None:
        all_three = death(APPLICANT, SON, GRANDMOTHER)
        command = report(all_three, income=())
        changed, stop, beside = decided(command, later=date(2020, 9, 15)).events
        assert changed.members == ()
        assert (stop.reason, stop.last_month) == (StopReason.NOBODY_LEFT, Month(2020, 7))
        assert (stop.persons, stop.standard_fen) == (0, 375_00)
        assert beside.difference_fen == -1_200_00

    def test_of_a_household_that_is_gone_nothing_more_is_reported(self) -> None:
        """Not an account that would take July back, nor a child whom nobody could be paid for."""
        command = report(death(APPLICANT, SON, GRANDMOTHER), income=())
        gone = told(command), *decided(command).events
        child = Member(person_id=uuid5(HOUSE, "tests/child"), relation=Relation.CHILD)
        born = HouseholdChange(cause=HouseholdChangeCause.BIRTH, joined=(child,))
        for later in (
            report(income=(), happened_on=date(2020, 5, 3)),
            report(born, income=()),
        ):
            again = household(*gone, on=date(2020, 7, 20)).when(later, report_change)
            again.refuses("already-leaving", last_month="2020-07")

    def test_it_ends_a_phase_out_early_too(self) -> None:
        all_three = death(APPLICANT, SON, GRANDMOTHER)
        running = PHASE_OUT.model_copy(update={"last_month": Month(2021, 5)})
        _, stop = decided(report(all_three, income=()), JULY, running).events
        assert (stop.reason, stop.last_month) == (StopReason.NOBODY_LEFT, Month(2020, 7))

    def test_a_phase_out_goes_on_where_the_others_are_still_above(self) -> None:
        above = CREDIT.model_copy(update={"amount_fen": 2_000_00})
        command = report(death(GRANDMOTHER), income=(above,))
        (changed,) = decided(command, JULY, PHASE_OUT).events
        assert isinstance(changed, HouseholdChanged)
        spec = household(PHASE_OUT, told(command, JULY, PHASE_OUT), changed)
        assert spec.state.change is None
        assert spec.state.leaving is not None

    @pytest.mark.parametrize(
        ("income_fen", "has"),
        [(525_00, PropertyHeld(deposits_fen=0, houses=0, vehicles=1)), (750_00, None)],
    )
    def test_so_it_does_where_they_would_be_stopped(
        self, income_fen: int, has: PropertyHeld | None
    ) -> None:
        """By a car that is reported with the death; or by officials, exactly at the standard."""
        line = CREDIT.model_copy(update={"amount_fen": income_fen})
        command = report(death(GRANDMOTHER), income=(line,), property=has)
        change = told(command, JULY, PHASE_OUT)
        spec = household(PHASE_OUT, change)
        decide = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        if has is None:
            (review,) = spec.when(decide, decide_change).events
            spec = spec.given(review)
            decide = decide.model_copy(update={"at_standard": AtStandard.STOP})
        (changed,) = spec.when(decide, decide_change).events
        state = spec.given(changed).state
        assert (state.people(), state.leaving) == ((APPLICANT, SON), PHASE_OUT)
        months = decide.model_copy(update={"phase_out_months": 6})
        spec.when(months, decide_change).refuses("no-phase-out", months=6)

    def test_it_is_proved_and_has_happened(self) -> None:
        for change in (death(GRANDMOTHER, certificate=None), death(GRANDMOTHER, cause="moved_out")):
            spec = household()
            spec.when(report(change), report_change).refuses("death-certificate-astray")
        ahead = report(death(GRANDMOTHER), happened_on=date(2020, 7, 16))
        household().when(ahead, report_change).refuses("change-date-astray")
        undated = report(death(GRANDMOTHER), happened_on=None)
        household().when(undated, report_change).refuses("change-date-astray")
        assert told(report(death(GRANDMOTHER), happened_on=JULY))

    @pytest.mark.parametrize(
        ("died_on", "adjust_by"),
        [(date(2023, 5, 10), date(2023, 8, 10)), (date(2022, 11, 30), date(2023, 2, 28))],
    )
    def test_from_october_2022_it_is_followed_within_three_months(
        self, died_on: date, adjust_by: date
    ) -> None:
        event = told(report(death(GRANDMOTHER), happened_on=died_on), IN_2023)
        assert event.adjust_by == adjust_by
        assert told(report(death(GRANDMOTHER))).adjust_by is None

    @pytest.mark.parametrize(("on", "events"), [(date(2023, 8, 10), 0), (date(2023, 8, 11), 1)])
    def test_what_was_missed_is_recorded_from_the_next_day_on(self, on: date, events: int) -> None:
        event = told(report(death(GRANDMOTHER), happened_on=date(2023, 5, 10)), IN_2023)
        came = household(event, on=on).when(NoteMissedAdjustment(), note_missed_adjustment)
        assert len(came.events) == events
        (entry,) = agenda(document(event, case_id=CASE, on=IN_2023))
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == ("death-adjustment-missed", date(2023, 8, 11))
        assert DUTIES[entry.kind](entry).command == NoteMissedAdjustment()
        for missed in came.events:
            (done,) = agenda(document(missed, case_id=CASE, on=on, stream=entry.stream))
            assert done == AgendaDone(entry.kind, entry.key)
            assert isinstance(missed, DeathAdjustmentMissed)

    def test_of_a_tekun_person_it_stops_the_support(self) -> None:
        one = THREE[:1]
        so_far = (
            opened(programme=Programme.TEKUN, members=one),
            proposed(persons=1, counted_income_fen=0),
            confirmed(programme=Programme.TEKUN, members=one, pay_from=Month(2023, 1)),
        )
        command = report(death(APPLICANT), income=(), happened_on=date(2023, 5, 10))
        (event,) = given(*so_far, on=IN_2023).when(command, report_change).events
        decide = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        spec_ = given(*so_far, event, on=IN_2023)
        _, stop = spec_.when(decide, decide_change).events
        assert (stop.reason, stop.last_month) == (StopReason.NOBODY_LEFT, Month(2023, 5))
        spec_.given(stop)
        income = report(None, income=(), happened_on=None)
        given(*so_far, on=IN_2023).when(income, report_change).refuses("programme-without-changes")


class TestThePayee:
    def test_where_the_payee_dies_another_member_is_named_and_paid(self) -> None:
        mine = CREDIT.model_copy(update={"person_id": SON})
        command = report(death(APPLICANT, payee=SON), income=(mine,))
        changed, _ = decided(command).events
        assert changed.payee == SON
        assert changed.members[0] == Member(person_id=SON, relation=Relation.APPLICANT)
        spec = household(told(command), changed)
        assert (spec.state.payee, spec.state.people()) == (SON, (SON, GRANDMOTHER))

    def test_nobody_is_paid_who_has_left_or_was_never_there(self) -> None:
        for payee in (None, APPLICANT, STRANGER):
            command = report(death(APPLICANT, payee=payee), income=())
            household().when(command, report_change).refuses("payee-missing")

    def test_no_other_is_named_while_the_payee_is_there(self) -> None:
        command = report(death(GRANDMOTHER, payee=SON))
        household().when(command, report_change).refuses("payee-astray")


class TestOtherChanges:
    def birth(self, **changed: Any) -> HouseholdChange:
        baby = Member(person_id=BABY, relation=Relation.CHILD)
        return HouseholdChange(**({"cause": BIRTH, "joined": (baby,)} | changed))

    def test_a_child_is_born_and_counts(self) -> None:
        changed, amount = decided(report(self.birth())).events
        assert changed.joined == (BABY,)
        assert (amount.persons, amount.amount_fen) == (4, 975_00)

    @pytest.mark.parametrize(
        "cause", [c for c in HouseholdChangeCause if c not in (DEATH, FOUND_BY_DECISION)]
    )
    def test_every_cause_says_who_left_or_who_joined(self, cause: HouseholdChangeCause) -> None:
        joined = self.birth(cause=cause)
        left = HouseholdChange(cause=cause, left=(SON,))
        leaving = {"divorce", "moved_out", "imprisonment"}
        right, wrong = (left, joined) if cause in leaving else (joined, left)
        assert told(report(right)).members
        for change in (wrong, HouseholdChange(cause=cause)):
            household().when(report(change), report_change).refuses("household-change-astray")

    def test_only_members_leave_and_nobody_joins_twice(self) -> None:
        stranger = HouseholdChange(cause=HouseholdChangeCause.MOVED_OUT, left=(STRANGER,))
        household().when(report(stranger), report_change).refuses("person-not-in-household")
        twice = self.birth(joined=(THREE[1],))
        household().when(report(twice), report_change).refuses("member-listed-twice")

    def test_income_is_of_those_who_are_left(self) -> None:
        hers = CREDIT.model_copy(update={"person_id": GRANDMOTHER})
        command = report(death(GRANDMOTHER), income=(hers,))
        household().when(command, report_change).refuses("person-not-in-household")

    def test_no_report_takes_the_place_of_one_of_the_household(self) -> None:
        before = told(report(death(GRANDMOTHER)))
        another = report(None, change_id=uuid5(HOUSE, "tests/another"))
        household(before).when(another, report_change).refuses(
            "household-change-waits", reported_on="2020-07-15"
        )

    def test_who_left_may_apply_elsewhere(self) -> None:
        changed, _ = decided(report(death(GRANDMOTHER))).events
        submissions = list(on_household_changed(document(changed, case_id=CASE, on=JULY)))
        assert [s.reads[0].key for s in submissions] == [f"dibao/{GRANDMOTHER}"]

    def test_a_share_that_was_withheld_goes_with_who_leaves(self) -> None:
        stopped = cut(400_00, withheld())
        gone = HouseholdChange(cause=HouseholdChangeCause.MOVED_OUT, left=(SON,))
        _, amount = decided(report(gone), JULY, stopped).events
        assert (amount.amount_fen, amount.withheld) == (225_00, None)


class TestFactsOfThePast:
    """A rise of income that counts since May; the standard of Fujian is the same all along."""

    def rise(self, fen: int, happened_on: date) -> ReportChange:
        return report(
            None, income=(CREDIT.model_copy(update={"amount_fen": fen}),), happened_on=happened_on
        )

    def test_every_month_since_is_determined_anew(self) -> None:
        command = self.rise(825_00, date(2020, 4, 30))
        amount, beside = decided(command).events
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 5), 300_00)
        assert [m.after_fen for m in beside.months] == [300_00, 300_00, 300_00]
        assert beside.difference_fen == -900_00
        assert (beside.counted_income_before_fen, beside.counted_income_after_fen) == (
            525_00,
            825_00,
        )

    def test_a_fall_of_income_is_owed_to_the_household(self) -> None:
        _, beside = decided(self.rise(225_00, date(2020, 6, 1))).events
        assert [(str(m.month), m.after_fen) for m in beside.months] == [("2020-07", 900_00)]
        assert beside.difference_fen == 300_00

    def test_nothing_before_the_first_month_that_was_paid(self) -> None:
        amount, _ = decided(self.rise(825_00, date(2019, 1, 1))).events
        assert amount.from_month == Month(2020, 5)

    def test_a_fact_of_this_month_changes_no_month_that_has_begun(self) -> None:
        (amount,) = decided(self.rise(825_00, date(2020, 7, 1))).events
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 8), 300_00)

    def test_a_report_without_a_date_counts_from_the_next_month(self) -> None:
        command = report(None, happened_on=None)
        (amount,) = decided(command, later=date(2020, 9, 1)).events
        assert amount.from_month == Month(2020, 10)

    def test_each_month_has_its_own_standard(self, tmp_path: Any) -> None:
        """375 to June, 400 from July on: 300 and then 375 for three with 825."""
        standards = {SINCE: 375_00, date(2020, 7, 1): 400_00}
        folders = (notice(tmp_path, "532326", standard_monthly_fen=standards),)
        command = self.rise(825_00, date(2020, 5, 1))
        spec = household(on=JULY, folders=folders)
        (event,) = spec.when(command, report_change).events
        decide = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        june, july, beside = spec.given(event).when(decide, decide_change).events
        assert (june.from_month, june.standard_fen, june.amount_fen) == (
            Month(2020, 6),
            375_00,
            300_00,
        )
        assert (july.from_month, july.standard_fen, july.amount_fen) == (
            Month(2020, 7),
            400_00,
            375_00,
        )
        assert beside.difference_fen == -300_00 - 225_00

    def test_what_was_withheld_in_a_month_stays_withheld_of_its_share(self) -> None:
        """From August on the son's share is withheld; the fact counts since July."""
        stopped = cut(400_00, withheld(Fraction(1)))
        command = self.rise(825_00, date(2020, 6, 10))
        first, second, beside = decided(command, date(2020, 9, 15), stopped).events
        assert (first.from_month, first.amount_fen) == (Month(2020, 7), 300_00)
        assert (second.from_month, second.amount_fen) == (Month(2020, 8), 200_00)
        assert [m.before_fen for m in beside.months] == [600_00, 400_00, 400_00]

    def test_a_phase_out_begins_when_it_would_have(self) -> None:
        """Above the standard since May, decided in July: six months from June on."""
        command = self.rise(1_200_00, date(2020, 5, 18))
        (event,) = decided(command, phase_out_months=6).events
        assert isinstance(event, PhaseOutStarted)
        assert (event.first_month, event.last_month) == (Month(2020, 6), Month(2020, 11))

    def test_a_stop_stops_when_it_would_have(self) -> None:
        command = self.rise(1_200_00, date(2020, 5, 18))
        more = {"phase_out_months": 0, "explanation": note("reason")}
        stop, beside = decided(command, **more).events
        assert isinstance(stop, BenefitStopped)
        assert stop.last_month == Month(2020, 5)
        assert [m.after_fen for m in beside.months] == [0, 0]

    def test_a_stop_of_the_past_ends_the_case_at_once(self) -> None:
        command = self.rise(1_200_00, date(2020, 5, 18))
        more = {"phase_out_months": 0, "explanation": note("reason")}
        stop, _ = decided(command, **more).events
        ended, kept_in_mind = household(told(command), stop).when(EndCase(), end_case).events
        assert ended.last_month == Month(2020, 5)
        assert isinstance(kept_in_mind, PotentialRecipientListed)

    @pytest.mark.parametrize(("happened_on", "late"), [(15, False), (14, True)])
    def test_from_october_2022_who_keeps_it_back_for_three_months_may_be_admonished(
        self, happened_on: int, late: bool
    ) -> None:
        command = self.rise(825_00, date(2023, 2, happened_on))
        assert told(command, IN_2023).admonishable is late
        assert told(self.rise(825_00, date(2020, 1, 1))).admonishable is None


@each(
    some.dates(date(2019, 1, 1), date(2020, 12, 31)),
    some.dates(date(2020, 5, 1), date(2020, 12, 31)),
)
def test_a_fact_never_counts_before_the_first_payment_nor_after_the_next_month(
    happened_on: date, decided_on: date
) -> None:
    first = Month(2020, 5)
    since = counts_from(happened_on, first, decided_on)
    assert first <= since <= Month.of(decided_on).next()
    assert counts_from(None, first, decided_on) == Month.of(decided_on).next()


def test_unchanged_facts_change_nothing() -> None:
    amount, *beside = decided(report(None)).events
    assert isinstance(amount, AmountChanged)
    assert (amount.amount_fen, beside) == (600_00, [])
