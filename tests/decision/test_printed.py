"""The determination in print: sums that can be followed, and rules that can be looked up."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from services.decision.decisions import Decide, DecideChange, decide_change, refuse
from services.decision.printed import page
from services.decision.printed.hands import BY
from services.decision.printed.page import RULE
from services.decision.reactions import on_check_completed
from shared.contracts.aid import (
    AidFollowUpOpened,
    AidHouseholdHeard,
    AidUnderWay,
)
from shared.contracts.appeals import AppealRulingCarriedOut
from shared.contracts.changes import HouseholdChange, HouseholdChangeCause
from shared.contracts.circumstances import (
    AgeGroup,
    Occupation,
)
from shared.contracts.fields import (
    Due,
    ExcludedIncome,
    IncomeItem,
    IncomeKind,
    Member,
    Relation,
)
from shared.contracts.labels import label_of
from shared.contracts.publish import published
from shared.contracts.work import (
    WorkConsequenceDropped,
)
from shared.kernel.event import Event, read_as
from shared.regions import load_regions
from tests.contracts.examples import example_event
from tests.decision.assessments import AUGUST_2021, BAOJI, MAY_2020, assessed
from tests.decision.household import (
    CASE,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    OTHER,
    UP_TO_FIRST,
    given,
    objected,
    opened,
    policy,
    reported,
)
from tests.decision.levelling import redetermined
from tests.decision.test_proposing import proposing
from tests.decision.work import cut, withheld
from tests.documents import document
from tests.verification.circumstances import ILL, PHYSICAL_2, household, lives
from tests.verification.household import (
    APPLICANT,
    DAUGHTER,
    HUSBAND,
    MOTHER,
    STRANGER,
    SURVEY_DUE,
    wage,
)
from tests.verification.test_decisions import completed


def printed(*events: Event, on: date = MAY_2020) -> str:
    documents = [
        document(event, case_id=CASE, on=on, version=number)
        for number, event in enumerate(events, 1)
    ]
    return page(CASE, documents, policy(), load_regions(()))


def test_an_objection_is_printed_with_the_day_by_which_the_case_is_decided_then() -> None:
    due = Due(on=date(2020, 5, 21), calendar=SURVEY_DUE.calendar)
    told = printed(opened(), objected().model_copy(update={"decision_due": due}))
    assert "决定期限 / Decision due: 2020-05-21" in told
    assert "决定期限" not in printed(opened(), objected())


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
    assert "（闽民救〔2020〕21号 art. 2(1).3" in told
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
    assert "适用该日的规定 / Rules as of: 2020-05-18" in told
    assert "渐退期 / Phase-out: 2020-06 – 2021-05，每月 / a month 200.00" in told
    assert "闽民救〔2020〕21号 art. 2(2).1" in told


def test_a_figure_that_the_parameters_no_longer_hold_is_marked() -> None:
    (drawn_up, _) = proposing().events
    changed = tuple(p.model_copy(update={"value": p.value + 1}) for p in drawn_up.parameters)
    told = printed(opened(), drawn_up.model_copy(update={"parameters": changed}))
    assert told.count("参数已变更 / no longer so") == len(changed)


NAME_SAYS_ALL = (
    WorkConsequenceDropped,
    AppealRulingCarriedOut,
    AidFollowUpOpened,
    AidUnderWay,
    AidHouseholdHeard,
)
"""Events whose name is all there is to say."""
OF_NO_DETERMINATION = (
    "small-aid-",
    "caseload-",
    "redetermination-",
    "standard-proposed",
    "standard-unexamined",
    "standard-set",
    "subsidy-",
    "support-",
)
SUPERSEDED = [
    published()[older]
    for latest in published().values()
    for older in read_as(latest) - {latest.type}
]
"""Versions that are read as their latest."""
OF_A_CASE = [
    event_class
    for type_, event_class in published().items()
    if type_.startswith("doudi.decision.")
    and not type_.removeprefix("doudi.decision.").startswith(OF_NO_DETERMINATION)
    and event_class not in SUPERSEDED
]


@pytest.mark.parametrize("event_class", OF_A_CASE, ids=lambda one: one.type)
def test_everything_that_happens_to_a_case_is_told_in_words(event_class: type[Event]) -> None:
    event = example_event(event_class)
    told = printed(opened(accepted_on=date(2021, 7, 1)), event)
    label = label_of(event.type)
    assert f"2. {MAY_2020}  {label.zh} / {label.en}" in told
    section = told.rpartition(f"{label.zh} / {label.en}\n")[2].partition(RULE)[0]
    assert section.startswith(f"  {BY}: ")
    said = section.partition("\n")[2].strip()
    assert bool(said) == (event_class not in NAME_SAYS_ALL)
    codes = [
        value.value
        for name, value in event
        if isinstance(value, StrEnum) and "_" in value.value and name != "programme"
    ]
    assert not any(code in said for code in codes)


def test_a_standard_that_was_recorded_is_told_with_both_figures() -> None:
    told = printed(*CONFIRMED, redetermined(), on=date(2020, 7, 1))
    assert "标准 / Standard: 600.00 → 650.00，自 2020-07 起" in told
    assert "差额 / Gap: 650.00 × 4 − 2,200.00 = 400.00" in told
    assert "每月 / A month: 200.00 → 400.00" in told
    assert "650.00（本地公布的标准 / a standard that the division has set）" in told
    assert "参数已变更" not in told


def test_who_joined_is_called_so_with_an_income_of_their_own() -> None:
    baby = Member(person_id=STRANGER, relation=Relation.CHILD)
    change = HouseholdChange(cause=HouseholdChangeCause.MOVED_IN, joined=(baby,))
    report = reported(
        income=(wage(STRANGER, 100_00),), happened_on=date(2020, 5, 2), household=change
    )
    told = printed(*CONFIRMED, report, on=CHANGED_ON)
    assert "事实发生于 / The fact is of: 2020-05-02" in told
    assert "子女 / child 2（后加入 / joined later），工资性收入" in told


def test_what_refused_work_took_off_is_a_line_of_the_sum() -> None:
    cut_ = cut(400_00, withheld(person_id=DAUGHTER)).model_copy(update={"persons": 3})
    told = printed(*CONFIRMED, cut_, on=date(2020, 7, 20))
    assert "差额 / Gap: 375.00 × 3 − 525.00 = 600.00" in told
    assert "子女 / child，扶贫项目 / a poverty project: 扣减本人份额的" in told
    assert "扣减合计 / Withheld together: − 200.00" in told


def test_a_month_of_the_past_goes_by_its_own_rules_and_the_difference_is_told() -> None:
    """Reported and decided in September 2021 of May 2020: each month by that month's rules."""
    in_2021 = date(2021, 9, 20)
    late = reported(2_700_00, in_2021, happened_on=date(2020, 5, 2))
    spec = given(*CONFIRMED, late, on=in_2021)
    command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
    amount, *more, beside = spec.when(command, decide_change).events
    told = printed(*CONFIRMED, late, amount, *more, beside, on=in_2021)
    assert "适用该日的规定 / Rules as of: 2020-06-01" in told
    assert "2020-06: 200.00 → 400.00" in told
    assert f"差额合计 / Difference together: {16 * 200:,}.00" in told
    assert "参数已变更" not in told


def test_income_that_does_not_count_is_listed_apart() -> None:
    pension = wage(MOTHER, 120_00).model_copy(
        update={"kind": IncomeKind.TRANSFER, "item": IncomeItem.BASIC_PENSION}
    )
    left_out = ExcludedIncome(line=pension, parameter="income_basic_pension")
    account = opened(excluded=(left_out,))
    check = completed().model_copy(update={"excluded": (left_out,)})
    (submission,) = on_check_completed(document(check, case_id=CASE, on=MAY_2020))
    assert submission.command.account.excluded == account.excluded
    told = printed(account)
    assert "不计入的收入 / Income that does not count" in told
    assert (
        "父母 / parent，转移净收入 / transfers, net，中央确定的基础养老金 / basic pension" in told
    )


def test_nobody_and_nothing_written_is_in_it() -> None:
    told = printed(opened(), *UP_TO_FIRST[1:])
    for person in (APPLICANT, HUSBAND, DAUGHTER, MOTHER):
        assert str(person) not in told
