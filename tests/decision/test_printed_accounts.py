"""An account in print: who has no income, and what a deduction rests on and whose it is."""

from __future__ import annotations

from datetime import date

from services.decision.reactions import on_check_completed
from shared.contracts.departments import Department
from shared.contracts.fields import DeductionKind, DeductionLine
from shared.contracts.home_visits import Bill
from shared.contracts.verification import EmploymentCost, ImputedWage
from tests.decision.household import CASE, CONFIRMED, opened, reported
from tests.decision.test_printed_history import told
from tests.documents import document
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER, wage
from tests.verification.test_decisions import completed

BILL = Bill(
    person_id=MOTHER,
    kind=DeductionKind.ILLNESS,
    number_digest="0123456789ab" + "c" * 52,
    issued_on=date(2020, 3, 2),
    amount_fen=9_000_00,
    reimbursed_fen=4_200_00,
)
COST = EmploymentCost(person_id=HUSBAND, wage_fen=2_900_00, amount_fen=300_00)


class TestIncome:
    def test_each_member_without_a_line_is_told_to_have_none(self) -> None:
        page_ = told(opened(income=(wage(HUSBAND, 2_900_00),)))
        for who in ("申请人 / applicant", "子女 / child", "父母 / parent"):
            assert f"{who}: 未申报收入，已反馈的部门亦未查到 / none declared" in page_
        assert "配偶 / spouse: 未申报" not in page_

    def test_of_a_report_nobody_but_the_household_was_asked(self) -> None:
        page_ = told(*CONFIRMED, reported()).rpartition("change reported\n")[2]
        assert "申请人 / applicant: 未申报收入 / no income declared" in page_
        assert "查到" not in page_

    def test_departments_that_gave_no_data_are_named(self) -> None:
        page_ = told(opened(missing=(Department.BANKS, Department.TAX)))
        assert "未反馈数据的部门 / gave no data: 银行 / banks；税务 / tax" in page_
        assert "gave no data" not in told(opened())

    def test_a_wage_that_was_assumed_says_what_was_stated(self) -> None:
        assumed = ImputedWage(person_id=HUSBAND, stated_fen=1_000_00, imputed_fen=1_420_00)
        page_ = told(opened(income=(wage(HUSBAND, 1_420_00),), imputed=(assumed,)))
        assert "申报 / stated 1,000.00，按 / counted as 1,420.00" in page_


class TestADeduction:
    def test_names_its_bills_their_member_and_the_sum(self) -> None:
        page_ = told(opened(bills=(BILL,), window_months=12))
        assert (
            "父母 / parent，票据 / bill 2020-03-02（号码摘要 / number's digest 0123456789ab）: "
            "9,000.00 − 报销 / reimbursed 4,200.00 = 4,800.00" in page_
        )
        assert "4,800.00 ÷ 12 个月 / months = 400.00（法规未作规定" in page_

    def test_that_none_was_stated_is_told(self) -> None:
        assert "未申报可扣减的支出 / none stated" in told(opened(deductions=()))
        assert "未申报可扣减的支出" not in told(opened())

    def test_without_a_bill_that_is_told(self) -> None:
        page_ = told(opened())
        assert page_.count("未记载票据和所属成员 / as the household stated it") == 2
        with_bill = told(opened(bills=(BILL,), window_months=12))
        assert with_bill.count("未记载票据和所属成员") == 1

    def test_a_computed_cost_of_working_names_whose_it_is(self) -> None:
        page_ = told(opened(employment_costs=(COST,)))
        assert "配偶 / spouse: 工资 / of a wage of 2,900.00，300.00" in page_

    def test_which_are_deducted_has_its_article(self) -> None:
        assert "扣减 / Deductions（闽民救〔2020〕21号 art. 2(2).1）" in told(opened())
        assert "扣减 / Deductions（民发〔2021〕57号 art. 13）" in told(
            opened(division="110101001000", accepted_on=date(2021, 7, 1))
        )

    def test_a_later_report_has_no_bills_and_says_so(self) -> None:
        lines = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=400_00),)
        page_ = told(*CONFIRMED, reported(deductions=lines)).rpartition("change reported\n")[2]
        assert "未记载票据和所属成员" in page_


def test_what_stands_behind_an_account_comes_with_the_completed_check() -> None:
    check = completed().model_copy(
        update={
            "bills": (BILL,),
            "window_months": 12,
            "employment_costs": (COST,),
            "missing": (Department.BANKS,),
        }
    )
    (submission,) = on_check_completed(document(check, case_id=CASE, on=date(2020, 4, 7)))
    account = submission.command.account
    assert (account.bills, account.window_months) == ((BILL,), 12)
    assert (account.employment_costs, account.missing) == ((COST,), (Department.BANKS,))
    assert str(APPLICANT) not in told(account)
    assert str(DAUGHTER) not in told(account)
