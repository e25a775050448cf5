"""A household that asks for aid for expenses, and what is recorded about it.

Fujian, accepted on 2020-04-01: four persons, wages of 9,000 yuan less 4,000 a month for illness;
the demo's local average is 18,000 yuan a head and year, so 6,000 a month for four; the standard
600, so at most 6,000 once; the township grants up to 1,800.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.model import AID, DETERMINATION
from shared.contracts.aid import AidOpened, ExpenseAid
from shared.contracts.decision import BenefitProposed, DeterminationOpened, TownshipApproved
from shared.contracts.fields import (
    AidCause,
    AidKind,
    AidPlace,
    AidRequest,
    DeductionKind,
    DeductionLine,
    Programme,
)
from shared.contracts.publicity import PublicityPosted
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.decision.household import (
    APPROVED_ON,
    FOUR,
    PROPOSED_ON,
    approved,
    opened,
    policy,
    posted,
    proposed,
)
from tests.verification.household import ACCEPTED_ON, APPLICANT, FUJIAN, HUSBAND, wage

REQUESTED_FEN = 1_500_00
SPENDING = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=4_000_00),)


def requested(requested_fen: int = REQUESTED_FEN, **changed: Any) -> AidOpened:
    """What was asked for, as intake tells it."""
    stated: dict[str, Any] = {
        "programme": Programme.TEMPORARY_ASSISTANCE,
        "division": FUJIAN,
        "applicant": APPLICANT,
        "members": FOUR,
        "aid": AidRequest(
            kind=AidKind.EXPENSE,
            cause=AidCause.ILLNESS,
            place=AidPlace.HOUSEHOLD_REGISTRATION,
            requested_fen=requested_fen,
        ),
        "accepted_on": ACCEPTED_ON,
    }
    return AidOpened(**(stated | changed))


def account(counted_income_fen: int = 5_000_00, **changed: Any) -> DeterminationOpened:
    """The account of its completed check."""
    stated: dict[str, Any] = {
        "programme": Programme.TEMPORARY_ASSISTANCE,
        "income": (wage(HUSBAND, 9_000_00),),
        "deductions": SPENDING,
        "counted_income_fen": counted_income_fen,
    }
    return opened(**(stated | changed))


def expenses(requested_fen: int = REQUESTED_FEN, **changed: Any) -> ExpenseAid:
    """How it was worked out."""
    stated: dict[str, Any] = {
        "requested_fen": requested_fen,
        "spending_fen": 4_000_00,
        "cap_fen": 6_000_00,
        "local_income_yearly_fen": 18_000_00,
    }
    return ExpenseAid(**(stated | changed))


def aid_proposed(amount_fen: int = REQUESTED_FEN) -> BenefitProposed:
    """The proposal of an amount."""
    return proposed(
        amount_fen=amount_fen, counted_income_fen=5_000_00, expenses=expenses(amount_fen)
    )


def until_approved(amount_fen: int = REQUESTED_FEN) -> tuple[Event, ...]:
    """The determination up to the township's approval."""
    first: PublicityPosted = posted()
    approval: TownshipApproved = approved(date(2020, 4, 29))
    return (account(), aid_proposed(amount_fen), first, approval)


def given(
    *events: Event,
    aid: tuple[Event, ...] = (requested(),),
    on: date = PROPOSED_ON,
) -> Given:
    """A determination to which this has happened, beside its aid."""
    return spec(DETERMINATION, on=on, policy=policy()).given(*events).beside(AID, *aid)


GRANTED_ON = APPROVED_ON
