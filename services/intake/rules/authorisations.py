"""The rules of authorising the check of means (授权核对), pure: who signs for whom, until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from services.intake.rules.applications import CHECK_AUTHORIZATION_SOURCE
from shared.contracts.authorisations import AuthorisedAs, CheckAuthorised
from shared.contracts.intake import ActingGround
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def require_standing(standing: AuthorisedAs, person_id: UUID, members: Collection[UUID]) -> None:
    """A member is one of the household; an obligor is not."""
    if (standing is AuthorisedAs.MEMBER) != (person_id in members):
        raise Refusal("authorised-as-another", facts={"standing": standing}, status=422)


def require_dates(signed_on: date, until_on: date | None, today: date) -> None:
    """Signed by today, and good for a while yet."""
    if signed_on > today or (until_on is not None and until_on < today):
        raise Refusal("authorisation-not-in-force", facts={"on": today.isoformat()}, status=422)


def require_signer(person_id: UUID, signed_by: UUID, ground: ActingGround | None) -> None:
    """Who signs for another says why; who signs for themselves needs no ground."""
    if (signed_by == person_id) != (ground is None):
        raise Refusal("signed-without-ground", source=CHECK_AUTHORIZATION_SOURCE, status=422)


def require_in_person(parameters: Parameters, person_id: UUID, signed_by: UUID) -> None:
    """An obligor's finances are asked for with the obligor's own consent.

    Source: 社会救助法, art. 41, from 2026-07-01.
    """
    if parameters.flag("obligor_consents_in_person") and signed_by != person_id:
        raise Refusal(
            "obligor-signs-in-person",
            source=parameters.value("obligor_consents_in_person").source,
            status=422,
        )


def covers_everybody(
    authorisations: Mapping[UUID, CheckAuthorised], persons: Iterable[UUID], on: date
) -> bool:
    """Whether everybody's word is there and good on the day, its last one included."""
    return all(
        (word := authorisations.get(person)) is not None
        and (word.until_on is None or word.until_on >= on)
        for person in persons
    )
