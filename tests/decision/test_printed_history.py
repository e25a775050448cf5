"""What a lawyer looks for in the printed history: hands, remedies, causes, and whose words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from infra.demo.office import COUNTY
from services.decision.decisions import DecideChange, HoldHearing, decide_change, hold_hearing
from services.decision.printed import page
from services.decision.rules.postings import PostingKind, posting_number
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, HearingHeld, PhaseOutStarted, StopReason
from shared.contracts.circumstances import LeftOut, LeftOutReason
from shared.contracts.fields import ExcludedIncome, IncomeItem, IncomeKind, Relation
from shared.contracts.standards import DivisionLevel, StandardForce, StandardKind, StandardSet
from shared.kernel.decider import HOUSE
from shared.kernel.event import Document, Event
from shared.regions import load_regions
from tests.decision.household import (
    APPROVER,
    CASE,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    CONFIRMED_ON,
    OTHER,
    PROPOSER,
    UP_TO_FIRST,
    given,
    opened,
    policy,
    proposed,
    refusal_proposed,
    reported,
)
from tests.decision.levelling import redetermined
from tests.decision.test_publicity import refused
from tests.documents import document
from tests.verification.household import DAYAO, FUJIAN, HUSBAND, MOTHER, SECOND, SHAANXI, note, wage
from tests.verification.household import FIRST as SURVEYOR

SYSTEM = "service"
STANDARD_ID = uuid5(HOUSE, "tests/standard")


def told(
    *events: Event | Document[Any],
    on: date = CHANGED_ON,
    standards: Mapping[UUID, Document[StandardSet]] | None = None,
) -> str:
    documents = [
        event if isinstance(event, Document) else done(event, on=on, version=number)
        for number, event in enumerate(events, 1)
    ]
    return page(CASE, documents, policy(), load_regions(()), standards or {})


def done(
    event: Event,
    *,
    by: UUID = PROPOSER,
    role: str = "township_clerk",
    on: date = CHANGED_ON,
    version: int = 1,
) -> Document[Any]:
    """An event by somebody in a role."""
    made = document(event, case_id=CASE, on=on, version=version)
    return made.model_copy(update={"actor": by, "role": role})


class TestHands:
    STORY = (
        done(opened(), by=PROPOSER, role=SYSTEM, version=1),
        done(proposed(), by=PROPOSER, version=2),
        done(CONFIRMED[-1], by=APPROVER, role="county_approver", version=3),
    )

    def test_each_step_says_in_what_role_and_for_which_office_it_was_done(self) -> None:
        page_ = told(*self.STORY)
        assert "  经办 / By: 系统按规定登记 / recorded by the system" in page_
        clerk, approver = (
            "经办人员 3 / official 3，乡镇经办人员 / township clerk，鳌阳镇人民政府",
            "经办人员 4 / official 4，县级民政确认人员 / county approver，寿宁县民政局",
        )
        assert f"  经办 / By: {clerk}" in page_
        assert f"  经办 / By: {approver}" in page_

    def test_who_surveyed_is_told_from_who_decided(self) -> None:
        page_ = told(*self.STORY)
        assert "入户调查 / Surveyed by: 经办人员 1 / official 1；经办人员 2 / official 2" in page_

    def test_one_hand_has_one_number_and_no_id_is_in_print(self) -> None:
        page_ = told(
            done(opened(surveyors=(SURVEYOR,)), by=SURVEYOR), done(proposed(), by=SURVEYOR)
        )
        assert "经办人员 2" not in page_
        assert not any(str(one) in page_ for one in (SURVEYOR, SECOND, PROPOSER, APPROVER))

    def test_the_end_has_a_line_to_sign_for_each_hand_and_a_seal_for_each_office(self) -> None:
        signatures = told(*self.STORY).rpartition("签章 / Signatures and seals")[2]
        assert "所办各步 / steps: 2\n" in signatures
        assert signatures.count("签名 / signed: ____") == 4
        assert signatures.count("乡镇入户调查人员 / township surveyor，鳌阳镇人民政府") == 2
        assert "鳌阳镇人民政府（公章 / seal）" in signatures
        assert "寿宁县民政局（公章 / seal）" in signatures


def decided(wages_fen: int, on: date = CHANGED_ON, **command: Any) -> str:
    report = reported(wages_fen, on)
    spec = given(*CONFIRMED, report, on=on)
    stated = {"actor": OTHER, "role": "township_approver", "change_id": CHANGE} | command
    events = spec.when(DecideChange(**stated), decide_change).events
    return told(*CONFIRMED, report, *events, on=on)


class TestLeaving:
    def test_a_phase_out_says_its_cause_its_rule_and_where_its_amount_comes_from(self) -> None:
        page_ = decided(3_300_00)
        for line in (
            "工资性收入 / Wages: 2,900.00 → 3,300.00",
            "适用原因 / Cause: 收入超过标准，不问原因 / income above the standard",
            "渐退 / Phase-out: 应当给予 / is granted（闽民救〔2020〕21号 art. 2(2).1）",
            "期限由规定确定 / Its length is fixed: 12 个月 / months（闽民救〔2020〕21号",
            "渐退期金额 / Its amount: 按渐退前的金额发放 / what was paid before（法规未作规定",
        ):
            assert line in page_, page_

    def test_what_was_at_discretion_is_told_with_what_was_given(self) -> None:
        started = PhaseOutStarted(
            amount_fen=200_00,
            first_month=Month(2022, 12),
            last_month=Month(2023, 3),
            change_id=CHANGE,
            decider=OTHER,
            persons=4,
            standard_fen=600_00,
            counted_income_fen=2_600_00,
            parameters=(),
            explanation=note("why"),
        )
        on = date(2022, 11, 15)
        page_ = told(*CONFIRMED, reported(3_300_00, on), started, on=on)
        assert (
            "期限可裁量 / Its length is at discretion: 1 – 6 个月 / months；决定 / given: 4"
            in page_
        )
        assert "就业后收入超过标准 / income above the standard by employment" in page_
        assert f"笔录档号 / record filed under: {note('why').note_id}" in page_

    def test_a_stop_where_a_phase_out_could_have_been_granted_says_so(self) -> None:
        stopped = BenefitStopped(
            reason=StopReason.INCOME_ABOVE_STANDARD,
            last_month=Month(2022, 11),
            change_id=CHANGE,
            decider=OTHER,
            persons=4,
            standard_fen=600_00,
            counted_income_fen=2_600_00,
            parameters=(),
        )
        on = date(2022, 11, 15)
        page_ = told(*CONFIRMED, reported(3_300_00, on), stopped, on=on)
        assert "渐退 / Phase-out: 可以给予" in page_
        assert "未给予，由审批人员裁量 / not granted" in page_

    @pytest.mark.parametrize(
        ("division", "on", "source"),
        [
            (SHAANXI, date(2012, 12, 12), None),
            (SHAANXI, date(2020, 3, 31), None),
            (SHAANXI, date(2020, 4, 1), "社会救助兜底脱贫行动方案"),
            (FUJIAN, date(2020, 3, 30), None),
            (FUJIAN, date(2020, 3, 31), "闽民救〔2020〕21号 art. 2(2).1"),
            (DAYAO, date(2020, 3, 1), None),
            (DAYAO, date(2020, 3, 2), "大民联发(2020)2号 art. 2(3)"),
        ],
    )
    def test_a_cause_is_named_where_the_rules_of_the_day_name_one(
        self, division: str, on: date, source: str | None
    ) -> None:
        stopped = BenefitStopped(
            reason=StopReason.INCOME_ABOVE_STANDARD,
            last_month=Month.of(on),
            change_id=CHANGE,
            decider=OTHER,
            persons=4,
            standard_fen=600_00,
            counted_income_fen=2_600_00,
            parameters=(),
        )
        account = opened(division=division)
        page_ = told(account, reported(3_300_00, on), stopped, on=on)
        named = "适用原因 / Cause: 收入超过标准，不问原因"
        causes = [line for line in page_.splitlines() if "适用原因 / Cause" in line]
        assert [named in line and str(source) in line for line in causes] == (
            [] if source is None else [True]
        )

    def test_what_ended_a_phase_out_is_told(self) -> None:
        out = reported(3_300_00)
        spec = given(*CONFIRMED, out, on=CHANGED_ON)
        command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
        (started,) = spec.when(command, decide_change).events
        again = reported(2_900_00, date(2020, 9, 1))
        spec = given(*CONFIRMED, out, started, again, on=date(2020, 9, 1))
        back = spec.when(command, decide_change).events
        page_ = told(*CONFIRMED, out, started, again, *back)
        step = len(CONFIRMED) + 2
        assert f"第 {step} 步的渐退结束 / the phase-out ends with this" in page_


class TestAStandard:
    SET = StandardSet(
        standard_id=STANDARD_ID,
        proposer=PROPOSER,
        approver=APPROVER,
        division=COUNTY,
        level=DivisionLevel.COUNTY,
        kind=StandardKind.DIBAO,
        force=StandardForce.STANDARD,
        amount_fen=650_00,
        from_month=Month(2020, 7),
        notice=note("standard"),
    )

    def test_names_who_set_it_when_and_where_its_notice_is(self) -> None:
        by = document(self.SET, case_id=uuid4(), on=date(2020, 6, 12))
        event = redetermined()
        page_ = told(*CONFIRMED, event, on=date(2020, 7, 1), standards={event.standard_id: by})
        setting = (
            "寿宁县 2020-06-12 公布 / set on that day，自 2020-07 起 / from then on；"
            f"文件档号 / notice filed under: {note('standard').note_id}"
        )
        assert f"标准文件 / Set by: {setting}" in page_
        assert f"650.00（{setting}）" in page_

    def test_says_that_the_household_is_as_it_was_and_what_past_months_get(self) -> None:
        page_ = told(*CONFIRMED, redetermined(), on=date(2020, 9, 3))
        assert "家庭情况未变，只因标准调整" in page_
        assert "Months that had begun: 2020-07 – 2020-09，3 × 200.00 = 600.00" in page_

    def test_of_one_that_is_to_come_there_are_none(self) -> None:
        assert "Months that had begun" not in told(*CONFIRMED, redetermined(), on=date(2020, 6, 30))


class TestAnAccount:
    def test_the_same_household_under_other_rules_is_told_so(self) -> None:
        """The basic pension that counted under 220 is left out since 57."""
        pension = wage(MOTHER, 120_00).model_copy(
            update={"kind": IncomeKind.TRANSFER, "item": IncomeItem.BASIC_PENSION}
        )
        wages = wage(HUSBAND, 2_900_00)
        account = opened(income=(wages, pension))
        left_out = ExcludedIncome(line=pension, parameter="income_basic_pension")
        anew = reported(income=(wages,), excluded=(left_out,))
        as_it_was = "家庭情况未变，按现行规定核算 / the household is as it was"
        assert as_it_was in told(account, *CONFIRMED[1:], anew)
        assert as_it_was not in told(account, *CONFIRMED[1:], reported(2_800_00))

    def test_a_publicity_says_under_which_number_it_hangs(self) -> None:
        number = posting_number(CASE, PostingKind.FIRST, UP_TO_FIRST[-1].from_on)
        assert f"公示编号 / Posted under: {number}" in told(*UP_TO_FIRST)

    def test_registration_survey_and_review_are_on_the_page(self) -> None:
        page_ = told(opened(review_agreed=True))
        assert "户籍 / Registration: 未载明 / not stated" in page_
        assert "民主评议 / Democratic review: 评议通过 / agreed" in page_
        assert "入户调查 / Surveyed by: " in page_
        assert "无评议结论 / none concluded" in told(opened())

    def test_a_hearing_says_where_it_is_filed_and_what_came_of_it(self) -> None:
        report = reported()
        statement = note("statement")
        spec = given(*CONFIRMED, report, on=CHANGED_ON)
        (heard,) = spec.when(
            HoldHearing(change_id=CHANGE, statement=statement), hold_hearing
        ).events
        assert isinstance(heard, HearingHeld)
        command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
        events = given(*CONFIRMED, report, heard, on=CHANGED_ON).when(command, decide_change).events
        page_ = told(*CONFIRMED, report, heard, *events)
        assert f"笔录档号 / record filed under: {statement.note_id}" in page_
        assert f"结果见第 {len(CONFIRMED) + 3} 步 / what came of it" in page_
        assert "尚未作出决定 / nothing decided yet" in told(*CONFIRMED, report, heard)


class TestWords:
    @pytest.mark.parametrize(
        ("accepted_on", "title", "approved", "refused_"),
        [
            (date(2021, 6, 30), "审核审批意见书", "审批同意 / case approved", "不予批准"),
            (date(2021, 7, 1), "审核确认意见书", "审核确认 / case confirmed", "不予确认"),
        ],
    )
    def test_are_those_of_the_measures_in_force(
        self, accepted_on: date, title: str, approved: str, refused_: str
    ) -> None:
        account = opened(accepted_on=accepted_on)
        page_ = told(account, *CONFIRMED[1:], on=CONFIRMED_ON)
        assert page_.startswith(title)
        assert approved in page_
        assert refused_ in told(account, *UP_TO_FIRST[1:], refusal_proposed(), refused())


@pytest.mark.parametrize(
    ("reason", "article"),
    [
        (LeftOutReason.PRISONER, "在监狱内服刑 / in prison（民发〔2012〕220号 art. 5）"),
        (
            LeftOutReason.NOT_LIVING_TOGETHER,
            "未长期共同居住 / does not live with the household for long"
            "（民发〔2012〕220号 art. 5）",
        ),
    ],
)
def test_who_does_not_count_into_the_household_is_told_with_the_article(
    reason: LeftOutReason, article: str
) -> None:
    gone = LeftOut(person_id=MOTHER, relation=Relation.PARENT, reason=reason)
    members = tuple(member for member in opened().members if member.person_id != MOTHER)
    printed = told(opened(members=members, left_out=(gone,)))
    assert "家庭成员 / Household (3)" in printed
    assert f"父母 / parent: {article}" in printed
