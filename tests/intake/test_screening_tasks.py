"""One person's task: visited, judged by several hands, and how it can end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.intake import decisions as applications
from services.intake.decisions.screening_tasks import (
    CheckExclusion,
    Contest,
    DecideContest,
    Decline,
    EndApplication,
    LinkApplication,
    NoteMissedEnrolment,
    NoteMissedScreening,
    ProposeExclusion,
    RecordFindings,
    Refer,
    check_exclusion,
    contest,
    decide_contest,
    decline,
    end_application,
    link_application,
    note_missed_enrolment,
    note_missed_screening,
    propose_exclusion,
    record_findings,
    refer,
)
from services.intake.model import (
    APPLICATION,
    SCREENING_TASK,
    TaskStage,
    application_stream,
    screening_task_of,
)
from services.intake.reactions import OWN
from services.intake.views import (
    ScreeningLedgerRow,
    ScreeningTaskRow,
    fold_ledger,
    fold_task,
)
from shared.contracts.fields import Member, Programme, Relation
from shared.contracts.intake import ApplicationClosed, ApplicationWithdrawn
from shared.contracts.screening import (
    ApplicationOfScreening,
    ApplicationOutcome,
    ContestDecided,
    EnrolmentDeadlineMissed,
    ExclusionConfirmed,
    ExclusionProposed,
    ExclusionReason,
    ExclusionRejected,
    OtherHelp,
    RosterKind,
    ScreeningApplicationEnded,
    ScreeningApplied,
    ScreeningContested,
    ScreeningDeadlineMissed,
    ScreeningDeclined,
    ScreeningFindingsRecorded,
    ScreeningReferred,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.documents import document
from tests.intake.screening import (
    JINBI,
    PERSON,
    TAGGED,
    TASK,
    TODAY,
    entries_of,
    skipped,
    task_opened,
)
from tests.intake.test_decisions import CASE, OTHER_CASE, REASON, accepted, submitted

SURVEYOR, CLERK = uuid5(HOUSE, "tests/surveyor"), uuid5(HOUSE, "tests/clerk")
CHECKER, COUNTY = uuid5(HOUSE, "tests/checker"), uuid5(HOUSE, "tests/county")
OF_TASK: dict[str, Any] = {"task_id": TASK, "division": JINBI, "year": 2020}
ENROLMENT_DUE = date(2020, 5, 5)

OPENED = task_opened()
VISITED = ScreeningFindingsRecorded(**OF_TASK, surveyor=SURVEYOR, visited_on=TODAY, findings=REASON)
PROPOSED = ExclusionProposed(
    **OF_TASK,
    proposer=CLERK,
    reason=ExclusionReason.INCOME_NOT_BELOW_STANDARD,
    grounds=REASON,
)
CONFIRMED = ExclusionConfirmed(
    **OF_TASK,
    checker=CHECKER,
    reason=ExclusionReason.INCOME_NOT_BELOW_STANDARD,
    findings=REASON,
    referred_to=OtherHelp.POVERTY_OFFICE,
)
REJECTED = ExclusionRejected(**OF_TASK, checker=CHECKER, findings=REASON)
CONTESTED = ScreeningContested(**OF_TASK, contester=CLERK, grounds=REASON)
GOES_ON = ContestDecided(**OF_TASK, decider=COUNTY, findings=REASON)
EXCLUDED_BY_COUNTY = ContestDecided(
    **OF_TASK,
    decider=COUNTY,
    reason=ExclusionReason.SUPPORTED_BY_OBLIGOR,
    findings=REASON,
    referred_to=OtherHelp.POVERTY_OFFICE,
)
DECLINED = ScreeningDeclined(**OF_TASK, statement=REASON)
REFERRED = ScreeningReferred(**OF_TASK, referred_to=OtherHelp.MEDICAL_INSURANCE, explanation=REASON)
APPLIED = ScreeningApplied(
    **OF_TASK, case_id=CASE, programme=Programme.DIBAO, enrolment_due=ENROLMENT_DUE
)
ENDS = [CONFIRMED, DECLINED, REFERRED, APPLIED, EXCLUDED_BY_COUNTY]


def ended(outcome: ApplicationOutcome) -> ScreeningApplicationEnded:
    return ScreeningApplicationEnded(**OF_TASK, case_id=CASE, outcome=outcome)


def task(*events: Event, on: date = TODAY) -> Given:
    return spec(SCREENING_TASK, on=on).given(*events)


def check(confirmed: bool, by: Any = CHECKER) -> CheckExclusion:
    return CheckExclusion(actor=by, confirmed=confirmed, findings=REASON)


PROPOSE = ProposeExclusion(
    actor=CLERK, reason=ExclusionReason.INCOME_NOT_BELOW_STANDARD, grounds=REASON
)


class TestTheVisit:
    def test_is_recorded_as_often_as_it_is_made(self) -> None:
        command = RecordFindings(actor=SURVEYOR, visited_on=TODAY, findings=REASON)
        task(OPENED).when(command, record_findings).then(VISITED)
        task(OPENED, VISITED).when(command, record_findings).then(VISITED)

    def test_was_made_by_today(self) -> None:
        tomorrow = TODAY + timedelta(days=1)
        command = RecordFindings(actor=SURVEYOR, visited_on=tomorrow, findings=REASON)
        task(OPENED).when(command, record_findings).refuses("visit-ahead", latest="2020-03-10")

    @pytest.mark.mechanism("S3-6", "S0-4")
    def test_comes_before_every_judgement(self) -> None:
        """Person by person, household by household: nobody is judged unseen."""
        for command, decide in (
            (PROPOSE, propose_exclusion),
            (Contest(actor=CLERK, grounds=REASON), contest),
            (Decline(statement=REASON), decline),
            (Refer(referred_to=OtherHelp.HOUSING, explanation=REASON), refer),
        ):
            task(OPENED).when(command, decide).refuses("screening-not-visited")
            assert task(OPENED, VISITED).when(command, decide).events


@pytest.mark.mechanism("S3-9")
class TestExclusion:
    def test_takes_a_reason_and_a_second_strict_check(self) -> None:
        task(OPENED, VISITED).when(PROPOSE, propose_exclusion).then(PROPOSED)
        task(OPENED, VISITED, PROPOSED).when(check(True), check_exclusion).then(CONFIRMED)

    @pytest.mark.parametrize("by", [CLERK, SURVEYOR])
    def test_is_checked_by_who_neither_proposed_nor_visited(self, by: Any) -> None:
        proposed = task(OPENED, VISITED, PROPOSED)
        refusal = proposed.when(check(True, by), check_exclusion).refuses("second-check-same-hands")
        assert refusal.status == 403
        proposed.when(check(False, by), check_exclusion).refuses("second-check-same-hands")

    def test_that_the_second_check_does_not_find_is_open_again(self) -> None:
        given = task(OPENED, VISITED, PROPOSED)
        given.when(check(False), check_exclusion).then(REJECTED)
        assert given.given(REJECTED).state.stage is TaskStage.OPEN

    def test_is_not_checked_before_it_is_proposed(self) -> None:
        task(OPENED, VISITED).when(check(True), check_exclusion).refuses(
            "screening-task-elsewhere", stage="open", allowed="exclusion_proposed"
        )

    @pytest.mark.mechanism("S0-6", "S3-32")
    def test_is_told_to_the_poverty_office_of_those_whom_it_listed(self) -> None:
        of_the_nation = task_opened(kind=RosterKind.NATIONAL_SUSPECTS)
        for tags, told in (
            ((of_the_nation,), None),
            ((of_the_nation, TAGGED), OtherHelp.POVERTY_OFFICE),
        ):
            decided = task(*tags, VISITED, PROPOSED).when(check(True), check_exclusion)
            assert decided.events[0].referred_to is told


@pytest.mark.mechanism("S3-10")
class TestContest:
    decision = DecideContest(actor=COUNTY, reason=None, findings=REASON)

    @pytest.mark.parametrize("before", [(OPENED, VISITED), (OPENED, VISITED, PROPOSED)])
    def test_goes_to_the_county(self, before: tuple[Event, ...]) -> None:
        command = Contest(actor=CLERK, grounds=REASON)
        task(*before).when(command, contest).then(CONTESTED)
        contested = task(*before, CONTESTED)
        contested.when(PROPOSE, propose_exclusion).refuses("screening-task-elsewhere")

    def test_is_decided_for_the_person_or_with_a_reason(self) -> None:
        contested = task(OPENED, VISITED, CONTESTED)
        contested.when(self.decision, decide_contest).then(GOES_ON)
        assert contested.given(GOES_ON).state.stage is TaskStage.OPEN
        reason = ExclusionReason.SUPPORTED_BY_OBLIGOR
        against = self.decision.model_copy(update={"reason": reason})
        contested.when(against, decide_contest).then(EXCLUDED_BY_COUNTY)
        assert contested.given(EXCLUDED_BY_COUNTY).state.stage is TaskStage.EXCLUDED

    def test_is_decided_of_what_is_contested(self) -> None:
        task(OPENED, VISITED).when(self.decision, decide_contest).refuses(
            "screening-task-elsewhere"
        )


@pytest.mark.mechanism("S0-5", "S1-6", "S1-45")
def test_a_need_that_is_anothers_to_meet_is_referred_by_name() -> None:
    command = Refer(referred_to=OtherHelp.MEDICAL_INSURANCE, explanation=REASON)
    task(OPENED, VISITED).when(command, refer).then(REFERRED)


@pytest.mark.parametrize("end", ENDS, ids=lambda e: type(e).__name__)
def test_what_has_ended_is_not_judged_again(end: Event) -> None:
    for command, decide in (
        (PROPOSE, propose_exclusion),
        (Decline(statement=REASON), decline),
        (Refer(referred_to=OtherHelp.HOUSING, explanation=REASON), refer),
        (RecordFindings(actor=SURVEYOR, visited_on=TODAY, findings=REASON), record_findings),
    ):
        task(OPENED, VISITED, end).when(command, decide).refuses("screening-task-elsewhere")


class TestTheApplication:
    link = LinkApplication(case_id=CASE)
    member = Member(person_id=PERSON, relation=Relation.APPLICANT)
    theirs = submitted().model_copy(update={"applicant": PERSON, "members": (member,)})
    told = ApplicationOfScreening(task_id=TASK)
    closed = ApplicationClosed(refused=False, programme=Programme.DIBAO, members=(member,))

    def beside(self, *events: Event, of: tuple[Event, ...] = (OPENED,)) -> Given:
        return task(*of).beside(APPLICATION, *events)

    def test_is_what_leads_from_a_roster_to_aid_and_both_know(self) -> None:
        decided = self.beside(self.theirs).when(self.link, link_application)
        decided.then(APPLIED, self.told)
        assert decided.facts[1].stream == application_stream(CASE)

    def test_that_was_decided_meanwhile_ends_the_task_at_once(self) -> None:
        history = (self.theirs, accepted(), self.closed)
        self.beside(*history).when(self.link, link_application).then(
            APPLIED, self.told, ended(ApplicationOutcome.ENROLLED)
        )

    def test_is_the_persons_own_for_what_is_screened(self) -> None:
        self.beside(submitted()).when(self.link, link_application).refuses("application-of-others")
        aid = self.theirs.model_copy(update={"programme": Programme.TEMPORARY_ASSISTANCE})
        for events in ((), (aid,)):
            self.beside(*events).when(self.link, link_application).refuses(
                "application-not-of-screening"
            )

    def test_waits_for_the_county_where_the_person_is_contested(self) -> None:
        given = self.beside(self.theirs, of=(OPENED, VISITED, CONTESTED))
        given.when(self.link, link_application).refuses("screening-task-elsewhere")

    @pytest.mark.parametrize(
        ("end", "outcome"),
        [
            (closed, ApplicationOutcome.ENROLLED),
            (closed.model_copy(update={"refused": True}), ApplicationOutcome.REFUSED),
            (ApplicationWithdrawn(reason=REASON), ApplicationOutcome.WITHDRAWN),
        ],
    )
    def test_tells_its_task_how_it_ended(
        self, end: ApplicationClosed | ApplicationWithdrawn, outcome: ApplicationOutcome
    ) -> None:
        said = document(end.model_copy(update={"screening_tasks": (TASK,)}), case_id=CASE, on=TODAY)
        last = list(OWN[type(end)][0](said))[-1]  # type: ignore[index]
        task(OPENED, APPLIED).when(last.command, last.decide).then(ended(outcome))

    def test_of_a_household_tells_every_members_task(self) -> None:
        """A couple on a roster has two tasks, and applies once."""
        of_wife = ApplicationOfScreening(task_id=uuid5(HOUSE, "tests/task of the wife"))
        given = spec(APPLICATION, on=TODAY).given(self.theirs, self.told, of_wife, accepted())
        command = applications.CloseApplication(refused=False)
        (event,) = given.when(command, applications.close).events
        said = document(event, case_id=CASE, on=TODAY)
        told = [s.reads for react in OWN[ApplicationClosed] for s in react(said)]
        assert told == [(screening_task_of(TASK),), (screening_task_of(of_wife.task_id),)]

    def test_that_was_refused_and_is_confirmed_on_appeal_has_them_enrolled(self) -> None:
        refused = ScreeningApplicationEnded(
            **OF_TASK, case_id=APPLIED.case_id, outcome=ApplicationOutcome.REFUSED
        )
        enrolled = refused.model_copy(update={"outcome": ApplicationOutcome.ENROLLED})
        ended = task(OPENED, APPLIED, refused)
        command = EndApplication(case_id=APPLIED.case_id, outcome=ApplicationOutcome.ENROLLED)
        ended.when(command, end_application).then(enrolled)
        ended.given(enrolled).when(command, end_application).then()
        again = command.model_copy(update={"outcome": ApplicationOutcome.REFUSED})
        ended.when(again, end_application).then()

    def test_of_another_case_says_nothing(self) -> None:
        command = EndApplication(case_id=OTHER_CASE, outcome=ApplicationOutcome.ENROLLED)
        task(OPENED, APPLIED).when(command, end_application).then()


class TestLastDays:
    screening = NoteMissedScreening(due_on=date(2020, 4, 15))
    enrolment = NoteMissedEnrolment(due_on=ENROLMENT_DUE)

    @pytest.mark.parametrize("before", [(), (VISITED,), (VISITED, PROPOSED), (VISITED, CONTESTED)])
    def test_of_the_screening_pass_over_nobody_who_waits(self, before: tuple[Event, ...]) -> None:
        missed = ScreeningDeadlineMissed(**OF_TASK, due_on=date(2020, 4, 15))
        task(OPENED, *before).when(self.screening, note_missed_screening).then(missed)
        assert entries_of(OPENED, *before)["screening-missed", TASK] == date(2020, 4, 16)

    @pytest.mark.parametrize("end", ENDS, ids=lambda e: type(e).__name__)
    def test_of_the_screening_are_kept_by_every_end(self, end: Event) -> None:
        task(OPENED, VISITED, end).when(self.screening, note_missed_screening).then()
        assert ("screening-missed", TASK) not in entries_of(OPENED, VISITED, end)

    def test_of_the_screening_are_not_kept_by_a_contest_that_goes_on(self) -> None:
        entries = entries_of(OPENED, VISITED, CONTESTED, GOES_ON)
        assert ("screening-missed", TASK) in entries

    @pytest.mark.mechanism("S3-8")
    def test_of_the_enrolment_are_kept_by_a_decided_application(self) -> None:
        missed = EnrolmentDeadlineMissed(**OF_TASK, due_on=ENROLMENT_DUE)
        task(OPENED, APPLIED).when(self.enrolment, note_missed_enrolment).then(missed)
        assert entries_of(OPENED, APPLIED) == {("enrolment-missed", TASK): date(2020, 5, 6)}
        for outcome in ApplicationOutcome:
            end = ended(outcome)
            task(OPENED, APPLIED, end).when(self.enrolment, note_missed_enrolment).then()
            assert entries_of(OPENED, APPLIED, end) == {}


def folded(*events: Event) -> tuple[ScreeningTaskRow, ScreeningLedgerRow]:
    shown: dict[str, Any] | None = None
    counted: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        told = document(event, case_id=CASE, on=TODAY, version=version)
        shown = fold_task(str(TASK), shown, told)
        counted = fold_ledger(f"{JINBI}-2020", counted, told)
    row = ScreeningTaskRow.model_validate({"_id": str(TASK), **(shown or {})})
    ledger = ScreeningLedgerRow.model_validate({"_id": f"{JINBI}-2020", **(counted or {})})
    return row, ledger


@pytest.mark.mechanism("S1-5")
@pytest.mark.parametrize(
    ("events", "stage", "counts"),
    [
        ((), "open", {"open": 1}),
        ((TAGGED,), "open", {"open": 1}),
        ((VISITED, PROPOSED), "exclusion_proposed", {"open": 1}),
        ((VISITED, PROPOSED, REJECTED), "open", {"open": 1}),
        ((VISITED, PROPOSED, CONFIRMED), "excluded", {"excluded": 1}),
        ((VISITED, CONTESTED), "contested", {"open": 1, "contested": 1}),
        ((VISITED, CONTESTED, GOES_ON), "open", {"open": 1}),
        ((VISITED, CONTESTED, EXCLUDED_BY_COUNTY), "excluded", {"excluded": 1}),
        ((VISITED, DECLINED), "declined", {"declined": 1}),
        ((VISITED, REFERRED), "referred", {"referred": 1}),
        ((APPLIED,), "applied", {"applied": 1}),
        ((APPLIED, ended(ApplicationOutcome.ENROLLED)), "enrolled", {"applied": 1, "enrolled": 1}),
        (
            (APPLIED, ended(ApplicationOutcome.WITHDRAWN)),
            "not_enrolled",
            {"applied": 1, "not_enrolled": 1},
        ),
    ],
)
def test_the_ledger_counts_everybody_once_by_what_came_of_them(
    events: tuple[Event, ...], stage: str, counts: dict[str, int]
) -> None:
    row, ledger = folded(OPENED, *events)
    assert row.stage == stage
    told = ledger.model_dump(exclude={"ledger", "division", "year"})
    assert {name: count for name, count in told.items() if count} == {"persons": 1, **counts}
    ends = ("skipped", "open", "applied", "declined", "excluded", "referred")
    assert sum(told[name] for name in ends) == told["persons"]


def test_the_list_says_why_and_to_whom() -> None:
    row, _ = folded(OPENED, TAGGED, VISITED, PROPOSED, CONFIRMED)
    assert (row.excluded, row.referred_to) == ("income_not_below_standard", "poverty_office")
    assert row.tags == ("no_labour_household", "lifted_below_dibao")
    row, ledger = folded(skipped())
    assert (row.stage, row.skipped, ledger.skipped) == ("skipped", "in_dibao_case", 1)
    again = task_opened(after_skip=True)
    row, ledger = folded(skipped(), again)
    assert (row.stage, ledger.persons, ledger.skipped, ledger.open) == ("open", 1, 0, 1)
    missed = ScreeningDeadlineMissed(**OF_TASK, due_on=date(2020, 4, 15))
    row, ledger = folded(OPENED, missed)
    assert (row.missed_on, ledger.missed) == (date(2020, 4, 15), 1)
