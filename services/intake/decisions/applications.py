"""What intake decides: applying, the one notice of missing papers, acceptance, withdrawal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.decisions import signing
from services.intake.decisions.command import Command
from services.intake.decisions.outcomes import released
from services.intake.decisions.residences import (
    StateResidences,
    decide_by,
    require_asked_rightly,
    require_still_right,
    stated,
)
from services.intake.model import (
    Application,
    OpenApplication,
    Status,
    application_stream,
    open_application_stream,
)
from services.intake.rules import aid as aid_rules
from services.intake.rules import applications as rules
from services.intake.rules import competence
from services.intake.rules.authorisations import covers_everybody
from shared.calendar import Month
from shared.contracts.fields import (
    AidKind,
    AidPlace,
    AidRequest,
    Member,
    NoteRef,
    Programme,
    Sha256Hex,
)
from shared.contracts.intake import (
    ActingFor,
    ApplicationAccepted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    EmergencyAccepted,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    OpenApplicationClaimed,
    WayIn,
)
from shared.contracts.residence import Residence
from shared.kernel.decider import Decide, Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters
from shared.regions import Regions


class SubmitApplication(Command):
    """A household applies. Reads the application and every member's open application.

    Then, of each member, the programme that theirs goes behind (``CHOSEN_BEFORE``), if there is
    one. ``parents`` are those of a child's parents who are registered.
    """

    case_id: UUID
    programme: Programme
    division: str
    applicant: UUID
    members: tuple[Member, ...]
    materials: tuple[Material, ...]
    reason: NoteRef
    aid: AidRequest | None = None
    reopens: UUID | None = None
    way: WayIn | None = None
    acting: ActingFor | None = None
    parents: tuple[UUID, ...] | None = None
    query_code: Sha256Hex | None = None
    place: AidPlace | None = None
    residences: tuple[Residence, ...] = ()
    permit_until: date | None = None


class RequestMaterials(Command):
    """Give the one notice of everything that is missing."""

    materials: tuple[Material, ...]


class SupplyMaterials(Command):
    """Take in papers that the applicant brought."""

    materials: tuple[Material, ...]


class AcceptApplication(Command):
    """Accept the application: its regime is that of today.

    ``turns_eighteen`` is the month in which an applicant who applies alone turns eighteen.
    """

    turns_eighteen: Month | None = None


class WithdrawApplication(Command):
    """The applicant takes it back. Reads the application and every member's open application."""

    case_id: UUID
    reason: NoteRef


def submitting(regions: Regions) -> Decide:
    """The decision on an application; it knows the divisions."""

    def decide(application: Application, *rest: Any) -> Decision:
        *open_applications, command, at = rest
        return submit(regions, application, open_applications, command, at)

    return decide


def submit(
    regions: Regions,
    application: Application,
    open_applications: Iterable[OpenApplication],
    command: SubmitApplication,
    at: Moment,
) -> Decision:
    """A household's application, with every member's claim; each fact names its stream."""
    if application.status is not Status.NONE:
        raise Refusal("application-exists")
    rules.require_household(command.applicant, command.members)
    rules.require_alone(command.programme, command.members)
    rules.require_acting(command.applicant, command.acting)
    rules.require_guardian(command.programme, command.applicant, command.acting, command.parents)
    aid_rules.require_aid_request(command.programme, command.aid)
    rules.require_handling_division(regions, command.division, at.date)
    parameters = at.policy.at(command.division, command.programme, at.date)
    require_provided_for(command.aid, parameters)
    if command.aid is None:
        rules.require_place(command.place, parameters)
        competence.require_stated(parameters, command.place, stated=bool(command.residences))
    own, before = _of_members(open_applications, len(command.members))
    rules.require_no_open_application(state.case_id for state in own)
    rules.require_not_in_child_allowance(
        command.programme, (state.case_id for state in before), parameters
    )
    submitted = ApplicationSubmitted(
        programme=command.programme,
        division=command.division,
        applicant=command.applicant,
        members=command.members,
        materials=_in_order(command.materials),
        reason=command.reason,
        aid=command.aid,
        reopens=command.reopens,
        way=command.way,
        acting=command.acting,
        parents=command.parents,
        query_code=command.query_code,
        place=command.place,
        acceptance_due=rules.acceptance_due(parameters, at.date),
        applied_on=at.date,
    )
    claims = [
        Fact(
            OpenApplicationClaimed(case_id=command.case_id),
            open_application_stream(command.programme, member.person_id),
        )
        for member in command.members
    ]
    # The case's own events come last: the position that the command answers with is its own.
    of_case = application_stream(command.case_id)
    return [*claims, Fact(submitted, of_case), *_residences(regions, submitted, command, at)]


def _residences(
    regions: Regions, submitted: ApplicationSubmitted, command: SubmitApplication, at: Moment
) -> list[Fact]:
    if not command.residences and command.permit_until is None:
        return []
    stating = StateResidences(
        residences=command.residences,
        place=command.place or AidPlace.HOUSEHOLD_REGISTRATION,
        permit_until=command.permit_until,
    )
    found = stated(regions, stating, submitted, at)
    require_asked_rightly(regions, found, command.division, at.date)
    return [Fact(found, application_stream(command.case_id), policy=at.policy.version)]


def request_materials(application: Application, command: RequestMaterials, at: Moment) -> Decision:
    """What is missing is asked for once, all of it together, and nothing that the office has.

    With it whatever is not signed, where the place has signatures recorded.
    """
    submitted = require_pending(application)
    parameters = at.policy.at(submitted.division, submitted.programme, at.date)
    rules.require_one_notice(parameters, noticed=application.requested is not None)
    missing = _in_order(command.materials)
    rules.require_not_supplied(parameters, missing, application.supplied)
    rules.require_not_queryable(parameters, missing)
    unsigned = signing.missing(application, submitted, parameters, at.date)
    if not missing and not unsigned:
        raise Refusal("nothing-missing", status=422)
    return [MaterialsRequested(materials=missing, signatures=unsigned or None)]


