"""The end of a check: the household's account."""

from __future__ import annotations

from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.decisions.home_counties import require_home_heard
from services.verification.decisions.leads import require_leads_settled
from services.verification.decisions.obligor_queries import require_obligors_heard
from services.verification.model import Check
from shared.accounts import chosen_by
from shared.contracts.fields import IncomeTreatment
from shared.contracts.leads import LeadOutcome
from shared.contracts.verification import CheckCompleted, CheckReopened
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class CompleteCheck(Command):
    """Draw up the household's account.

    ``basic_pension`` is what ``actor`` decides of it where the regime leaves it unsettled.
    """

    actor: UUID
    basic_pension: IncomeTreatment | None = None


class ReopenCheck(Command):
    """An objection to what the check led to was upheld."""


def reopen(check: Check, _command: ReopenCheck, at: Moment) -> Decision:
    """Have a completed check go on with a survey anew, by other surveyors.

    Source: 民发〔2021〕57号, art. 19; 民发〔2021〕43号, art. 15.
    """
    if check.completed is None:
        return []
    return [CheckReopened(reopened_on=at.date, before=check.hands)]


def complete(check: Check, command: CompleteCheck, at: Moment) -> Decision:
    """Draw up the account once departments, visit and, where required, review are there.

    Where the family's check was waived, of the income of those who enter alone.
    """
    opened = require_open(check)
    parameters = parameters_of(opened, at)
    if check.unanswered:
        raise Refusal("departments-outstanding", facts={"departments": ", ".join(check.unanswered)})
    require_obligors_heard(check)
    if check.visit is None:
        raise Refusal("visit-missing", source=rules.COMPLETENESS_SOURCE)
    if check.review is None and rules.review_required(parameters):
        raise Refusal("review-missing", source=parameters.value("democratic_review_when").source)
    if check.review is not None and not check.review.upheld:
        raise Refusal("review-contested", source="民发〔2012〕220号 art. 24")
    require_leads_settled(check)
    rules.require_established(check.visit.child, check.answers)
    require_home_heard(check, parameters, at.date)
    leads = tuple(
        LeadOutcome(lead=lead.number, contradiction=lead.contradiction, standing=lead.standing)
        for lead in check.leads
    )
    household = rules.counted(parameters, opened.members, check.visit.circumstances)
    stated, heard = household.of(rules.Statement.of(check.visit), check.answers)
    statement, answers, home = rules.looked_at(check.waiver, stated, heard, check.home_answers)
    account = rules.account(
        parameters,
        statement,
        answers,
        leads,
        chosen_by(command.basic_pension, command.actor),
        home,
    )
    completed = CheckCompleted(
        programme=opened.programme,
        division=opened.division,
        applicant=opened.applicant,
        members=household.members,
        accepted_on=opened.accepted_on,
        surveyors=check.surveyors,
        income=account.income.counted,
        deductions=account.deductions,
        income_fen=account.income.income_fen,
        deducted_fen=account.deducted_fen,
        counted_income_fen=account.counted_income_fen,
        deposits_fen=account.deposits_fen,
        houses=account.houses,
        vehicles=account.vehicles,
        missing=check.failed,
        review_agreed=check.review.upheld if check.review else None,
        tekun=check.visit.tekun,
        circumstances=stated.circumstances,
        excluded=account.income.left_out,
        basic_pension=account.income.chosen,
        imputed=account.imputed or None,
        employment_costs=account.employment_costs or None,
        bills=account.bills or None,
        window_months=check.visit.window_months if account.bills else None,
        leads=leads or None,
        rigid_spending=account.rigid_spending or None,
        child=check.visit.child,
        minor=opened.minor,
        disability=rules.disability_that_counts(check.visit.disability, check.answers, leads),
        applied_on=opened.applied_on,
        waiver=check.waiver,
        exempt_property=account.exempt_property or None,
        left_out=household.left_out or None,
    )
    return [Fact(completed, policy=parameters.version)]
