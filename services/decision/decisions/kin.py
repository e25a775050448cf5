"""What is known of a household's kinship with officials: asked for, and said."""

from __future__ import annotations

from services.decision.decisions.command import Command
from services.decision.model import Determination
from shared.contracts.kin import KinDeclarationOwed, KinDeclared
from shared.kernel.decider import Decision, Moment, Refusal
from shared.policy import Parameters


class OweKinDeclaration(Command):
    """An application was accepted, and nobody has said whether officials are near kin."""


class DeclareKin(Command):
    """Somebody said whether anybody of the household is near kin to an official."""

    kin: bool


def owe_kin_declaration(case: Determination, _command: OweKinDeclaration, _at: Moment) -> Decision:
    """Keep that the declaration is missing, until it is made."""
    return [] if case.kin_owed or case.confirmed is not None else [KinDeclarationOwed()]


def declare_kin(case: Determination, command: DeclareKin, _at: Moment) -> Decision:
    """The declaration that was missing was made; one that was not missing changes nothing here."""
    return [KinDeclared(kin=command.kin)] if case.kin_owed else []


def require_kin_declared(case: Determination, regime: Parameters) -> None:
    """``Refusal`` while nobody has said whether officials are near kin.

    Who is has to be registered apart, and is visited by the county before it decides.
    Source: 民发〔2012〕220号, arts. 14, 26; 民发〔2021〕57号, arts. 11, 20.
    """
    if case.kin_owed:
        raise Refusal("kin-not-declared", source=regime.value("kin_filing_required").source)
