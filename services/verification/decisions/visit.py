"""The home visit: what the household states and the surveyors find."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.decisions.leads import after_visit
from services.verification.model import BillUses, Check, bill_of
from shared.accounts import require_deductions_allowed, require_income_of_members
from shared.contracts.children import ChildCircumstances
from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    TekunCircumstances,
)
from shared.contracts.fields import (
    DeductionLine,
    IncomeLine,
    LineSource,
    NoteRef,
)
from shared.contracts.home_visits import (
    Bill,
    BillPresented,
    ContactlessSurvey,
    DeclaredProperty,
    HomeVisitRecorded,
    SurveyDeadlineMissed,
    VisitSignatures,
)
from shared.contracts.leads import Contradiction, LeadKind
from shared.contracts.verification import CheckOpened
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class RecordHomeVisit(Command):
    """The surveyors visited and took down what the household states; fen a month.

    ``recorder`` records it, and is one of the surveyors where ``as_surveyor``. ``tekun`` is what
    its recognition asks beside means, ``child`` what a child's allowance does, ``disability`` what
    the subsidies for disabled people do; ``circumstances`` what was found of every member,
    ``property`` what they state to have. ``bills`` stand behind rigid spending; with them
    ``case_id`` says in which case they are presented. ``contactless`` where it was no visit,
    ``signatures`` are on the form.
    """

    visited_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    findings: NoteRef
    recorder: UUID
    as_surveyor: bool
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None
    property: DeclaredProperty | None = None
    bills: tuple[Bill, ...] = ()
    case_id: UUID | None = None
    contactless: ContactlessSurvey | None = None
    signatures: VisitSignatures | None = None
    child: ChildCircumstances | None = None
    disability: DisabilityCircumstances | None = None


class NoteMissedSurvey(Command):
    """The survey's last day is over."""


def record_home_visit(check: Check, *others: Any) -> Decision:
    """Record a visit; a later one stands in the place of the earlier, and of its review.

    After the check come the states of the bills' streams in their order, the command and the
    moment. A visit after the survey's last day is recorded all the same, and that it was late
    beside it: the household does not lose its claim by the office's delay. A bill that another
    case has used, and what departments say against the declaration, become leads.
    """
    command: RecordHomeVisit = others[-2]
    at: Moment = others[-1]
    uses: tuple[BillUses, ...] = others[:-2]
    opened = require_open(check)
    parameters = parameters_of(opened, at)
    _require_recordable(opened, command, parameters, at)
    _require_surveyed_anew(check, command, at)
    visit = _visit_of(command, parameters)
    facts: list[Event | Fact] = []
    first = check.visit is None and check.reopened is None
    late = first and command.visited_on > opened.survey_due.on
    if late and not check.survey_missed:
        facts.append(SurveyDeadlineMissed(due=opened.survey_due))
    presented, reused = _presented(command, uses)
    leads = after_visit(check, visit, reused, parameters, at.date)
    return [*facts, Fact(visit, policy=parameters.version), *presented, *leads]


def _require_recordable(
    opened: CheckOpened, command: RecordHomeVisit, parameters: Parameters, at: Moment
) -> None:
    rules.require_day_between(
        "visit-day-impossible", command.visited_on, opened.accepted_on, at.date
    )
    rules.require_surveyors(parameters, command.surveyors)
    rules.require_contactless_allowed(parameters, command.contactless)
    rules.require_signatures(parameters, command.surveyors, opened.members, command.signatures)
    rules.require_tekun_circumstances(opened.programme, command.tekun, parameters)
    rules.require_child_circumstances(opened.programme, opened.minor, command.child, parameters)
    rules.require_disability_circumstances(opened.programme, command.disability)
    rules.require_circumstances(opened.programme, opened.members, command.circumstances)
    rules.require_applicant_counts(parameters, opened.members, command.circumstances)
    rules.require_necessities(opened, command.property, command.circumstances, command.tekun)
    if command.as_surveyor and command.recorder not in command.surveyors:
        raise Refusal("recorder-no-surveyor", source="民发〔2012〕220号 art. 18")
    means = (command.income, command.deductions, command.bills, command.property)
    rules.require_no_means(opened.programme, *means)
    require_income_of_members(command.income, opened.members)
    rules.require_bills(
        parameters,
        command.bills,
        opened.members,
        accepted_on=opened.accepted_on,
        visited_on=command.visited_on,
    )
    require_deductions_allowed(parameters, command.deductions)
    rules.require_plain_statements_enough(parameters, command.deductions, command.bills)
    rules.require_work_known(parameters, command.deductions, command.circumstances)


def _require_surveyed_anew(check: Check, command: RecordHomeVisit, at: Moment) -> None:
    """After an upheld objection others survey, and record it, on a day since."""
    if check.reopened is None:
        return
    rules.require_day_between(
        "visit-day-impossible", command.visited_on, check.reopened.reopened_on, at.date
    )
    again = {*command.surveyors, command.recorder}.intersection(check.reopened.before)
    if again:
        raise Refusal("surveyed-before", facts={"again": len(again)}, status=403)


def _visit_of(command: RecordHomeVisit, parameters: Parameters) -> HomeVisitRecorded:
    billed = rules.monthly_deductions(parameters, command.bills)
    rules.require_spending_looked_at(parameters, billed)
    own = command.recorder in command.surveyors
    return HomeVisitRecorded(
        visited_on=command.visited_on,
        surveyors=tuple(dict.fromkeys(command.surveyors)),
        income=tuple(
            line.model_copy(update={"source": LineSource.DECLARED}) for line in command.income
        ),
        deductions=(*command.deductions, *rules.deducted_of(parameters, billed)),
        findings=command.findings,
        review_due=rules.review_due(parameters, command.visited_on),
        recorded_by=None if own else command.recorder,
        tekun=command.tekun,
        circumstances=command.circumstances,
        bills=command.bills or None,
        window_months=rules.window_of(parameters) if command.bills else None,
        property=command.property,
        contactless=command.contactless,
        signatures=command.signatures,
        child=command.child,
        disability=command.disability,
    )


def _presented(
    command: RecordHomeVisit, uses: tuple[BillUses, ...]
) -> tuple[list[Fact], list[Contradiction]]:
    """Each bill into its own stream, once a case; and those that another case used before."""
    presented: list[Fact] = []
    reused: list[Contradiction] = []
    for bill, use in zip(command.bills, uses, strict=True):
        if command.case_id is None:
            raise ValueError("bills are presented in a case")
        other_case = use.other_case(command.case_id)
        if other_case is not None:
            reused.append(
                Contradiction(
                    kind=LeadKind.BILL_USED_ELSEWHERE,
                    person_id=bill.person_id,
                    number_digest=bill.number_digest,
                    other_case=other_case,
                )
            )
        if not use.used_by(command.case_id):
            event = BillPresented(case_id=command.case_id, bill=bill)
            presented.append(Fact(event, stream=bill_of(bill.number_digest)))
    return presented, reused


def note_missed_survey(check: Check, _command: NoteMissedSurvey, _at: Moment) -> Decision:
    """Nobody visited in time: that is recorded, once."""
    if check.opened is None or check.visit is not None or check.survey_missed:
        return []
    return [SurveyDeadlineMissed(due=check.opened.survey_due)]
