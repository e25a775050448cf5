"""An upheld objection: the household is surveyed anew, and all that follows is anew as well."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.decision.decisions import (
    Approve,
    CompletePublicity,
    OpenDetermination,
    OrderResurvey,
    Propose,
    approve,
    open_determination,
    order_resurvey,
    propose,
    propose_subsidy,
)
from services.decision.model import Stage
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due, Programme
from shared.contracts.publicity import (
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.kernel.event import Event
from tests.decision import subsidies
from tests.decision.household import (
    APPROVER,
    EXPLANATION,
    FIRST_UNTIL,
    OTHER,
    PROPOSED_ON,
    PROPOSER,
    UP_TO_FIRST,
    UP_TO_SECOND,
    approved,
    given,
    objected,
    opened,
    posted,
    proposed,
    refusal_proposed,
    resolved,
)
from tests.decision.office import Office
from tests.decision.test_residence import REFUSED, REVOKED
from tests.verification.household import CASE, FIRST, SECOND, STRANGER

UPHELD: tuple[Event, ...] = (*UP_TO_FIRST, objected(), resolved(upheld=True))
ORDERED = ResurveyOrdered(ordered_by=OTHER)
ANEW = opened(surveyors=(STRANGER,), counted_income_fen=2_300_00)
REOPENED: tuple[Event, ...] = (*UPHELD, ORDERED, ANEW)


class TestTheOrder:
    def test_follows_an_upheld_objection(self) -> None:
        given(*UPHELD).when(OrderResurvey(actor=OTHER), order_resurvey).then(ORDERED)

    def test_follows_one_in_the_second_publicity_as_well(self) -> None:
        spec = given(*UP_TO_SECOND, objected(), resolved(upheld=True))
        spec.when(OrderResurvey(actor=OTHER), order_resurvey).then(ORDERED)

    @pytest.mark.parametrize(
        ("events", "code"),
        [
            (UP_TO_FIRST, "no-objection-upheld"),
            ((*UP_TO_FIRST, objected(), resolved()), "no-objection-upheld"),
            ((*UPHELD, objected("another")), "objection-open"),
            ((*UPHELD, ORDERED), "wrong-stage"),
            (REOPENED, "wrong-stage"),
        ],
    )
    def test_is_refused_otherwise(self, events: tuple[Event, ...], code: str) -> None:
        given(*events).when(OrderResurvey(actor=OTHER), order_resurvey).refuses(code)

    @pytest.mark.parametrize("actor", [FIRST, SECOND, PROPOSER])
    def test_is_not_given_by_whose_work_fell(self, actor: UUID) -> None:
        refused = given(*UPHELD).when(OrderResurvey(actor=actor), order_resurvey)
        assert refused.refuses("same-hands").status == 403

    def test_of_tekun_names_the_last_of_fifteen_working_days(self) -> None:
        """民发〔2021〕43号, art. 15: from Tuesday 2021-08-03 to Tuesday 2021-08-24."""
        case = (
            opened(programme=Programme.TEKUN, accepted_on=date(2021, 7, 5)),
            proposed(),
            posted(),
            objected(),
            resolved(upheld=True),
        )
        decided = given(*case, on=date(2021, 8, 3)).when(OrderResurvey(actor=OTHER), order_resurvey)
        due = Due(on=date(2021, 8, 24), calendar=CALENDAR_VERSION)
        decided.then(ResurveyOrdered(ordered_by=OTHER, proposal_due=due))


def test_what_was_posted_before_it_is_no_longer_waited_for() -> None:
    """The first publicity would end while the household is surveyed: nobody is asked about it,
    and the new proposal's has days of its own.
    """
    office = Office(PROPOSED_ON)
    office.record(CASE, *UPHELD, ORDERED)
    office.today = FIRST_UNTIL + timedelta(days=1)
    assert office.due() == []
    office.record(CASE, ANEW, proposed(proposer=OTHER), posted_from(office.today))
    office.duties()
    office.today += timedelta(days=8)
    (due,) = office.due()
    assert due.command == CompletePublicity(round=PublicityRound.FIRST)
    office.duties()
    (completed,) = office.events(PublicityCompleted)
    assert completed.round is PublicityRound.FIRST


def posted_from(day: date) -> PublicityPosted:
    return PublicityPosted(
        round=PublicityRound.FIRST, from_on=day, until_on=day + timedelta(days=7)
    )


class TestAfterIt:
    def test_a_second_account_opens_the_case_anew(self) -> None:
        command = OpenDetermination(account=ANEW)
        given(*UPHELD, ORDERED).when(command, open_determination).then(ANEW)
        given(*UPHELD).when(command, open_determination).refuses("wrong-stage")

    def test_nothing_is_left_of_what_fell_but_its_hands(self) -> None:
        state = given(*REOPENED).state
        assert state.stage is Stage.OPENED
        assert (state.proposal, state.publicities, state.objection_upheld) == (None, {}, False)
        assert state.former_hands == {FIRST, SECOND, PROPOSER}

    def test_the_proposal_goes_by_the_new_account(self) -> None:
        command = Propose(actor=OTHER, explanation=EXPLANATION)
        proposal = given(*REOPENED).when(command, propose).events[1]
        assert proposal.amount_fen == 100_00

    @pytest.mark.parametrize("actor", [FIRST, PROPOSER, STRANGER])
    def test_it_is_proposed_by_new_hands(self, actor: UUID) -> None:
        command = Propose(actor=actor, explanation=EXPLANATION)
        given(*REOPENED).when(command, propose).refuses("same-hands")

    @pytest.mark.parametrize("actor", [FIRST, PROPOSER, STRANGER])
    def test_so_is_a_subsidy_where_a_place_makes_it_public(self, actor: UUID) -> None:
        fell = (subsidies.account(), subsidies.proposal(), *UPHELD[2:], ORDERED)
        anew = subsidies.account(surveyors=(STRANGER,))
        command = Propose(actor=actor, explanation=EXPLANATION)
        case = subsidies.given(*fell, anew, supports=(subsidies.begun(),))
        case.when(command, propose_subsidy).refuses("same-hands")

    def test_so_is_a_refusal_that_fell_on_appeal(self) -> None:
        fell = (*REOPENED, refusal_proposed(), REFUSED, REVOKED)
        command = Propose(actor=PROPOSER, explanation=EXPLANATION)
        given(*fell).when(command, propose).refuses("same-hands")

    def test_who_approved_what_fell_does_not_approve_again(self) -> None:
        fell = (*UP_TO_FIRST, approved(), objected(), resolved(upheld=True), ORDERED, ANEW)
        again = (*fell, proposed(proposer=OTHER), posted())
        given(*again, on=date(2020, 4, 20)).when(Approve(actor=APPROVER), approve).refuses(
            "same-hands", before="before_resurvey"
        )

    def test_it_is_in_publicity_anew_before_it_is_approved(self) -> None:
        again = (*REOPENED, proposed(proposer=OTHER))
        unposted = given(*again, on=date(2020, 4, 20))
        unposted.when(Approve(actor=APPROVER), approve).refuses("publicity-missing")
        running = given(*again, posted(), on=PROPOSED_ON)
        running.when(Approve(actor=APPROVER), approve).refuses("publicity-not-over")
        (event,) = (
            given(*again, posted(), on=date(2020, 4, 15))
            .when(Approve(actor=APPROVER), approve)
            .events
        )
        assert event.approver == APPROVER
