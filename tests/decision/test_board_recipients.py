"""Who receives, as it is published: since when, by which rules, and who never is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from services.decision.rules.postings import PostingKind, is_public
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.decision import EndReason
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from tests.decision.household import CONFIRMED_ON, opened, policy, proposed
from tests.decision.test_board import (
    ALONE,
    FIRST,
    confirmed,
    over,
    received,
    running,
    text,
)
from tests.notices import notice
from tests.verification.household import APPLICANT, FUJIAN, HUSBAND, MEMBERS

pytestmark = pytest.mark.mechanism("S4-18")


class TestWhoReceives:
    def test_is_published_under_220_as_long_as_they_do(self) -> None:
        told = text(received(opened(), proposed(), confirmed(), on=date(2021, 6, 30)))
        assert "第三十四条" in told
        assert "家庭成员数量 / Persons: 4" in told
        assert "200.00" in told
        assert "自 / Since: 2020-04-23" in told
        assert "公示期" not in told

    @pytest.mark.parametrize(
        ("on", "article"),
        [
            (date(2021, 7, 1), "民发〔2021〕57号《最低生活保障审核确认办法》第二十四条"),
            (date(2022, 10, 20), "四（二）"),
            (date(2026, 7, 1), "《中华人民共和国社会救助法》第四十五条"),
        ],
    )
    def test_goes_by_the_rules_of_the_day(self, on: date, article: str) -> None:
        told = text(received(opened(), proposed(), confirmed(), on=on))
        assert article in told
        assert "张贴地点 / Hangs at: 所在村（社区） / the village or community" in told

    def test_nobody_is_shown_before_the_decision_or_after_the_end(self) -> None:
        ended = over(EndReason.STOPPED)
        assert received(opened(), proposed(), on=CONFIRMED_ON) is None
        assert received(opened(), proposed(), confirmed(), ended, on=CONFIRMED_ON) is None

    def test_a_place_may_limit_the_days(self, tmp_path: Path) -> None:
        notice(tmp_path, "350924", publication_days=30)
        by = policy(tmp_path)
        last = CONFIRMED_ON + timedelta(days=30)
        case = (opened(), proposed(), confirmed())
        assert received(*case, on=last, by=by) is not None
        assert received(*case, on=last + timedelta(days=1), by=by) is None

    def test_of_tekun_only_the_name(self) -> None:
        account = opened(programme=Programme.TEKUN, accepted_on=date(2022, 1, 4), members=ALONE)
        told = text(received(account, confirmed(programme=Programme.TEKUN), on=date(2022, 2, 1)))
        assert "第十七条" in told
        assert not any(word in told for word in ("200.00", "家庭成员", "残疾"))

    @pytest.mark.parametrize(
        "programme",
        [
            Programme.CHILD_ALLOWANCE,
            Programme.DISABILITY_LIVING_SUBSIDY,
            Programme.DISABILITY_CARE_SUBSIDY,
        ],
    )
    def test_children_and_disabled_people_are_in_no_publicity(self, programme: Programme) -> None:
        """民发〔2019〕62号, 2(2) (为保护儿童隐私); a subsidy's name would tell the disability."""
        account = opened(programme=programme, members=ALONE, accepted_on=date(2022, 1, 4))
        of = (account, proposed(persons=1), FIRST)
        assert running(*of) is None
        on = date(2022, 2, 1)
        assert received(*of, confirmed(programme=programme, members=ALONE), on=on) is None
        regime = policy().at(FUJIAN, programme, on)
        kinds = (PostingKind.FIRST, PostingKind.SECOND, PostingKind.RECIPIENT)
        assert not any(is_public(kind, regime) for kind in kinds)

    def test_where_the_applicant_left_who_is_paid_stands_for_the_household(self) -> None:
        left = HouseholdChanged(
            change_id=uuid4(),
            programme=Programme.DIBAO,
            division=FUJIAN,
            cause=HouseholdChangeCause.DEATH,
            happened_on=date(2020, 6, 1),
            members=MEMBERS[1:],
            left=(APPLICANT,),
            joined=(),
            payee=HUSBAND,
            from_month=Month(2020, 7),
        )
        told = text(received(opened(), proposed(), confirmed(), left, on=date(2020, 7, 1)))
        assert "申请人 / Applicant: 欧阳**" in told
        assert "Persons: 3" in told
        fell = DecisionRevoked(
            appeal_id=uuid4(),
            restorer=uuid4(),
            programme=Programme.DIBAO,
            division=FUJIAN,
            subject=NoticeSubject.AMOUNT_CHANGED,
            change_id=left.change_id,
            redo=False,
            payee=APPLICANT,
            members=MEMBERS,
        )
        case = (opened(), proposed(), confirmed(), left, fell)
        again = text(received(*case, on=date(2020, 7, 1)))
        assert "欧阳" not in again
        assert "Persons: 4" in again
