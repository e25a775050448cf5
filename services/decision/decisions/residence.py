"""What follows from a household's being away from home: aid there, and the permit it lives by."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.early_reviews import early_review
from services.decision.model import (
    Determination,
    Permit,
    PermitStanding,
    Reviews,
    Stage,
)
from services.decision.rules import residence as rules
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.residence import (
    AidAtHomeNoted,
    PermitExpired,
    PermitNoted,
    PermitRenewed,
    PermitRunsOut,
    ReceivedAtHome,
)
from shared.contracts.reviews import ReviewOccasion
from shared.kernel.decider import Decision, Fact, Moment, Refusal

OVER = (Stage.REFUSED, Stage.ENDED)


class NoteAidAtHome(Command):
    """A home county said who of the household is aided there."""

    county: str
    received: tuple[ReceivedAtHome, ...]


class NotePermit(Command):
    """A household claims by a residence permit."""

    programme: Programme
    division: str
    applicant: UUID
    until_on: date


class TakePermitUp(Command):
    """The refusal of a case fell: it is open again."""


class TellOfPermit(Command):
    """The day has come from which officials are told that a permit runs out."""


class ExpirePermit(Command):
    """A permit's last day is over."""

    case_id: UUID


class ReviewOfPermit(Command):
    """A household was confirmed, perhaps one whose permit was over by then."""

    case_id: UUID
    pay_from: Month


class RenewPermit(Command):
    """A permit was renewed."""

    actor: UUID
    until_on: date
    document_digest: str


def note_aid_at_home(case: Determination, command: NoteAidAtHome, _at: Moment) -> Decision:
    """Who is aided in the home county is kept until the confirmation asks; the last word counts."""
    known = case.aided_at_home.get(command.county, ())
    if known == command.received:
        return []
    return [AidAtHomeNoted(county=command.county, received=command.received)]


def note_permit(permit: Permit, command: NotePermit, at: Moment) -> Decision:
    """Keep the last day of the permit that a claim rests on."""
    if permit.noted is not None:
        return []
    regime = at.policy.at(command.division, command.programme, at.date)
    noted = PermitNoted(
        programme=command.programme,
        division=command.division,
        applicant=command.applicant,
        until_on=command.until_on,
        tell_on=rules.tell_on(command.until_on, regime),
    )
    return [Fact(noted, policy=regime.version)]


def take_permit_up(
    permit: Permit, case: Determination, _command: TakePermitUp, _at: Moment
) -> Decision:
    """The permit of a case whose refusal fell counts again."""
    return [] if permit.noted is None or case.stage in OVER else [permit.noted]


def tell_of_permit(
    permit: Permit, case: Determination, _command: TellOfPermit, _at: Moment
) -> Decision:
    """Officials are told, once, while the case is open and the permit neither renewed nor over."""
    if permit.noted is None or permit.standing is not PermitStanding.VALID:
        return []
    return [] if case.stage in OVER else [PermitRunsOut(until_on=permit.noted.until_on)]


def expire_permit(
    permit: Permit, case: Determination, reviews: Reviews, command: ExpirePermit, at: Moment
) -> Decision:
    """A permit that is over stops nothing by itself: the household is reviewed."""
    noted = permit.noted
    if noted is None or permit.standing is PermitStanding.EXPIRED or noted.until_on >= at.date:
        return []
    if case.stage in OVER:
        return []
    return [PermitExpired(until_on=noted.until_on), *_review(case, reviews, command.case_id, at)]


def review_of_permit(
    permit: Permit, case: Determination, reviews: Reviews, command: ReviewOfPermit, at: Moment
) -> Decision:
    """A permit that ran out before the confirmation is looked into right after it.

    That of a case that had ended, and is confirmed anew from a later month, counts again.
    """
    first = case.confirmed is None or case.confirmed.pay_from == command.pay_from
    again = [] if first or permit.noted is None else [Fact(permit.noted)]
    if permit.standing is not PermitStanding.EXPIRED:
        return again
    return [*again, *_review(case, reviews, command.case_id, at)]


def renew_permit(permit: Permit, case: Determination, command: RenewPermit, at: Moment) -> Decision:
    """A renewed permit has a later last day, also after the old one was over."""
    noted = permit.known()
    case.require(*(stage for stage in Stage if stage not in OVER))
    if command.until_on <= max(noted.until_on, at.date):
        facts: dict[str, int | str] = {"until_on": noted.until_on.isoformat()}
        raise Refusal("residence-permit-not-later", facts=facts, status=422)
    regime = at.policy.at(noted.division, noted.programme, at.date)
    renewed = PermitRenewed(
        recorded_by=command.actor,
        until_on=command.until_on,
        tell_on=rules.tell_on(command.until_on, regime),
        document_digest=command.document_digest,
    )
    return [Fact(renewed, policy=regime.version)]


def _review(case: Determination, reviews: Reviews, case_id: UUID, at: Moment) -> list[Fact]:
    """The scheduled review opens now; one that is open already looks into it."""
    return early_review(case, reviews, case_id, ReviewOccasion.PERMIT_EXPIRED, at)
