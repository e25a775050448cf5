"""What else is decided of an application before its acceptance: where it is, and whose kin."""

from __future__ import annotations

from datetime import date

from services.intake.decisions.applications import require_pending, require_provided_for
from services.intake.decisions.command import Command
from services.intake.decisions.residences import (
    StateResidences,
    require_asked_rightly,
    stated,
)
from services.intake.decisions.signing import awaited, with_last_signature
from services.intake.model import Application, Status
from services.intake.rules import applications as rules
from shared.contracts.intake import (
    AcceptanceDeadlineMissed,
    ApplicationAccepted,
    ApplicationSubmitted,
    ApplicationTransferred,
    KinFiled,
    NearKin,
    TransferReason,
)
from shared.kernel.decider import Decide, Decision, Fact, Moment, Refusal
from shared.regions import Regions


class TransferApplication(Command):
    """Hand the application to the township that is the one to be asked."""

    division: str
    reason: TransferReason


class FileKin(Command):
    """File who of the household is near kin to an official."""

    kin: tuple[NearKin, ...]


class NoteMissedAcceptance(Command):
    """The township's last day to answer is over."""

    due_on: date


def transferring(regions: Regions) -> Decide:
    """The decision that hands an application to another township; it knows the divisions."""

    def transfer(application: Application, command: TransferApplication, at: Moment) -> Decision:
        """A pending application goes to the township that is the one to be asked (转办).

        That township's days to accept begin with it, unless papers or signatures that were asked
        for are still missing. Where the household's residences are stated, it is one that they make
        competent.
        """
        submitted = require_pending(application)
        if command.division == submitted.division:
            raise Refusal("application-is-there", status=422)
        rules.require_handling_division(regions, command.division, at.date)
        if application.where is not None:
            require_asked_rightly(regions, application.where, command.division, at.date)
        parameters = at.policy.at(command.division, submitted.programme, at.date)
        require_provided_for(submitted.aid, parameters)
        waits = awaited(application, parameters, at.date)
        transferred = ApplicationTransferred(
            division=command.division,
            reason=command.reason,
            acceptance_due=None if waits else rules.acceptance_due(parameters, at.date),
        )
        return [Fact(transferred, policy=parameters.version)]

    return transfer


def stating(regions: Regions) -> Decide:
    """The decision that takes down residences; it knows the divisions."""

    def state_residences(
        application: Application, command: StateResidences, at: Moment
    ) -> Decision:
        """Where the household is registered and lives, before its acceptance; the last counts.

        An application for which another township turns out to be competent stays where it was
        taken in until it is handed on.
        """
        found = stated(regions, command, require_pending(application), at)
        return [] if found == application.where else [Fact(found, policy=at.policy.version)]

    return state_residences


def file_kin(application: Application, command: FileKin, at: Moment) -> Decision:
    """Who of the household is near kin to an official is filed, or that nobody is (备案).

    Also of an accepted application: what is said later is filed as well.
    """
    submitted = _require_to_be_filed(application)
    parameters = at.policy.at(submitted.division, submitted.programme, at.date)
    rules.require_kin(parameters, submitted.members, command.kin)
    if application.kin == command.kin:
        return []
    late = application.accepted is not None or None
    filed = KinFiled(kin=command.kin, after_acceptance=late)
    return with_last_signature(application, filed, at)


def _require_to_be_filed(application: Application) -> ApplicationSubmitted:
    """An application that waits or was accepted, but for an emergency: nobody is surveyed there."""
    if isinstance(application.accepted, ApplicationAccepted) and application.submitted is not None:
        return application.submitted
    return require_pending(application)


def note_missed_acceptance(
    application: Application, command: NoteMissedAcceptance, at: Moment
) -> Decision:
    """The township neither accepted nor named what is missing; nothing where it did."""
    submitted = application.submitted
    pending = application.status in (Status.SUBMITTED, Status.MATERIALS_REQUESTED)
    if submitted is None or not pending:
        return []
    parameters = at.policy.at(submitted.division, submitted.programme, at.date)
    if awaited(application, parameters, at.date):
        return []
    return [AcceptanceDeadlineMissed(due_on=command.due_on)]
