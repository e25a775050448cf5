"""Whom departments are asked about beside the household, and by whose word."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.verification import rules
from services.verification.model import Check, ObligorInquiry
from shared.contracts.departments import Department
from shared.contracts.obligors import ObligorAsked
from shared.contracts.verification import CheckOpened
from shared.kernel.decider import Fact
from shared.policy import Parameters


def obligor_asked(
    check: Check, opened: CheckOpened, person_id: UUID, parameters: Parameters
) -> list[Fact]:
    """Who is asked about an obligor; nobody who was and gave, or is to give, data, and nobody
    about one of the household.

    ``parameters`` are those of the day: whose finances are looked at is a matter of it.
    """
    if person_id in {member.person_id for member in opened.members}:
        return []
    heard = check.inquiries.get(person_id, ObligorInquiry()).heard
    named = parameters.codes("obligor_check_departments")
    departments = tuple(d for d in Department if d.value in named and d not in heard)
    if not departments:
        return []
    event = ObligorAsked(person_id=person_id, departments=departments)
    return [Fact(event, policy=parameters.version)]


def consenting_asked(
    check: Check, opened: CheckOpened, parameters: Parameters, on: date
) -> list[Fact]:
    """The departments asked about every obligor whose word is there already and lets them be."""
    return [
        fact
        for person_id, word in check.consents.items()
        if rules.may_look(parameters, word, on)
        for fact in obligor_asked(check, opened, person_id, parameters)
    ]
