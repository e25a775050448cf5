"""Where rules stand, in print: whose power a decision is, what a date follows from, its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.decision.decisions import DecideChange, decide_change
from services.decision.printed import page
from shared.contracts.changes import AmountChanged
from shared.contracts.fields import Due
from shared.regions import load_regions
from tests.decision.household import (
    APPROVER,
    CASE,
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    OTHER,
    UP_TO_APPROVAL,
    given,
    opened,
    policy,
    reported,
)
from tests.decision.levelling import redetermined
from tests.decision.test_printed_history import TestAStandard, done, told
from tests.decision.test_printed_notices import TestANotice
from tests.decision.test_publicity import refused
from tests.documents import document
from tests.notices import notice
from tests.verification.household import SURVEY_DUE

DELEGATED = "福建省民政厅 福建省扶贫开发领导小组办公室"
"""Who issued the plan by which Fujian's townships decided."""


def confirmed_by(role: str, accepted_on: date = date(2020, 4, 1), *folders: Path) -> str:
    """A case's page whose confirmation was by somebody in a role."""
    confirmation = done(CONFIRMED[-1], by=APPROVER, role=role, version=3)
    events = (done(opened(accepted_on=accepted_on), version=1), confirmation)
    return page(CASE, events, policy(*folders), load_regions(()))


class TestPower:
    def test_a_township_names_who_delegated_it_by_what_from_when_to_when(self) -> None:
        page_ = confirmed_by("township_approver")
        for line in (
            "决定权限 / Power to decide: 乡镇人民政府（街道办事处），受委托行使县级民政部门",
            f"委托依据 / Delegated by: {DELEGATED}",
            "闽民救〔2020〕21号 art. 2(2).1；有效期 / in force 2020-03-31 – 2023-01-07",
            "“疫情防控期间，低保审批权限全部委托下放到乡镇（街道）”",
            "无委托时由 / Otherwise decided by: 县级民政部门 / the county's civil affairs（民政部",
            "民发〔2012〕220号 art. 26",
        ):
            assert line in page_, page_

    @pytest.mark.parametrize(
        ("accepted_on", "article"),
        [
            (date(2021, 7, 1), "民发〔2021〕57号 art. 2"),
            (date(2021, 6, 30), "民发〔2012〕220号 art. 26"),
        ],
    )
    def test_what_it_would_be_otherwise_is_by_the_measures_of_the_day(
        self, accepted_on: date, article: str
    ) -> None:
        page_ = confirmed_by("township_approver", accepted_on)
        (line,) = (one for one in page_.splitlines() if "无委托时由" in one)
        assert article in line

    def test_a_county_decides_by_its_own_and_no_delegation_is_told(self) -> None:
        page_ = confirmed_by("county_approver", date(2023, 1, 8))
        assert "Power to decide: 县级民政部门 / the county's civil affairs（民政部" in page_
        assert "委托依据" not in page_

    def test_a_place_that_delegates_on_its_own_is_named(self, tmp_path: Path) -> None:
        folder = notice(tmp_path, "350924", procedure_decided_by="township")
        page_ = confirmed_by("township_approver", date(2023, 1, 8), folder)
        (line,) = (one for one in page_.splitlines() if "委托依据 / Delegated by" in one)
        assert "A notice of the place" in line
        assert DELEGATED not in line

    def test_of_what_the_system_records_no_power_is_told(self) -> None:
        assert "Power to decide" not in confirmed_by("service")

    def test_at_length_once_then_by_the_step_that_has_it(self) -> None:
        events = decided_change(2_800_00)
        steps = [
            done(one, role="township_approver", version=number)
            for number, one in enumerate((*CONFIRMED, reported(2_800_00), *events), 1)
        ]
        page_ = told(*steps)
        assert page_.count("委托依据 / Delegated by") == 1
        assert f"（委托依据同第 {len(CONFIRMED)} 步 / by what: step {len(CONFIRMED)}）" in page_


def decided_change(wages_fen: int, on: date = CHANGED_ON) -> tuple[AmountChanged, ...]:
    command = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
    spec = given(*CONFIRMED, reported(wages_fen, on), on=on)
    return tuple(spec.when(command, decide_change).events)


