"""Households away from home: no aid in two counties, and what a permit's last day opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest

from services.decision import decisions
from services.decision.decisions.residence import (
    ExpirePermit,
    NoteAidAtHome,
    NotePermit,
    RenewPermit,
    ReviewOfPermit,
    TakePermitUp,
    TellOfPermit,
    expire_permit,
    note_aid_at_home,
    note_permit,
    renew_permit,
    review_of_permit,
    take_permit_up,
    tell_of_permit,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import DETERMINATION, PERMIT, REVIEWS
from services.decision.reactions.residence import (
    on_application_accepted,
    on_case_confirmed,
    on_decision_revoked,
    on_home_county_answered,
)
from services.decision.views.residence_permits import fold
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.decision import CaseEnded, CaseRefused, EndReason, RefusalReason
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.notices import NoticeSubject
from shared.contracts.residence import (
    AidAtHomeNoted,
    HomeAnswerWay,
    HomeCountyAnswered,
    PermitExpired,
    PermitNoted,
    PermitRenewed,
    PermitRunsOut,
    ReceivedAtHome,
)
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewConcluded,
    ReviewManner,
    ReviewOccasion,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.household import (
    CONFIRMED_ON,
    FOUR,
    OTHER,
    UP_TO_SECOND,
    confirmed,
    opened,
    policy,
    proposed,
)
from tests.documents import document
from tests.notices import notice
from tests.verification.household import APPLICANT, CASE, FUJIAN, MOTHER, STRANGER, note

SHANGNAN = "611023000000"
UNTIL = date(2021, 9, 30)
TOLD = date(2021, 8, 31)
AFTER = date(2021, 10, 1)
SINCE = date(2021, 4, 23)
REVIEW = uuid5(CASE, f"review/{SINCE}")


def noted(until_on: date = UNTIL, tell_on: date = TOLD) -> PermitNoted:
    return PermitNoted(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        until_on=until_on,
        tell_on=tell_on,
    )


def renewed(until_on: date, tell_on: date) -> PermitRenewed:
    return PermitRenewed(
        recorded_by=OTHER, until_on=until_on, tell_on=tell_on, document_digest="0" * 64
    )


def renewal(until_on: date) -> RenewPermit:
    return RenewPermit(actor=OTHER, until_on=until_on, document_digest="0" * 64)


def scheduled(due_on: date = date(2022, 4, 23)) -> ReviewScheduled:
    return ReviewScheduled(
        review_id=REVIEW,
        division=FUJIAN,
        household=HouseholdKind.STABLE,
        since_on=SINCE,
        interval_months=12,
        opens_on=date(2022, 4, 8),
        due_on=due_on,
        parameters=(),
    )


def concluded() -> ReviewConcluded:
    return ReviewConcluded(
        review_id=REVIEW,
        reviewer=OTHER,
        manner=ReviewManner.HOME_VISIT,
        outcome=ReviewOutcome.NO_CHANGE,
        household=HouseholdKind.STABLE,
        findings=note("findings"),
    )


def review(due_on: date = date(2021, 10, 16), **changed: Any) -> ReviewOpened:
    stated = {"opened_on": AFTER, "occasion": ReviewOccasion.PERMIT_EXPIRED} | changed
    return ReviewOpened(review_id=REVIEW, due_on=due_on, **stated)


def given(*events: Event, on: date, folders: tuple[Path, ...] = ()) -> Given:
    """A permit to which this has happened."""
    return spec(PERMIT, on=on, policy=policy(*folders)).given(*events)


def over(*permit: Event, case: tuple[Event, ...], reviews: tuple[Event, ...]) -> Given:
    """A permit on the day after its last, beside the case and its reviews."""
    made = given(*permit, on=AFTER)
    return made.beside(DETERMINATION, *case).beside(REVIEWS, *reviews)


PAID = (opened(), proposed(), confirmed())
ENDED = CaseEnded(
    programme=Programme.DIBAO, division=FUJIAN, members=FOUR, reason=EndReason.STOPPED
)
REFUSED = CaseRefused(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
    notice_due=Due(on=SINCE, calendar=CALENDAR_VERSION),
)
REVOKED = DecisionRevoked(
    appeal_id=CASE,
    restorer=OTHER,
    programme=Programme.DIBAO,
    division=FUJIAN,
    subject=NoticeSubject.REFUSAL,
    redo=True,
)
EXPIRE = ExpirePermit(case_id=CASE)


@pytest.mark.mechanism("S4-1")
class TestWhoIsAidedAtHome:
    def confirming(self, *received: ReceivedAtHome) -> Any:
        """The story's case, approved and confirmed on 23 April 2020, paid from May."""
        known = AidAtHomeNoted(county=SHANGNAN, received=received)
        events = (*UP_TO_SECOND, known)
        command = decisions.Decide(actor=OTHER, role="township_approver")
        made = spec(DETERMINATION, on=CONFIRMED_ON, policy=policy()).given(*events)
        return made.when(command, decisions.confirm)

    def test_is_not_confirmed_here(self) -> None:
        refusal = self.confirming(ReceivedAtHome(person_id=MOTHER)).refuses(
            "aided-at-home", persons=1, pay_from="2020-05"
        )
        assert refusal.source == "民发〔2021〕57号 art. 5"

    @pytest.mark.parametrize(
        ("last_month", "allowed"), [(Month(2020, 4), True), (Month(2020, 5), False)]
    )
    def test_is_confirmed_once_that_ends_before_the_first_month_here(
        self, last_month: Month, allowed: bool
    ) -> None:
        decided = self.confirming(ReceivedAtHome(person_id=MOTHER, last_month=last_month))
        if allowed:
            assert decided.events
        else:
            decided.refuses("aided-at-home")

    def test_is_nobody_where_the_county_says_so(self) -> None:
        assert self.confirming().events

    def test_is_kept_from_the_home_countys_answer_and_its_last_word_counts(self) -> None:
        received = (ReceivedAtHome(person_id=MOTHER),)
        answered = HomeCountyAnswered(
            county=SHANGNAN,
            answered_by=STRANGER,
            way=HomeAnswerWay.OFFICIAL,
            received=received,
            surveyed_on=SINCE,
            deposits_fen=0,
            houses=0,
            vehicles=0,
            findings=note("home"),
            late=False,
        )
        (submission,) = on_home_county_answered(document(answered, case_id=CASE, on=SINCE))
        assert submission.command == NoteAidAtHome(county=SHANGNAN, received=received)
        empty = spec(DETERMINATION, on=SINCE, policy=policy())
        known = AidAtHomeNoted(county=SHANGNAN, received=received)
        empty.when(submission.command, note_aid_at_home).then(known)
        empty.given(known).when(submission.command, note_aid_at_home).then()
        none = NoteAidAtHome(county=SHANGNAN, received=())
        empty.given(known).when(none, note_aid_at_home).then(
            AidAtHomeNoted(county=SHANGNAN, received=())
        )
        empty.when(none, note_aid_at_home).then()

    def test_stays_known_when_a_refusal_falls(self) -> None:
        known = AidAtHomeNoted(county=SHANGNAN, received=(ReceivedAtHome(person_id=MOTHER),))
        after = spec(DETERMINATION, on=SINCE, policy=policy()).given(opened(), known, REVOKED)
        assert after.state.aided_at_home[SHANGNAN] == known.received


