"""The basic living of orphans and of children whom in fact nobody brings up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import Propose, by_recorded_standards, propose, report_change
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.children import (
    ChildCircumstances,
    ChildPlacement,
    Minor,
    ParentCircumstances,
    ParentSituation,
)
from shared.contracts.circumstances import DisabilityKind
from shared.contracts.decision import BenefitProposed, RefusalProposed, RefusalReason
from shared.contracts.standards import (
    AmountRedetermined,
    StandardKind,
)
from tests.decision.children import (
    ABLE,
    ACCEPTED_ON,
    AS_MUCH,
    CONFIRMED,
    DEAD,
    IN_PRISON,
    INSIDE_FEN,
    MISSING,
    NOT_COVERED,
    OF_AGE,
    OUTSIDE_FEN,
    PROPOSED_ON,
    UNTRACEABLE,
    account,
    beside,
    child,
    confirmed,
    disabled,
    parent,
    proposed,
    proposing,
    reporting,
)
from tests.decision.household import EXPLANATION, PROPOSER, given
from tests.decision.standards import standard_set
from tests.decision.test_printed import printed


def outcome(of: ChildCircumstances, **changed: Any) -> RefusalReason | int:
    """What is proposed, in fen a month, or why nothing is."""
    (event,) = proposing(of, **changed).events
    if isinstance(event, BenefitProposed):
        return event.amount_fen
    assert isinstance(event, RefusalProposed)
    return event.reason


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
