"""What hangs in public: whose name how, what of them, for how long, under which regime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.decision.printed import board
from services.decision.printed.board import Posting, lines, sheet
from services.decision.views import POSTINGS, PostingRow
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed, CaseEnded, EndReason
from shared.contracts.fields import Member, Programme, Relation
from shared.contracts.publicity import PublicityPosted, PublicityRound, ResurveyOrdered
from shared.contracts.terminations import (
    TerminationGround,
    TerminationObjectionResolved,
    TerminationProposed,
)
from shared.kernel.event import Event
from shared.policy import Policy
from shared.regions import load_regions
from tests.decision.household import (
    CONFIRMED_ON,
    EXPLANATION,
    FIRST_UNTIL,
    OTHER,
    PROPOSED_ON,
    PROPOSER,
    SECOND_UNTIL,
    opened,
    policy,
    proposed,
    refusal_proposed,
)
from tests.decision.test_publicity import refused
from tests.documents import document
from tests.verification.household import APPLICANT, FUJIAN, HUSBAND, MEMBERS

CASE = uuid4()
NAMES = {APPLICANT: "叶秀珍", HUSBAND: "欧阳志远"}
REGIONS = load_regions(())
pytestmark = pytest.mark.mechanism("S4-18")


def posted(round_: PublicityRound, from_on: date) -> PublicityPosted:
    return PublicityPosted(round=round_, from_on=from_on, until_on=from_on + timedelta(days=7))


ALONE = (Member(person_id=APPLICANT, relation=Relation.APPLICANT),)
FIRST = posted(PublicityRound.FIRST, PROPOSED_ON)
SECOND = posted(PublicityRound.SECOND, date(2020, 4, 15))


def confirmed(**changed: Any) -> CaseConfirmed:
    stated: dict[str, Any] = {
        "programme": Programme.DIBAO,
        "division": FUJIAN,
        "payee": APPLICANT,
        "members": MEMBERS,
        "amount_fen": 200_00,
        "pay_from": Month(2020, 5),
    }
    return CaseConfirmed(**(stated | changed))


def over(reason: EndReason) -> CaseEnded:
    return CaseEnded(programme=Programme.DIBAO, division=FUJIAN, members=MEMBERS, reason=reason)


def row(*events: Event, on: date = PROPOSED_ON) -> PostingRow | None:
    """The view's row of a case to which this happened."""
    kept = None
    for event in events:
        kept = POSTINGS.fold(str(CASE), kept, document(event, case_id=CASE, on=on))
    return None if kept is None else PostingRow.model_validate(kept | {"_id": str(CASE)})


def running(*events: Event, on: date = PROPOSED_ON) -> Posting | None:
    found = row(*events)
    assert found is not None
    return board.running(found, NAMES, policy(), REGIONS, on)


def received(
    *events: Event, on: date, confirmed_on: date = CONFIRMED_ON, by: Policy | None = None
) -> Posting | None:
    found = row(*events, on=confirmed_on)
    assert found is not None
    return board.received(found, NAMES, by or policy(), REGIONS, on)


def text(posting: Posting | None) -> str:
    assert posting is not None
    return "\n".join(lines(posting))


class TestPublicityOf220:
    def test_the_first_tells_survey_review_and_proposal(self) -> None:
        told = text(running(opened(review_agreed=True), proposed(), FIRST))
        for line in (
            "最低生活保障初审公示 / minimum living guarantee (dibao): publicity of the proposal",
            "依据 / By: 民发〔2012〕220号《最低生活保障审核审批办法（试行）》第二十五条",
            "申请人 / Applicant: 叶**",
            "入户调查 / Home survey: 已入户调查 / done",
            "民主评议 / Democratic review: 评议通过 / agreed",
            "初审意见 / Proposal: 拟给予保障 / to be granted",
            "张贴地点 / Hangs at: 村（居）务公开栏 / the village's board",
            "公示期 / From and to: 2020-04-07 – 2020-04-14",
            "有异议的，请于2020年4月14日前（含当日）向鳌阳镇人民政府提出。",
        ):
            assert line in told
        assert not any(figure in told for figure in ("200.00", "家庭成员"))

    def test_the_second_tells_the_household_and_the_amount(self) -> None:
        told = text(running(opened(), proposed(), FIRST, SECOND, on=SECOND_UNTIL))
        assert "家庭成员 / Household: 申请人、配偶、子女、父母" in told
        assert "拟保障金额（元/月） / Proposed: amount, yuan a month: 200.00" in told
        assert "第二十九条" in told
        assert "乡镇政务公开栏、村（居）务公开栏、政务大厅电子屏" in told
        assert "入户调查" not in told

    def test_a_review_that_was_not_held_is_told_so(self) -> None:
        assert "无评议结论 / none concluded" in text(running(opened(), proposed(), FIRST))


