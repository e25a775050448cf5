"""The determination of one case: from its account to confirmation, and on to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.by_month import NOTHING, ByMonth
from shared.calendar import Month
from shared.contracts.assessments import AssessmentDrawnUp, Assistance, Outcome, SinglePerson
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.children import ChildCircumstances
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    DeferralReason,
    DeterminationOpened,
    RefusalProposed,
)
from shared.contracts.fields import IncomeLine, Member
from shared.contracts.publicity import (
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.contracts.recognition import HouseholdRecognised, RecognitionEnded
from shared.contracts.residence import ReceivedAtHome
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Refusal


class Stage(StrEnum):
    """How far a determination is."""

    NONE = "none"
    OPENED = "opened"
    PROPOSED = "proposed"
    RESURVEY = "resurvey"
    APPROVED = "approved"
    AID_UNDER_WAY = "aid_under_way"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    PHASING_OUT = "phasing_out"
    STOPPED = "stopped"
    ENDED = "ended"


IN_BENEFIT: Final = (Stage.CONFIRMED, Stage.PHASING_OUT, Stage.STOPPED)
"""Stages in which the household is paid, if only to the end of a month."""


@dataclass(frozen=True, slots=True)
class Publicity:
    """One round of publicity."""

    posted: PublicityPosted
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A reported change that is not decided yet: whether the household was heard about it, and
    whether it lies exactly at the standard and officials look into it.
    """

    reported: ChangeReported
    heard: bool = False
    under_review: bool = False


CameTo = AmountChanged | PhaseOutStarted | BenefitStopped
"""What a decision on a confirmed case came to."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stood before a decision, should that fall on appeal.

    Who made it, from which month on it counts, and what it came to.
    """

    state: Determination
    from_month: Month
    decider: UUID | None = None
    outcome: CameTo | None = None

    def hands(self) -> dict[str, frozenset[UUID]]:
        """Who decided, and who reported what was decided."""
        decider = frozenset() if self.decider is None else frozenset((self.decider,))
        change = self.state.change
        report = frozenset() if change is None else frozenset((change.reported.reporter,))
        return {"decision": decider, "report": report}


