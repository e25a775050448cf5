"""A change weighed: beside the case, the regime, and who decides; and the ways out of aid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Change, Determination
from services.decision.rules import change as rules
from services.decision.rules import children, entitlement, household
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, PhaseOutStarted, StopReason
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import IncomeLine, Member, NoteRef
from shared.kernel.decider import Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class AtStandard(StrEnum):
    """What officials decide of a household exactly at the standard: it stays, or it is stopped."""

    STAY = "stay"
    STOP = "stop"


class DecideChange(Command):
    """Decide what a change comes to, in a role.

    ``phase_out_months`` is what the regime leaves to the approver, 0 for none with an
    ``explanation``; ``at_standard`` what is chosen after a manual review.
    """

    actor: UUID
    role: str
    change_id: UUID
    phase_out_months: int | None = None
    at_standard: AtStandard | None = None
    explanation: NoteRef | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change beside all that decides it."""

    case: Determination
    change: Change
    command: DecideChange
    regime: Parameters
    at: Moment

    @property
    def members(self) -> tuple[Member, ...]:
        """The household as the change leaves it."""
        anew = self.change.reported.members
        return self.case.members if anew is None else anew

    @property
    def persons(self) -> int:
        """How many the case is of after the change."""
        return len(self.members)

    @property
    def payee(self) -> UUID | None:
        """Who is paid for the household as the change leaves it."""
        changed = self.change.reported.household
        if changed is None or self.case.payee not in changed.left:
            return self.case.payee
        return changed.payee

    @property
    def standard_fen(self) -> int:
        """The standard of the day of the report, in fen a month."""
        basis = self.case.basis
        if not self.members and basis is not None:
            return basis.standard_fen  # nobody is left whose income could be tested
        if self.change.reported.child is not None:
            return children.standard_fen(self.change.reported.child, self.regime)
        return self.regime.fen("standard_monthly_fen")

    @property
    def counted_fen(self) -> int:
        """What counts against the standard: of who entered alone what they have of their own."""
        if self.case.alone:
            return sum(line.amount_fen for line in self.own_income(self.change.reported.income))
        return self.change.reported.counted_income_fen

    def own_income(self, lines: tuple[IncomeLine, ...]) -> tuple[IncomeLine, ...]:
        """The lines of those whom the case is of."""
        people = {member.person_id for member in self.members}
        return tuple(line for line in lines if line.person_id in people)

    @property
    def account(self) -> DeterminationOpened:
        """The household's account anew; of who entered alone their family's."""
        reported = self.change.reported
        left = reported.household.left if reported.household is not None else ()
        family = tuple(m for m in self.case.family if m.person_id not in left)
        held = reported.property or self.case.held
        anew: dict[str, Any] = {
            "members": family if self.case.alone else self.members,
            "income": reported.income,
            "deductions": reported.deductions,
            "counted_income_fen": reported.counted_income_fen,
        }
        return self.case.known_account().model_copy(
            update=anew | ({} if held is None else held.model_dump())
        )

    @property
    def has_property_above(self) -> bool:
        """Whether the property that is reported lies above the place's limits."""
        if self.change.reported.property is None:
            return False
        return not entitlement.property_is_within_limits(
            self.account, self.regime, self.standard_fen
        )

    @property
    def next_month(self) -> Month:
        """The month after the decision."""
        return entitlement.first_month_paid(self.at.date)

    @property
    def since(self) -> Month:
        """From which month on the change counts: the past, for a fact that does."""
        confirmed = self.case.confirmed
        pay_from = self.next_month if confirmed is None else confirmed.pay_from
        happened_on = self.change.reported.happened_on
        return household.counts_from(happened_on, pay_from, self.at.date)

    def stated(self, *more: Parameters) -> dict[str, Any]:
        """What every outcome states; taken last, when all parameters were read.

        ``more`` are the parameters of another level, where one was asked.
        """
        return {
            "change_id": self.command.change_id,
            "decider": self.command.actor,
            "persons": self.persons,
            "standard_fen": self.standard_fen,
            "counted_income_fen": self.counted_fen,
            "parameters": entitlement.parameters_used(self.regime, *more),
            "explanation": self.command.explanation,
        }


def treatment_at_standard(weighed: Weighed) -> str:
    """Neither below the standard nor above it: as the deployment has it, or officials chose."""
    treatment = weighed.regime.code("eligibility_recipient_at_standard")
    if treatment == "manual_review" and weighed.change.under_review:
        if weighed.command.at_standard is None:
            raise Refusal("choice-missing", facts={"allowed": ", ".join(AtStandard)})
        return weighed.command.at_standard
    return treatment


def leave(weighed: Weighed) -> list[Event]:
    """Above the standard: paid on for a time where the regime grants it, else stopped."""
    if _leaves_anyhow(weighed):
        return []
    granting = rules.phase_out_regime(weighed.regime, weighed.case.known_account().circumstances)
    months = rules.phase_out_months(
        granting,
        weighed.command.phase_out_months,
        by_employment=rules.has_risen_by_employment(
            weighed.own_income(weighed.case.income),
            weighed.own_income(weighed.change.reported.income),
            weighed.counted_fen,
            standard_fen=weighed.standard_fen,
            persons=weighed.persons,
        ),
        explained=weighed.command.explanation is not None,
    )
    if months == 0:
        return stop(weighed, StopReason.INCOME_ABOVE_STANDARD, granting)
    _require_mayleave(weighed)
    started = PhaseOutStarted(
        amount_fen=rules.phase_out_fen(weighed.regime, weighed.case.amount_fen),
        first_month=weighed.since,
        last_month=rules.last_month_of(weighed.since, months),
        **weighed.stated(granting),
    )
    return [started]


def refuse_phase_out(weighed: Weighed, because: str) -> None:
    """Raises ``Refusal`` where a phase-out is asked for that nobody here is owed."""
    if weighed.command.phase_out_months:
        months = weighed.command.phase_out_months
        facts: dict[str, int | str] = {"months": months, "because": because}
        raise Refusal("no-phase-out", facts=facts)


def stop(weighed: Weighed, reason: StopReason, *more: Parameters) -> list[Event]:
    """Stopped: the month of the decision is the last that is paid, or that of a past fact."""
    if _leaves_anyhow(weighed):
        return []
    _require_mayleave(weighed)
    return [stopped(weighed, reason, *more)]


def stopped(weighed: Weighed, reason: StopReason, *more: Parameters) -> BenefitStopped:
    """The end of aid; the last month is the one before the stop counts, or a fact of the past."""
    last_month = weighed.since.previous()
    if weighed.change.reported.happened_on is None:
        last_month = rules.last_month_before_stop(weighed.at.date, weighed.regime)
    return BenefitStopped(reason=reason, last_month=last_month, **weighed.stated(*more))


def _leaves_anyhow(weighed: Weighed) -> bool:
    """Whether a household that is leaving has only become another one: what runs goes on."""
    if weighed.case.leaving is None or weighed.change.reported.household is None:
        return False
    refuse_phase_out(weighed, "already_leaving")
    return True


def _require_mayleave(weighed: Weighed) -> None:
    """A household leaves once, and is heard before where the regime wants it."""
    weighed.case.require_not_leaving()
    rules.require_hearing(weighed.regime, heard=weighed.change.heard)
