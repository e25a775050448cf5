"""Signatures that are waited for: named in the one notice, insisted on, and complete at last."""

from __future__ import annotations

from datetime import date

from services.intake.model import APPLICATION, Application
from services.intake.rules import applications as rules
from services.intake.rules.signatures import missing_signatures
from shared.contracts.intake import ApplicationSubmitted, MaterialsSupplied, MissingSignature
from shared.kernel.decider import Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


def missing(
    application: Application, submitted: ApplicationSubmitted, parameters: Parameters, on: date
) -> tuple[MissingSignature, ...]:
    """What of an application is not signed on a day."""
    return missing_signatures(
        parameters,
        (member.person_id for member in submitted.members),
        application.authorisations,
        on,
        kin_filed=application.kin is not None,
        declared_true=application.declared_true,
    )


def awaited(application: Application, parameters: Parameters, on: date) -> bool:
    """Whether the township waits for the household: the notice is given, and something missing."""
    submitted = application.submitted
    if submitted is None or application.requested is None:
        return False
    return bool(application.outstanding or missing(application, submitted, parameters, on))


def require_signed(
    application: Application, submitted: ApplicationSubmitted, parameters: Parameters, on: date
) -> None:
    """Nothing is accepted before all has signed what the place has recorded."""
    unsigned = missing(application, submitted, parameters, on)
    if unsigned:
        kinds = dict.fromkeys(one.kind.value for one in unsigned)
        facts: dict[str, int | str] = {"signatures": ", ".join(kinds), "missing": len(unsigned)}
        source = parameters.value("acceptance_signatures").source
        raise Refusal("signatures-missing", facts=facts, source=source)


def with_last_signature(application: Application, event: Event, at: Moment) -> list[Event]:
    """The event, and where it brings the last that was asked for, the days to accept begun anew."""
    submitted = application.submitted
    if submitted is None or application.requested is None:
        return [event]
    parameters = at.policy.at(submitted.division, submitted.programme, at.date)
    after: Application = APPLICATION.evolve(application, event)
    complete = not after.outstanding and not missing(after, submitted, parameters, at.date)
    if not complete or not missing(application, submitted, parameters, at.date):
        return [event]
    due = rules.acceptance_due(parameters, at.date)
    return [event, MaterialsSupplied(materials=(), acceptance_due=due)]