def test_since_57_the_proposal_alone_is_posted_before_the_decision() -> None:
    """民发〔2021〕57号, art. 19; the amount is published after it, by art. 24."""
    accepted_on = date(2021, 7, 1)
    told = text(running(opened(accepted_on=accepted_on), proposed(), FIRST))
    assert "初审意见 / Proposal" in told
    assert "第十九条" in told
    assert not any(word in told for word in ("民主评议", "200.00", "家庭成员"))


def test_an_application_of_220_is_posted_as_220_has_it_though_57_is_in_force() -> None:
    first = posted(PublicityRound.FIRST, date(2021, 7, 12))
    account = opened(accepted_on=date(2021, 6, 30))
    told = text(running(account, proposed(), first, on=date(2021, 7, 12)))
    assert "第二十五条" in told


class TestTheDays:
    @pytest.mark.parametrize(
        ("on", "hangs"),
        [
            (PROPOSED_ON - timedelta(days=1), False),
            (PROPOSED_ON, True),
            (FIRST_UNTIL, True),
            (FIRST_UNTIL + timedelta(days=1), False),
        ],
    )
    def test_hangs_from_the_first_to_the_last(self, on: date, hangs: bool) -> None:
        assert (running(opened(), proposed(), FIRST, on=on) is not None) is hangs

    @pytest.mark.parametrize(
        "after",
        [
            (ResurveyOrdered(ordered_by=OTHER),),
            (refusal_proposed(), refused()),
        ],
    )
    def test_a_case_surveyed_anew_or_refused_hangs_no_longer(
        self, after: tuple[Event, ...]
    ) -> None:
        assert running(opened(), proposed(), FIRST, *after) is None

    def test_a_person_without_a_readable_name_is_not_shown(self) -> None:
        """Erased, or a row that cannot be opened: nothing hangs of them."""
        found = row(opened(), proposed(), FIRST)
        assert found is not None
        assert board.running(found, {}, policy(), REGIONS, PROPOSED_ON) is None

    def test_every_posting_has_a_number_of_its_own(self) -> None:
        first, second = row(opened(), FIRST), row(opened(), FIRST, SECOND)
        assert first is not None
        assert second is not None
        assert first.number != second.number
        assert str(CASE).replace("-", "")[:10].upper() not in (first.number, second.number)


def test_a_proposed_end_hangs_without_its_ground() -> None:
    ending = TerminationProposed(
        termination_id=uuid4(),
        proposer=PROPOSER,
        ground=TerminationGround.IMPRISONED,
        from_on=date(2022, 3, 1),
        until_on=date(2022, 3, 8),
        explanation=EXPLANATION,
    )
    account = opened(programme=Programme.TEKUN, accepted_on=date(2022, 1, 4), members=ALONE)
    case = (account, confirmed(programme=Programme.TEKUN, members=ALONE), ending)
    told = text(running(*case, on=date(2022, 3, 8)))
    assert "拟终止救助供养公示" in told
    assert "第二十六条" in told
    assert "所在村（社区）、供养服务机构" in told
    assert not any(word in told for word in ("服刑", "imprison", "保障金额"))
    assert running(*case, on=date(2022, 3, 9)) is None


