"""The waiver of the family's check: an official decides it, with the survey's findings at hand."""

from __future__ import annotations

from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.decisions.leads import after_waiver
from services.verification.model import Check
from shared.contracts.fields import NoteRef
from shared.contracts.waivers import FamilyCheckWaived, FamilyWaiver
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class WaiveFamilyCheck(Command):
    """Do not look into the means of the family of those who enter alone; why, is in the vault."""

    decider: UUID
    grounds: NoteRef


def waive_family_check(check: Check, command: WaiveFamilyCheck, at: Moment) -> Decision:
    """Waive the family's check, for those whom the last visit found to have a ground.

    Nobody who surveyed decides it, and a later visit puts it aside, since it rests on what was
    found. Visit, review and publicity stay. What contradicted the family's declaration is cleared.
    Source: 社会救助兜底脱贫行动方案; 闽民救〔2020〕21号, 2(2).1.
    """
    opened = require_open(check)
    parameters = parameters_of(opened, at)
    until_on = rules.require_waiver_provided_for(opened.programme, parameters, at.date)
    if check.visit is None:
        raise Refusal("visit-missing", source=rules.COMPLETENESS_SOURCE)
    if check.waiver is not None:
        raise Refusal("family-waived-before")
    if command.decider in check.hands:
        raise Refusal("family-waiver-by-surveyor")
    household = rules.counted(parameters, opened.members, check.visit.circumstances)
    stated, _ = household.of(rules.Statement.of(check.visit), ())
    waiver = FamilyWaiver(
        persons=rules.waived_for(opened, stated.circumstances, parameters),
        decider=command.decider,
        decided_on=at.date,
        until_on=until_on,
    )
    waived = FamilyCheckWaived(waiver=waiver, grounds=command.grounds)
    return [Fact(waived, policy=parameters.version), *after_waiver(check, waiver)]
