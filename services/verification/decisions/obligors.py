"""Obligors: their word that their means may be checked, and what the check finds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.verification import rules
from services.verification.decisions.asking_obligors import obligor_asked
from services.verification.decisions.command import Command, require_open
from services.verification.model import Check, ObligorInquiry, Status
from shared.contracts.departments import Department
from shared.contracts.fields import NoteRef
from shared.contracts.obligors import (
    ObligorChecked,
    ObligorConsentNoted,
    ObligorConsentWithdrawn,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class NoteConsent(Command):
    """An obligor's means may be checked, until a day."""

    person_id: UUID
    signed_by: UUID
    until_on: date | None = None


class NoteConsentWithdrawn(Command):
    """Somebody took the word back by which their means were checked."""

    person_id: UUID


class CheckObligor(Command):
    """Take down what an obligor's means are, in fen a month and in all."""

    person_id: UUID
    checker: UUID
    income_fen: int
    deposits_fen: int
    houses: int
    vehicles: int
    findings: NoteRef


def note_consent(check: Check, command: NoteConsent, at: Moment) -> Decision:
    """Note an obligor's word, whether the check is open yet or not; a new one replaces the old.

    In an open check the departments are then asked, if the word lets them be.
    """
    noted = ObligorConsentNoted(**command.model_dump())
    if check.consents.get(command.person_id) == noted:
        return []
    if check.opened is None or check.status is not Status.OPEN:
        return [noted]
    parameters = at.policy.at(check.opened.division, check.opened.programme, at.date)
    if not rules.may_look(parameters, noted, at.date):
        return [noted]
    return [noted, *obligor_asked(check, check.opened, command.person_id, parameters)]


def note_consent_withdrawn(check: Check, command: NoteConsentWithdrawn, _at: Moment) -> Decision:
    """Note that an obligor took it back; a member's word is none of this."""
    if command.person_id not in check.consents:
        return []
    return [ObligorConsentWithdrawn(person_id=command.person_id)]


def check_obligor(check: Check, command: CheckObligor, at: Moment) -> Decision:
    """Record an obligor's means, if their own word or, before the law, the household's lets it.

    A later check stands in the place of the earlier one. Where it lies below what departments say
    that is told beside it.
    """
    opened = require_open(check)
    if command.person_id in {member.person_id for member in opened.members}:
        raise Refusal("obligor-of-the-household", status=422)
    word = check.consents.get(command.person_id)
    parameters = at.policy.at(opened.division, opened.programme, at.date)
    rules.require_consent(parameters, word, at.date)
    inquiry = check.inquiries.get(command.person_id, ObligorInquiry())
    held = {kind: getattr(command, name) for kind, name in rules.PROPERTY.items()}
    below = rules.below_reported(command.income_fen, held, inquiry.answers.values())
    checked = ObligorChecked(
        **command.model_dump(),
        consent_by=None if word is None else word.signed_by,
        departments=tuple(d for d in Department if d in inquiry.answers) or None,
        below_reported=below or None,
    )
    return [Fact(checked, policy=parameters.version)]
