"""The determination in print: sums that can be followed, and rules that can be looked up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import pytest

from services.decision.decisions import Decide, DecideChange, decide_change, refuse
from services.decision.printed import page
from services.decision.printed.words import known
from shared.contracts.decision import (
    AssessmentReason,
    Assistance,
    EndReason,
    HardshipGround,
    Outcome,
    ProcedureRegime,
    PublicityRound,
    RefusalReason,
    SinglePersonGround,
    StopReason,
    TopUpKind,
)
from shared.contracts.fields import (
    AgeGroup,
    DeductionKind,
    IncomeKind,
    LineSource,
    Occupation,
    Relation,
)
from shared.kernel.event import Event
from shared.regions import load_regions
from tests.decision.household import (
    CASE,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    OTHER,
    UP_TO_FIRST,
    given,
    opened,
    policy,
    reported,
)
from tests.decision.test_assessing import (
    AUGUST_2021,
    BAOJI,
    ILL,
    MAY_2020,
    PHYSICAL_2,
    assessed,
    household,
    lives,
)
from tests.decision.test_proposing import proposing
from tests.documents import document
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER, wage


def printed(*events: Event, on: date = MAY_2020) -> str:
    documents = [
        document(event, case_id=CASE, on=on, version=number)
        for number, event in enumerate(events, 1)
    ]
    return page(CASE, documents, policy(), load_regions(()))


def test_the_story_can_be_followed_with_a_pencil() -> None:
    told = printed(opened(), *proposing().events)
    for line in (
        "所依办法 / Under: 最低生活保障审核审批办法（试行），民发〔2012〕220号",
        "配偶 / spouse，工资性收入 / wages（本人申报 / declared）: 2,900.00",
        "因病刚性支出 / illness: 400.00",
        "计入收入 / Counted: 2,900.00 − 700.00 = 2,200.00",
        "收入与标准 / Income and standard: 2,200.00 < 600.00 × 4 = 2,400.00",
        "金融资产 / Deposits: 800.00 ≤ 3 × 12 × 600.00 × 4 = 86,400.00",
        "住房 / Houses: 1 ≤ 1",
        "机动车辆 / Vehicles: 0 ≤ 0",
        "按户纳入低保 / dibao of the household: 符合 / qualifies",
        "差额 / Gap: 600.00 × 4 − 2,200.00 = 200.00",
        "每月 / A month: 200.00 元 / yuan",
    ):
        assert line in told


def test_rules_name_document_and_article_and_say_what_is_a_choice() -> None:
    told = printed(*refused())
    assert "列入潜在救助对象" not in told
    assert "（社会救助兜底脱贫行动方案" in told or "（闽民救〔2020〕21号 art. 2(1).3" in told
    assert "潜在救助对象的人均收入上限（低保标准的倍数）" in told
    assert "“存在一定困难”未作界定" in told


def refused() -> tuple[Event, ...]:
    unsteady = lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK)
    account = opened(
        circumstances=household(unsteady), counted_income_fen=2_560_00, accepted_on=MAY_2020
    )
    events = assessed(unsteady).events
    spec = given(account, *events, on=MAY_2020)
    decided = spec.when(Decide(actor=OTHER, role="township_approver"), refuse).events
    return (account, *events, *decided)


def test_a_refusal_says_why_and_what_remains() -> None:
    told = printed(*refused())
    assert "人均收入不低于低保标准 / income not below the standard" in told
    assert "就业不稳定 / unsteady work；收入接近低保标准 / income near the standard" in told
    assert "书面告知期限 / Written notice due: 2020-05-21" in told


def test_who_enters_alone_is_named_by_relation_with_ground_and_sum() -> None:
    accounts = {"income": (wage(MOTHER, 100_00),), "accepted_on": AUGUST_2021}
    severe = lives(MOTHER, **PHYSICAL_2)
    account = opened(circumstances=household(severe), counted_income_fen=2_560_00, **accounts)
    events = assessed(severe, on=AUGUST_2021, income=accounts["income"]).events
    told = printed(account, *events, on=AUGUST_2021)
    ground = "边缘家庭中的一级、二级重度残疾人 / severely disabled, of an edge household"
    assert f"父母 / parent，{ground}: 600.00 − 100.00 = 500.00" in told
    assert "低保边缘家庭 / edge household: 符合 / qualifies" in told
    in_full = assessed(lives(MOTHER, **ILL)).events
    assert "600.00（全额 / in full）" in printed(account, *in_full)


def test_top_ups_are_added_line_by_line() -> None:
    old = lives(MOTHER, age=AgeGroup.SEVENTY_OR_OVER)
    changed = {"division": BAOJI, "counted_income_fen": 1_900_00}
    account = opened(circumstances=household(old), accepted_on=AUGUST_2021, **changed)
    told = printed(account, *assessed(old, on=AUGUST_2021, **changed).events, on=AUGUST_2021)
    assert "差额 / Gap: 500.00 × 4 − 1,900.00 = 100.00" in told
    assert "分类施保 / top-up, 七十周岁以上老年人 / seventy or over: + 150.00" in told
    assert "每月 / A month: 250.00" in told


def test_a_later_procedure_names_the_day_whose_rules_it_follows() -> None:
    spec = given(*CONFIRMED, reported(), on=CHANGED_ON)
    command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
    events = spec.when(command, decide_change).events
    told = printed(*CONFIRMED, reported(), *events, on=CHANGED_ON)
    assert "所依日期 / Rules of: 2020-05-18" in told
    assert "渐退期 / Phase-out: 2020-06 – 2021-05，每月 / a month 200.00" in told
    assert "闽民救〔2020〕21号 art. 2(2).1" in told


def test_a_figure_that_the_parameters_no_longer_hold_is_marked() -> None:
    (drawn_up, _) = proposing().events
    changed = tuple(p.model_copy(update={"value": p.value + 1}) for p in drawn_up.parameters)
    told = printed(opened(), drawn_up.model_copy(update={"parameters": changed}))
    assert told.count("参数已变更 / no longer so") == len(changed)


def test_nobody_and_nothing_written_is_in_it() -> None:
    told = printed(opened(), *UP_TO_FIRST[1:])
    for person in (APPLICANT, HUSBAND, DAUGHTER, MOTHER):
        assert str(person) not in told


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("regime", ProcedureRegime),
        ("relation", Relation),
        ("income", IncomeKind),
        ("source", LineSource),
        ("deduction", DeductionKind),
        ("assistance", Assistance),
        ("outcome", Outcome),
        ("ground", SinglePersonGround),
        ("topup", TopUpKind),
        ("hardship", HardshipGround),
        ("round", PublicityRound),
    ],
)
def test_every_code_has_a_name(kind: str, codes: Iterable[StrEnum]) -> None:
    assert known(kind) == {code.value for code in codes}


def test_every_reason_has_a_name() -> None:
    reasons = (AssessmentReason, RefusalReason, StopReason, EndReason)
    spoken = {code.value for codes in reasons for code in codes} - {EndReason.AID_EXPLAINED}
    assert known("reason") == spoken
