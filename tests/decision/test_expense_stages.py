"""Aid for expenses as it was assessed, and in stages: the case ends with the last of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    Decide,
    GrantExpenseAid,
    Propose,
    ReleaseInstalments,
    confirm,
    grant_expense_aid,
    propose_expense_aid,
    record_delivery,
    refuse,
    release_instalments,
    stop_rest,
)
from services.decision.model import AID, DETERMINATION, Stage, determination_of
from services.decision.views.determinations import fold
from shared.contracts.aid import (
    AidExplained,
    AidGranted,
    AidInstalment,
    AidTier,
    AidUnderWay,
    RestStoppedReason,
)
from shared.contracts.aid_needs import AidInKind, AidNeedsAssessed, InKind
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.kernel.decider import HOUSE, Fact
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.decision.expenses import account, aid_proposed, requested
from tests.decision.household import (
    EXPLANATION,
    FOUR,
    PROPOSER,
    approved,
    policy,
    posted,
)
from tests.decision.test_aid_needs import DELIVERY_DUE, FOOD, delivering
from tests.decision.test_aid_stages import STOPPED, in_stages, stopping
from tests.decision.test_printed import printed
from tests.documents import document
from tests.verification.household import CASE, FUJIAN, SHAANXI, note

ON = date(2021, 6, 28)
ACCEPTED_ON = date(2021, 6, 1)
"""Since the guidance of May 2021 aid may be paid in stages; needs are assessed as one likes."""
GRANTER = uuid5(HOUSE, "tests/expense granter")
ASSESSOR = uuid5(HOUSE, "tests/assessor")
CARE = InKind(kind=AidInKind.CARE, value_fen=500_00)
NEXT_MONTH = AidInstalment(amount_fen=600_00, due_on=date(2021, 7, 28))
REQUEST = requested(accepted_on=ACCEPTED_ON)


def assessed(money_fen: int, *in_kind: InKind) -> AidNeedsAssessed:
    return AidNeedsAssessed(
        assessors=(ASSESSOR,), money_fen=money_fen, in_kind=in_kind, findings=note("needs")
    )


def proposing(*needs: Event, aid: Event = REQUEST, **changed: Any) -> Given:
    """An account that waits for its proposal, beside what was asked for and assessed."""
    made = spec(DETERMINATION, on=ON, policy=policy())
    stated = {"accepted_on": ACCEPTED_ON} | changed
    return made.given(account(**stated)).beside(AID, aid, *needs)


PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)


def proposal(amount_fen: int = 1_500_00, *in_kind: InKind) -> Event:
    """A proposal of money, and of services beside it."""
    made = aid_proposed(amount_fen)
    assert made.expenses is not None
    expenses = made.expenses.model_copy(update={"in_kind": in_kind or None})
    return made.model_copy(update={"expenses": expenses})


def until_approved(amount_fen: int = 1_500_00, *in_kind: InKind) -> tuple[Event, ...]:
    opened = account(accepted_on=ACCEPTED_ON)
    return (opened, proposal(amount_fen, *in_kind), posted(), approved(ON))


def granting(*later: AidInstalment, **changed: Any) -> GrantExpenseAid:
    stated = {"case_id": CASE, "actor": GRANTER, "role": "township_approver", "later": later}
    return GrantExpenseAid(**(stated | changed))


def to_grant(*so_far: Event, aid: Sequence[Event] = (REQUEST,)) -> Given:
    made = spec(DETERMINATION, on=ON, policy=policy()).given(*so_far)
    return made.beside(AID, *aid)


def under_way(*aid: Event, on: date = NEXT_MONTH.due_on, in_kind: tuple[InKind, ...] = ()) -> Given:
    """An aid to which this has happened, beside its determination."""
    made = spec(AID, on=on, policy=policy()).given(REQUEST, *aid)
    of_case = (*until_approved(1_200_00, *in_kind), AidUnderWay(granter=GRANTER))
    return made.beside(DETERMINATION, *of_case)


def granted(*later: AidInstalment, in_kind: tuple[InKind, ...] = ()) -> AidGranted:
    """The grant of 1,200 yuan, as it is recorded."""
    decided = to_grant(*until_approved(1_200_00, *in_kind)).when(
        granting(*later), grant_expense_aid
    )
    found = decided.events[0]
    assert isinstance(found, AidGranted)
    return found


EXPLAINED = AidExplained(explained_by=PROPOSER, materials=(), findings=EXPLANATION)
ENDED = CaseEnded(
    programme=Programme.TEMPORARY_ASSISTANCE,
    division=FUJIAN,
    members=FOUR,
    reason=EndReason.AID_GRANTED,
)
RELEASE = ReleaseInstalments(case_id=CASE)


class TestTheProposal:
    @pytest.mark.mechanism("S4-52")
    def test_is_of_what_was_assessed_in_each_form(self) -> None:
        """Of the 1,500 asked for 1,000 are needed in money, and care worth 500."""
        (event,) = proposing(assessed(1_000_00, CARE)).when(PROPOSE, propose_expense_aid).events
        assert event.amount_fen == 1_000_00
        assert (event.expenses.assessed_fen, event.expenses.in_kind) == (1_000_00, (CARE,))

    @pytest.mark.mechanism("S4-52")
    def test_counts_what_is_given_in_kind_towards_the_cap(self) -> None:
        """Ten standards are 6,000 yuan."""
        most = InKind(kind=AidInKind.CARE, value_fen=6_000_00)
        near = most.model_copy(update={"value_fen": 5_000_00})
        made = proposing(assessed(1_500_00, near))
        (event,) = made.when(PROPOSE, propose_expense_aid).events
        assert event.amount_fen == 1_000_00
        above = most.model_copy(update={"value_fen": 6_000_01})
        proposing(assessed(0, above)).when(PROPOSE, propose_expense_aid).refuses(
            "in-kind-above-cap", amount_fen=6_000_01, allowed_fen=6_000_00
        )

    @pytest.mark.mechanism("S4-52")
    def test_waits_for_the_assessment_where_the_place_asks_for_it(self) -> None:
        in_2023 = date(2023, 5, 15)
        asked = requested(division=SHAANXI, accepted_on=in_2023)
        made = proposing(aid=asked, division=SHAANXI, accepted_on=in_2023)
        made.when(PROPOSE, propose_expense_aid).refuses("needs-not-assessed", kind="expense")


class TestTheGrant:
    @pytest.mark.mechanism("S2-26", "S4-52")
    @pytest.mark.parametrize(
        ("later", "in_kind"), [((NEXT_MONTH,), ()), ((), (CARE,))], ids=["stages", "in kind"]
    )
    def test_leaves_the_case_under_way_while_something_is_to_come(
        self, later: tuple[AidInstalment, ...], in_kind: tuple[InKind, ...]
    ) -> None:
        made = to_grant(*until_approved(1_000_00, *in_kind))
        event, after = made.when(granting(*later), grant_expense_aid).events
        assert (event.later, event.in_kind) == (later or None, in_kind or None)
        assert event.explanation_due is None
        assert after == AidUnderWay(granter=GRANTER)
        case = to_grant(*until_approved(), after).state
        assert case.stage is Stage.AID_UNDER_WAY
        again = to_grant(*until_approved(), after).when(granting(), grant_expense_aid)
        again.refuses("wrong-stage", stage="aid_under_way")

    def test_is_refused_to_nobody_any_more(self) -> None:
        made = spec(DETERMINATION, on=ON, policy=policy())
        case = made.given(*until_approved(), AidUnderWay(granter=GRANTER))
        command = Decide(actor=GRANTER, role="township_approver")
        case.when(command, refuse).refuses("wrong-stage", stage="aid_under_way")

    @pytest.mark.mechanism("S4-52")
    def test_counts_what_is_given_in_kind_towards_the_townships_limit(self) -> None:
        """1,800 yuan in Fujian: 1,300 of money and care worth 500."""
        within = to_grant(*until_approved(1_300_00, CARE))
        assert within.when(granting(), grant_expense_aid).events[0].tier is AidTier.TOWNSHIP
        above = to_grant(*until_approved(1_300_01, CARE))
        above.when(granting(), grant_expense_aid).refuses("not-the-granting-tier", tier="county")

    @pytest.mark.mechanism("S2-26")
    def test_keeps_its_stages_within_what_was_proposed(self) -> None:
        whole = AidInstalment(amount_fen=1_500_00, due_on=NEXT_MONTH.due_on)
        to_grant(*until_approved()).when(granting(whole), grant_expense_aid).refuses(
            "stages-outside-total"
        )

    def test_is_by_other_hands_than_assessed(self) -> None:
        made = to_grant(*until_approved(), aid=(REQUEST, assessed(1_500_00)))
        made.when(granting(actor=ASSESSOR), grant_expense_aid).refuses(
            "same-hands", before="assessment"
        )

    def test_of_another_programme_has_no_stages(self) -> None:
        command = Decide(actor=GRANTER, role="township_approver", later=(NEXT_MONTH,))
        made = spec(DETERMINATION, on=ON, policy=policy()).given(*until_approved())
        made.when(command, confirm).refuses("stages-out-of-place")


class TestTheLast:
    @pytest.mark.mechanism("S2-26")
    def test_stage_ends_the_case(self) -> None:
        made = under_way(granted(NEXT_MONTH))
        (released, *rest) = made.when(RELEASE, release_instalments).events
        assert (released.amount_fen, released.pay_by.on) == (600_00, date(2021, 8, 11))
        made.when(RELEASE, release_instalments).then(
            released, Fact(ENDED, determination_of(CASE)), EXPLAINED
        )
        assert rest == [ENDED, EXPLAINED]

    @pytest.mark.mechanism("S4-52")
    def test_delivery_ends_it_where_no_stage_is_to_come(self) -> None:
        command = delivering(kind=AidInKind.CARE, delivered_on=ON)
        both = under_way(granted(NEXT_MONTH, in_kind=(CARE,)), on=ON, in_kind=(CARE,))
        assert len(both.when(command, record_delivery).events) == 1
        only = under_way(granted(in_kind=(CARE,)), on=ON, in_kind=(CARE,))
        assert only.when(command, record_delivery).events[1:] == (ENDED, EXPLAINED)

    @pytest.mark.mechanism("S2-26")
    def test_is_what_is_stopped(self) -> None:
        made = under_way(granted(NEXT_MONTH), on=ON)
        command = stopping(reason=RestStoppedReason.DIED)
        stopped, *rest = made.when(command, stop_rest).events
        assert (stopped.reason, stopped.amount_fen) == (RestStoppedReason.DIED, 600_00)
        assert rest == [ENDED, EXPLAINED]


@pytest.mark.mechanism("S2-26", "S4-52")
def test_the_print_tells_stages_and_goods_one_by_one() -> None:
    """The grant and the stop of an emergency say the same as those of expenses."""
    both = in_stages(in_kind=(FOOD,), delivery_due=DELIVERY_DUE)
    stopped = STOPPED.model_copy(update={"in_kind": (FOOD,)})
    told = printed(account(), both, stopped)
    assert "一次性 / once: 800.00\n  发放期限 / To be paid by: 2023-05-22" in told
    assert "首次 / at once: 400.00" in told
    assert "第3次 / stage 3, 2023-07-17: 100.00" in told
    assert told.count("实物 / goods，食品 / food: 折价 / worth 200.00") == 2
    assert "困难已解除 / the hardship is over" in told
    assert "不再发放 / not paid any more（2）: 400.00" in told
    in_goods = both.model_copy(update={"amount_fen": 0, "later": None})
    assert "发放期限" not in printed(account(), in_goods)


def test_the_list_shows_that_it_is_under_way_until_it_has_ended() -> None:
    seen = None
    for version, event in enumerate(
        (*until_approved(), AidUnderWay(granter=GRANTER), ENDED), start=1
    ):
        before = seen
        seen = fold("", seen, document(event, case_id=CASE, on=ON, version=version))
    assert before is not None
    assert seen is not None
    assert (before["stage"], seen["stage"]) == ("aid_under_way", "ended")
