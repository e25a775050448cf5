"""What is signed before an application is accepted: by whom, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from services.intake.rules.authorisations import covers_everybody
from shared.contracts.authorisations import CheckAuthorised
from shared.contracts.intake import MissingSignature, SignatureKind
from shared.policy import Parameters


def missing_signatures(
    parameters: Parameters,
    persons: Iterable[UUID],
    words: Mapping[UUID, CheckAuthorised],
    on: date,
    *,
    kin_filed: bool,
    declared_true: bool,
) -> tuple[MissingSignature, ...]:
    """What is not signed on a day, where the place has each signature recorded.

    Every member's authorisation in force, a minor's by whoever signs for them; whose near kin are
    officials, or that nobody's are, where the programme has them filed; and that what is stated is
    true. Elsewhere the signed papers in the file are enough.
    Source: 国务院令第649号, art. 58; 民发〔2021〕57号, art. 11.
    """
    if parameters.code("acceptance_signatures") == "on_paper":
        return ()
    missing = [
        MissingSignature(kind=SignatureKind.CHECK_AUTHORISATION, person_id=person)
        for person in persons
        if not covers_everybody(words, (person,), on)
    ]
    if parameters.flag("kin_filing_required") and not kin_filed:
        missing.append(MissingSignature(kind=SignatureKind.KIN_DECLARATION))
    if not declared_true:
        missing.append(MissingSignature(kind=SignatureKind.TRUTHFULNESS))
    return tuple(missing)
