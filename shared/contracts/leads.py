"""Events of verification about leads: what contradicts a household, and what became of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.departments import Department
from shared.contracts.fields import Fields, IncomeKind, NoteRef, Sha256Hex
from shared.kernel.event import Event
from shared.money import Fen


class LeadKind(StrEnum):
    """In what a source contradicts the household, or another case."""

    INCOME_ABOVE_DECLARED = "income_above_declared"
    DEPOSITS_ABOVE_DECLARED = "deposits_above_declared"
    HOUSES_ABOVE_DECLARED = "houses_above_declared"
    VEHICLES_ABOVE_DECLARED = "vehicles_above_declared"
    BUSINESS_UNDECLARED = "business_undeclared"
    PAYROLL_UNDECLARED = "payroll_undeclared"
    RECORDED_DEAD = "recorded_dead"
    IN_PRISON = "in_prison"
    IN_COMPULSORY_DETOX = "in_compulsory_detox"
    BILL_USED_ELSEWHERE = "bill_used_elsewhere"
    CERTIFICATE_DIFFERS = "certificate_differs"
    INCOME_BELOW_KNOWN = "income_below_known"


class LeadResponse(StrEnum):
    """How a household meets a lead: it agrees, explains it, or objects and has it checked again."""

    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    OBJECTED = "objected"


class LeadClearance(StrEnum):
    """By what a contradiction is gone: a new declaration, a department asked again, the waiver of
    the family's check, or a source that knows of the same money and more.
    """

    DECLARATION = "declaration"
    RECHECK = "recheck"
    WAIVER = "waiver"
    SUPERSEDED = "superseded"


class LeadStanding(StrEnum):
    """What became of a lead; ``SET_ASIDE``: an explanation was accepted against the data."""

    OPEN = "open"
    BEING_RECHECKED = "being_rechecked"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    SET_ASIDE = "set_aside"
    UPHELD = "upheld"
    UNANSWERED = "unanswered"
    CLEARED = "cleared"


class Contradiction(Fields):
    """What a source says against what was declared.

    ``declared`` and ``reported`` are fen (income a month, deposits) or numbers (houses, vehicles),
    by the kind. ``department`` said it, of ``person_id`` where it is of one person, of their
    income of ``income`` kind. Of a bill used twice: its digest, and the case that used it before.
    Of a certificate of disability: the grade that was shown and the one in the register.
    """

    kind: LeadKind
    department: Department | None = None
    person_id: UUID | None = None
    income: IncomeKind | None = None
    declared: Fen | None = None
    reported: Fen | None = None
    number_digest: Sha256Hex | None = None
    other_case: UUID | None = None


class LeadOutcome(Fields):
    """A lead as the account takes it: what it was, and what became of it."""

    lead: Annotated[int, Field(ge=1)]
    contradiction: Contradiction
    standing: LeadStanding


class RaisedLead(Event):
    """What a lead says that was raised, whatever it was raised in."""

    lead: int = Field(ge=1)
    contradiction: Contradiction
    answer_due: date | None = None


class AnsweredLead(Event):
    """What is taken down of a household's answer to a lead."""

    lead: int = Field(ge=1)
    response: LeadResponse
    statement: NoteRef
    data_stand: bool
    concluded_by: UUID


class UpheldLead(Event):
    """Which lead stands after the department was asked again."""

    lead: int = Field(ge=1)


class ClearedLead(Event):
    """Which lead is gone, and by what."""

    lead: int = Field(ge=1)
    by: LeadClearance


class UnansweredLead(Event):
    """Which lead nobody answered in time."""

    lead: int = Field(ge=1)


class LeadRaised(RaisedLead, service="verification", name="lead-raised"):
    """Something contradicts what was declared: a lead, not a verdict.

    It is put to the household; ``answer_due`` is the last day for its answer, where there is one.
    ``lead`` numbers the leads of a check from 1.
    """


class LeadAnswered(AnsweredLead, service="verification", name="lead-answered"):
    """The household met a lead with a statement, and the office drew its conclusion.

    ``data_stand``: whether the data go on counting in the account. Where the household objects,
    the department is asked again (民发〔2012〕220号, art. 20; 民发〔2021〕57号, art. 18).
    """


class LeadUpheld(UpheldLead, service="verification", name="lead-upheld"):
    """A department that was asked again said the same."""


class LeadCleared(ClearedLead, service="verification", name="lead-cleared"):
    """The contradiction is gone."""


class LeadLeftUnanswered(UnansweredLead, service="verification", name="lead-left-unanswered"):
    """The last day for an answer passed; the check goes on without one."""