def supply_materials(application: Application, command: SupplyMaterials, at: Moment) -> Decision:
    """Papers are taken in whether they were asked for or not; those there before say nothing.

    With the last of those asked for the township's days to accept begin anew.
    """
    submitted = require_pending(application)
    new = tuple(m for m in _in_order(command.materials) if m not in application.supplied)
    if not new:
        return []
    due = None
    if application.outstanding and not set(application.outstanding).difference(new):
        parameters = at.policy.at(submitted.division, submitted.programme, at.date)
        unsigned = signing.missing(application, submitted, parameters, at.date)
        due = None if unsigned else rules.acceptance_due(parameters, at.date)
    return [MaterialsSupplied(materials=new, acceptance_due=due)]


def accept(application: Application, command: AcceptApplication, at: Moment) -> Decision:
    """A complete application is accepted; the day's regime sets the dates that follow."""
    submitted = require_pending(application)
    parameters = at.policy.at(submitted.division, submitted.programme, at.date)
    aid = submitted.aid
    # Of the day of acceptance, as all of the regime.
    require_provided_for(aid, parameters)
    if aid is not None and aid.kind is not AidKind.EXPENSE:
        return [Fact(_emergency(submitted, aid, parameters, at), policy=parameters.version)]
    if application.outstanding:
        raise Refusal(
            "materials-outstanding", facts={"materials": ", ".join(application.outstanding)}
        )
    signing.require_signed(application, submitted, parameters, at.date)
    _require_authorised(application, submitted, at.date)
    require_still_right(application, submitted, parameters, at.date)
    where = application.where
    accepted = ApplicationAccepted(
        programme=submitted.programme,
        division=submitted.division,
        applicant=submitted.applicant,
        members=submitted.members,
        survey_due=rules.survey_due(parameters, at.date),
        kin=application.kin,
        aid=aid,
        minor=rules.minor_of(
            submitted.programme,
            command.turns_eighteen,
            submitted.acting,
            submitted.parents,
            at.date,
        ),
        applied_on=submitted.applied_on,
        residences=where.residences if where else None,
        permit_until=where.permit_until if where else None,
        kin_owed=rules.kin_owed(parameters, filed=application.kin is not None) or None,
        decide_by=decide_by(where, submitted.division, parameters, at.date),
    )
    return [Fact(accepted, policy=parameters.version)]


def _require_authorised(
    application: Application, submitted: ApplicationSubmitted, on: date
) -> None:
    """Every member's means may be checked: by words of their own, or by one paper of them all.

    Where persons signed apart, the paper no longer stands for who did not, or took it back.
    """
    persons = [member.person_id for member in submitted.members]
    if not application.authorised_apart:
        rules.require_check_authorization(application.supplied)
    elif not covers_everybody(application.authorisations, persons, on):
        raise Refusal("authorisation-missing", source=rules.CHECK_AUTHORIZATION_SOURCE)


def _emergency(
    submitted: ApplicationSubmitted, aid: AidRequest, parameters: Parameters, at: Moment
) -> EmergencyAccepted:
    """An emergency is accepted as it stands: papers, and the word for a check, follow.

    So is small quick aid. Source: 民发〔2018〕23号; 临时救助意见（2026年）.
    """
    return EmergencyAccepted(
        programme=submitted.programme,
        division=submitted.division,
        applicant=submitted.applicant,
        members=submitted.members,
        aid=aid,
        pay_by=aid_rules.pay_by(parameters, at.date, aid.kind),
    )


def require_provided_for(aid: AidRequest | None, parameters: Parameters) -> None:
    """The programme is regulated there and then; aid is granted in its kind and at its place."""
    if aid is not None:
        aid_rules.require_aid_kind(aid, parameters)
    rules.require_regulated(parameters, aid)
    if aid is not None:
        aid_rules.require_aid_place(aid, parameters)


def withdraw(application: Application, *rest: Any) -> Decision:
    """An applicant may take an application back as long as it is not accepted.

    Called with every member's open application, the command and the moment. From acceptance on
    the case runs in other services, and only what they record can end it.
    """
    *open_applications, command, at = rest
    submitted = require_pending(application)
    facts: list[Event | Fact] = []
    for member, state in zip(submitted.members, open_applications, strict=True):
        events = released(state, command.case_id, at)
        stream = open_application_stream(submitted.programme, member.person_id)
        facts += [Fact(event, stream) for event in events]
    tasks = application.screening_tasks or None
    return [*facts, ApplicationWithdrawn(reason=command.reason, screening_tasks=tasks)]


def _of_members(
    states: Iterable[OpenApplication], members: int
) -> tuple[list[OpenApplication], list[OpenApplication]]:
    """The members' open applications of the programme, and those that it goes behind."""
    known = list(states)
    return known[:members], known[members:]


def require_pending(application: Application) -> ApplicationSubmitted:
    """The application as submitted, while it is neither accepted nor over."""
    pending = application.status in (Status.SUBMITTED, Status.MATERIALS_REQUESTED)
    if not pending or application.submitted is None:
        raise Refusal("application-not-pending", facts={"status": application.status})
    return application.submitted


def _in_order(materials: Iterable[Material]) -> tuple[Material, ...]:
    """Each paper once, in the contract's order, whatever the order they were named in."""
    named = frozenset(materials)
    return tuple(material for material in Material if material in named)
