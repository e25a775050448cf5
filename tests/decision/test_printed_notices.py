"""A notice in the printed history: remedies with term and organ, and how it was served to whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due, Programme
from shared.contracts.notices import (
    GrantTold,
    NoticeOwed,
    NoticeServed,
    NoticeSubject,
    ServiceManner,
)
from tests.decision.household import APPROVER, CHANGED_ON, CONFIRMED, PROPOSER, opened
from tests.decision.test_printed_history import done, told
from tests.verification.household import APPLICANT, FUJIAN, HUSBAND, note


class TestANotice:
    NOTICE = uuid4()

    def owed(self, entry: UUID, decided_on: date = CHANGED_ON) -> NoticeOwed:
        return NoticeOwed(
            notice_id=self.NOTICE,
            subject=NoticeSubject.STOP,
            entry=entry,
            division=FUJIAN,
            addressee=APPLICANT,
            decided_on=decided_on,
            due=Due(on=date(2020, 5, 21), calendar=CALENDAR_VERSION),
        )

    def served(self, **changed: Any) -> NoticeServed:
        stated: dict[str, Any] = {
            "notice_id": self.NOTICE,
            "server": PROPOSER,
            "manner": ServiceManner.LEFT,
            "served_on": date(2020, 5, 20),
            "counts_on": date(2020, 5, 20),
            "recipient": HUSBAND,
            "witness": APPROVER,
            "reconsideration_until": date(2020, 7, 19),
            "court_until": date(2020, 11, 20),
            "proof": note("receipt"),
        }
        return NoticeServed(**(stated | changed))

    @pytest.mark.parametrize(
        ("role", "decided_on", "organs", "article"),
        [
            ("township_approver", CHANGED_ON, "县级人民政府", "行政复议法（2017年修正） art. 9"),
            ("county_approver", CHANGED_ON, "市级民政部门", "行政复议法（2017年修正） art. 9"),
            ("county_approver", date(2024, 1, 2), "县级人民政府", "行政复议法 art. 20"),
        ],
    )
    def test_names_the_remedies_with_terms_and_organs_of_the_day(
        self, role: str, decided_on: date, organs: str, article: str
    ) -> None:
        stop = done(CONFIRMED[-1], role=role, version=1)
        page_ = told(opened(), stop, self.owed(stop.id, decided_on))
        (line,) = (one for one in page_.splitlines() if "自送达起 60 日内" in one)
        assert "行政复议 / Reconsideration" in line
        assert organs in line
        assert ("市级民政部门" in line) is (organs == "市级民政部门")
        assert article in line
        assert "自送达起 6 个月内 / months from service，人民法院" in page_
        assert "见第 2 步 / see step 2" in page_

    def test_says_how_when_and_to_whom_it_was_served(self) -> None:
        page_ = told(opened(), self.owed(uuid4()), self.served())
        for line in (
            "停发 / the stop；留置送达 / left，2020-05-20",
            "受送达人 / to: 配偶 / spouse",
            "有见证人 / with a witness",
            f"送达回证档号 / receipt filed under: {note('receipt').note_id}",
            "可申请行政复议至 / reconsideration until: 2020-07-19，县级人民政府",
            "可提起行政诉讼至 / court until: 2020-11-20",
        ):
            assert line in page_, page_
        assert str(HUSBAND) not in page_

    def test_by_public_notice_it_is_to_nobody(self) -> None:
        public = self.served(manner=ServiceManner.PUBLIC_NOTICE, recipient=None, witness=None)
        assert "受送达人" not in told(opened(), self.owed(uuid4()), public)


class TestAGrant:
    """A grant owes no notice: the measures have a certificate, or publication."""

    @pytest.mark.parametrize(
        ("programme", "accepted_on", "how"),
        [
            (
                Programme.DIBAO,
                date(2021, 6, 30),
                "发给保障证 / by its certificate（民发〔2012〕220号 art. 29）",
            ),
            (
                Programme.DIBAO,
                date(2021, 7, 1),
                "确认通知书 / by its certificate, or a notice（民发〔2021〕57号 art. 21）",
            ),
            (
                Programme.TEKUN,
                date(2021, 7, 1),
                "以公布告知 / by publication（民发〔2021〕43号 art. 17）",
            ),
            (
                Programme.CHILD_ALLOWANCE,
                date(2021, 7, 1),
                "未规定告知形式 / no form is set（法规未作规定",
            ),
        ],
    )
    def test_says_how_the_household_is_told_and_by_what_article(
        self, programme: Programme, accepted_on: date, how: str
    ) -> None:
        account = opened(programme=programme, accepted_on=accepted_on)
        grant = CONFIRMED[-1].model_copy(update={"programme": programme})
        page_ = told(account, done(grant, role="county_approver", on=date(2021, 8, 2), version=2))
        assert how in page_
        assert "截至本页无送达记录 / that it was handed over is not recorded" in page_

    def test_says_in_which_step_it_was_handed_over_to_whom_and_until_when_to_appeal(self) -> None:
        handed_over = GrantTold(
            pay_from=CONFIRMED[-1].pay_from,
            **TestANotice().served().model_dump(exclude={"notice_id"}),
        )
        page_ = told(*CONFIRMED, handed_over, on=date(2020, 5, 20))
        step = len(CONFIRMED) + 1
        assert f"送达 / Handed over: 第 {step} 步 / step {step}" in page_
        section = page_.rpartition("grant told\n")[2]
        for line in (
            "留置送达 / left，2020-05-20；视为送达 / counts as served: 2020-05-20",
            "受送达人 / to: 配偶 / spouse",
            "可申请行政复议至 / reconsideration until: 2020-07-19",
        ):
            assert line in section

    def test_says_where_and_from_when_it_is_published(self) -> None:
        page_ = told(*CONFIRMED, on=date(2020, 4, 23))
        (line,) = (one for one in page_.splitlines() if "公布 / published" in one)
        assert "自 / from 2020-04-23，享受期间 / as long as it receives" in line
        assert "村（居）务公开栏 / the village's board" in line
        assert "民发〔2012〕220号 art. 34" in line

    def test_that_a_childs_is_not_published_is_told(self) -> None:
        account = opened(programme=Programme.CHILD_ALLOWANCE, accepted_on=date(2021, 7, 1))
        grant = CONFIRMED[-1].model_copy(update={"programme": Programme.CHILD_ALLOWANCE})
        page_ = told(account, grant, on=date(2021, 8, 2))
        assert "不予公布 / not published（民发〔2019〕62号 art. 2(2)）" in page_

    @pytest.mark.parametrize(
        ("role", "on", "organs"),
        [
            ("township_approver", date(2020, 4, 23), "县级人民政府 / the county's government（"),
            ("county_approver", date(2020, 4, 23), "市级民政部门 / the city's civil affairs（"),
        ],
    )
    def test_names_what_can_be_done_against_the_amount(
        self, role: str, on: date, organs: str
    ) -> None:
        page_ = told(*CONFIRMED[:-1], done(CONFIRMED[-1], role=role, on=on, version=9))
        (line,) = (one for one in page_.splitlines() if "自知道之日起 60 日内" in one)
        assert organs in line
        assert "自知道之日起 6 个月内 / months from knowing it，人民法院" in page_
