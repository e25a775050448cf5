"""Events of what a household signs: that its means may be checked, and that it tells the truth."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import Sha256Hex
from shared.contracts.intake import ActingGround
from shared.kernel.event import Event


class AuthorisedAs(StrEnum):
    """Whose means are checked: a member's, or those of somebody bound to support them."""

    MEMBER = "member"
    OBLIGOR = "obligor"


class CheckAuthorised(Event, service="intake", name="check-authorised"):
    """Somebody's means may be checked: who signed it, until when (good for the case if never).

    ``ground`` says why another signed than the person; ``document_digest`` is the signed paper's.
    """

    person_id: UUID
    standing: AuthorisedAs
    signed_by: UUID
    signed_on: date
    document_digest: Sha256Hex
    ground: ActingGround | None = None
    until_on: date | None = None


class AuthorisationWithdrawn(Event, service="intake", name="authorisation-withdrawn"):
    """Somebody took the word back by which their means were checked."""

    person_id: UUID


class TruthfulnessDeclared(Event, service="intake", name="truthfulness-declared"):
    """The applicant declared in writing that what they state is true and complete."""

    declared_by: UUID
    document_digest: Sha256Hex
