"""What of a member's circumstances several rules ask: age, severe disability, severe illness."""

from __future__ import annotations

from shared.contracts.circumstances import AgeGroup, Illness, MemberCircumstances
from shared.policy import Parameters


def is_minor(member: MemberCircumstances) -> bool:
    """Under eighteen (未成年人)."""
    return member.age in (AgeGroup.UNDER_SIXTEEN, AgeGroup.SIXTEEN_OR_SEVENTEEN)


def is_severely_ill(member: MemberCircumstances) -> bool:
    """重病, recognised as a major illness or not."""
    return member.illness in (Illness.SEVERE, Illness.MAJOR)


def is_severely_disabled(member: MemberCircumstances, regime: Parameters) -> bool:
    """Of a grade that counts as severe, whatever the kind (重度残疾). 民发〔2021〕57号, art. 8."""
    least = regime.whole("severe_disability_least_grade")
    return member.disability is not None and member.disability.grade <= least
