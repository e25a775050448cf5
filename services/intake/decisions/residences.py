"""Where a household is registered and lives, and whose it is to decide about it."""

from __future__ import annotations

from datetime import date

from services.intake.decisions.command import Command
from services.intake.model import Application, Status
from services.intake.rules import applications as place_rules
from services.intake.rules import competence as rules
from shared.contracts.fields import AidPlace, Due, Programme
from shared.contracts.intake import ApplicationSubmitted
from shared.contracts.residence import DecisionDeadlineMissed, Residence, ResidencesStated
from shared.deadlines import working_day_due
from shared.kernel.decider import Decision, Moment, Refusal
from shared.policy import Parameters
from shared.regions import Regions


class StateResidences(Command):
    """Say where every member is registered and lives, and why this township is asked."""

    residences: tuple[Residence, ...]
    place: AidPlace = AidPlace.HOUSEHOLD_REGISTRATION
    permit_until: date | None = None


class NoteMissedDecision(Command):
    """The last day for the decision on an application across counties is over."""

    due_on: date


def stated(
    regions: Regions,
    command: StateResidences,
    application: ApplicationSubmitted,
    at: Moment,
) -> ResidencesStated:
    """What is stated, with the townships that are competent by it, under the rules of the day."""
    members = application.members
    if application.aid is not None:
        raise Refusal("residences-out-of-place", status=422)
    parameters = at.policy.at(application.division, application.programme, at.date)
    place_rules.require_place(command.place, parameters)
    rules.require_residences(members, command.residences)
    rules.require_permit(command.place, command.permit_until, at.date)
    in_order = {one.person_id: one for one in command.residences}
    residences = tuple(
        Residence(
            person_id=member.person_id,
            registered_in=rules.township_of(
                regions, in_order[member.person_id].registered_in, at.date
            ),
            lives_in=rules.township_of(regions, in_order[member.person_id].lives_in, at.date),
        )
        for member in members
    )
    household = rules.Household(
        application.applicant, command.place, residences, command.permit_until
    )
    return ResidencesStated(
        place=command.place,
        residences=residences,
        competent=rules.competent_townships(household, parameters, lambda c: _is_town(c, at)),
        permit_until=command.permit_until,
    )


def require_asked_rightly(
    regions: Regions, found: ResidencesStated, division: str, on: date
) -> None:
    """``Refusal`` with the competent townships' codes and names, where another one is asked."""
    rules.require_competent(found.competent, division, lambda c: rules.name_of(regions, c, on))


def require_still_right(
    application: Application, submitted: ApplicationSubmitted, parameters: Parameters, on: date
) -> None:
    """Before its acceptance an application lies with a competent township, its permit valid.

    One that lies elsewhere is handed on (转办).
    """
    where = application.where
    if submitted.aid is None:
        rules.require_stated(parameters, submitted.place, stated=where is not None)
    if where is not None:
        rules.require_permit(where.place, where.permit_until, on)
        rules.require_competent(where.competent, submitted.division, lambda _code: "")


def decide_by(
    where: ResidencesStated | None, division: str, parameters: Parameters, on: date
) -> Due | None:
    """By when an application is decided, in working days from its acceptance.

    Across counties it is one of the special ones; else the days are those of whoever decides, the
    county or the township. A township for which the regime names no days of its own has the
    ordinary ones. ``None`` where the regime has no such days.
    Source: 民发〔2021〕57号, art. 22 (30, or 45); 民发〔2022〕83号, 4(1) (权限下放的 20;
    人户分离、异地申请 45).
    """
    crossing = where is not None and rules.crosses_counties(where.residences, division)
    days = parameters.whole_or_none("total_special_working_days") if crossing else None
    if days is None and parameters.code("procedure_decided_by") == "township":
        days = parameters.whole_or_none("total_delegated_working_days")
    if days is None:
        days = parameters.whole_or_none("total_working_days")
    return None if days is None else working_day_due(parameters, on, days)


def note_missed_decision(
    application: Application, command: NoteMissedDecision, _at: Moment
) -> Decision:
    """The application is not decided yet, and its last day is over: that is recorded, once."""
    if application.status is not Status.ACCEPTED:
        return []
    return [DecisionDeadlineMissed(due_on=command.due_on)]


def _is_town(township: str, at: Moment) -> bool:
    """Whether a township counts as a town; as dibao's rules have it, for every programme."""
    parameters = at.policy.at(township, Programme.DIBAO, at.date)
    return parameters.sets("area_kind") and parameters.code("area_kind") == "urban"
