"""What a person's cases mean for their subsidies: in a living office, whatever restarts when."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import Propose, propose_subsidy
from services.decision.model import Stage, determination_of, supports_of
from services.decision.views.subsidy_leads import SUBSIDY_LEADS
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.changes import (
    BenefitStopped,
    HouseholdChangeCause,
    HouseholdChanged,
    StopReason,
)
from shared.contracts.circumstances import DisabilityKind, HouseholdCircumstances
from shared.contracts.decision import (
    BenefitProposed,
    CaseEnded,
    CaseRefused,
    EndReason,
    RefusalReason,
)
from shared.contracts.fields import Due, Member, Programme, Relation
from shared.contracts.notices import NoticeOwed, NoticeSubject
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
    RecognitionWithdrawn,
)
from shared.contracts.subsidies import (
    SubsidyEndOwed,
    SubsidyLeadClosed,
    SubsidyLeadEnd,
    SubsidyLeadOpened,
    Support,
    SupportBegun,
    SupportOver,
    SupportRestored,
)
from shared.kernel.decider import HOUSE
from tests.decision.household import (
    EXPLANATION,
    FOUR,
    PROPOSER,
    amount_changed,
    confirmed,
    opened,
    proposed,
)
from tests.decision.office import Office
from tests.decision.subsidies import CARE, LIVING, account, disability, proposal
from tests.verification.circumstances import disabled, household, lives
from tests.verification.household import FUJIAN, MOTHER

DIBAO, OF_LIVING, OF_CARE, ANOTHER = (
    uuid5(HOUSE, f"tests/supports/{name}") for name in ("dibao", "living", "care", "another")
)
ALONE = (Member(person_id=MOTHER, relation=Relation.APPLICANT),)
MARCH, APRIL = Month(2023, 3), Month(2023, 4)
CONFIRMED_ON = date(2023, 3, 16)
AUGUST = Month(2023, 8)
Reason = StopReason


def around(grade: int | None) -> HouseholdCircumstances:
    """A household of four whose mother is disabled, if she is."""
    found = {} if grade is None else disabled(DisabilityKind.PHYSICAL, grade)
    return household(lives(MOTHER, **found))


def of_dibao(office: Office, grade: int | None = 2, case_id: UUID = DIBAO) -> None:
    """The household is confirmed on dibao."""
    office.record(
        case_id,
        opened(circumstances=around(grade)),
        proposed(),
        confirmed(pay_from=Month.of(office.today).next()),
    )
    office.follow()


def of_subsidy(
    office: Office, programme: Programme = LIVING, since: Month = MARCH, **changed: Any
) -> UUID:
    """The mother is confirmed for a subsidy; its case."""
    case_id = OF_LIVING if programme is LIVING else OF_CARE
    whole = proposal(programme)
    office.record(
        case_id,
        account(programme, applicant=MOTHER, members=ALONE, **changed),
        whole,
        confirmed(
            programme=programme,
            payee=MOTHER,
            members=ALONE,
            amount_fen=whole.amount_fen,
            pay_from=since,
        ),
    )
    office.follow()
    return case_id


def ends(
    office: Office,
    last_month: Month,
    case_id: UUID = DIBAO,
    programme: Programme = Programme.DIBAO,
    members: tuple[Member, ...] = FOUR,
) -> None:
    """A case is over."""
    ended = CaseEnded(
        programme=programme,
        division=FUJIAN,
        members=members,
        reason=EndReason.STOPPED,
        last_month=last_month,
    )
    office.record(case_id, ended)
    office.follow()


def changed(
    office: Office, cause: HouseholdChangeCause, happened_on: date, from_month: Month
) -> None:
    """The mother is of the household no more."""
    event = HouseholdChanged(
        change_id=ANOTHER,
        programme=Programme.DIBAO,
        division=FUJIAN,
        cause=cause,
        happened_on=happened_on,
        members=FOUR[:3],
        left=(MOTHER,),
        joined=(),
        payee=FOUR[0].person_id,
        from_month=from_month,
    )
    office.record(DIBAO, event)
    office.follow()


def both(office: Office) -> None:
    """On dibao and paid both subsidies."""
    of_dibao(office)
    of_subsidy(office, LIVING)
    of_subsidy(office, CARE)


def stopped(office: Office) -> dict[UUID, tuple[StopReason, Month]]:
    """Why and with which month the subsidies' cases were stopped."""
    return {
        document.subject: (document.data.reason, document.data.last_month)
        for document in office.documents(BenefitStopped)
    }


