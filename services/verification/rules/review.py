"""The democratic review: when it is held, by whom, and by when."""

from __future__ import annotations

from datetime import date
from math import ceil

from shared.contracts.fields import Due
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def review_required(parameters: Parameters) -> bool:
    """Whether every check has a democratic review, objection or not.

    Source: 民发〔2012〕220号, art. 21; 民发〔2021〕57号, art. 19; 民发〔2021〕43号, art. 14.
    """
    return parameters.code("democratic_review_when") == "always"


def require_review_provided_for(parameters: Parameters) -> None:
    """Where the regime knows no democratic review, none is held."""
    if parameters.code("democratic_review_when") == "never":
        source = parameters.value("democratic_review_when").source
        raise Refusal("review-not-provided-for", source=source)


def require_representatives(parameters: Parameters, present: int, representatives: int) -> None:
    """Residents' representatives are a share of all who take part.

    Of five present four: three would be less than two thirds.
    Source: 民发〔2012〕220号, art. 22 (村（居）民代表人数不得少于参加评议总人数的三分之二).
    """
    share = parameters.ratio_or_none("democratic_review_representative_share")
    if share is None:
        return
    needed = ceil(share * present)
    if representatives < needed:
        raise Refusal(
            "too-few-representatives",
            facts={"present": present, "representatives": representatives, "needed": needed},
            source=parameters.value("democratic_review_representative_share").source,
        )


def review_due(parameters: Parameters, visited_on: date) -> Due | None:
    """The last day for the democratic review, in working days after the survey; ``None`` if the
    regime asks for no review or sets no period.

    Source: 民发〔2012〕220号, art. 21.
    """
    days = parameters.whole_or_none("democratic_review_within_working_days")
    if days is None or not review_required(parameters):
        return None
    return working_day_due(parameters, visited_on, days)