class TestTerms:
    def test_each_last_day_has_its_term_with_document_and_article(self) -> None:
        page_ = told(*UP_TO_APPROVAL)
        assert "2020-04-14（7 个自然日 / calendar days，民发〔2012〕220号 art. 25）" in page_
        assert (
            "2020-04-26，自审批前公示期满起 / from the end of the publicity"
            "（3 个工作日 / working days，民发〔2012〕220号 art. 29）" in page_
        )

    def test_without_a_second_publicity_it_runs_from_the_approval(self) -> None:
        page_ = told(opened(accepted_on=date(2021, 7, 1)), *UP_TO_APPROVAL[1:])
        assert "Decision due: 2020-04-26（10 个工作日 / working days，民发〔2021〕57号" in page_

    @pytest.mark.parametrize(
        ("accepted_on", "term"),
        [
            (date(2021, 6, 30), "3 日 / days，民发〔2012〕220号 art. 26"),
            (date(2021, 7, 1), "3 个工作日 / working days，民发〔2021〕57号 art. 21"),
        ],
    )
    def test_a_refusals_notice_is_counted_as_its_measures_count(
        self, accepted_on: date, term: str
    ) -> None:
        assert f"（{term}）" in told(opened(accepted_on=accepted_on), refused())

    def test_the_first_month_paid_has_its_rule(self) -> None:
        assert "起始月 / first month: 2020-05（作出决定的下月，民发〔2012〕220号 art. 29）" in told(
            *CONFIRMED
        )

    def test_a_place_with_another_term_is_told_by_it(self, tmp_path: Path) -> None:
        folder = notice(tmp_path, "350924", publicity_days=9)
        steps = [done(one, version=n) for n, one in enumerate(UP_TO_APPROVAL, 1)]
        page_ = page(CASE, steps, policy(folder), load_regions(()))
        assert "（9 个自然日 / calendar days，A notice of the place）" in page_

    def test_a_choice_gives_its_reason_once(self) -> None:
        owed = TestANotice().owed(CASE)
        again = owed.model_copy(
            update={"notice_id": APPROVER, "due": Due(on=CHANGED_ON, calendar=SURVEY_DUE.calendar)}
        )
        page_ = told(opened(), owed, again)
        assert page_.count("比照不予确认的期限") == 1
        assert "法规未作规定；理由见第 2 步 / reason: step 2" in page_


class TestDays:
    def test_a_figure_says_from_when_to_when_it_holds(self) -> None:
        events = decided_change(2_800_00)
        page_ = told(*CONFIRMED, reported(2_800_00), *events)
        standard = next(one for one in page_.splitlines() if "the dibao standard: 600.00" in one)
        assert "自 2012-12-12 起有效 / in force from 2012-12-12 on" in standard
        heading = next(one for one in page_.splitlines() if one.startswith("  依据 / Rules（最低"))
        assert heading.endswith("有效期 / in force 2012-12-12 – 2021-06-30")

    def test_a_standard_that_was_set_says_until_when_where_another_followed(self) -> None:
        event = redetermined()
        first = document(TestAStandard.SET, case_id=APPROVER, on=date(2020, 6, 12))
        later = TestAStandard.SET.model_copy(
            update={"standard_id": OTHER, "from_month": TestAStandard.SET.from_month.next(6)}
        )
        second = document(later, case_id=APPROVER, on=date(2020, 12, 1))
        alone = told(*CONFIRMED, event, standards={event.standard_id: first})
        assert "until then" not in alone
        both = told(*CONFIRMED, event, standards={event.standard_id: first, OTHER: second})
        assert "自 2020-07 起 / from then on；至 2020-12 / until then" in both

    def test_the_end_lists_every_document_with_issuer_title_and_days(self) -> None:
        listed = confirmed_by("township_approver").partition("所引文件 / Documents cited")[2]
        for line in (
            "闽民救〔2020〕21号《2020年社会救助兜底脱贫行动实施方案》: 福建省民政厅",
            "民发〔2012〕220号《最低生活保障审核审批办法（试行）》: 民政部",
            "有效期 / in force 2012-12-12 – 2021-06-30",
        ):
            assert line in listed, listed


class TestTheGap:
    @pytest.mark.parametrize(
        ("on", "article"),
        [
            (date(2021, 6, 30), "民发〔2012〕220号 art. 27"),
            (date(2021, 7, 1), "民发〔2021〕57号 art. 23"),
        ],
    )
    def test_has_its_article(self, on: date, article: str) -> None:
        page_ = told(*CONFIRMED, reported(2_800_00, on), *decided_change(2_800_00, on), on=on)
        *_, line = (one for one in page_.splitlines() if one.startswith("  差额 / Gap"))
        assert line.endswith(f"（{article}）")
