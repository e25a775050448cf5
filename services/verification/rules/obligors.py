"""Whose word lets an obligor's means be checked."""

from __future__ import annotations

from datetime import date

from shared.contracts.obligors import ObligorConsentNoted
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def require_consent(parameters: Parameters, word: ObligorConsentNoted | None, on: date) -> None:
    """An obligor's finances are looked at with the obligor's own consent, in force on the day.

    Before that is asked for, the household's authorisation stands for it: an application is
    accepted with it only. ``parameters`` are those of the day, not of the acceptance: whose word
    it takes is a matter of the day on which somebody looks.
    Source: 社会救助法, art. 41; 民发〔2021〕43号, art. 10.
    """
    if not parameters.flag("obligor_consents_in_person"):
        return
    own = word is not None and word.signed_by == word.person_id
    if word is None or not own or (word.until_on is not None and word.until_on < on):
        raise Refusal(
            "obligor-consent-missing",
            facts={"on": on.isoformat()},
            source=parameters.value("obligor_consents_in_person").source,
        )
