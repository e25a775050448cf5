"""Periodic checks: opened on their day, asked of whom, answered, done without."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.verification.decisions import (
    LoseReceipt,
    NoteReceipt,
    RecordFailure,
    SetAnswerAside,
)
from services.verification.decisions import periodic as decisions
from services.verification.duties import DUTIES, agenda, periodic_check
from services.verification.model import (
    CHECK,
    DEPARTMENT_RECEIPT,
    PERIODIC_QUERY,
    STANDING_HOUSEHOLD,
    query_key,
)
from shared.clock import instant_of
from shared.contracts.departments import (
    Department,
    DepartmentFailure,
    SetAsideReason,
)
from shared.contracts.fields import Programme
from shared.contracts.standing_households import (
    HouseholdLeftBooks,
    Information,
    MemberAuthorisationWithdrawn,
    NotAskedReason,
    PeriodicAnswerReceived,
    PeriodicAnswerSetAside,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    PeriodicQueryAsked,
    PeriodicQueryFailed,
    PeriodicReceiptNoted,
    Standing,
)
from shared.kernel.decider import Moment
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import Policy
from tests.documents import document
from tests.verification.books import (
    BANKS,
    DUE,
    KEY,
    OPENED_CHECK,
    PBOC,
    RECEIVED,
    TAX,
    VEHICLES,
    account,
    entered,
    heard,
    on_books,
    opened_periodic,
    said,
    scheduled,
)
from tests.verification.household import CASE, HUSBAND, SHAANXI

NEXT = date(2023, 8, 15)
TOMORROW = DUE + timedelta(days=1)
RECEIPT = UUID("6f1a1a2e-5a0e-4c0b-9f0e-d0d1d0d1d0d1")


def opening(
    *events: Event,
    information: Information = Information.KEY,
    due_on: date = DUE,
    on: date = DUE,
    folders: tuple[Path, ...] = (),
    check: tuple[Event, ...] | None = None,
) -> Decided:
    command = decisions.OpenPeriodicCheck(information=information, due_on=due_on)
    given = on_books(*events, on=on, folders=folders, check=check)
    return given.when(command, decisions.open_periodic_check)


def following(
    due_on: date = NEXT, not_asked: NotAskedReason | None = None
) -> PeriodicCheckScheduled:
    return PeriodicCheckScheduled(information=Information.KEY, due_on=due_on, not_asked=not_asked)


class TestOpening:
    @pytest.mark.mechanism("S4-43")
    def test_asks_an_edge_household_s_key_registers_on_its_day_and_schedules_the_next(self) -> None:
        opening().then(following(), opened_periodic(*KEY))

    def test_asks_what_else_there_is_by_itself(self) -> None:
        ahead = scheduled(Information.OTHER)
        asked = opening(ahead, information=Information.OTHER).events[1]
        assert set(asked.departments) == {
            Department.TAX,
            Department.BANKS,
            Department.MARKET_REGISTRATION,
            Department.SECURITIES,
            Department.INSURANCE,
        }

    @pytest.mark.mechanism("S4-43")
    @pytest.mark.parametrize(
        ("standing", "region", "on", "asks"),
        [
            (Standing.EDGE_HOUSEHOLD, SHAANXI, date(2022, 4, 1), True),
            (Standing.EDGE_HOUSEHOLD, SHAANXI, date(2022, 3, 31), False),
            (Standing.OTHER_LOW_INCOME, SHAANXI, date(2022, 4, 1), True),
            (Standing.EDGE_HOUSEHOLD, "350924100000", date(2022, 4, 1), False),
            (Standing.DIBAO, "350924100000", date(2021, 7, 1), True),
            (Standing.DIBAO, "350924100000", date(2021, 6, 30), False),
            (Standing.TEKUN, "350924100000", date(2021, 7, 1), True),
        ],
    )
    def test_asks_about_whom_place_and_day_have_checked(
        self, standing: Standing, region: str, on: date, asks: bool
    ) -> None:
        programme = Programme.TEKUN if standing is Standing.TEKUN else Programme.DIBAO
        own = entered(standing, division=region, programme=programme)
        given = spec(STANDING_HOUSEHOLD, on=on).given(own, scheduled(due_on=on))
        given = given.beside(CHECK, OPENED_CHECK, account())
        command = decisions.OpenPeriodicCheck(information=Information.KEY, due_on=on)
        next_, *opened = given.when(command, decisions.open_periodic_check).events
        assert bool(opened) is asks
        assert next_.not_asked is (None if asks else NotAskedReason.NOT_PROVIDED_FOR)
        if asks:
            assert opened[0].departments == KEY

    @pytest.mark.mechanism("S4-43")
    def test_asks_nobody_once_an_authorisation_is_withdrawn_and_stays_in_its_place(self) -> None:
        gone = MemberAuthorisationWithdrawn(person_id=HUSBAND)
        opening(gone).then(following(not_asked=NotAskedReason.NOT_AUTHORISED))

    def test_asks_nobody_about_a_household_that_never_authorised_it(self) -> None:
        opening(check=()).then(following(not_asked=NotAskedReason.NOT_AUTHORISED))

    @pytest.mark.mechanism("S4-43")
    def test_never_asks_who_is_being_asked(self) -> None:
        under_way = opened_periodic(VEHICLES, Department.HOUSING)
        asked = opening(under_way).events[1]
        assert set(asked.departments) == set(KEY) - {VEHICLES, Department.HOUSING}
        opening(opened_periodic(*KEY)).then(following(not_asked=NotAskedReason.UNDER_WAY))

    @pytest.mark.mechanism("S4-43")
    def test_comes_to_nothing_once_the_household_is_off_the_books(self) -> None:
        opening(HouseholdLeftBooks(standing=Standing.EDGE_HOUSEHOLD)).then()

    def test_of_a_day_that_is_not_ahead_any_more_comes_to_nothing(self) -> None:
        opening(scheduled(due_on=NEXT)).then()

    def test_late_by_half_a_year_asks_once_under_the_rules_of_today(self) -> None:
        given = on_books(on=DUE)
        states = [history.state for history in given.histories]
        late = Moment(instant_of(date(2023, 12, 1)), DUE, Policy.load())
        command = decisions.OpenPeriodicCheck(information=Information.KEY, due_on=DUE)
        next_, opened = decisions.open_periodic_check(*states, command, late)
        assert next_.event.due_on == date(2024, 2, 15)  # type: ignore[union-attr]
        assert opened.effective_on == date(2023, 12, 1)  # type: ignore[union-attr]

    @pytest.mark.mechanism("S4-43")
    def test_asks_the_peoples_bank_from_the_day_on_which_the_place_has_it(
        self, tmp_path: Path
    ) -> None:
        with_network(tmp_path, since="2023-05-15")
        for on, asks in ((DUE - timedelta(days=1), False), (DUE, True)):
            ahead = scheduled(Information.OTHER, on)
            asked = opening(
                ahead, information=Information.OTHER, due_on=on, on=on, folders=(tmp_path,)
            ).events[1]
            assert (PBOC in asked.departments) is asks
            assert BANKS in asked.departments


def with_network(folder: Path, since: str, scope: str = "61") -> None:
    """A place states since when it has the People's Bank's network."""
    (folder / "network.toml").write_text(
        f'''authority = "a_place"
name = {{ zh = "部署", en = "A deployment" }}
scope = "{scope}"
[documents.connection]
title = "接入通知"
valid_from = {since}
by_article = false
[values.all]
pboc_network_in_use = [{{ value = true, document = "connection" }}]
''',
        encoding="utf-8",
    )


class TestAnswers:
    def answering(self, command: object, *events: Event, on: date = DUE) -> Decided:
        decide = {
            "RecordAnswer": decisions.record_periodic_answer,
            "SetAnswerAside": decisions.set_periodic_answer_aside,
            "RecordFailure": decisions.record_periodic_failure,
            "NoteReceipt": decisions.note_periodic_receipt,
            "LoseReceipt": decisions.lose_periodic_receipt,
        }[type(command).__name__]
        return on_books(*events, on=on).when(command, decide)

    def test_that_nobody_waits_for_changes_nothing(self) -> None:
        for command in (
            said(VEHICLES, vehicles=1),
            SetAnswerAside(department=VEHICLES, received=RECEIVED),
            RecordFailure(department=VEHICLES, failure=DepartmentFailure.REFUSED),
            NoteReceipt(department=VEHICLES, receipt=RECEIPT),
            LoseReceipt(department=VEHICLES),
        ):
            self.answering(command).then()

    @pytest.mark.mechanism("S4-43")
    def test_that_comes_after_the_word_was_taken_back_is_not_heard(self) -> None:
        gone = MemberAuthorisationWithdrawn(person_id=HUSBAND)
        self.answering(said(VEHICLES, vehicles=1), opened_periodic(), gone).then()

    @pytest.mark.parametrize(("days", "kept"), [(31, True), (32, False)])
    @pytest.mark.mechanism("S4-43")
    def test_older_than_permitted_is_asked_for_again(self, days: int, kept: bool) -> None:
        as_of = DUE - timedelta(days=days)
        first, *rest = self.answering(said(VEHICLES, as_of=as_of), opened_periodic()).events
        assert isinstance(first, PeriodicAnswerReceived) is kept
        if not kept:
            assert first.reason is SetAsideReason.OUTDATED
            assert rest == [PeriodicQueryAsked(department=VEHICLES, not_before=TOMORROW)]

    def test_of_no_use_three_times_are_done_without_until_the_next_check(self) -> None:
        useless = SetAnswerAside(department=VEHICLES, received=RECEIVED)
        aside = PeriodicAnswerSetAside(
            department=VEHICLES, reason=SetAsideReason.UNREADABLE, received=RECEIVED
        )
        again = PeriodicQueryAsked(department=VEHICLES, not_before=TOMORROW)
        self.answering(useless, opened_periodic()).then(aside, again)
        failed = PeriodicQueryFailed(
            department=VEHICLES, failure=DepartmentFailure.MALFORMED_ANSWER
        )
        before = (opened_periodic(), aside, again, aside, again)
        self.answering(useless, *before).then(aside, failed)
        assert VEHICLES in opening(*before, aside, failed).events[1].departments

    def test_a_failure_says_nothing_of_the_household(self) -> None:
        failure = RecordFailure(department=VEHICLES, failure=DepartmentFailure.REFUSED)
        failed = PeriodicQueryFailed(department=VEHICLES, failure=DepartmentFailure.REFUSED)
        self.answering(failure, opened_periodic()).then(failed)

    def test_under_a_receipt_are_waited_for_and_asked_again_where_it_is_lost(self) -> None:
        noted = PeriodicReceiptNoted(department=PBOC, receipt=RECEIPT)
        taken = NoteReceipt(department=PBOC, receipt=RECEIPT)
        self.answering(taken, opened_periodic(PBOC)).then(noted)
        again = PeriodicQueryAsked(department=PBOC, not_before=TOMORROW)
        self.answering(LoseReceipt(department=PBOC), opened_periodic(PBOC), noted).then(again)


class TestTheAgenda:
    STREAM = uuid4()

    def changes(self, event: Event) -> list[AgendaEntry | AgendaDone]:
        return list(agenda(document(event, case_id=CASE, on=DUE, stream=self.STREAM)))

    def test_a_check_falls_due_on_its_day_once_for_each_kind(self) -> None:
        for information in Information:
            (entry,) = self.changes(scheduled(information))
            assert isinstance(entry, AgendaEntry)
            assert (entry.kind, entry.due_on) == (periodic_check(information), DUE)
            submission = DUTIES[entry.kind](entry)
            assert submission.command == decisions.OpenPeriodicCheck(
                information=information, due_on=DUE
            )

    def test_an_opened_check_asks_each_department_once_those_of_one_beside_each_other(self) -> None:
        entries = self.changes(opened_periodic(*KEY))
        assert [e.kind for e in entries] == [PERIODIC_QUERY] * len(KEY)
        other = query_key(uuid4(), KEY[0])
        keys = sorted([*(entry.key for entry in entries), other])
        assert {keys[0], keys[1]} == {query_key(self.STREAM, KEY[0]), other}

    def test_an_answer_takes_its_question_off_and_a_receipt_another_on(self) -> None:
        key = query_key(self.STREAM, PBOC)
        done, entry = self.changes(PeriodicReceiptNoted(department=PBOC, receipt=RECEIPT))
        assert done == AgendaDone(PERIODIC_QUERY, key)
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.key) == (DEPARTMENT_RECEIPT, key)
        both = {AgendaDone(PERIODIC_QUERY, key), AgendaDone(DEPARTMENT_RECEIPT, key)}
        assert set(self.changes(heard(PBOC))) == both
        (only,) = self.changes(heard(TAX))
        assert only == AgendaDone(PERIODIC_QUERY, query_key(self.STREAM, TAX))

    def test_a_word_taken_back_takes_every_question_off(self) -> None:
        gone = self.changes(MemberAuthorisationWithdrawn(person_id=HUSBAND))
        off = {done.key for done in gone if done.kind == PERIODIC_QUERY}
        assert off == {query_key(self.STREAM, department) for department in Department}
        assert PeriodicCheckOpened not in map(type, gone)
