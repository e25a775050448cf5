"""The end of a tekun person's support: in public, objected to, heard about, and what follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import (
    CarryOutRuling,
    DecideTermination,
    EndCase,
    HearAboutTermination,
    ObjectToTermination,
    ProposeTermination,
    ResolveTerminationObjection,
    carry_out_ruling,
    decide_termination,
    end_case,
    hear_about_termination,
    object_to_termination,
    propose_termination,
    resolve_termination_objection,
)
from services.decision.model import APPEAL, TERMINATIONS
from services.intake.reactions import on_potential_recipient_listed
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealRuled,
    AppealRuling,
)
from shared.contracts.changes import AmountChanged, BenefitStopped, MonthsRedetermined, StopReason
from shared.contracts.decision import CaseEnded
from shared.contracts.fields import Due, Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationGround,
    TerminationHeard,
    TerminationObjected,
    TerminationObjectionResolved,
    TerminationOutcome,
    TerminationProposed,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given
from shared.policy import MissingValue
from tests.decision.household import APPROVER, FOUR, OTHER, PROPOSER, confirmed, given, opened
from tests.decision.household import proposed as benefit_proposed
from tests.decision.test_printed import printed
from tests.documents import document
from tests.notices import notice
from tests.verification.household import APPLICANT, CASE, FIRST, FUJIAN, note

ENDING, OBJECTION = uuid5(HOUSE, "tests/termination"), uuid5(HOUSE, "tests/ending objected")
FROM = date(2023, 3, 6)
LAST_DAY = date(2023, 3, 13)
AFTER = date(2023, 3, 14)
OBJECTED_ON = date(2023, 3, 8)
DUE = date(2023, 3, 29)
"""Fifteen working days after 8 March 2023."""

ONE = FOUR[:1]
IN_SUPPORT: tuple[Event, ...] = (
    opened(programme=Programme.TEKUN, members=ONE, income=(), deductions=()),
    benefit_proposed(persons=1, counted_income_fen=0, amount_fen=780_00),
    confirmed(programme=Programme.TEKUN, members=ONE, amount_fen=780_00, pay_from=Month(2023, 1)),
)
Ground = TerminationGround


def proposed(ground: Ground = Ground.MEANS, from_on: date = FROM) -> TerminationProposed:
    return TerminationProposed(
        termination_id=ENDING,
        proposer=PROPOSER,
        ground=ground,
        from_on=from_on,
        until_on=date.fromordinal(from_on.toordinal() + 7),
        explanation=note("ending"),
    )


OBJECTED = TerminationObjected(
    termination_id=ENDING,
    objection_id=OBJECTION,
    grounds=note("objection"),
    due=Due(on=DUE, calendar=CALENDAR_VERSION),
)
HEARD = TerminationHeard(termination_id=ENDING, statement=note("statement"))


def support(*ending: Event, on: date = AFTER, so_far: tuple[Event, ...] = IN_SUPPORT) -> Given:
    return given(*so_far, on=on).beside(TERMINATIONS, *ending)


def propose(ground: Ground = Ground.MEANS) -> ProposeTermination:
    return ProposeTermination(
        case_id=CASE,
        termination_id=ENDING,
        proposer=PROPOSER,
        ground=ground,
        explanation=note("ending"),
    )


def decide(actor: UUID = OTHER, role: str = "county_approver") -> DecideTermination:
    return DecideTermination(case_id=CASE, termination_id=ENDING, actor=actor, role=role)


def resolve(*, upheld: bool) -> ResolveTerminationObjection:
    return ResolveTerminationObjection(
        case_id=CASE,
        termination_id=ENDING,
        objection_id=OBJECTION,
        upheld=upheld,
        findings=note("findings"),
    )


def ended(ground: Ground = Ground.MEANS, **changed: Any) -> tuple[Any, ...]:
    return support(proposed(ground), **changed).when(decide(), decide_termination).events


class TestProposing:
    def test_it_is_public_for_seven_days(self) -> None:
        """民发〔2021〕43号, art. 26."""
        support(on=FROM).when(propose(), propose_termination).then(proposed())

    def test_it_is_on_a_ground_that_the_measures_or_the_place_list(self, tmp_path: Path) -> None:
        """民发〔2021〕43号, art. 24."""
        refused = support(on=FROM).when(propose(Ground.GRADE_NOT_COVERED), propose_termination)
        assert (
            "民发〔2021〕43号 art. 24" in refused.refuses("termination-ground-out-of-place").source
        )
        folder = notice(tmp_path, "35", "tekun", termination_grounds=["voluntary"])
        spec = given(*IN_SUPPORT, on=FROM, folders=(folder,)).beside(TERMINATIONS)
        spec.when(propose(), propose_termination).refuses("termination-ground-out-of-place")
        assert spec.when(propose(Ground.VOLUNTARY), propose_termination).events

    def test_a_household_on_dibao_is_not_ended_so(self) -> None:
        on_dibao = (opened(), benefit_proposed(), confirmed())
        spec = support(on=FROM, so_far=on_dibao)
        spec.when(propose(), propose_termination).refuses("programme-without-termination")

    def test_one_is_proposed_at_a_time_and_again_once_it_was_dropped(self) -> None:
        dropped = TerminationConcluded(termination_id=ENDING, outcome=TerminationOutcome.DROPPED)
        again = support(proposed(), on=AFTER).when(propose(), propose_termination)
        again.refuses("termination-proposed-before")
        anew = support(proposed(), dropped, on=AFTER).when(propose(), propose_termination)
        assert len(anew.events) == 1

    def test_who_is_not_supported_or_leaves_already_is_not_ended(self) -> None:
        stop = ended()[0]
        leaving = support(on=AFTER, so_far=(*IN_SUPPORT, stop))
        leaving.when(propose(), propose_termination).refuses("already-leaving")
        never = support(on=AFTER, so_far=IN_SUPPORT[:1])
        never.when(propose(), propose_termination).refuses("wrong-stage")

    def test_before_the_measures_of_2021_no_rule_is_known(self) -> None:
        spec = support(on=date(2021, 6, 30), so_far=IN_SUPPORT)
        with pytest.raises(MissingValue, match="termination_grounds"):
            spec.when(propose(), propose_termination)
        assert support(on=date(2021, 7, 1)).when(propose(), propose_termination).events


class TestObjections:
    COMMAND = ObjectToTermination(
        case_id=CASE, termination_id=ENDING, objection_id=OBJECTION, grounds=note("objection")
    )

    def test_are_taken_while_it_is_public_and_looked_into_in_fifteen_working_days(self) -> None:
        spec = support(proposed(), on=OBJECTED_ON)
        spec.when(self.COMMAND, object_to_termination).then(OBJECTED)
        last = support(proposed(), on=LAST_DAY).when(self.COMMAND, object_to_termination)
        assert len(last.events) == 1
        late = support(proposed(), on=AFTER).when(self.COMMAND, object_to_termination)
        late.refuses("no-publicity-running")

    @pytest.mark.parametrize(("on", "late"), [(DUE, False), (date(2023, 3, 30), True)])
    def test_one_that_did_not_hold_makes_it_public_anew(self, on: date, late: bool) -> None:
        spec = support(proposed(), OBJECTED, on=on)
        (resolved,) = spec.when(resolve(upheld=False), resolve_termination_objection).events
        assert isinstance(resolved, TerminationObjectionResolved)
        assert (resolved.late, resolved.upheld) == (late, False)
        assert resolved.until_on == date.fromordinal(on.toordinal() + 7)
        public = support(proposed(), OBJECTED, resolved, on=resolved.until_on)
        public.when(decide(), decide_termination).refuses("publicity-not-over")
        over = date.fromordinal(resolved.until_on.toordinal() + 1)
        decided = support(proposed(), OBJECTED, resolved, on=over)
        assert decided.when(decide(), decide_termination).events

    def test_it_is_public_anew_only_after_the_last_of_several(self) -> None:
        other = OBJECTED.model_copy(update={"objection_id": uuid5(OBJECTION, "other")})
        spec = support(proposed(), OBJECTED, other, on=DUE)
        (resolved,) = spec.when(resolve(upheld=False), resolve_termination_objection).events
        assert resolved.until_on is None
        decided = support(proposed(), OBJECTED, other, resolved, on=DUE)
        decided.when(decide(), decide_termination).refuses("objection-open", open=1)

    def test_one_that_held_drops_the_proposal(self) -> None:
        spec = support(proposed(), OBJECTED, on=DUE)
        resolved, dropped = spec.when(resolve(upheld=True), resolve_termination_objection).events
        assert dropped.outcome is TerminationOutcome.DROPPED
        gone = support(proposed(), OBJECTED, resolved, dropped, on=DUE)
        gone.when(decide(), decide_termination).refuses("no-such-termination")

    def test_one_that_nobody_raised_is_not_resolved(self) -> None:
        spec = support(proposed(), on=DUE)
        spec.when(resolve(upheld=True), resolve_termination_objection).refuses("no-such-objection")


class TestDeciding:
    @pytest.mark.parametrize("ground", list(Ground))
    def test_support_stops_from_the_next_month_on(self, ground: Ground) -> None:
        """民发〔2021〕43号, arts. 24, 26 (从下月起终止)."""
        stopped, *_rest, concluded = ended(ground)
        assert isinstance(stopped, BenefitStopped)
        assert (stopped.reason, stopped.last_month) == (StopReason(ground.value), Month(2023, 3))
        assert (stopped.change_id, stopped.opened_on, stopped.persons) == (ENDING, FROM, 1)
        assert concluded.outcome is TerminationOutcome.ENDED

    @pytest.mark.parametrize(
        ("ground", "listed"),
        [
            (Ground.LABOUR_REGAINED, True),
            (Ground.MEANS, True),
            (Ground.OBLIGOR_ABLE, True),
            (Ground.IMPRISONED, False),
            (Ground.VOLUNTARY, False),
        ],
    )
    def test_who_may_fit_dibao_is_kept_in_mind_for_it(self, ground: Ground, listed: bool) -> None:
        """民发〔2021〕43号, art. 27."""
        found = [e for e in ended(ground) if isinstance(e, PotentialRecipientListed)]
        assert bool(found) is listed
        for entry in found:
            assert (entry.programme, entry.members) == (Programme.DIBAO, ONE)
            assert entry.hardship == (HardshipGround.TEKUN_ENDED,)
            (watch,) = on_potential_recipient_listed(document(entry, case_id=CASE, on=AFTER))
            assert watch.command.programme is Programme.DIBAO

    @pytest.mark.parametrize("on", [FROM, LAST_DAY])
    def test_not_while_it_is_public(self, on: date) -> None:
        spec = support(proposed(), on=on)
        spec.when(decide(), decide_termination).refuses("publicity-not-over", round="termination")

    def test_not_by_who_surveyed_or_proposed_it_nor_by_the_township(self) -> None:
        spec = support(proposed())
        for actor, before in ((PROPOSER, "termination"), (FIRST, "survey")):
            spec.when(decide(actor), decide_termination).refuses("same-hands", before=before)
        township = decide(APPROVER, "township_approver")
        spec.when(township, decide_termination).refuses("not-the-deciding-level")

    @pytest.mark.parametrize(
        ("from_on", "wanted"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)]
    )
    def test_from_july_2026_the_person_is_heard_before(self, from_on: date, wanted: bool) -> None:
        """社会救助法, art. 48; by the regime of the day on which it was proposed."""
        on = date(2026, 7, 10)
        spec = support(proposed(from_on=from_on), on=on)
        unheard = spec.when(decide(), decide_termination)
        if not wanted:
            assert unheard.events
            return
        unheard.refuses("hearing-missing")
        hear = HearAboutTermination(
            case_id=CASE, termination_id=ENDING, statement=note("statement")
        )
        spec.when(hear, hear_about_termination).then(HEARD)
        heard = support(proposed(from_on=from_on), HEARD, on=on)
        assert heard.when(decide(), decide_termination).events

    def test_once_and_the_case_ends_with_the_month(self) -> None:
        stopped, *_rest, concluded = ended()
        so_far = (*IN_SUPPORT, stopped)
        again = support(proposed(), concluded, so_far=so_far).when(decide(), decide_termination)
        again.refuses("already-leaving")
        given(*so_far, on=date(2023, 3, 31)).when(EndCase(), end_case).then()
        (over,) = given(*so_far, on=date(2023, 4, 1)).when(EndCase(), end_case).events
        assert isinstance(over, CaseEnded)
        assert (over.last_month, over.division) == (Month(2023, 3), FUJIAN)
        assert [member.person_id for member in over.members] == [APPLICANT]


class TestOnAppeal:
    """A stop that fell: support goes on at the basic standard of each month, not by a gap."""

    def test_support_is_restored_from_the_month_after_its_last(self) -> None:
        stopped, *_rest = ended()
        appeal_id = uuid5(HOUSE, "tests/appeal of an ending")
        filed = AppealFiled(
            appeal_id=appeal_id,
            kind=AppealKind.RECONSIDERATION,
            organ=AppealOrgan.COUNTY_GOVERNMENT,
            notice_id=uuid5(HOUSE, "tests/notice of an ending"),
            appellant=APPLICANT,
            filed_on=date(2023, 4, 3),
            grounds=note("appeal"),
            division=FUJIAN,
            subject=NoticeSubject.STOP,
            change_id=ENDING,
            in_time=True,
            recorder=PROPOSER,
        )
        ruled = AppealRuled(
            appeal_id=appeal_id,
            recorder=PROPOSER,
            ruling=AppealRuling.REVOKED,
            ruled_on=date(2023, 5, 8),
            reasons=note("reasons"),
        )
        command = CarryOutRuling(
            case_id=CASE,
            appeal_id=appeal_id,
            actor=uuid5(HOUSE, "tests/restorer"),
            role="county_approver",
        )
        spec = given(*IN_SUPPORT, stopped, on=date(2023, 5, 10)).beside(APPEAL, filed, ruled)
        events = spec.when(command, carry_out_ruling).events
        (amount,) = (event for event in events if isinstance(event, AmountChanged))
        assert (amount.amount_fen, amount.from_month) == (780_00, Month(2023, 4))
        (months,) = (event for event in events if isinstance(event, MonthsRedetermined))
        assert [(m.month, m.before_fen, m.after_fen) for m in months.months] == [
            (Month(2023, 4), 0, 780_00),
            (Month(2023, 5), 0, 780_00),
        ]


def test_the_end_in_print_says_why_and_by_which_days_rules() -> None:
    told = printed(*IN_SUPPORT, *ended()[:2], on=AFTER)
    assert "收入、财产不再符合规定 / income or property no longer within the limits" in told
    assert "适用该日的规定 / Rules as of: 2023-03-06" in told
    assert "依据 / Rules" in told.split("2023-03-06")[1]
    assert "终止特困供养 / support as tekun has ended" in told
