"""What counts as income, by the regime of the day of acceptance (rules.md B2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import ReportChange, report_change
from services.verification import rules
from services.verification.decisions import (
    CompleteCheck,
    RecordHomeVisit,
    complete,
    record_home_visit,
)
from services.verification.model import CHECK
from shared.accounts import require_income_of_members
from shared.calendar import CALENDAR_VERSION
from shared.contracts.circumstances import (
    ObligorStanding,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.fields import (
    Due,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    IncomeTreatment,
    LineSource,
    Member,
    Programme,
    Relation,
    TreatmentChosen,
)
from shared.kernel.decider import Refusal
from shared.kernel.spec import Decided, spec
from tests.decision import household as decided
from tests.verification.household import (
    APPLICANT,
    FIRST,
    HUSBAND,
    MEMBERS,
    MOTHER,
    all_answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
    wage,
)

PENSION_FEN = 165_00
WAGES_FEN = 500_00
BEFORE_THE_PLAN, FIRST_OF_THE_PLAN = date(2020, 12, 31), date(2021, 1, 1)
LAST_OF_THE_PLAN, AFTER_THE_PLAN = date(2025, 12, 31), date(2026, 1, 1)
LAST_OF_2012, FIRST_OF_2021 = date(2021, 6, 30), date(2021, 7, 1)


def transfer(
    item: IncomeItem | None,
    amount_fen: int = PENSION_FEN,
    source: LineSource = LineSource.DECLARED,
    kind: IncomeKind = IncomeKind.TRANSFER,
) -> IncomeLine:
    """Something that the mother gets a month."""
    return IncomeLine(person_id=MOTHER, kind=kind, source=source, amount_fen=amount_fen, item=item)


def visit(on: date, *income: IncomeLine, **changed: Any) -> RecordHomeVisit:
    return home_visit(on, income=income, **changed)


def completing(
    accepted_on: date, *income: IncomeLine, chosen: IncomeTreatment | None = None
) -> Decided:
    """A wage and what else a household declares on the day of acceptance, and its account."""
    check = spec(CHECK, on=accepted_on).given(
        opened(accepted_on=accepted_on).model_copy(
            update={"survey_due": Due(on=accepted_on, calendar=CALENDAR_VERSION)}
        ),
        *asked(),
        *(a.model_copy(update={"income": ()}) for a in all_answered()),
    )
    stated = visit(accepted_on, wage(HUSBAND, WAGES_FEN), *income)
    (visited,) = check.when(stated, record_home_visit).events
    done = CompleteCheck(actor=FIRST, basic_pension=chosen)
    return check.given(visited, reviewed(accepted_on)).when(done, complete)


class TestTheBasicPension:
    @pytest.mark.parametrize(
        ("accepted_on", "counts"),
        [
            (BEFORE_THE_PLAN, True),
            pytest.param(FIRST_OF_THE_PLAN, False, marks=pytest.mark.mechanism("S2-31")),
            (LAST_OF_2012, False),
            (FIRST_OF_2021, False),
            (LAST_OF_THE_PLAN, False),
        ],
        ids=str,
    )
    def test_counts_until_the_fourteenth_plan_and_not_during_it(
        self, accepted_on: date, counts: bool
    ) -> None:
        pension = transfer(IncomeItem.BASIC_PENSION)
        (account,) = completing(accepted_on, pension).events
        assert account.income_fen == WAGES_FEN + (PENSION_FEN if counts else 0)
        assert account.counted_income_fen == account.income_fen
        shown = [(e.line, e.parameter) for e in account.excluded or ()]
        assert shown == ([] if counts else [(pension, "income_basic_pension")])
        assert (pension in account.income) is counts

    def test_is_a_persons_decision_after_it(self) -> None:
        refusal = completing(AFTER_THE_PLAN, transfer(IncomeItem.BASIC_PENSION)).refuses(
            "basic-pension-unsettled", lines=1, allowed="counted, excluded"
        )
        assert refusal.source

    @pytest.mark.parametrize("chosen", list(IncomeTreatment))
    def test_is_recorded_with_who_decided(self, chosen: IncomeTreatment) -> None:
        pension = transfer(IncomeItem.BASIC_PENSION)
        (account,) = completing(AFTER_THE_PLAN, pension, chosen=chosen).events
        counts = chosen is IncomeTreatment.COUNTED
        assert account.income_fen == WAGES_FEN + (PENSION_FEN if counts else 0)
        assert account.basic_pension == TreatmentChosen(treatment=chosen, chosen_by=FIRST)

    def test_that_nobody_gets_leaves_nothing_to_decide(self) -> None:
        (account,) = completing(AFTER_THE_PLAN).events
        assert (account.basic_pension, account.excluded) == (None, None)
        completing(AFTER_THE_PLAN, chosen=IncomeTreatment.EXCLUDED).refuses("basic-pension-settled")

    @pytest.mark.parametrize("chosen", list(IncomeTreatment))
    def test_that_is_settled_is_nobodys_choice(self, chosen: IncomeTreatment) -> None:
        completing(LAST_OF_THE_PLAN, transfer(IncomeItem.BASIC_PENSION), chosen=chosen).refuses(
            "basic-pension-settled", chosen=chosen
        )


@pytest.mark.parametrize(
    ("item", "last_counted", "first_excluded"),
    [
        (IncomeItem.PREFERENTIAL_PENSION, LAST_OF_2012, FIRST_OF_2021),
        (IncomeItem.FAMILY_PLANNING_AWARD, LAST_OF_2012, FIRST_OF_2021),
        (IncomeItem.SCHOLARSHIP, LAST_OF_2012, FIRST_OF_2021),
        (IncomeItem.BRAVERY_AWARD, LAST_OF_2012, FIRST_OF_2021),
        (IncomeItem.GOVERNMENT_SOCIAL_ASSISTANCE, LAST_OF_2012, FIRST_OF_2021),
        (IncomeItem.DISABILITY_SUBSIDY, date(2015, 12, 31), date(2016, 1, 1)),
        (IncomeItem.DE_FACTO_CHILD_SUBSIDY, date(2019, 12, 31), date(2020, 1, 1)),
    ],
)
def test_an_item_is_left_out_from_its_day_on(
    item: IncomeItem, last_counted: date, first_excluded: date
) -> None:
    line = transfer(item)
    assert first_excluded - last_counted == timedelta(days=1)
    (before,) = completing(last_counted, line).events
    (after,) = completing(first_excluded, line).events
    assert (before.income_fen, before.excluded) == (WAGES_FEN + PENSION_FEN, None)
    assert after.income_fen == WAGES_FEN
    assert [(e.line, e.parameter) for e in after.excluded] == [(line, "income_excluded")]


@pytest.mark.parametrize(
    "item",
    [
        None,
        IncomeItem.OLD_AGE_ALLOWANCE,
        IncomeItem.MEDICAL_INSURANCE_PAYMENT,
        IncomeItem.SOCIAL_INSURANCE_PAYMENT,
    ],
)
def test_what_nothing_leaves_out_of_dibao_counts(item: IncomeItem | None) -> None:
    (account,) = completing(FIRST_OF_2021, transfer(item)).events
    assert account.income_fen == WAGES_FEN + PENSION_FEN


class TestTekun:
    def completed(self, item: IncomeItem, on: date) -> Any:
        opening = opened(accepted_on=on).model_copy(
            update={
                "programme": Programme.TEKUN,
                "members": (Member(person_id=APPLICANT, relation=Relation.APPLICANT),),
                "survey_due": Due(on=on, calendar=CALENDAR_VERSION),
            }
        )
        check = spec(CHECK, on=on).given(opening)
        line = transfer(item).model_copy(update={"person_id": APPLICANT})
        alone = TekunCircumstances(
            ground=TekunGround.AGE_SIXTY_OR_OVER, obligors=ObligorStanding.NONE
        )
        (seen,) = check.when(visit(on, line, tekun=alone), record_home_visit).events
        (account,) = check.given(seen).when(CompleteCheck(actor=FIRST), complete).events
        return account

    @pytest.mark.parametrize("on", [FIRST_OF_2021, AFTER_THE_PLAN], ids=str)
    @pytest.mark.parametrize(
        "item",
        [
            IncomeItem.BASIC_PENSION,
            IncomeItem.PREFERENTIAL_PENSION,
            IncomeItem.MEDICAL_INSURANCE_PAYMENT,
            IncomeItem.SOCIAL_INSURANCE_PAYMENT,
            IncomeItem.OLD_AGE_ALLOWANCE,
        ],
    )
    def test_leaves_out_insurance_and_allowances_without_an_end(
        self, item: IncomeItem, on: date
    ) -> None:
        account = self.completed(item, on)
        assert (account.income_fen, len(account.excluded)) == (0, 1)

    def test_counts_what_its_measures_do_not_name(self) -> None:
        account = self.completed(IncomeItem.SCHOLARSHIP, FIRST_OF_2021)
        assert (account.income_fen, account.excluded) == (PENSION_FEN, None)


class TestSeveralStatements:
    def test_of_an_item_the_highest_counts_once(self) -> None:
        lines = [
            transfer(IncomeItem.BASIC_PENSION, 100_00),
            transfer(IncomeItem.BASIC_PENSION, 165_00, LineSource.SOCIAL_INSURANCE),
        ]
        assert rules.counting_lines(lines) == (lines[1],)

    def test_a_register_without_names_does_not_count_an_item_again(self) -> None:
        declared = transfer(IncomeItem.BASIC_PENSION)
        unnamed = transfer(None, source=LineSource.SOCIAL_INSURANCE)
        assert rules.counting_lines([declared, unnamed]) == (declared,)

    def test_what_a_register_knows_beyond_the_items_counts_without_a_name(self) -> None:
        declared = transfer(IncomeItem.BASIC_PENSION)
        unnamed = transfer(None, PENSION_FEN + 1, LineSource.SOCIAL_INSURANCE)
        over = transfer(None, 1, LineSource.SOCIAL_INSURANCE)
        assert rules.counting_lines([declared, unnamed]) == (declared, over)

    def test_two_items_and_the_rest_stand_side_by_side(self) -> None:
        lines = [
            transfer(IncomeItem.SCHOLARSHIP, 300_00),
            transfer(IncomeItem.BASIC_PENSION),
            transfer(None, 20_00),
        ]
        assert set(rules.counting_lines(lines)) == set(lines)
        assert rules.counting_lines(lines) == rules.counting_lines(lines[::-1])


class TestWhatMayBeStated:
    @pytest.mark.parametrize("kind", [IncomeKind.WAGE, IncomeKind.BUSINESS, IncomeKind.PROPERTY])
    def test_an_item_is_no_wage(self, kind: IncomeKind) -> None:
        with pytest.raises(Refusal) as raised:
            require_income_of_members([transfer(IncomeItem.SCHOLARSHIP, kind=kind)], MEMBERS)
        assert (raised.value.code, raised.value.status) == ("income-item-out-of-place", 422)

    def test_an_item_stands_beside_other_income_of_its_kind(self) -> None:
        lines = [transfer(IncomeItem.SCHOLARSHIP), transfer(None)]
        require_income_of_members(lines, MEMBERS)
        with pytest.raises(Refusal) as raised:
            require_income_of_members([*lines, lines[0]], MEMBERS)
        assert raised.value.code == "line-listed-twice"


class TestAChange:
    """A change takes the regime of the day on which it is reported, whatever was accepted when."""

    def reported(self, on: date, chosen: IncomeTreatment | None = None) -> Decided:
        pension = transfer(IncomeItem.BASIC_PENSION).model_copy(
            update={"person_id": decided.FOUR[0].person_id}
        )
        command = ReportChange(
            change_id=note("change").note_id,
            reporter=FIRST,
            income=(pension,),
            deductions=(),
            explanation=note("explanation"),
            basic_pension=chosen,
        )
        case = decided.given(*decided.UP_TO_SECOND, decided.confirmed(), on=on)
        return case.when(command, report_change)

    @pytest.mark.parametrize(
        ("on", "counted_fen"),
        [(BEFORE_THE_PLAN, PENSION_FEN), (FIRST_OF_THE_PLAN, 0), (LAST_OF_THE_PLAN, 0)],
        ids=str,
    )
    def test_counts_the_pension_by_its_own_day(self, on: date, counted_fen: int) -> None:
        (change,) = self.reported(on).events
        assert change.counted_income_fen == counted_fen
        assert (change.excluded is None) is (counted_fen > 0)

    def test_needs_a_decision_where_the_pension_is_unsettled(self) -> None:
        self.reported(AFTER_THE_PLAN).refuses("basic-pension-unsettled")
        (change,) = self.reported(AFTER_THE_PLAN, IncomeTreatment.EXCLUDED).events
        assert change.counted_income_fen == 0
        assert change.basic_pension == TreatmentChosen(
            treatment=IncomeTreatment.EXCLUDED, chosen_by=FIRST
        )

    def test_of_a_case_where_it_is_settled_takes_no_choice(self) -> None:
        self.reported(LAST_OF_THE_PLAN, IncomeTreatment.COUNTED).refuses("basic-pension-settled")


ITEMS = tuple(item for item in IncomeItem if item is not IncomeItem.BASIC_PENSION)
OF_2016 = (IncomeItem.DISABILITY_SUBSIDY,)
OF_2020 = (*OF_2016, IncomeItem.DE_FACTO_CHILD_SUBSIDY)
OF_57 = (
    *OF_2020,
    IncomeItem.PREFERENTIAL_PENSION,
    IncomeItem.FAMILY_PLANNING_AWARD,
    IncomeItem.SCHOLARSHIP,
    IncomeItem.BRAVERY_AWARD,
    IncomeItem.GOVERNMENT_SOCIAL_ASSISTANCE,
)
OF_43 = (
    IncomeItem.PREFERENTIAL_PENSION,
    IncomeItem.MEDICAL_INSURANCE_PAYMENT,
    IncomeItem.SOCIAL_INSURANCE_PAYMENT,
    IncomeItem.OLD_AGE_ALLOWANCE,
)


@pytest.mark.parametrize(
    ("on", "left_out"),
    [
        (date(2012, 12, 12), ()),
        (date(2015, 12, 31), ()),
        (date(2016, 1, 1), OF_2016),
        (date(2019, 12, 31), OF_2016),
        (date(2020, 1, 1), OF_2020),
        (LAST_OF_2012, OF_2020),
        (FIRST_OF_2021, OF_57),
        (date(2026, 7, 1), OF_57),
    ],
)
def test_of_all_items_dibao_leaves_out_those_of_its_day(
    on: date, left_out: tuple[IncomeItem, ...]
) -> None:
    (account,) = completing(on, *map(transfer, ITEMS)).events
    assert {line.line.item for line in account.excluded or ()} == set(left_out)
    assert account.income_fen == WAGES_FEN + (len(ITEMS) - len(left_out)) * PENSION_FEN


@pytest.mark.parametrize("on", [FIRST_OF_2021, date(2026, 7, 1)])
def test_of_all_items_tekun_leaves_out_what_its_measures_name(on: date) -> None:
    for item in ITEMS:
        account = TestTekun().completed(item, on)
        assert account.income_fen == (0 if item in OF_43 else PENSION_FEN), item


@pytest.mark.parametrize("item", list(IncomeItem))
def test_aid_leaves_nothing_out_since_its_first_day(item: IncomeItem) -> None:
    """Compared with what people of the place have at their disposal, which leaves out nothing."""
    on = date(2014, 10, 3)
    opening = opened(accepted_on=on).model_copy(
        update={
            "programme": Programme.TEMPORARY_ASSISTANCE,
            "survey_due": Due(on=on, calendar=CALENDAR_VERSION),
        }
    )
    check = spec(CHECK, on=on).given(
        opening, *asked(), *(a.model_copy(update={"income": ()}) for a in all_answered())
    )
    (seen,) = check.when(visit(on, transfer(item)), record_home_visit).events
    (account,) = check.given(seen).when(CompleteCheck(actor=FIRST), complete).events
    assert (account.income_fen, account.excluded) == (PENSION_FEN, None)
