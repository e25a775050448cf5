"""What the page and its steps are called, in the words of the measures that were in force.

Under 民发〔2012〕220号 it is 审核审批 and a household is approved; since 民发〔2021〕57号 审核确认.
"""

from __future__ import annotations

from services.decision.printed.words import known, said
from shared.contracts.decision import DeterminationOpened
from shared.contracts.labels import label_of
from shared.policy import MissingValue, Policy


def regime_of(account: DeterminationOpened | None, policy: Policy) -> str:
    """Under which measures an application is decided; empty where that is not known."""
    if account is None:
        return ""
    place = (account.division, account.programme, account.accepted_on)
    try:
        return str(policy.value("procedure_regime", *place).figure)
    except MissingValue:
        return ""


def title(regime: str) -> str:
    """What the page is called."""
    return said("title", regime if regime in known("title") else "other")


def step_name(event_type: str, regime: str) -> str:
    """What a step is called."""
    label = label_of(event_type, regime)
    return f"{label.zh} / {label.en}"