def leads(office: Office) -> dict[Programme, SubsidyLeadEnd | None]:
    """The leads as their list has them: open, or why not any more."""
    rows: dict[str, Any] = {}
    for document in office.documents(SubsidyLeadOpened, SubsidyLeadClosed):
        (key,) = SUBSIDY_LEADS.keys(document)
        rows[key] = SUBSIDY_LEADS.fold(key, rows.get(key), document)
    return {
        Programme(row["programme"]): None if row["open"] else SubsidyLeadEnd(row["reason"])
        for row in rows.values()
        if row is not None
    }


@pytest.fixture
def office() -> Office:
    return Office(CONFIRMED_ON)


@pytest.mark.mechanism("S0-26")
class TestWhoIsToBeOffered:
    @pytest.mark.parametrize(
        ("grade", "offered"),
        [(1, {LIVING, CARE}), (2, {LIVING, CARE}), (3, {LIVING}), (None, set())],
    )
    def test_a_disabled_person_whose_household_enters_dibao(
        self, office: Office, grade: int | None, offered: set[Programme]
    ) -> None:
        of_dibao(office, grade)
        assert set(leads(office)) == offered
        assert len(office.events(SupportBegun)) == 4
        for lead in office.events(SubsidyLeadOpened):
            assert (lead.person_id, lead.case_id, lead.since) == (MOTHER, DIBAO, MARCH)

    def test_not_who_receives_it_already(self, office: Office) -> None:
        both(office)
        assert leads(office) == dict.fromkeys((LIVING, CARE), SubsidyLeadEnd.RECEIVES_IT)

    def test_not_who_was_refused_until_something_else_begins(self, office: Office) -> None:
        of_dibao(office)
        refused = CaseRefused(
            programme=CARE,
            division=FUJIAN,
            applicant=MOTHER,
            notice_due=Due(on=date(2023, 4, 13), calendar="chinesecalendar-1.11.0"),
            reason=RefusalReason.NO_LONG_TERM_CARE,
        )
        office.record(OF_CARE, account(CARE, applicant=MOTHER, members=ALONE), refused)
        office.follow()
        assert leads(office) == {LIVING: None, CARE: SubsidyLeadEnd.REFUSED}
        ends(office, AUGUST)
        of_dibao(office, case_id=ANOTHER)
        assert leads(office) == {LIVING: None, CARE: None}

    def test_not_who_gave_it_up(self, office: Office) -> None:
        both(office)
        ends(office, AUGUST, OF_CARE, CARE, ALONE)
        assert leads(office)[CARE] is SubsidyLeadEnd.RECEIVES_IT
        assert len(office.events(SubsidyLeadOpened)) == 2

    def test_not_whose_household_leaves_dibao(self, office: Office) -> None:
        of_dibao(office, 3)
        ends(office, AUGUST)
        assert leads(office) == {LIVING: SubsidyLeadEnd.NO_LONGER_ENTITLED}

    def test_again_whose_household_enters_again(self, office: Office) -> None:
        of_dibao(office, 3)
        of_subsidy(office, disability=disability(3))
        office.today = date(2023, 9, 1)
        ends(office, AUGUST)
        office.duties()
        office.follow()
        of_dibao(office, 3, ANOTHER)
        assert leads(office) == {LIVING: None}