@pytest.mark.mechanism("S2-34", "S4-1")
class TestAPermit:
    def test_is_noted_with_the_acceptance_that_rests_on_it(self) -> None:
        accepted = ApplicationAccepted(
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            members=FOUR,
            survey_due=Due(on=SINCE, calendar=CALENDAR_VERSION),
            permit_until=UNTIL,
        )
        told = document(accepted, case_id=CASE, on=SINCE)
        (submission,) = on_application_accepted(told)
        assert isinstance(submission.command, NotePermit)
        given(on=SINCE).when(submission.command, note_permit).then(noted())
        given(noted(), on=SINCE).when(submission.command, note_permit).then()
        at_home = accepted.model_copy(update={"permit_until": None})
        assert not list(on_application_accepted(document(at_home, case_id=CASE, on=SINCE)))

    def test_is_told_of_as_many_days_before_as_the_place_has_it(self, tmp_path: Path) -> None:
        notice(tmp_path, "35", "all", residence_permit_told_days_before=10)
        command = NotePermit(
            programme=Programme.DIBAO, division=FUJIAN, applicant=APPLICANT, until_on=UNTIL
        )
        (event,) = given(on=SINCE, folders=(tmp_path,)).when(command, note_permit).events
        assert event.tell_on == date(2021, 9, 20)

    def test_falls_due_on_the_day_it_is_told_and_on_the_day_after_its_last(self) -> None:
        changes = list(agenda(document(noted(), case_id=CASE, on=SINCE)))
        entries = [one for one in changes if isinstance(one, AgendaEntry)]
        assert [(one.kind, one.due_on) for one in entries] == [
            ("residence-permit-runs-out", TOLD),
            ("residence-permit-expires", AFTER),
        ]
        commands = [DUTIES[one.kind](one).command for one in entries]
        assert commands == [TellOfPermit(), EXPIRE]
        for event in (ENDED, PermitExpired(until_on=UNTIL)):
            done = list(agenda(document(event, case_id=CASE, on=AFTER)))
            assert AgendaDone("residence-permit-expires", CASE) in done

    def test_that_runs_out_is_told_once_while_the_case_is_open(self) -> None:
        told = PermitRunsOut(until_on=UNTIL)
        valid = given(noted(), on=TOLD)
        valid.beside(DETERMINATION, *PAID).when(TellOfPermit(), tell_of_permit).then(told)
        valid.beside(DETERMINATION).when(TellOfPermit(), tell_of_permit).then(told)
        valid.beside(DETERMINATION, *PAID, ENDED).when(TellOfPermit(), tell_of_permit).then()
        again = given(noted(), told, on=TOLD)
        again.beside(DETERMINATION, *PAID).when(TellOfPermit(), tell_of_permit).then()

    def test_that_is_over_opens_the_review_and_stops_nothing(self) -> None:
        expired = over(noted(), case=PAID, reviews=(scheduled(),)).when(EXPIRE, expire_permit)
        expired.then(PermitExpired(until_on=UNTIL), review())

    def test_that_is_over_brings_a_review_forward_and_never_later(self) -> None:
        soon = scheduled(due_on=date(2021, 10, 5))
        (_, event) = over(noted(), case=PAID, reviews=(soon,)).when(EXPIRE, expire_permit).events
        assert event.due_on == date(2021, 10, 5)

    @pytest.mark.parametrize(
        "reviews",
        [
            pytest.param((), id="none is scheduled"),
            pytest.param((scheduled(), review(occasion=None)), id="one is open"),
            pytest.param((scheduled(), review(), concluded()), id="it was done"),
        ],
    )
    def test_that_is_over_opens_no_second_review(self, reviews: tuple[Event, ...]) -> None:
        expired = over(noted(), case=PAID, reviews=reviews).when(EXPIRE, expire_permit)
        expired.then(PermitExpired(until_on=UNTIL))

    def test_that_is_over_is_noted_once_and_of_no_case_that_has_ended(self) -> None:
        once = PermitExpired(until_on=UNTIL)
        over(noted(), once, case=PAID, reviews=()).when(EXPIRE, expire_permit).then()
        over(noted(), case=(*PAID, ENDED), reviews=()).when(EXPIRE, expire_permit).then()
        last_day = given(noted(), on=UNTIL).beside(DETERMINATION, *PAID).beside(REVIEWS)
        last_day.when(EXPIRE, expire_permit).then()

    def test_that_was_over_before_the_confirmation_is_looked_into_right_after_it(self) -> None:
        command = ReviewOfPermit(case_id=CASE, pay_from=confirmed().pay_from)
        before = over(noted(), case=(opened(),), reviews=()).when(EXPIRE, expire_permit)
        before.then(PermitExpired(until_on=UNTIL))
        after = over(noted(), *before.events, case=PAID, reviews=(scheduled(),))
        after.when(command, review_of_permit).then(review())
        valid = over(noted(), case=PAID, reviews=(scheduled(),))
        valid.when(command, review_of_permit).then()

    def test_counts_again_where_a_refusal_fell(self) -> None:
        """Else nobody would be told of it any more, nor ever review the household."""
        later = date(2022, 9, 30)
        (submission,) = on_decision_revoked(document(REVOKED, case_id=CASE, on=AFTER))
        assert submission.command == TakePermitUp()
        case = (opened(), REFUSED, REVOKED)
        known = given(noted(), renewed(later, TOLD), PermitRunsOut(until_on=later), on=AFTER)
        again = known.beside(DETERMINATION, *case).when(submission.command, take_permit_up)
        again.then(noted(later))
        due = agenda(document(again.events[0], case_id=CASE, on=AFTER))
        assert [one.due_on for one in due if isinstance(one, AgendaEntry)] == [
            TOLD,
            date(2022, 10, 1),
        ]
        refused = known.beside(DETERMINATION, opened(), REFUSED)
        refused.when(submission.command, take_permit_up).then()
        none = given(on=AFTER).beside(DETERMINATION, *case)
        none.when(submission.command, take_permit_up).then()
        of_change = REVOKED.model_copy(update={"change_id": REVIEW})
        assert not list(on_decision_revoked(document(of_change, case_id=CASE, on=AFTER)))

    def test_counts_again_where_a_case_that_had_ended_is_confirmed_anew(self) -> None:
        anew = confirmed(pay_from=Month(2021, 6))
        case = (*PAID, ENDED, anew)
        (submission,) = on_case_confirmed(document(anew, case_id=CASE, on=AFTER))
        reopened = over(noted(), case=case, reviews=(scheduled(),))
        reopened.when(submission.command, review_of_permit).then(noted())
        expired = over(noted(), PermitExpired(until_on=UNTIL), case=case, reviews=(scheduled(),))
        expired.when(submission.command, review_of_permit).then(noted(), review())

    def test_is_renewed_for_longer_before_and_after_its_end(self) -> None:
        later = date(2022, 9, 30)
        anew = renewed(later, date(2022, 8, 31))
        for before in ((noted(),), (noted(), PermitExpired(until_on=UNTIL))):
            made = given(*before, on=AFTER).beside(DETERMINATION, *PAID)
            made.when(renewal(later), renew_permit).then(anew)
        entries = list(agenda(document(anew, case_id=CASE, on=AFTER)))
        assert [one.due_on for one in entries if isinstance(one, AgendaEntry)] == [
            date(2022, 8, 31),
            date(2022, 10, 1),
        ]

    def test_is_not_renewed_to_a_day_that_is_no_later(self) -> None:
        valid = given(noted(), on=TOLD).beside(DETERMINATION, *PAID)
        valid.when(renewal(UNTIL), renew_permit).refuses("residence-permit-not-later")
        assert valid.when(renewal(AFTER), renew_permit).events
        late = given(noted(), on=AFTER).beside(DETERMINATION, *PAID)
        late.when(renewal(AFTER), renew_permit).refuses("residence-permit-not-later")

    def test_is_not_renewed_where_there_is_none_or_the_case_is_over(self) -> None:
        none = given(on=TOLD).beside(DETERMINATION, *PAID)
        assert none.when(renewal(AFTER), renew_permit).refuses("no-residence-permit").status == 404
        ended = given(noted(), on=TOLD).beside(DETERMINATION, *PAID, ENDED)
        ended.when(renewal(AFTER), renew_permit).refuses("wrong-stage")

    def test_is_listed_until_its_case_is_over(self) -> None:
        seen: Any = None
        standings = []
        events = (
            noted(),
            PermitRunsOut(until_on=UNTIL),
            renewed(date(2022, 9, 30), AFTER),
            PermitExpired(until_on=date(2022, 9, 30)),
        )
        for event in events:
            seen = fold(str(CASE), seen, document(event, case_id=CASE, on=AFTER))
            standings.append((seen["standing"], seen["until_on"]))
        assert standings == [
            ("valid", "2021-09-30"),
            ("runs_out", "2021-09-30"),
            ("valid", "2022-09-30"),
            ("expired", "2022-09-30"),
        ]
        assert fold(str(CASE), seen, document(ENDED, case_id=CASE, on=AFTER)) is None
        assert fold(str(CASE), None, document(events[1], case_id=CASE, on=AFTER)) is None