def test_an_end_that_is_public_anew_hangs_again() -> None:
    """民发〔2021〕43号, art. 26 (并重新公示)."""
    ids: dict[str, Any] = {"termination_id": uuid4(), "explanation": EXPLANATION}
    ending = TerminationProposed(
        **ids,
        proposer=PROPOSER,
        ground=TerminationGround.MEANS,
        from_on=date(2022, 3, 1),
        until_on=date(2022, 3, 8),
    )
    looked_into: dict[str, Any] = {
        "termination_id": ids["termination_id"],
        "objection_id": uuid4(),
        "late": False,
        "findings": EXPLANATION,
    }
    account = opened(programme=Programme.TEKUN, accepted_on=date(2022, 1, 4), members=ALONE)
    case = (account, confirmed(programme=Programme.TEKUN, members=ALONE), ending)
    again = TerminationObjectionResolved(**looked_into, upheld=False, until_on=date(2022, 3, 27))
    found = row(*case, again, on=date(2022, 3, 20))
    assert found is not None
    shown = [
        board.running(found, NAMES, policy(), REGIONS, on) is not None
        for on in (date(2022, 3, 19), date(2022, 3, 20), date(2022, 3, 27), date(2022, 3, 28))
    ]
    assert shown == [False, True, True, False]
    held = TerminationObjectionResolved(**looked_into, upheld=True)
    assert running(*case, held, on=date(2022, 3, 5)) is None


def every_posting() -> Iterable[Posting]:
    for events, on in (
        ((opened(review_agreed=False), proposed(), FIRST), PROPOSED_ON),
        ((opened(), proposed(), FIRST, SECOND), SECOND_UNTIL),
    ):
        posting = running(*events, on=on)
        assert posting is not None
        yield posting
    published = received(opened(), proposed(), confirmed(), on=CONFIRMED_ON)
    assert published is not None
    yield published


def test_nothing_else_of_anybody_is_told() -> None:
    """Neither ids, nor income, property, spending, standards, dates of birth."""
    account = opened()
    hidden = {str(CASE), *(str(member.person_id) for member in account.members), *NAMES.values()}
    hidden |= {"2,900.00", "2,200.00", "800.00", "600.00", "因病", "illness", "残"}
    told = [text(posting) for posting in every_posting()]
    told.append(sheet(list(every_posting()), "鳌阳镇", PROPOSED_ON))
    assert not [word for page in told for word in hidden if word in page]


def test_who_decides_signs_what_hangs_before_the_decision() -> None:
    """In Fujian in 2020 the township decided; before, and since 57, the county did."""
    in_fujian = running(opened(), proposed(), FIRST, SECOND, on=SECOND_UNTIL)
    account = opened(accepted_on=date(2020, 3, 30))
    before = running(account, proposed(), FIRST, SECOND, on=SECOND_UNTIL)
    first = running(account, proposed(), FIRST)
    signed = [posting and posting.issuer for posting in (in_fujian, before, first)]
    assert signed == ["鳌阳镇人民政府", "寿宁县民政局", "鳌阳镇人民政府"]


def test_a_page_to_hang_has_a_table_for_each_publicity_and_no_markup_of_a_name() -> None:
    page = sheet(list(every_posting()), "鳌阳镇", PROPOSED_ON)
    assert page.count("<table>") == 3
    assert "公示期自2020年4月7日至2020年4月14日" in page
    assert "根据民发〔2012〕220号《最低生活保障审核审批办法（试行）》第二十九条的规定" in page
    found = row(opened(), proposed(), FIRST)
    assert found is not None
    posting = board.running(found, {APPLICANT: "<b"}, policy(), REGIONS, PROPOSED_ON)
    assert posting is not None
    assert "<td>&lt;*</td>" in sheet([posting], "鳌阳镇", PROPOSED_ON)
    assert "今日没有公示内容" in sheet([], "鳌阳镇", PROPOSED_ON)


def test_what_hangs_elsewhere_has_a_table_of_its_own() -> None:
    """A place changed where it posts between two acceptances: each sheet names its own places."""
    one = running(opened(), proposed(), FIRST)
    assert one is not None
    other = replace(one, places=("广播", "the loudspeaker"))
    page = sheet([one, other], "鳌阳镇", PROPOSED_ON)
    assert page.count("<table>") == 2
    assert "张贴于：村（居）务公开栏。" in page
    assert "张贴于：广播。" in page


def test_a_case_without_a_determination_has_no_row() -> None:
    assert row(over(EndReason.AID_EXPLAINED)) is None
