"""What each step of a case says in print, besides its sums and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from services.decision.printed.aid import aid_lines
from services.decision.printed.figures import comparison, special_aid_lines
from services.decision.printed.household import called
from services.decision.printed.procedures import procedure_lines
from services.decision.printed.sources import Sources
from services.decision.printed.words import day_of, filed, said, yuan
from services.decision.rules.rigid_expenditure import VALID_MONTHS
from shared.contracts.appeals import (
    DecisionRevoked,
    HouseholdReinstated,
    MembersReturned,
)
from shared.contracts.changes import (
    DeathAdjustmentMissed,
    HouseholdChanged,
    ManualReviewOpened,
    MonthsRedetermined,
)
from shared.contracts.coming_of_age import (
    ComingOfAgeAnnounced,
    ComingOfAgeScheduled,
    PayeeMoved,
    SchoolingProven,
)
from shared.contracts.decision import (
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    ConfirmationDeferred,
    TownshipApproved,
)
from shared.contracts.decision_terms import (
    DecisionMissed,
    DecisionOwed,
    DecisionTermExtended,
)
from shared.contracts.fields import Due
from shared.contracts.kin import KinDeclarationOwed, KinDeclared
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.contracts.recognition import (
    HouseholdRecognised,
    PotentialRecipientListed,
    RecognitionEnded,
    RecognitionWithdrawn,
)
from shared.contracts.residence import (
    AidAtHomeNoted,
    PermitExpired,
    PermitNoted,
    PermitRenewed,
    PermitRunsOut,
)
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.work import (
    WorkConsequenceDecided,
    WorkConsequenceOpened,
    WorkOfferAnswered,
)

_PUBLIC: Final[Mapping[PublicityRound, str]] = {
    PublicityRound.FIRST: "publicity_days",
    PublicityRound.SECOND: "second_publicity_days",
}


def step_lines(event: Any, who: Mapping[UUID, str], sources: Sources) -> Iterator[str]:
    """The lines of a step; none where its name says all."""
    yield from _objected(event, sources)
    yield from _in_time(event)
    yield from _towards_a_decision(event, sources)
    yield from _recognised(event, sources)
    if isinstance(event, SpecialAidReferred):
        yield from special_aid_lines(event, who)
    yield from _after_it(event, who, sources)
    yield from _of_work(event, who, sources)
    yield from procedure_lines(event, sources)
    yield from _of_age(event, sources)
    yield from aid_lines(event, who, sources)
    yield from _away(event, sources)


def _objected(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case ObjectionRaised(decision_due=Due() as due):
            term = sources.term("second_publicity_objection_within_working_days")
            yield f"  决定期限 / Decision due: {day_of(due)}{term}"
        case ObjectionResolved():
            yield f"  {said('objection', 'upheld' if event.upheld else 'not_upheld')}"
        case ResurveyOrdered(proposal_due=Due() as due):
            term = sources.term("publicity_redo_within_working_days")
            yield f"  重新提出意见期限 / New proposal due: {day_of(due)}{term}"


def _in_time(event: Any) -> Iterator[str]:
    match event:
        case DecisionOwed():
            yield f"  受理日期 / accepted on: {event.accepted_on}"
            yield f"  办结期限 / to be decided by: {day_of(event.due)}"
        case DecisionTermExtended():
            yield f"  {said('extension', event.reason)}"
            yield f"  办结期限 / to be decided by: {day_of(event.due)}"
            if event.findings is not None:
                yield filed(event.findings)
        case KinDeclarationOwed():
            yield "  确认前须申明并备案 / to be declared and filed before the confirmation"
        case KinDeclared():
            yield f"  {said('kin', 'some' if event.kin else 'none')}"
        case DecisionMissed():
            yield f"  办结期限 / was to be decided by: {event.due_on}"


def _towards_a_decision(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case PublicityPosted():
            term = sources.term(_PUBLIC[event.round])
            yield f"  {said('round', event.round)}: {event.from_on} – {event.until_on}{term}"
        case PublicityCompleted():
            yield f"  {said('round', event.round)}"
        case TownshipApproved():
            yield f"  决定期限 / Decision due: {day_of(event.decision_due)}{_decided_by(sources)}"
        case ConfirmationDeferred():
            yield f"  {said('deferral', event.reason)}"
        case CaseConfirmed():
            yield (
                f"  自 {event.pay_from} 起每月发放 / paid a month from then on: "
                f"{yuan(event.amount_fen)}，{len(event.members)} 人 / persons"
            )
            if rule := sources.chosen("pay_first_month"):
                yield f"    起始月 / first month: {event.pay_from}{rule}"
        case CaseRefused():
            yield f"  {said('reason', event.reason)}"
            if event.not_met:
                missed = "；".join(said("condition", one) for one in event.not_met)
                yield f"  不符合的条件 / Conditions not met: {missed}"
            term = sources.term("refusal_notice_within_days")
            yield f"  书面告知期限 / Written notice due: {day_of(event.notice_due)}{term}"


def _decided_by(sources: Sources) -> str:
    """By which rule a case is decided: after the second publicity where there is one."""
    second = sources.value("second_publicity_days")
    after_it = "second_publicity_decide_within_working_days"
    if second is not None and second.figure and sources.value(after_it) is not None:
        return f"，自审批前公示期满起 / from the end of the publicity{sources.term(after_it)}"
    return sources.term("decision_within_working_days")


def _recognised(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case HouseholdRecognised():
            yield f"  {said('assistance', event.status)}"
            if event.valid_until is not None:
                term = sources.term(VALID_MONTHS[event.status])
                yield f"  有效期至 / Valid until: {event.valid_until}{term}"
        case RecognitionEnded() | RecognitionWithdrawn():
            yield f"  {said('assistance', event.status)}"
            if isinstance(event, RecognitionEnded):
                yield f"  {said('reason', event.reason)}"
            yield f"  自此不再有效 / No longer valid from: {event.since}"
        case PotentialRecipientListed():
            grounds = "；".join(said("hardship", ground) for ground in event.hardship)
            yield f"  {grounds}{sources.rule('watch_list_for_refused_in_hardship')}"


def _after_it(event: Any, who: Mapping[UUID, str], sources: Sources) -> Iterator[str]:
    match event:
        case ManualReviewOpened():
            beside = comparison(event.standard_fen, event.persons, event.counted_income_fen)
            yield f"  {beside}{sources.rule('eligibility_recipient_at_standard')}"
        case HouseholdChanged() | HouseholdReinstated() | MembersReturned():
            yield from _of_household(event, who)
        case MonthsRedetermined():
            yield f"  事实发生于 / The fact is of: {event.happened_on}"
            for month in event.months:
                yield f"    {month.month}: {yuan(month.before_fen)} → {yuan(month.after_fen)}"
            yield f"  差额合计 / Difference together: {yuan(event.difference_fen)}"
        case DeathAdjustmentMissed():
            term = sources.term("death_adjust_within_months")
            yield f"  期限 / Last day: {event.due_on}{term}"
        case DecisionRevoked():
            redo = "，重新作出 / to be made anew" if event.redo else ""
            yield f"  {said('subject', event.subject)}{redo}"
            if event.from_month is not None:
                yield f"  自 {event.from_month} 起恢复 / restored from then on"
        case CaseEnded():
            yield f"  {said('reason', event.reason)}"
            if event.last_month is not None:
                yield f"  发至 / paid to: {event.last_month}"


def _of_household(
    event: HouseholdChanged | HouseholdReinstated | MembersReturned, who: Mapping[UUID, str]
) -> Iterator[str]:
    match event:
        case MembersReturned():
            yield f"  {'；'.join(called(who, one) for one in event.persons)}"
        case HouseholdReinstated():
            yield _household_line(event, who)
        case HouseholdChanged():
            yield f"  {said('cause', event.cause)}，{event.happened_on}"
            if event.left:
                yield f"  离开 / left: {'；'.join(called(who, one) for one in event.left)}"
            if event.joined:
                yield f"  加入 / joined: {'；'.join(called(who, one) for one in event.joined)}"
            yield _household_line(event, who)


def _household_line(event: HouseholdChanged | HouseholdReinstated, who: Mapping[UUID, str]) -> str:
    payee = "无人领款 / nobody is paid"
    if event.payee is not None:
        payee = f"领款人 / paid to: {called(who, event.payee)}"
    return f"  自 {event.from_month} 起 {len(event.members)} 人 / persons from then on；{payee}"


def _of_work(event: Any, who: Mapping[UUID, str], sources: Sources) -> Iterator[str]:
    match event:
        case WorkOfferAnswered():
            yield (
                f"  {called(who, event.person_id)}，{said('work', event.kind)}，"
                f"{event.answered_on}: {said('response', event.response)}"
            )
            if event.excuse is not None:
                yield f"  {said('excuse', event.excuse)}"
            yield f"  连续拒绝 / refused in a row: {event.refusals}"
        case WorkConsequenceOpened():
            yield (
                f"  {called(who, event.person_id)}，{said('work', event.kind)}: "
                f"{said('work_cause', event.cause)}（{event.refusals}）"
                f"{sources.rule(f'{event.kind}_refusals_limit')}"
            )
        case WorkConsequenceDecided():
            yield (
                f"  {called(who, event.person_id)}，{said('work', event.kind)}: "
                f"{said('consequence', event.consequence)}"
                f"{sources.rule(f'{event.kind}_refusals_consequence')}"
            )
            yield f"  本人份额 / own share: {yuan(event.own_share_fen)}"


def _of_age(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case ComingOfAgeScheduled():
            yield f"  年满十八周岁 / turns eighteen in: {event.turns_eighteen}"
            ahead = sources.term("coming_of_age_announced_days_before")
            yield f"  发至 / paid to: {event.last_month}"
            yield f"  提醒 / told on: {event.announced_on}{ahead}"
        case ComingOfAgeAnnounced():
            yield f"  发至 / paid to: {event.last_month}"
        case PayeeMoved():
            yield "  此后发放至本人 / paid in person from now on"
        case SchoolingProven():
            rule = sources.rule("coming_of_age_schools")
            yield f"  {said('school', event.school)}，至 / to: {event.until}{rule}"


def _away(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case AidAtHomeNoted():
            yield f"  户籍地 / Home county: {event.county}"
            yield f"  户籍地在保人数 / aided there: {len(event.received)}"
            for one in event.received:
                yield f"    末月 / last month: {one.last_month or '未定 / not known'}"
        case PermitNoted() | PermitRenewed():
            yield f"  有效期至 / Good until: {event.until_on}"
            ahead = sources.term("residence_permit_told_days_before")
            yield f"  提示日期 / told on: {event.tell_on}{ahead}"
        case PermitRunsOut() | PermitExpired():
            yield f"  有效期至 / Good until: {event.until_on}"
