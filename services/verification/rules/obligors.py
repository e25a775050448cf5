"""Whose word lets an obligor's means be checked, and what departments say against the finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from services.verification.rules.account import counting_lines
from services.verification.rules.leads import PROPERTY
from shared.contracts.departments import ReceivedAnswer
from shared.contracts.leads import LeadKind
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
    if not may_look(parameters, word, on):
        raise Refusal(
            "obligor-consent-missing",
            facts={"on": on.isoformat()},
            source=parameters.value("obligor_consents_in_person").source,
        )


def may_look(
    parameters: Parameters,
    word: ObligorConsentNoted | None,
    on: date,
    *,
    household: bool = True,
) -> bool:
    """Whether an obligor's finances may be looked at on a day, as ``require_consent`` has it.

    ``household`` says whether its own authorisation is in force: where it stands for the obligor's
    word, and was taken back or is over, nothing does.
    """
    own = word is not None and word.signed_by == word.person_id
    if word is not None and own and (word.until_on is None or on <= word.until_on):
        return True
    return household and not parameters.flag("obligor_consents_in_person")


def below_reported(
    income_fen: int, held: Mapping[LeadKind, int], answers: Iterable[ReceivedAnswer]
) -> tuple[LeadKind, ...]:
    """In what an obligor's means as they were found lie below what departments say of them.

    Income in fen a month, of each kind the highest statement; of ``held`` (deposits, houses,
    vehicles) the highest that any of them knows of. It refutes nobody: it stands beside.
    """
    answers = tuple(answers)
    lines = counting_lines(line for answer in answers for line in answer.income)
    reported = {LeadKind.INCOME_ABOVE_DECLARED: sum(line.amount_fen for line in lines)}
    for kind, name in PROPERTY.items():
        reported[kind] = max((int(getattr(answer, name)) for answer in answers), default=0)
    found = {LeadKind.INCOME_ABOVE_DECLARED: income_fen, **held}
    return tuple(kind for kind, said in reported.items() if found[kind] < said)