class TestTheEnd:
    def test_of_dibao_is_that_of_the_living_subsidy_and_not_of_the_other(
        self, office: Office
    ) -> None:
        both(office)
        office.today = date(2023, 9, 1)
        ends(office, AUGUST)
        assert stopped(office) == {OF_LIVING: (Reason.HOUSEHOLD_NO_LONGER_COUNTS, AUGUST)}
        office.duties()
        office.follow()
        assert office.case(OF_LIVING).stage is Stage.ENDED
        assert office.case(OF_CARE).stage is Stage.CONFIRMED
        assert [one.addressee for one in office.events(NoticeOwed)] == [MOTHER]

    def test_comes_once_whatever_restarts(self, office: Office) -> None:
        both(office)
        ends(office, AUGUST)
        office.skip_to(0)
        office.restart()
        office.follow()
        assert len(office.events(SubsidyEndOwed)) == len(office.events(BenefitStopped)) == 1
        assert len(office.events(SupportOver)) == 4

    def test_that_was_known_before_the_confirmation_follows_at_once(self, office: Office) -> None:
        of_dibao(office)
        ends(office, APRIL)
        of_subsidy(office)
        assert stopped(office) == {OF_LIVING: (Reason.HOUSEHOLD_NO_LONGER_COUNTS, APRIL)}

    @pytest.mark.parametrize("pay_from", [Month(2023, 6), Month(2023, 7)])
    def test_of_both_is_the_month_before_tekun_is_paid(
        self, office: Office, pay_from: Month
    ) -> None:
        both(office)
        tekun = Programme.TEKUN
        office.record(
            ANOTHER,
            opened(programme=tekun, applicant=MOTHER, members=ALONE),
            proposed(persons=1, counted_income_fen=0, amount_fen=780_00),
            confirmed(
                programme=tekun, payee=MOTHER, members=ALONE, amount_fen=780_00, pay_from=pay_from
            ),
        )
        office.follow()
        last = (Reason.SUPPORTED_AS_TEKUN, pay_from.previous())
        assert stopped(office) == {OF_LIVING: last, OF_CARE: last}

    @pytest.mark.parametrize(
        ("amount_fen", "expected"),
        [
            pytest.param(1_400_00, {OF_LIVING: (Reason.PAID_AS_CHILD, APRIL)}, id="whole"),
            pytest.param(1_399_99, {}, id="topped up"),
        ],
    )
    def test_of_the_living_subsidy_only_where_a_child_is_paid_whole(
        self, office: Office, amount_fen: int, expected: dict[UUID, Any]
    ) -> None:
        both(office)
        child = Programme.CHILD_ALLOWANCE
        whole = {"persons": 1, "counted_income_fen": 0, "standard_fen": 1_400_00}
        office.record(
            ANOTHER,
            opened(programme=child, applicant=MOTHER, members=ALONE),
            proposed(amount_fen=amount_fen, **whole),
            confirmed(
                programme=child,
                payee=MOTHER,
                members=ALONE,
                amount_fen=amount_fen,
                pay_from=Month(2023, 5),
            ),
        )
        office.follow()
        assert stopped(office) == expected

    def test_of_both_is_the_month_of_a_death_in_the_household(self, office: Office) -> None:
        both(office)
        office.today = date(2023, 7, 10)
        changed(office, HouseholdChangeCause.DEATH, date(2023, 5, 31), Month(2023, 6))
        last = (Reason.PERSON_DIED, Month(2023, 5))
        assert stopped(office) == {OF_LIVING: last, OF_CARE: last}

    def test_of_the_living_subsidy_is_that_of_belonging_to_the_household(
        self, office: Office
    ) -> None:
        both(office)
        changed(office, HouseholdChangeCause.MOVED_OUT, date(2023, 5, 10), Month(2023, 6))
        expected = {OF_LIVING: (Reason.HOUSEHOLD_NO_LONGER_COUNTS, Month(2023, 5))}
        assert stopped(office) == expected

    def test_does_not_come_while_another_household_on_dibao_has_them(self, office: Office) -> None:
        both(office)
        of_dibao(office, case_id=ANOTHER)
        ends(office, AUGUST)
        assert stopped(office) == {}
        ends(office, Month(2023, 9), ANOTHER)
        assert stopped(office)[OF_LIVING][1] == Month(2023, 9)

    def test_of_a_fact_in_the_past_brings_it_forward(self, office: Office) -> None:
        both(office)
        ends(office, AUGUST)
        changed(office, HouseholdChangeCause.DEATH, date(2023, 5, 31), Month(2023, 6))
        assert stopped(office)[OF_LIVING] == (Reason.PERSON_DIED, Month(2023, 5))