@dataclass(frozen=True, slots=True)
class Determination:
    """A case's determination: what it rests on, what is proposed, who had a hand in it.

    ``assessment`` is what dibao's account comes to for each kind of assistance.
    ``recognised`` is what the household is beside dibao, until ``recognition_ended``;
    ``special_aid`` what else it was referred to.
    ``objections`` are those still open; ``deferred`` is why the last confirmation had to wait.
    Once confirmed: ``amount_fen`` is what was last set a month, ``income`` the lines that it
    rests on, ``basis`` the event with its figures, ``withheld`` and ``withheld_fen`` what of the
    gap was taken off it for refused work, ``leaving`` the phase-out or stop that runs.
    ``amounts`` is what is due by month, ``standards`` the standard that it rests on,
    ``withheld_since`` what was withheld from which month on, all as known now; ``members`` are the
    household as it is, ``payee`` who is paid. ``alone`` are they with what each gets, where they
    entered alone; ``family`` is then the whole household around them, and ``held`` what that was
    last known to have. ``before`` is how it stood before each decision, the latest last, but for
    those that fell; ``restorations`` are the appeals by which they did or were suspended, ``fell``
    what those came to that are not made anew, ``redone`` those that are, as often as they fell;
    ``former_hands`` whose decisions fell, or by an objection after which it was surveyed anew
    (``resurvey``).
    ``amount_from`` is the month from which the amount counts, ``standard_review`` the lowered
    standard that officials look into, and since when. ``child`` is what a child's allowance rests
    on, ``aided_at_home`` by home county who is aided there, ``kin_owed`` whether
    somebody has yet to say if officials are near kin.
    """

    stage: Stage = Stage.NONE
    account: DeterminationOpened | None = None
    assessment: AssessmentDrawnUp | None = None
    proposal: BenefitProposed | RefusalProposed | None = None
    publicities: Mapping[PublicityRound, Publicity] = field(
        default_factory=lambda: MappingProxyType({})
    )
    objections: frozenset[UUID] = frozenset()
    objection_upheld: bool = False
    approver: UUID | None = None
    deferred: DeferralReason | None = None
    confirmed: CaseConfirmed | None = None
    refused: CaseRefused | None = None
    recognised: HouseholdRecognised | None = None
    recognition_ended: RecognitionEnded | None = None
    special_aid: SpecialAidReferred | None = None
    amount_fen: int = 0
    amount_from: Month | None = None
    standard_review: StandardReviewOpened | None = None
    income: tuple[IncomeLine, ...] = ()
    basis: BenefitProposed | AmountChanged | AmountRedetermined | None = None
    withheld: tuple[WithheldShare, ...] = ()
    withheld_fen: int = 0
    amounts: ByMonth = NOTHING
    standards: ByMonth = NOTHING
    withheld_since: tuple[tuple[Month, tuple[WithheldShare, ...]], ...] = ()
    members: tuple[Member, ...] = ()
    alone: tuple[SinglePerson, ...] = ()
    family: tuple[Member, ...] = ()
    held: PropertyHeld | None = None
    payee: UUID | None = None
    child: ChildCircumstances | None = None
    kin_owed: bool = False
    before: Mapping[UUID, Standing] = field(default_factory=lambda: MappingProxyType({}))
    restorations: frozenset[UUID] = frozenset()
    fell: tuple[CameTo, ...] = ()
    redone: tuple[UUID, ...] = ()
    former_hands: frozenset[UUID] = frozenset()
    resurvey: ResurveyOrdered | None = None
    change: Change | None = None
    leaving: PhaseOutStarted | BenefitStopped | None = None
    ended: CaseEnded | None = None
    aided_at_home: Mapping[str, tuple[ReceivedAtHome, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def require(self, *stages: Stage) -> None:
        """Raises ``Refusal`` unless the determination is at one of the stages."""
        if self.stage not in stages:
            allowed = ", ".join(stages)
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": allowed})

    def require_in_benefit(self, month: Month) -> None:
        """Raises ``Refusal`` unless the household is paid in the month or later."""
        self.require(*IN_BENEFIT)
        if self.leaving is not None and self.leaving.last_month < month:
            last_month = str(self.leaving.last_month)
            raise Refusal("benefit-over", facts={"last_month": last_month})

    def require_not_leaving(self) -> None:
        """Raises ``Refusal`` while a phase-out or a stop runs: a household leaves once."""
        if self.leaving is not None:
            last_month = str(self.leaving.last_month)
            raise Refusal("already-leaving", facts={"last_month": last_month})

    @property
    def counted_income_fen(self) -> int:
        """The income that counts, by the figures that the amount or the exit rests on."""
        figures = self.leaving or self.basis
        return 0 if figures is None else figures.counted_income_fen

    @property
    def standard_fen(self) -> int:
        """The standard that the amount rests on.

        One person is paid the standard itself, but for a child that is topped up to it.
        """
        alone = self.account is not None and self.account.programme.is_of_one_person
        if alone and self.child is None:
            return self.amount_fen
        return 0 if self.basis is None else self.basis.standard_fen

    @property
    def gap_fen(self) -> int:
        """What the household is due a month before anything is withheld for refused work."""
        return self.amount_fen + self.withheld_fen

    def people(self) -> tuple[UUID, ...]:
        """The members' ids; none before there is an account."""
        return tuple(member.person_id for member in self.members)

    def withheld_in(self, month: Month) -> tuple[WithheldShare, ...]:
        """What was withheld for refused work in a month."""
        known = [shares for since, shares in self.withheld_since if since <= month]
        return known[-1] if known else ()

    def open_change(self, change_id: UUID) -> Change:
        """The change that is to be decided; ``Refusal`` if it is another one, or none."""
        if self.change is None or self.change.reported.change_id != change_id:
            raise Refusal("no-such-change", status=404)
        return self.change

    def known_account(self) -> DeterminationOpened:
        """The account that the determination rests on; ``Refusal`` before there is one."""
        if self.account is None:
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": Stage.OPENED})
        return self.account

    def qualifies(self, assistance: Assistance) -> bool:
        """Whether the assessment, where there is one, found that the household qualifies."""
        outcomes = self.assessment.outcomes if self.assessment else ()
        return any(
            one.assistance is assistance and one.outcome is Outcome.QUALIFIES for one in outcomes
        )

    def hands(self, *steps: str) -> dict[str, frozenset[UUID]]:
        """Who had a hand in the steps ``survey``, ``proposal``, ``approval``, by step.

        And always whose decisions fell: what follows is decided by new hands.
        """
        known = {
            "survey": self.account.surveyors if self.account else (),
            "proposal": (self.proposal.proposer,) if self.proposal else (),
            "approval": (self.approver,) if self.approver else (),
        }
        hands = {step: frozenset(known[step]) for step in steps}
        fell = "before_resurvey" if self.resurvey is not None else "revoked_decision"
        return hands | {fell: self.former_hands} if self.former_hands else hands

    def publicity(self, round_: PublicityRound) -> Publicity | None:
        """A round of publicity, if it was posted."""
        return self.publicities.get(round_)
