"""Decisions on what a household signs: the check of its means, and that it tells the truth."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.decisions.signing import with_last_signature
from services.intake.model import Application, Status
from services.intake.rules import authorisations as rules
from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
    TruthfulnessDeclared,
)
from shared.contracts.fields import Sha256Hex
from shared.contracts.intake import ActingGround, ApplicationSubmitted, Material
from shared.kernel.decider import Decision, Moment, Refusal

_OPEN: Final = (Status.SUBMITTED, Status.MATERIALS_REQUESTED, Status.ACCEPTED)
_CHECKED: Final = (*_OPEN, Status.CLOSED)
"""Once it is decided, a household on the books is checked from time to time, by the same words."""


class AuthoriseCheck(Command):
    """Somebody's means may be checked."""

    person_id: UUID
    standing: AuthorisedAs
    signed_by: UUID
    signed_on: date
    document_digest: Sha256Hex
    ground: ActingGround | None = None
    until_on: date | None = None


class WithdrawAuthorisation(Command):
    """Somebody takes the word back."""

    person_id: UUID


class DeclareTruthfulness(Command):
    """The applicant, or who applies for them, declares that what they state is true."""

    declared_by: UUID
    document_digest: Sha256Hex


def authorise(application: Application, command: AuthoriseCheck, at: Moment) -> Decision:
    """Each signs for themselves, or somebody for them with a ground; a new word replaces the old.

    An obligor is nobody of the household, and by the law of 2026 signs in person. After the
    decision who has joined the household signs as one of it.
    """
    submitted = _require_open(application, _CHECKED)
    members = {member.person_id for member in submitted.members}
    joined = application.status is Status.CLOSED and command.standing is AuthorisedAs.MEMBER
    if not joined:
        rules.require_standing(command.standing, command.person_id, members)
    rules.require_dates(command.signed_on, command.until_on, at.date)
    rules.require_signer(command.person_id, command.signed_by, command.ground)
    if command.standing is AuthorisedAs.OBLIGOR:
        parameters = at.policy.at(submitted.division, submitted.programme, at.date)
        rules.require_in_person(parameters, command.person_id, command.signed_by)
    authorised = CheckAuthorised(**command.model_dump())
    if application.authorisations.get(command.person_id) == authorised:
        return []
    return with_last_signature(application, authorised, at)


def withdraw_authorisation(
    application: Application, command: WithdrawAuthorisation, _at: Moment
) -> Decision:
    """A word can be taken back, before the decision and after it: from then on nobody is asked.

    So can a member the share in the one paper of all, which then stands for nobody any more.
    """
    submitted = _require_open(application, _CHECKED)
    paper = (
        Material.CHECK_AUTHORIZATION in application.supplied and not application.authorised_apart
    )
    by_paper = {member.person_id for member in submitted.members} if paper else set()
    if command.person_id not in {*application.authorisations, *by_paper}:
        raise Refusal("authorisation-unknown")
    return [AuthorisationWithdrawn(person_id=command.person_id)]


def declare_truthfulness(
    application: Application, command: DeclareTruthfulness, at: Moment
) -> Decision:
    """The applicant declares it, or the person who applies for them."""
    submitted = _require_open(application)
    acting = submitted.acting.person_id if submitted.acting else None
    if command.declared_by not in (submitted.applicant, acting):
        raise Refusal("declared-by-another", status=422)
    declared = TruthfulnessDeclared(
        declared_by=command.declared_by, document_digest=command.document_digest
    )
    return with_last_signature(application, declared, at)


def _require_open(
    application: Application, stages: tuple[Status, ...] = _OPEN
) -> ApplicationSubmitted:
    if application.status not in stages or application.submitted is None:
        raise Refusal("application-over", facts={"status": application.status})
    return application.submitted