class TestAStopThatFell:
    @pytest.mark.parametrize(("redo", "stops"), [(False, 1), (True, 2)])
    def test_is_not_made_again_by_what_was_known_then(
        self, office: Office, redo: bool, stops: int
    ) -> None:
        """Dibao ended with August, the living subsidy with it; the organ says that it goes on."""
        both(office)
        office.today = date(2023, 9, 1)
        ends(office, AUGUST)
        office.duties()
        office.follow()
        (stop,) = office.events(BenefitStopped)
        fell = DecisionRevoked(
            appeal_id=ANOTHER,
            restorer=PROPOSER,
            programme=LIVING,
            division=FUJIAN,
            subject=NoticeSubject.STOP,
            change_id=stop.change_id,
            redo=redo,
            from_month=AUGUST.next(),
            payee=MOTHER,
        )
        again = confirmed(
            programme=LIVING, payee=MOTHER, members=ALONE, pay_from=AUGUST.next(), amount_fen=90_00
        )
        restored = amount_changed(0, 90_00, change_id=ANOTHER, from_month=AUGUST.next(), persons=1)
        office.today = date(2023, 11, 6)
        office.record(OF_LIVING, fell, again, restored)
        office.follow()
        assert len(office.events(BenefitStopped)) == stops


class TestALeavingThatFell:
    def of_the_mother(self, office: Office) -> None:
        event = MembersReturned(
            appeal_id=ANOTHER,
            programme=Programme.DIBAO,
            division=FUJIAN,
            persons=(MOTHER,),
            from_month=Month(2023, 6),
        )
        office.record(DIBAO, event)
        office.follow()

    def test_who_lives_is_offered_both_subsidies_again(self, office: Office) -> None:
        """She was said to have died in May: what was stopped stays so, until she applies."""
        both(office)
        office.today = date(2023, 7, 10)
        changed(office, HouseholdChangeCause.DEATH, date(2023, 5, 31), Month(2023, 6))
        office.duties()
        office.follow()
        assert leads(office) == dict.fromkeys((LIVING, CARE), SubsidyLeadEnd.RECEIVES_IT)
        office.today = date(2023, 9, 4)
        self.of_the_mother(office)
        assert leads(office) == {LIVING: None, CARE: None}

    def test_who_applies_then_is_not_refused_for_a_death_that_was_none(
        self, office: Office
    ) -> None:
        of_dibao(office)
        changed(office, HouseholdChangeCause.DEATH, date(2023, 5, 31), Month(2023, 6))
        office.today = date(2023, 9, 4)
        self.of_the_mother(office)
        office.record(
            OF_CARE, account(CARE, applicant=MOTHER, members=ALONE, applied_on=office.today)
        )
        propose = Propose(actor=PROPOSER, explanation=EXPLANATION)
        reads = (determination_of(OF_CARE), supports_of(MOTHER))
        office.command(reads, propose_subsidy, propose, FUJIAN)
        assert isinstance(office.case(OF_CARE).proposal, BenefitProposed)

    def test_of_who_is_not_known_to_have_left_says_nothing(self, office: Office) -> None:
        of_dibao(office)
        self.of_the_mother(office)
        assert office.events(SupportRestored) == []


