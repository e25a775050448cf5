"""How a case is decided, paid and ended on the first day of its programme."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    ObjectToTermination,
    OrderResurvey,
    PostPublicity,
    ScheduleComingOfAge,
    approve,
    confirm,
    decide_change,
    object_to_termination,
    order_resurvey,
    post_publicity,
    prove_schooling,
    refuse,
    report_change,
    schedule_coming_of_age,
)
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped
from shared.contracts.children import ParentSituation
from shared.contracts.circumstances import DisabilityKind, TekunGround
from shared.contracts.coming_of_age import SchoolKind
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision import children, expenses, subsidies, test_coming_of_age, test_tekun
from tests.decision.children import (
    ABLE,
    DEAD,
    NOT_COVERED,
    OUTSIDE_FEN,
    child,
    disabled,
    parent,
)
from tests.decision.household import (
    APPROVER,
    CHANGE,
    OTHER,
    approved,
    given,
    objected,
    opened,
    posted,
    proposed,
    refusal_proposed,
    resolved,
)
from tests.decision.test_children import outcome
from tests.decision.test_terminations import ENDING, OBJECTION, support
from tests.decision.test_terminations import proposed as ending
from tests.notices import notice
from tests.verification.household import CASE, SHAANXI, note

DIBAO, TEKUN, CHILD = Programme.DIBAO, Programme.TEKUN, Programme.CHILD_ALLOWANCE
AID = Programme.TEMPORARY_ASSISTANCE
FIRST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 7, 1)
FIRST_OF_62, FIRST_OF_43 = date(2020, 1, 1), date(2021, 7, 1)
FIRST_OF_AID, FIRST_OF_23 = date(2014, 10, 3), date(2018, 1, 23)
FIRST_OF_52 = date(2016, 1, 1)
DAY = timedelta(days=1)
Situation = ParentSituation


def account(programme: Programme, on: date) -> Event:
    """The account of an application of a programme that is accepted on a day."""
    made: dict[Programme, Any] = {
        TEKUN: test_tekun.account,
        CHILD: children.account,
        AID: expenses.account,
        subsidies.LIVING: subsidies.account,
        subsidies.CARE: partial(subsidies.account, subsidies.CARE),
    }
    place = {} if programme is CHILD else {"division": SHAANXI}
    return made.get(programme, opened)(accepted_on=on, applied_on=on, **place)


def approved_case(programme: Programme, accepted_on: date, *folders: Path) -> Given:
    """Approved, nothing more being public, and forty days later."""
    second = PublicityPosted(
        round=PublicityRound.SECOND, from_on=accepted_on, until_on=accepted_on + 7 * DAY
    )
    so_far = (account(programme, accepted_on), proposed(), approved(), second)
    return given(*so_far, on=accepted_on + 40 * DAY, folders=folders)


BY_COUNTY = Decide(actor=OTHER, role="county_approver")


class TestTheFirstMonth:
    @pytest.mark.parametrize(
        ("programme", "accepted_on", "first"),
        [
            (DIBAO, FIRST_OF_220, Month(2013, 2)),
            (DIBAO, FIRST_OF_57, Month(2021, 9)),
            (TEKUN, FIRST_OF_43, Month(2021, 9)),
            (CHILD, FIRST_OF_62, Month(2020, 3)),
        ],
    )
    def test_that_is_paid_is_the_one_after_the_decision(
        self, programme: Programme, accepted_on: date, first: Month
    ) -> None:
        events = approved_case(programme, accepted_on).when(BY_COUNTY, confirm).events
        assert events[-1].pay_from == first

    def test_is_that_of_the_application_where_a_place_pays_from_it(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "611022", pay_first_month="month_of_application")
        events = approved_case(DIBAO, FIRST_OF_57, place).when(BY_COUNTY, confirm).events
        assert events[-1].pay_from == Month(2021, 7)


def refusing(programme: Programme, accepted_on: date, decided_on: date) -> Given:
    """To be refused on a day."""
    return given(account(programme, accepted_on), refusal_proposed(), on=decided_on)


class TestADecision:
    @pytest.mark.parametrize(
        ("programme", "accepted_on", "due_on"),
        [
            (CHILD, FIRST_OF_62, date(2020, 3, 6)),
            (AID, FIRST_OF_AID, date(2014, 12, 1)),
        ],
    )
    def test_is_due_after_one_publicity_at_most(
        self, programme: Programme, accepted_on: date, due_on: date
    ) -> None:
        on = accepted_on + 45 * DAY
        first = PublicityPosted(
            round=PublicityRound.FIRST, from_on=accepted_on, until_on=accepted_on + 7 * DAY
        )
        case = given(account(programme, accepted_on), proposed(), first, on=on)
        (event,) = case.when(Approve(actor=APPROVER), approve).events
        assert event.decision_due.on == due_on
        second = PostPublicity(round=PublicityRound.SECOND)
        case.given(event).when(second, post_publicity).refuses("no-such-publicity")

    @pytest.mark.parametrize(
        ("programme", "accepted_on", "role", "decided_on", "due_on"),
        [
            pytest.param(
                CHILD, FIRST_OF_62, "county", date(2020, 2, 14), date(2020, 2, 19), id="child"
            ),
            pytest.param(
                AID, FIRST_OF_AID, "county", date(2014, 11, 14), date(2014, 11, 19), id="aid"
            ),
            pytest.param(
                AID,
                FIRST_OF_23 - DAY,
                "county",
                date(2018, 3, 2),
                date(2018, 3, 7),
                id="aid before 2018",
            ),
            pytest.param(
                AID, FIRST_OF_23, "township", date(2018, 3, 2), date(2018, 3, 7), id="aid of 2018"
            ),
        ],
    )
    def test_to_refuse_is_of_its_level_and_told_within_three_working_days(
        self,
        programme: Programme,
        accepted_on: date,
        role: str,
        decided_on: date,
        due_on: date,
    ) -> None:
        """On a Friday; the weekend does not count."""
        case = refusing(programme, accepted_on, decided_on)
        for level in ("county", "township"):
            decided = case.when(Decide(actor=OTHER, role=f"{level}_approver"), refuse)
            if level == role:
                (event,) = decided.events
                assert event.notice_due.on == due_on
            else:
                decided.refuses("not-the-deciding-level", decided_by=role)


def test_a_childs_allowance_ends_without_a_hearing_on_its_first_day() -> None:
    paid = (
        children.account(accepted_on=FIRST_OF_62),
        children.proposed(),
        children.confirmed(pay_from=Month(2020, 1)),
    )
    report = children.reporting(child(father=ABLE))
    (reported,) = given(*paid, on=FIRST_OF_62).when(report, report_change).events
    command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
    (event,) = given(*paid, reported, on=FIRST_OF_62).when(command, decide_change).events
    assert isinstance(event, BenefitStopped)


class TestAChildsParents:
    @pytest.mark.parametrize("accepted_on", [FIRST_OF_62, date(2021, 1, 1)])
    @pytest.mark.parametrize(
        ("situation", "months", "covered"),
        [
            (Situation.LOST_CONTACT, 6, True),
            (Situation.LOST_CONTACT, 5, False),
            (Situation.SERVING_SENTENCE, 6, True),
            (Situation.SERVING_SENTENCE, 5, False),
            (Situation.COMPULSORY_DETOX, 6, True),
            (Situation.OTHERWISE_RESTRICTED, 6, True),
            (Situation.SEVERELY_ILL, None, True),
        ],
    )
    def test_are_covered_by_situation_on_the_first_day(
        self, accepted_on: date, situation: ParentSituation, months: int | None, *, covered: bool
    ) -> None:
        found = child(parent(situation, months=months), DEAD)
        paid = outcome(found, accepted_on=accepted_on, on=accepted_on)
        assert paid == (OUTSIDE_FEN if covered else NOT_COVERED)

    @pytest.mark.parametrize("accepted_on", [FIRST_OF_62, date(2021, 1, 1)])
    @pytest.mark.parametrize(
        ("kind", "grade", "covered"),
        [
            (DisabilityKind.PHYSICAL, 2, True),
            (DisabilityKind.PHYSICAL, 3, False),
            (DisabilityKind.MENTAL, 4, True),
        ],
    )
    def test_are_covered_by_disability_on_the_first_day(
        self, accepted_on: date, kind: DisabilityKind, grade: int, *, covered: bool
    ) -> None:
        found = child(disabled(kind, grade), DEAD)
        paid = outcome(found, accepted_on=accepted_on, on=accepted_on)
        assert paid == (OUTSIDE_FEN if covered else NOT_COVERED)


class TestTekunOnTheFirstDay:
    def test_a_minors_coming_of_age_is_told_ninety_days_ahead(self) -> None:
        case = test_coming_of_age.tekun(TekunGround.UNDER_SIXTEEN)
        command = ScheduleComingOfAge(case_id=CASE)
        young = test_coming_of_age.young(on=FIRST_OF_43, case=case)
        (event,) = young.when(command, schedule_coming_of_age).events
        assert event.announced_on == date(2025, 3, 3)

    @pytest.mark.parametrize("school", [SchoolKind.HIGH_SCHOOL, SchoolKind.HIGHER])
    def test_some_schools_keep_it_on(self, school: SchoolKind) -> None:
        known = children.scheduled(turns_eighteen=Month(2025, 6), last_month=Month(2025, 6))
        case = test_coming_of_age.tekun(TekunGround.UNDER_SIXTEEN)
        young = test_coming_of_age.young(known, on=FIRST_OF_43, case=case)
        decided = young.when(test_coming_of_age.prove(Month(2026, 6), school), prove_schooling)
        if school is SchoolKind.HIGHER:
            decided.refuses("school-does-not-count", school="higher")
        else:
            assert decided.events[-1].last_month == Month(2026, 6)

    def test_an_objection_to_its_end_is_looked_into_in_fifteen_working_days(self) -> None:
        command = ObjectToTermination(
            case_id=CASE, termination_id=ENDING, objection_id=OBJECTION, grounds=note("objection")
        )
        public = support(ending(from_on=FIRST_OF_43), on=FIRST_OF_43)
        (event,) = public.when(command, object_to_termination).events
        assert event.due.on == date(2021, 7, 22)


@pytest.mark.parametrize(
    ("programme", "accepted_on", "due_on"),
    [
        (DIBAO, FIRST_OF_220, None),
        (DIBAO, FIRST_OF_57, None),
        (TEKUN, FIRST_OF_43, date(2021, 8, 3)),
        (AID, FIRST_OF_AID, None),
        (CHILD, FIRST_OF_62, None),
        (subsidies.LIVING, FIRST_OF_52, None),
        (subsidies.CARE, FIRST_OF_52, None),
    ],
)
def test_whether_a_survey_anew_has_a_last_day(
    programme: Programme, accepted_on: date, due_on: date | None
) -> None:
    upheld = (proposed(), posted(), objected(), resolved(upheld=True))
    case = given(account(programme, accepted_on), *upheld, on=date(2021, 7, 13))
    (event,) = case.when(OrderResurvey(actor=OTHER), order_resurvey).events
    assert (event.proposal_due and event.proposal_due.on) == due_on
