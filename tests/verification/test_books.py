"""Who is on the books, from when they are checked, and by whose word."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.verification.decisions import books as decisions
from services.verification.model import CHECK, STANDING_HOUSEHOLD
from services.verification.reactions.standing import FOREIGN
from services.verification.rules import standing as rules
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.authorisations import AuthorisedAs, CheckAuthorised
from shared.contracts.changes import HouseholdChangeCause, PropertyHeld
from shared.contracts.decision import CaseConfirmed, CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import (
    HardshipGround,
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    HouseholdLeftBooks,
    HouseholdPeopleNoted,
    Information,
    KnownMeansNoted,
    MemberAuthorisationNoted,
    MemberAuthorisationWithdrawn,
    PeriodicCheckScheduled,
    Standing,
)
from shared.contracts.watch_list import (
    PotentialRecipientReopened,
    PotentialRecipientWatched,
    ReopeningOccasion,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import spec
from tests.documents import document
from tests.verification.books import (
    ACCEPTED_ON,
    DUE,
    KNOWN,
    OPENED_CHECK,
    PEOPLE,
    account,
    entered,
    on_books,
)
from tests.verification.household import (
    APPLICANT,
    CASE,
    DAUGHTER,
    HUSBAND,
    MEMBERS,
    MOTHER,
    SHAANXI,
    STRANGER,
    wage,
)

RECOGNISED_ON = date(2023, 3, 1)
EDGE, RIGID = HouseholdStatus.EDGE_HOUSEHOLD, HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD


def recognised(status: HouseholdStatus = EDGE) -> HouseholdRecognised:
    return HouseholdRecognised(
        status=status,
        programme=Programme.DIBAO,
        division=SHAANXI,
        applicant=APPLICANT,
        members=MEMBERS,
    )


def confirmed(programme: Programme) -> CaseConfirmed:
    return CaseConfirmed(
        programme=programme,
        division=SHAANXI,
        payee=APPLICANT,
        members=MEMBERS[:1],
        amount_fen=200_00,
        pay_from=Month(2023, 4),
    )


WATCHED = PotentialRecipientWatched(
    listed_on=RECOGNISED_ON,
    programme=Programme.DIBAO,
    division=SHAANXI,
    applicant=APPLICANT,
    members=MEMBERS,
    hardship=(HardshipGround.ILLNESS,),
)
ENDED = CaseEnded(
    programme=Programme.DIBAO, division=SHAANXI, members=MEMBERS, reason=EndReason.STOPPED
)


def reacted(event: Event, *before: Event, on: date = RECOGNISED_ON) -> list[Any]:
    """What an event of another service leads to, about a household whose check is completed."""
    (react,) = FOREIGN[type(event)]
    found = list(react(document(event, case_id=CASE, on=on, region=SHAANXI)))
    if not found:
        return []
    (submission,) = found
    given = spec(STANDING_HOUSEHOLD, on=on).given(*before)
    if len(submission.reads) > 1:
        given = given.beside(CHECK, OPENED_CHECK, account())
    return list(given.when(submission.command, submission.decide).events)


@pytest.mark.mechanism("S4-43")
@pytest.mark.parametrize(
    ("event", "standing"),
    [
        (confirmed(Programme.DIBAO), Standing.DIBAO),
        (confirmed(Programme.TEKUN), Standing.TEKUN),
        (recognised(), Standing.EDGE_HOUSEHOLD),
        (recognised(RIGID), Standing.RIGID_EXPENDITURE_HOUSEHOLD),
        (WATCHED, Standing.OTHER_LOW_INCOME),
    ],
    ids=lambda value: value.value if isinstance(value, Standing) else "",
)
def test_who_is_aided_recognised_or_kept_in_mind_is_on_the_books_with_days_ahead(
    event: Event, standing: Standing
) -> None:
    seen, *ahead = reacted(event)
    assert (seen.standing, seen.people, seen.known) == (standing, PEOPLE, KNOWN)
    assert {one.information for one in ahead} == set(Information)
    assert all(one.due_on > RECOGNISED_ON for one in ahead)
    assert reacted(event, seen) == []


def test_who_is_in_an_allowance_is_not() -> None:
    assert reacted(confirmed(Programme.CHILD_ALLOWANCE)) == []


@pytest.mark.parametrize(
    ("event", "standings", "left"),
    [
        (ENDED, {Standing.DIBAO, Standing.EDGE_HOUSEHOLD}, {Standing.DIBAO}),
        (
            RecognitionEnded(
                status=EDGE, reason=RecognitionEndReason.VALIDITY_OVER, since=RECOGNISED_ON
            ),
            {Standing.EDGE_HOUSEHOLD},
            {Standing.EDGE_HOUSEHOLD},
        ),
        (
            PotentialRecipientReopened(
                reopened_as=uuid5(HOUSE, "tests/anew"), occasion=ReopeningOccasion.VILLAGE_VISIT
            ),
            {Standing.OTHER_LOW_INCOME},
            {Standing.OTHER_LOW_INCOME},
        ),
        (ENDED, {Standing.EDGE_HOUSEHOLD}, set()),
    ],
)
def test_who_is_so_no_longer_is_off_them(
    event: Event, standings: set[Standing], left: set[Standing]
) -> None:
    before = [entered(standing) for standing in sorted(standings)]
    events = reacted(event, *before)
    assert {one.standing for one in events} == left
    assert all(isinstance(one, HouseholdLeftBooks) for one in events)


def test_a_recognition_falls_with_the_refusal_beside_it() -> None:
    fell = DecisionRevoked.model_construct(change_id=None)
    (react,) = FOREIGN[DecisionRevoked]
    (submission,) = react(document(ENDED, case_id=CASE, on=DUE).model_copy(update={"data": fell}))
    assert Standing.EDGE_HOUSEHOLD in submission.command.standings


class TestWhatIsKnown:
    def test_what_a_household_reports_is_known_and_its_property_stays_where_it_said_nothing(
        self,
    ) -> None:
        income = (wage(HUSBAND, 3_100_00),)
        command = decisions.NoteKnownMeans(income=income)
        (noted,) = books_of().when(command, decisions.note_known_means).events
        assert noted == KnownMeansNoted(known=KNOWN.model_copy(update={"income": income}))

    def test_and_its_property_where_it_did(self) -> None:
        held = PropertyHeld(deposits_fen=5_000_00, houses=1, vehicles=1)
        known = KNOWN.model_copy(update=dict(held))
        command = decisions.NoteKnownMeans(income=KNOWN.income, property=known)
        (noted,) = books_of().when(command, decisions.note_known_means).events
        assert noted.known.vehicles == 1

    def test_income_alone_tells_nothing_where_nobody_knows_what_they_have(self) -> None:
        unknown = spec(STANDING_HOUSEHOLD, on=DUE).given(entered(known=None))
        command = decisions.NoteKnownMeans(income=KNOWN.income)
        unknown.when(command, decisions.note_known_means).then()

    def test_who_joins_and_who_leaves_counts(self) -> None:
        command = decisions.NotePeople(left=(MOTHER,), joined=(STRANGER,))
        (noted,) = books_of().when(command, decisions.note_people).events
        assert noted == HouseholdPeopleNoted(people=(APPLICANT, HUSBAND, DAUGHTER, STRANGER))

    def test_of_nobody_on_the_books_nothing_is_noted(self) -> None:
        nobody = spec(STANDING_HOUSEHOLD, on=DUE)
        command = decisions.NotePeople(left=(MOTHER,), joined=())
        nobody.when(command, decisions.note_people).then()
        known = decisions.NoteKnownMeans(income=())
        nobody.when(known, decisions.note_known_means).then()

    def test_who_is_on_dibao_no_longer_alone_stays_in_the_family(self) -> None:
        assert HouseholdChangeCause.NO_LONGER_ALONE in HouseholdChangeCause
        causes = {
            HouseholdChangeCause.DEATH: (MOTHER,),
            HouseholdChangeCause.NO_LONGER_ALONE: (),
        }
        for cause, left in causes.items():
            assert changed(cause).left == left

    def test_who_is_of_the_household_again_counts_again(self) -> None:
        """A leaving that fell, or waits; and one that stands."""
        told: dict[str, Any] = {
            "appeal_id": uuid5(HOUSE, "tests/appeal"),
            "programme": Programme.DIBAO,
            "division": SHAANXI,
            "from_month": Month(2023, 6),
        }
        returned = MembersReturned(persons=(MOTHER,), **told)
        waits = HouseholdReinstated(members=MEMBERS, returned=(MOTHER,), **told)
        stands = HouseholdReinstated(members=MEMBERS[:3], left=(MOTHER,), **told)
        by_appeal = {"restorer": MOTHER, "subject": NoticeSubject.STOP, "redo": False}
        fell = DecisionRevoked(change_id=MOTHER, left=(MOTHER,), **by_appeal, **told)
        again, over = {"left": (), "joined": (MOTHER,)}, {"left": (MOTHER,), "joined": ()}
        for event, expected in ((returned, again), (waits, again), (stands, over), (fell, over)):
            assert noted(event) == [decisions.NotePeople(**expected)]
        within = stands.model_copy(update={"family": (MOTHER,)})
        nobody = fell.model_copy(update={"left": None})
        assert noted(within) == noted(nobody) == []


def noted(event: Event) -> list[Any]:
    """The commands that verification makes of what became of a decision."""
    (react,) = FOREIGN[type(event)]
    return [submission.command for submission in react(document(event, case_id=CASE, on=DUE))]


def changed(cause: HouseholdChangeCause) -> decisions.NotePeople:
    """What verification makes of a mother who left a household."""
    from shared.contracts.changes import HouseholdChanged

    (react,) = FOREIGN[HouseholdChanged]
    event = HouseholdChanged(
        change_id=uuid5(HOUSE, "tests/change"),
        programme=Programme.DIBAO,
        division=SHAANXI,
        cause=cause,
        happened_on=DUE,
        members=MEMBERS[:3],
        left=(MOTHER,),
        joined=(),
        from_month=Month(2023, 6),
    )
    (submission,) = react(document(event, case_id=CASE, on=DUE))
    command: decisions.NotePeople = submission.command
    return command


APPEAL: dict[str, Any] = {
    "appeal_id": uuid5(HOUSE, "tests/appeal"),
    "programme": Programme.DIBAO,
    "division": SHAANXI,
    "from_month": Month(2023, 6),
}


@pytest.mark.parametrize(
    ("event", "people"),
    [
        (MembersReturned(**APPEAL, persons=(STRANGER,)), (*PEOPLE, STRANGER)),
        (HouseholdReinstated(**APPEAL, members=MEMBERS, returned=(STRANGER,)), (*PEOPLE, STRANGER)),
        (HouseholdReinstated(**APPEAL, members=MEMBERS[:3], left=(MOTHER,)), PEOPLE[:3]),
        (
            DecisionRevoked(
                **APPEAL,
                restorer=STRANGER,
                subject=NoticeSubject.AMOUNT_CHANGED,
                change_id=STRANGER,
                redo=False,
                left=(MOTHER,),
            ),
            PEOPLE[:3],
        ),
    ],
)
def test_on_appeal_it_is_checked_as_the_household_that_it_is_again(
    event: Event, people: tuple[UUID, ...]
) -> None:
    (submission,) = (
        s for react in FOREIGN[type(event)] for s in react(document(event, case_id=CASE, on=DUE))
    )
    (noted,) = books_of().when(submission.command, submission.decide).events
    assert noted.people == people


def books_of(*events: Event) -> Any:
    return spec(STANDING_HOUSEHOLD, on=DUE).given(entered(), *events)


class TestTheDays:
    """A million households come up on all days of the interval, each always on its own."""

    @pytest.mark.mechanism("S4-43")
    def test_of_households_that_enter_on_one_day_are_spread_over_the_interval(self) -> None:
        cases = [uuid5(HOUSE, f"tests/spread/{n}") for n in range(1_840)]
        days = Counter(
            rules.first_due(case, Information.KEY, RECOGNISED_ON, months=3) for case in cases
        )
        first, last = RECOGNISED_ON + timedelta(days=1), date(2023, 6, 1)
        assert (min(days), max(days)) == (first, last)
        assert len(days) == 92
        assert max(days.values()) < 3 * len(cases) / 92

    def test_are_the_same_each_time_and_others_for_other_information(self) -> None:
        one = rules.first_due(CASE, Information.KEY, RECOGNISED_ON, months=3)
        assert one == rules.first_due(CASE, Information.KEY, RECOGNISED_ON, months=3)
        assert one != rules.first_due(CASE, Information.OTHER, RECOGNISED_ON, months=3)

    @pytest.mark.parametrize(
        ("today", "following"),
        [
            (date(2023, 5, 15), date(2023, 8, 15)),
            (date(2023, 8, 14), date(2023, 8, 15)),
            (date(2023, 8, 15), date(2023, 11, 15)),
            (date(2024, 3, 1), date(2024, 5, 15)),
        ],
    )
    def test_keep_their_place_also_where_one_was_late(self, today: date, following: date) -> None:
        assert rules.next_due(DUE, 3, today) == following

    @pytest.mark.mechanism("S4-43", "S4-44")
    @pytest.mark.parametrize(
        ("standings", "region", "on", "key", "other"),
        [
            ({Standing.EDGE_HOUSEHOLD}, SHAANXI, date(2022, 4, 1), 3, 12),
            ({Standing.EDGE_HOUSEHOLD}, SHAANXI, date(2022, 3, 31), 6, 12),
            ({Standing.DIBAO}, SHAANXI, date(2022, 4, 1), 3, 12),
            ({Standing.DIBAO}, "350924100000", date(2022, 4, 1), 6, 12),
        ],
    )
    def test_come_more_often_for_key_information(
        self, standings: set[Standing], region: str, on: date, key: int, other: int
    ) -> None:
        from shared.policy import Policy

        parameters = Policy.load().at(region, Programme.DIBAO, on)
        months = {i: rules.interval_months(standings, i, parameters) for i in Information}
        assert months == {Information.KEY: key, Information.OTHER: other}

    def test_of_another_standing_are_kept_where_they_are_earlier(self) -> None:
        ahead = [PeriodicCheckScheduled(information=i, due_on=DUE) for i in Information]
        command = decisions.EnterBooks(
            case_id=CASE,
            standing=Standing.DIBAO,
            programme=Programme.DIBAO,
            division=SHAANXI,
            people=PEOPLE,
        )
        later = spec(STANDING_HOUSEHOLD, on=DUE).given(entered(), *ahead)
        events = later.beside(CHECK, OPENED_CHECK, account()).when(command, decisions.enter_books)
        assert [type(event) for event in events.events] == [HouseholdEnteredBooks]


class TestWhoseWord:
    """Nobody is asked without everybody's authorisation (国务院令第649号, art. 58)."""

    def may(self, words: dict[UUID, date | None], *, apart: bool = True, on: date = DUE) -> bool:
        return rules.may_be_asked(PEOPLE, PEOPLE, words, on, apart=apart)

    def test_one_paper_of_all_is_enough_until_somebody_signs_apart(self) -> None:
        assert self.may({}, apart=False)
        assert not self.may({HUSBAND: None})

    @pytest.mark.parametrize(("days", "may"), [(0, True), (1, True), (-1, False)])
    def test_a_word_is_good_to_its_last_day(self, days: int, may: bool) -> None:
        words: dict[UUID, date | None] = dict.fromkeys(PEOPLE)
        assert self.may(words | {MOTHER: DUE + timedelta(days=days)}) is may

    def test_who_joined_has_to_give_one(self) -> None:
        assert not rules.may_be_asked((*PEOPLE, STRANGER), PEOPLE, {}, DUE, apart=False)

    def test_about_nobody_nobody_is_asked(self) -> None:
        assert not rules.may_be_asked((), PEOPLE, {}, DUE, apart=False)

    def test_a_members_word_is_kept_and_an_obligors_is_not(self) -> None:
        word: dict[str, Any] = {
            "person_id": HUSBAND,
            "signed_by": HUSBAND,
            "signed_on": ACCEPTED_ON,
            "document_digest": "ab" * 32,
            "until_on": DUE,
        }
        member = CheckAuthorised(standing=AuthorisedAs.MEMBER, **word)
        assert reacted(member) == [MemberAuthorisationNoted(person_id=HUSBAND, until_on=DUE)]
        assert reacted(CheckAuthorised(standing=AuthorisedAs.OBLIGOR, **word)) == []

    def withdrawn(self, person: UUID, *events: Event) -> Any:
        command = decisions.NoteAuthorisationWithdrawn(person_id=person)
        return on_books(*events).when(command, decisions.note_authorisation_withdrawn)

    def test_a_word_or_a_share_in_the_paper_can_be_taken_back_once(self) -> None:
        gone = MemberAuthorisationWithdrawn(person_id=HUSBAND)
        self.withdrawn(HUSBAND).then(gone)
        self.withdrawn(HUSBAND, gone).then()

    def test_somebody_elses_is_none_of_the_household(self) -> None:
        self.withdrawn(STRANGER).then()
