"""What a determination puts on the agenda, what it reacts to, and how it is listed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.decision.decisions import CompletePublicity, EndCase
from services.decision.duties import DUTIES, agenda
from services.decision.model import determination_of
from services.decision.reactions import FOREIGN
from services.decision.views.determinations import fold
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.fields import Due, Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.publicity import PublicityCompleted, PublicityRound
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from tests.decision.appeals import NOBODY_LEFT
from tests.decision.changes import AMOUNT, ENDED, PHASE_OUT, REVIEW, STOP
from tests.decision.household import (
    APPROVED_ON,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    OTHER,
    PROPOSED_ON,
    UP_TO_SECOND,
    confirmed,
    objected,
    opened,
    posted,
    refusal_proposed,
    reported,
    resolved,
)
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, SURVEY_DUE
from tests.verification.test_decisions import completed

REFUSED = CaseRefused(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    reason=RefusalReason.OBJECTION_UPHELD,
    notice_due=SURVEY_DUE,
)


def changes(event: Event, on: date = PROPOSED_ON) -> list[AgendaChange]:
    return list(agenda(document(event, case_id=CASE, on=on)))


class TestTheAgenda:
    def test_a_publicity_ends_on_the_day_after_its_last(self) -> None:
        (entry,) = changes(posted())
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == ("first-publicity-ends", date(2020, 4, 15))
        assert (entry.subject, entry.region) == (CASE, FUJIAN)

    def test_its_end_takes_it_off(self) -> None:
        (entry,) = changes(posted())
        (done,) = changes(PublicityCompleted(round=PublicityRound.FIRST), APPROVED_ON)
        assert isinstance(entry, AgendaEntry)
        assert done == AgendaDone(entry.kind, entry.key)

    def test_the_rounds_are_kept_apart(self) -> None:
        (first,), (second,) = changes(posted()), changes(posted(PublicityRound.SECOND))
        assert first.key != second.key
        assert first.kind != second.kind

    def test_a_refusal_takes_what_still_ran_off(self) -> None:
        (entry,) = changes(posted())
        assert isinstance(entry, AgendaEntry)
        assert AgendaDone(entry.kind, entry.key) in changes(REFUSED)

    def test_nothing_else_is_on_it(self) -> None:
        assert changes(objected()) == []
        assert not [one for one in changes(confirmed()) if isinstance(one, AgendaEntry)]

    @pytest.mark.parametrize("leaving", [PHASE_OUT, STOP], ids=["phase-out", "stop"])
    def test_a_case_that_is_left_ends_on_the_day_after_its_last_month(self, leaving: Event) -> None:
        (entry,) = changes(leaving, CHANGED_ON)
        assert isinstance(entry, AgendaEntry)
        last_month = leaving.model_dump()["last_month"]
        assert (entry.kind, entry.due_on) == ("case-ends", last_month.next().first_day)
        submission = DUTIES[entry.kind](entry)
        assert (submission.command, submission.on) == (EndCase(), entry.due_on)
        assert submission.reads == (determination_of(CASE),)

    def test_an_amount_takes_the_end_off_again_and_so_does_the_end(self) -> None:
        (entry,) = changes(PHASE_OUT)
        assert isinstance(entry, AgendaEntry)
        assert changes(AMOUNT) == [AgendaDone(entry.kind, entry.key)]
        assert AgendaDone(entry.kind, entry.key) in changes(ENDED)

    def test_a_duty_is_dated_by_its_day_and_is_one_however_often_it_is_done(self) -> None:
        (entry,) = changes(posted())
        assert isinstance(entry, AgendaEntry)
        once, again = (DUTIES[entry.kind](entry) for _ in range(2))
        assert once.command == CompletePublicity(round=PublicityRound.FIRST)
        assert once.on == date(2020, 4, 15)
        assert once.reads == (determination_of(CASE),)
        assert once.command_id == again.command_id


def test_a_completed_check_opens_the_determination_with_its_account() -> None:
    (react,) = FOREIGN[CheckCompleted]
    check = completed()
    (submission,) = react(document(check, case_id=CASE, on=PROPOSED_ON))
    assert submission.reads == (determination_of(CASE),)
    assert submission.on == PROPOSED_ON
    account = submission.command.account
    assert account.counted_income_fen == check.counted_income_fen
    assert account.surveyors == check.surveyors
    assert account.accepted_on == check.accepted_on


class TestTheList:
    def folded(self, *events: Event) -> dict[str, Any]:
        seen: dict[str, Any] | None = None
        for version, event in enumerate(events, start=1):
            seen = fold(
                str(CASE), seen, document(event, case_id=CASE, on=APPROVED_ON, version=version)
            )
        assert seen is not None
        return seen

    def test_a_case_shows_how_far_it_is_and_its_figures(self) -> None:
        seen = self.folded(*UP_TO_SECOND, confirmed())
        assert (seen["stage"], seen["amount_fen"], seen["pay_from"]) == (
            "confirmed",
            200_00,
            "2020-05",
        )
        assert seen["first_publicity_until"] == "2020-04-14"
        assert seen["second_publicity_until"] == "2020-04-22"
        assert seen["decision_due"] == "2020-04-26"

    def test_a_refusal_shows_its_reason_and_when_the_notice_is_due(self) -> None:
        seen = self.folded(opened(), refusal_proposed(), REFUSED)
        assert (seen["stage"], seen["reason"]) == ("refused", "objection_upheld")
        assert seen["notice_due"] == SURVEY_DUE.on.isoformat()

    def test_an_objection_that_moves_the_decision_is_listed_with_its_day(self) -> None:
        due = Due(on=date(2020, 5, 21), calendar=SURVEY_DUE.calendar)
        moving = objected().model_copy(update={"decision_due": due})
        assert self.folded(*UP_TO_SECOND, moving)["decision_due"] == "2020-05-21"
        assert self.folded(*UP_TO_SECOND, objected())["decision_due"] == "2020-04-26"

    def test_open_objections_are_counted(self) -> None:
        seen = self.folded(*UP_TO_SECOND, objected("one"), objected("two"), resolved("one"))
        assert seen["open_objections"] == 1

    def test_a_refusal_that_fell_leaves_the_case_as_it_came(self) -> None:
        """Nothing of what was proposed counts any more, nor what was objected to it."""
        refused = (*UP_TO_SECOND, objected("one"), objected("two"), resolved("one"), REFUSED)
        revoked = DecisionRevoked(
            appeal_id=CHANGE,
            restorer=OTHER,
            programme=Programme.DIBAO,
            division=FUJIAN,
            subject=NoticeSubject.REFUSAL,
            redo=True,
        )
        assert self.folded(*refused, revoked) == self.folded(opened())

    def test_a_change_waits_until_it_is_decided(self) -> None:
        waiting = self.folded(*CONFIRMED, reported(), REVIEW)
        assert (waiting["open_change"], waiting["under_review"]) == (APPROVED_ON.isoformat(), True)
        left = self.folded(*CONFIRMED, reported(), PHASE_OUT)
        assert (left["stage"], left["open_change"]) == ("phasing_out", None)
        assert (left["last_month"], left["counted_income_fen"]) == ("2021-05", 2_600_00)
        again = self.folded(*CONFIRMED, reported(), PHASE_OUT, reported(2_500_00), AMOUNT)
        assert (again["stage"], again["last_month"]) == ("confirmed", None)
        assert again["amount_fen"] == 600_00

    def test_a_change_waits_while_something_else_is_decided(self) -> None:
        """A share withheld for refused work, and the suspension of that."""
        other = AMOUNT.model_copy(update={"change_id": OTHER})
        waiting = self.folded(*CONFIRMED, reported(), REVIEW, other)
        assert (waiting["open_change_id"], waiting["under_review"]) == (str(CHANGE), True)
        assert waiting["amount_fen"] == 600_00

    def test_a_household_that_leaves_and_is_another_waits_for_nothing(self) -> None:
        came = self.folded(*CONFIRMED, PHASE_OUT, reported(), NOBODY_LEFT)
        assert (came["open_change"], came["persons"]) == (None, 0)

    @pytest.mark.parametrize(("redo", "waits"), [(True, str(CHANGE)), (False, None)])
    def test_a_change_that_is_to_be_decided_anew_waits_again(
        self, redo: bool, waits: str | None
    ) -> None:
        revoked = DecisionRevoked(
            appeal_id=OTHER,
            restorer=OTHER,
            programme=Programme.DIBAO,
            division=FUJIAN,
            subject=NoticeSubject.PHASE_OUT,
            change_id=CHANGE,
            redo=redo,
        )
        restored = AMOUNT.model_copy(update={"change_id": OTHER})
        seen = self.folded(*CONFIRMED, reported(), PHASE_OUT, revoked, restored)
        assert seen["open_change_id"] == waits
        of_work = revoked.model_copy(update={"change_id": OTHER})
        seen = self.folded(*CONFIRMED, reported(), PHASE_OUT, restored, of_work, restored)
        assert seen["open_change_id"] is None

    def test_a_case_that_is_over_says_how(self) -> None:
        stopped = self.folded(*CONFIRMED, reported(), STOP)
        assert (stopped["stage"], stopped["last_month"]) == ("stopped", "2020-05")
        seen = self.folded(*CONFIRMED, reported(), PHASE_OUT, ENDED)
        assert (seen["stage"], seen["end_reason"]) == ("ended", "phase_out_over")
        assert seen["ended_on"] == APPROVED_ON.isoformat()

    def test_it_names_nobody(self) -> None:
        assert str(APPLICANT) not in str(self.folded(*UP_TO_SECOND, confirmed()))

    def test_what_it_does_not_know_changes_nothing(self) -> None:
        before = self.folded(opened())
        event = PublicityCompleted(round=PublicityRound.FIRST)
        assert fold(str(uuid4()), before, document(event, case_id=CASE, on=APPROVED_ON)) == before