class TestALeavingThatWaits:
    """The mother was said to have died in May 2023; the organ has the cut wait from October on."""

    WAITS = HouseholdReinstated(
        appeal_id=ANOTHER,
        programme=Programme.DIBAO,
        division=FUJIAN,
        members=FOUR,
        payee=FOUR[0].person_id,
        from_month=Month(2023, 10),
        returned=(MOTHER,),
    )
    STANDS = WAITS.model_copy(
        update={
            "members": FOUR[:3],
            "from_month": Month(2023, 12),
            "returned": None,
            "left": (MOTHER,),
        }
    )

    def held(self, office: Office) -> tuple[Month, Month | None]:
        supports = office.state(supports_of(MOTHER))
        (held,) = supports.of(Programme.DIBAO.value)
        return held.since, held.last_month

    def waits(self, office: Office) -> None:
        of_dibao(office)
        changed(office, HouseholdChangeCause.DEATH, date(2023, 5, 31), Month(2023, 6))
        assert self.held(office) == (MARCH, Month(2023, 5))
        office.today = date(2023, 9, 4)
        office.record(DIBAO, self.WAITS)
        office.follow()

    def test_has_them_supported_from_then_on(self, office: Office) -> None:
        self.waits(office)
        assert self.held(office) == (Month(2023, 10), None)

    def test_is_over_again_once_it_stands(self, office: Office) -> None:
        self.waits(office)
        office.record(DIBAO, self.STANDS)
        office.follow()
        assert self.held(office) == (Month(2023, 10), Month(2023, 11))
        assert office.state(supports_of(MOTHER)).died_in == Month(2023, 5)

    def test_that_fell_leaves_nobody_dead(self, office: Office) -> None:
        self.waits(office)
        returned = MembersReturned(
            appeal_id=ANOTHER,
            programme=Programme.DIBAO,
            division=FUJIAN,
            persons=(MOTHER,),
            from_month=Month(2023, 6),
        )
        office.record(DIBAO, returned)
        office.follow()
        assert office.state(supports_of(MOTHER)).died_in is None
        assert leads(office) == {LIVING: None, CARE: None}

    def test_whatever_is_heard_twice(self, office: Office) -> None:
        self.waits(office)
        office.restart()
        office.follow()
        assert len(office.events(SupportBegun)) == len(FOUR) + 1


def test_who_joined_by_a_decision_that_fell_has_its_support_no_more(office: Office) -> None:
    """Nor is it left to the end of a case that does not name them."""
    of_dibao(office)
    child = uuid5(HOUSE, "tests/supports/child")
    joined = HouseholdChanged(
        change_id=ANOTHER,
        programme=Programme.DIBAO,
        division=FUJIAN,
        cause=HouseholdChangeCause.BIRTH,
        happened_on=date(2023, 4, 20),
        members=(*FOUR, Member(person_id=child, relation=Relation.CHILD)),
        left=(),
        joined=(child,),
        payee=FOUR[0].person_id,
        from_month=Month(2023, 5),
    )
    office.record(DIBAO, joined)
    office.follow()
    fell = DecisionRevoked(
        appeal_id=ANOTHER,
        restorer=PROPOSER,
        programme=Programme.DIBAO,
        division=FUJIAN,
        subject=NoticeSubject.AMOUNT_CHANGED,
        change_id=ANOTHER,
        redo=False,
        from_month=Month(2023, 5),
        members=FOUR,
        left=(child,),
    )
    office.record(DIBAO, fell)
    office.follow()
    (held,) = office.state(supports_of(child)).of(Programme.DIBAO.value)
    assert held.last_month == APRIL


OVER = RecognitionEnded(
    status=HouseholdStatus.EDGE_HOUSEHOLD,
    reason=RecognitionEndReason.VALIDITY_OVER,
    since=date(2023, 9, 1),
    members=FOUR,
)
WITHDRAWN = RecognitionWithdrawn(
    status=HouseholdStatus.EDGE_HOUSEHOLD, since=date(2023, 9, 1), members=FOUR
)


@pytest.mark.parametrize("over", [OVER, WITHDRAWN], ids=["ended", "withdrawn"])
def test_a_recognition_is_known_to_its_last_days_month(
    office: Office, over: RecognitionEnded | RecognitionWithdrawn
) -> None:
    recognised = HouseholdRecognised(
        status=HouseholdStatus.EDGE_HOUSEHOLD,
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=FOUR[0].person_id,
        members=FOUR,
        valid_until=date(2023, 8, 31),
    )
    office.record(DIBAO, opened(circumstances=around(2)), recognised)
    office.follow()
    office.record(DIBAO, over)
    office.follow()
    (held,) = office.state(supports_of(MOTHER)).held.values()
    assert (held.support, held.since, held.last_month) == (Support.EDGE_HOUSEHOLD, MARCH, AUGUST)
