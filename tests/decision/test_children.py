"""The basic living of orphans and of children whom in fact nobody brings up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    PostPublicity,
    Propose,
    ProposeStandard,
    ReportChange,
    approve,
    by_recorded_standards,
    confirm,
    decide_change,
    post_publicity,
    propose,
    propose_standard,
    refuse,
    report_change,
)
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    MonthsRedetermined,
    PropertyHeld,
    StopReason,
)
from shared.contracts.children import (
    BesideBenefit,
    ChildCircumstances,
    ChildPlacement,
    Minor,
    PaidBeside,
    ParentCircumstances,
    ParentSituation,
)
from shared.contracts.circumstances import DisabilityKind
from shared.contracts.decision import BenefitProposed, RefusalProposed, RefusalReason
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource, Programme
from shared.contracts.publicity import PublicityRound
from shared.contracts.standards import (
    AmountRedetermined,
    DivisionLevel,
    StandardForce,
    StandardKind,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from tests.decision.children import (
    ABLE,
    ACCEPTED_ON,
    DEAD,
    GUARDIAN,
    IN_PRISON,
    INSIDE_FEN,
    MISSING,
    OUTSIDE_FEN,
    PROPOSED_ON,
    UNTRACEABLE,
    account,
    child,
    confirmed,
    disabled,
    parent,
    proposed,
)
from tests.decision.household import (
    APPROVER,
    CHANGE,
    EXPLANATION,
    OTHER,
    PROPOSER,
    REPORTER,
    given,
    policy,
)
from tests.decision.household import opened as dibao_opened
from tests.decision.standards import (
    COUNTY,
    JULY,
    JUNE,
    NOTICE,
    PROVINCE,
    STANDARD,
    standard_set,
)
from tests.decision.test_printed import printed
from tests.verification.household import APPLICANT, FIRST, note

NOT_COVERED, AS_MUCH, OF_AGE = (
    RefusalReason.PARENT_NOT_COVERED,
    RefusalReason.PAID_AS_MUCH_BESIDE,
    RefusalReason.OF_AGE,
)
CONFIRMED: tuple[Event, ...] = (account(), proposed(), confirmed())
REPORTED_ON = date(2020, 6, 10)


def proposing(of: ChildCircumstances, on: date = PROPOSED_ON, **changed: Any) -> Decided:
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    return given(account(of, **changed), on=on).when(command, propose)


def outcome(of: ChildCircumstances, **changed: Any) -> RefusalReason | int:
    """What is proposed, in fen a month, or why nothing is."""
    (event,) = proposing(of, **changed).events
    if isinstance(event, BenefitProposed):
        return event.amount_fen
    assert isinstance(event, RefusalProposed)
    return event.reason


def beside(**paid: int) -> tuple[PaidBeside, ...]:
    return tuple(
        PaidBeside(benefit=BesideBenefit(name), amount_fen=fen) for name, fen in paid.items()
    )


class TestWhoIsPaid:
    @pytest.mark.mechanism("S0-25", "S1-35")
    def test_a_child_whose_father_is_in_prison_and_whose_mother_is_missing(self) -> None:
        (event,) = proposing(child()).events
        assert (event.persons, event.standard_fen, event.amount_fen) == (
            1,
            OUTSIDE_FEN,
            OUTSIDE_FEN,
        )
        assert event.counted_income_fen == 0
        used = {parameter.name: parameter.value for parameter in event.parameters}
        assert used["child_outside_institution_monthly_fen"] == OUTSIDE_FEN
        assert used["child_restriction_minimum_months"] == 6

    @pytest.mark.parametrize(
        ("father", "mother", "expected"),
        [
            (DEAD, DEAD, OUTSIDE_FEN),
            (DEAD, MISSING, OUTSIDE_FEN),
            (UNTRACEABLE, UNTRACEABLE, OUTSIDE_FEN),
            (DEAD, IN_PRISON, OUTSIDE_FEN),
            (IN_PRISON, IN_PRISON, OUTSIDE_FEN),
            (DEAD, ABLE, NOT_COVERED),
            (MISSING, ABLE, NOT_COVERED),
            (IN_PRISON, ABLE, NOT_COVERED),
            (UNTRACEABLE, IN_PRISON, NOT_COVERED),
            (ABLE, ABLE, NOT_COVERED),
        ],
    )
    @pytest.mark.mechanism("S0-25")
    def test_both_parents_count(
        self, father: ParentCircumstances, mother: ParentCircumstances, expected: Any
    ) -> None:
        assert outcome(child(father, mother)) == expected
        assert outcome(child(mother, father)) == expected

    @pytest.mark.parametrize(
        "situation",
        [
            ParentSituation.SERVING_SENTENCE,
            ParentSituation.COMPULSORY_DETOX,
            ParentSituation.OTHERWISE_RESTRICTED,
            ParentSituation.LOST_CONTACT,
        ],
    )
    @pytest.mark.parametrize(
        ("months", "expected"), [(5, NOT_COVERED), (6, OUTSIDE_FEN), (7, OUTSIDE_FEN)]
    )
    def test_a_measure_or_silence_counts_from_six_months(
        self, situation: ParentSituation, months: int, expected: Any
    ) -> None:
        assert outcome(child(parent(situation, months=months), DEAD)) == expected

    @pytest.mark.parametrize(
        ("kind", "grade", "expected"),
        [
            (DisabilityKind.PHYSICAL, 2, OUTSIDE_FEN),
            (DisabilityKind.PHYSICAL, 3, NOT_COVERED),
            (DisabilityKind.VISUAL, 3, NOT_COVERED),
            (DisabilityKind.INTELLECTUAL, 3, OUTSIDE_FEN),
            (DisabilityKind.INTELLECTUAL, 4, OUTSIDE_FEN),
            (DisabilityKind.MENTAL, 4, OUTSIDE_FEN),
        ],
    )
    def test_a_disability_counts_by_kind_and_grade(
        self, kind: DisabilityKind, grade: int, expected: Any
    ) -> None:
        assert outcome(child(disabled(kind, grade), DEAD)) == expected

    @pytest.mark.parametrize(
        "situation", [ParentSituation.GUARDIANSHIP_REVOKED, ParentSituation.DEPORTED]
    )
    @pytest.mark.parametrize(
        ("accepted_on", "expected"),
        [(date(2020, 12, 31), NOT_COVERED), (date(2021, 1, 1), OUTSIDE_FEN)],
    )
    def test_two_situations_count_from_2021_on(
        self, situation: ParentSituation, accepted_on: date, expected: Any
    ) -> None:
        """An application keeps the regime of its acceptance, whenever it is proposed."""
        found = outcome(
            child(parent(situation), DEAD),
            accepted_on=accepted_on,
            on=date(2021, 1, 4),
            minor=Minor(turns_eighteen=Month(2025, 1)),
        )
        assert found == expected

    @pytest.mark.parametrize(
        ("turns_eighteen", "expected"),
        [(Month(2020, 3), OF_AGE), (Month(2020, 4), OUTSIDE_FEN)],
    )
    def test_there_is_a_month_left_before_they_are_of_age(
        self, turns_eighteen: Month, expected: Any
    ) -> None:
        """Proposed in March, paid from April at the earliest."""
        assert outcome(child(), minor=Minor(turns_eighteen=turns_eighteen)) == expected


class TestHowMuch:
    @pytest.mark.mechanism("S1-35")
    def test_an_orphan_is_paid_by_where_it_lives(self) -> None:
        inside = ChildPlacement.INSTITUTION
        assert outcome(child(DEAD, DEAD, placement=inside)) == INSIDE_FEN
        assert outcome(child(DEAD, DEAD)) == OUTSIDE_FEN
        assert outcome(child(DEAD, IN_PRISON, placement=inside)) == OUTSIDE_FEN

    @pytest.mark.parametrize(
        ("paid", "expected"),
        [
            ({"dibao_share": 600_00}, 800_00),
            ({"tekun": 780_00}, 620_00),
            ({"dibao_share": 600_00, "disability_living_subsidy": 100_00}, 700_00),
            ({"dibao_share": OUTSIDE_FEN - 1}, 1),
            ({"dibao_share": OUTSIDE_FEN}, AS_MUCH),
            ({"dibao_share": OUTSIDE_FEN + 1}, AS_MUCH),
        ],
    )
    def test_an_unattended_child_is_topped_up_and_never_pays(
        self, paid: dict[str, int], expected: Any
    ) -> None:
        assert outcome(child(paid_beside=beside(**paid))) == expected

    def test_an_orphan_is_paid_whole_whatever_else_it_is_paid(self) -> None:
        assert outcome(child(DEAD, DEAD, paid_beside=beside(dibao_share=600_00))) == OUTSIDE_FEN

    def test_another_standard_of_its_kind_is_followed_and_no_other(self) -> None:
        """From July 2020 on 1,500 outside; what is paid in institutions changes nothing here."""
        outside = standard_set(kind=StandardKind.CHILD_OUTSIDE_INSTITUTION, amount_fen=1_500_00)
        inside = standard_set(kind=StandardKind.CHILD_IN_INSTITUTION, amount_fen=2_000_00)
        for standard, expected in ((outside, [1_500_00]), (inside, [])):
            around = given(*CONFIRMED, on=date(2020, 7, 6)).beside(STANDARDS).beside(STANDARDS)
            decided = around.beside(STANDARDS, standard).when(
                reporting(child()), by_recorded_standards(report_change)
            )
            found = [e.amount_fen for e in decided.events if isinstance(e, AmountRedetermined)]
            assert found == expected

    def test_what_is_paid_beside_stays_off_another_standard(self) -> None:
        topped_up = child(paid_beside=beside(dibao_share=600_00))
        case = (
            account(topped_up),
            proposed(counted_income_fen=600_00, amount_fen=800_00),
            confirmed(amount_fen=800_00),
        )
        raised = standard_set(kind=StandardKind.CHILD_OUTSIDE_INSTITUTION, amount_fen=1_500_00)
        around = given(*case, on=date(2020, 7, 6)).beside(STANDARDS).beside(STANDARDS)
        decided = around.beside(STANDARDS, raised).when(
            reporting(topped_up), by_recorded_standards(report_change)
        )
        (redetermined,) = (e for e in decided.events if isinstance(e, AmountRedetermined))
        figures = (redetermined.amount_before_fen, redetermined.amount_fen)
        assert figures == (800_00, 900_00)


class TestTheWay:
    def test_nothing_is_made_public(self) -> None:
        refusal = given(account(), proposed(), on=PROPOSED_ON).when(
            PostPublicity(round=PublicityRound.FIRST), post_publicity
        )
        refusal.refuses("no-such-publicity")

    def approved(self, on: date = PROPOSED_ON, **changed: Any) -> Given:
        (approval,) = (
            given(account(**changed), proposed(), on=PROPOSED_ON)
            .when(Approve(actor=APPROVER), approve)
            .events
        )
        return given(account(**changed), proposed(), approval, on=on)

    def test_the_county_decides_within_fifteen_working_days_of_the_approval(self) -> None:
        case = self.approved().state
        (approved,) = (
            given(account(), proposed(), on=PROPOSED_ON)
            .when(Approve(actor=APPROVER), approve)
            .events
        )
        assert case.stage == "approved"
        assert approved.decision_due.on == date(2020, 3, 31)

    def test_the_guardian_is_paid_from_the_next_month(self) -> None:
        command = Decide(actor=OTHER, role="county_approver")
        self.approved().when(command, confirm).then(confirmed())
        township = Decide(actor=OTHER, role="township_approver")
        self.approved().when(township, confirm).refuses("not-the-deciding-level")

    def test_who_surveyed_or_proposed_does_not_confirm(self) -> None:
        for actor in (FIRST, PROPOSER, APPROVER):
            command = Decide(actor=actor, role="county_approver")
            self.approved().when(command, confirm).refuses("same-hands")

    def test_a_refusal_is_told_within_three_working_days(self) -> None:
        (proposal,) = proposing(child(DEAD, ABLE)).events
        case = given(account(child(DEAD, ABLE)), proposal, on=date(2020, 3, 13))
        (refused,) = case.when(Decide(actor=OTHER, role="county_approver"), refuse).events
        assert (refused.reason, refused.notice_due.on) == (NOT_COVERED, date(2020, 3, 18))

    def test_a_child_for_whom_an_office_applied_is_paid_in_person(self) -> None:
        minor = Minor(turns_eighteen=Month(2025, 1))
        command = Decide(actor=OTHER, role="county_approver")
        (event,) = self.approved(minor=minor).when(command, confirm).events
        assert event.payee == APPLICANT

    def test_who_comes_of_age_meanwhile_is_refused(self) -> None:
        minor = Minor(turns_eighteen=Month(2020, 4), payee=GUARDIAN)
        command = Decide(actor=OTHER, role="county_approver")
        late = self.approved(on=date(2020, 4, 1), minor=minor)
        late.when(command, confirm).refuses("came-of-age")
        (refused,) = late.when(command, refuse).events
        assert refused.reason is OF_AGE
        in_time = self.approved(on=date(2020, 3, 31), minor=minor)
        (event,) = in_time.when(command, confirm).events
        assert event.pay_from == Month(2020, 4)
        in_time.when(command, refuse).refuses("no-reason-to-refuse")


def reporting(of: ChildCircumstances | None, **changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (),
        "deductions": (),
        "explanation": note("change"),
        "child": of,
    }
    return ReportChange(**(stated | changed))


def decided(of: ChildCircumstances, happened_on: date | None = None) -> Decided:
    case = given(*CONFIRMED, on=REPORTED_ON)
    (reported,) = case.when(reporting(of, happened_on=happened_on), report_change).events
    command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
    return case.given(reported).when(command, decide_change)


class TestWhatChanges:
    @pytest.mark.mechanism("S0-25")
    def test_a_parent_who_is_released_ends_it_from_the_next_month(self) -> None:
        (stopped,) = decided(child(father=ABLE)).events
        assert isinstance(stopped, BenefitStopped)
        assert (stopped.reason, stopped.last_month) == (
            StopReason.PARENT_NOT_COVERED,
            Month(2020, 6),
        )

    def test_a_parent_found_earlier_ends_it_from_the_month_after(self) -> None:
        stopped, beside_it = decided(child(mother=ABLE), date(2020, 4, 20)).events
        assert (stopped.reason, stopped.last_month) == (
            StopReason.PARENT_NOT_COVERED,
            Month(2020, 4),
        )
        assert isinstance(beside_it, MonthsRedetermined)
        assert beside_it.difference_fen == -2 * OUTSIDE_FEN

    def test_a_parent_who_died_leaves_it_as_it_is(self) -> None:
        """Father dead, mother missing: an orphan now, outside an institution as before."""
        (changed,) = decided(child(father=DEAD)).events
        assert isinstance(changed, AmountChanged)
        assert (changed.amount_fen, changed.from_month) == (OUTSIDE_FEN, Month(2020, 7))

    def test_an_orphan_who_enters_an_institution_is_paid_by_its_standard(self) -> None:
        now = child(DEAD, DEAD, placement=ChildPlacement.INSTITUTION)
        case = given(*CONFIRMED, on=REPORTED_ON)
        (reported,) = case.when(reporting(now), report_change).events
        command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        (changed,) = case.given(reported).when(command, decide_change).events
        assert changed.amount_fen == INSIDE_FEN
        assert case.given(reported, changed).state.child == now

    def test_a_share_of_dibao_that_begins_is_taken_off_and_one_as_large_ends_it(self) -> None:
        (changed,) = decided(child(paid_beside=beside(dibao_share=500_00))).events
        assert (changed.amount_fen, changed.counted_income_fen) == (900_00, 500_00)
        (stopped,) = decided(child(paid_beside=beside(dibao_share=OUTSIDE_FEN))).events
        assert stopped.reason is StopReason.PAID_AS_MUCH_BESIDE

    @pytest.mark.parametrize("on", [date(2020, 6, 10), date(2027, 3, 10)])
    def test_nobody_has_to_be_heard_before_it_is_less_or_over(self, on: date) -> None:
        """Child welfare is none of the kinds of the law of 2026, which wants a hearing."""
        confirmed_once = (account(minor=None), proposed(), confirmed())
        case = given(*confirmed_once, on=on)
        (reported,) = case.when(reporting(child(father=ABLE)), report_change).events
        command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        assert case.given(reported).when(command, decide_change).events

    def test_is_reported_by_itself_and_of_children_only(self) -> None:
        case = given(*CONFIRMED, on=REPORTED_ON)
        wage = IncomeLine(
            person_id=APPLICANT,
            kind=IncomeKind.WAGE,
            source=LineSource.DECLARED,
            amount_fen=1,
        )
        case.when(reporting(child(), income=(wage,)), report_change).refuses("child-change-is-all")
        has = PropertyHeld(deposits_fen=0, houses=0, vehicles=1)
        case.when(reporting(child(), property=has), report_change).refuses("child-change-is-all")
        case.when(reporting(None), report_change).refuses("programme-without-changes")
        one = child().model_copy(update={"parents": child().parents[:1]})
        case.when(reporting(one), report_change).refuses("child-parents-unclear", parents=1)
        untimed = IN_PRISON.model_copy(update={"months": None})
        refusal = case.when(reporting(child(untimed)), report_change)
        refusal.refuses("child-parents-unclear", situation="serving_sentence")
        household = given(
            dibao_opened(), proposed(), confirmed(programme=Programme.DIBAO), on=REPORTED_ON
        )
        refusal = household.when(reporting(child()), report_change)
        refusal.refuses("child-circumstances-out-of-place", programme="dibao")


def test_an_account_without_its_circumstances_is_not_proposed() -> None:
    given(account(child=None), on=PROPOSED_ON).when(
        Propose(actor=PROPOSER, explanation=EXPLANATION), propose
    ).refuses("child-circumstances-missing")


def test_in_print_it_can_be_followed_with_a_pencil() -> None:
    topped_up = child(mother=disabled(DisabilityKind.MENTAL, 4), paid_beside=beside(tekun=780_00))
    told = printed(account(topped_up), *proposing(topped_up).events, on=ACCEPTED_ON)
    for line in (
        "父亲 / father: 服刑在押 / serving a sentence，30 个月 / months（补充材料 / by papers）",
        "母亲 / mother: 重残 / disabled，精神残疾 / mental disability，4 级 / grade（补充材料",
        "已领 / paid beside: 特困供养金 / support as tekun 780.00",
        "标准减已领 / Standard less what is paid beside: 1,400.00 − 780.00 → 620.00",
        "每月 / A month: 620.00 元 / yuan",
    ):
        assert line in told, told
    assert "收入 / Income" not in told
    assert str(MISSING.certificate) not in told


JULY_RAISE = date(2020, 6, 30)


def raising(
    amount_fen: int, *events: Event, on: date = JULY_RAISE, from_month: Month = JULY, **changed: Any
) -> Decided:
    """The county proposes what children outside institutions are paid; the province has a floor."""
    stated: dict[str, Any] = {
        "actor": PROPOSER,
        "standard_id": STANDARD,
        "division": COUNTY,
        "kind": StandardKind.CHILD_OUTSIDE_INSTITUTION,
        "force": StandardForce.STANDARD,
        "amount_fen": amount_fen,
        "from_month": from_month,
        "notice": NOTICE,
    } | changed
    floor = standard_set(
        1_000_00,
        JUNE,
        kind=stated["kind"],
        division=PROVINCE,
        level=DivisionLevel.PROVINCE,
        force=StandardForce.FLOOR,
    )
    of_county = spec(STANDARDS, on=on, policy=policy()).given(*events).beside(STANDARDS, floor)
    return of_county.when(ProposeStandard(**stated), propose_standard)


@pytest.mark.mechanism("S1-34")
class TestARaise:
    """闽民救〔2020〕21号: what orphans are paid is raised by 100 yuan or more, in 2020."""

    @pytest.mark.parametrize(
        ("kind", "before_fen"),
        [
            (StandardKind.CHILD_OUTSIDE_INSTITUTION, OUTSIDE_FEN),
            (StandardKind.CHILD_IN_INSTITUTION, INSIDE_FEN),
        ],
    )
    def test_is_of_a_hundred_yuan_at_least(self, kind: StandardKind, before_fen: int) -> None:
        refusal = raising(before_fen + 99_99, kind=kind).refuses(
            "standard-raised-too-little", before_fen=before_fen, allowed_fen=before_fen + 100_00
        )
        assert refusal.status == 409
        assert raising(before_fen + 100_00, kind=kind).events

    def test_counts_from_what_was_recorded_last(self) -> None:
        set_in_may = standard_set(
            1_500_00, Month(2020, 5), kind=StandardKind.CHILD_OUTSIDE_INSTITUTION
        )
        raising(1_599_99, set_in_may).refuses("standard-raised-too-little", before_fen=1_500_00)
        assert raising(1_600_00, set_in_may).events

    def test_is_of_the_plans_year_and_of_its_province(self) -> None:
        in_2021 = {"on": date(2021, 1, 4), "from_month": Month(2021, 2)}
        assert raising(OUTSIDE_FEN + 1, **in_2021).events
        assert raising(OUTSIDE_FEN + 1, division="610100000000").events

    def test_binds_nobody_but_children(self) -> None:
        assert raising(1_000_01, kind=StandardKind.DIBAO).events
