"""Aid for expenses: who is entitled, to how much, who grants it, and how the case ends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    Decide,
    GrantAid,
    GrantExpenseAid,
    OpenAid,
    Propose,
    RefuseAid,
    approve,
    complete_publicity,
    grant_aid,
    grant_expense_aid,
    open_aid,
    post_publicity,
    propose,
    propose_expense_aid,
    refuse,
    refuse_aid,
)
from services.decision.decisions.determination import Approve
from services.decision.decisions.publicity import CompletePublicity, PostPublicity
from services.decision.model import AID, DETERMINATION, aid_of
from services.decision.printed import page
from services.decision.reactions import FOREIGN, OWN
from services.decision.views.aids import fold
from shared.calendar import CALENDAR_VERSION
from shared.contracts.aid import AidExplained, AidGranted, AidTier, RecognisedAs
from shared.contracts.circumstances import HouseholdCircumstances, PovertyStanding
from shared.contracts.decision import (
    BenefitProposed,
    CaseEnded,
    CaseRefused,
    ConfirmationDeferred,
    DeferralReason,
    EndReason,
    RefusalProposed,
    RefusalReason,
)
from shared.contracts.fields import DeductionKind, DeductionLine, Due, ParameterUsed, Programme
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.kernel.decider import HOUSE, Fact
from shared.kernel.event import Event
from shared.kernel.spec import spec
from shared.regions import load_regions
from tests.decision.expenses import (
    GRANTED_ON,
    REQUESTED_FEN,
    account,
    aid_proposed,
    expenses,
    given,
    requested,
    until_approved,
)
from tests.decision.household import (
    APPROVER,
    CONFIRMED,
    EXPLANATION,
    FIRST_UNTIL,
    FOUR,
    OTHER,
    PROPOSED_ON,
    PROPOSER,
    UP_TO_PROPOSAL,
    approved,
    objected,
    opened,
    policy,
    posted,
    resolved,
)
from tests.decision.household import given as determination
from tests.documents import document
from tests.verification.household import CASE, DAYAO, FUJIAN, SURVEY_DUE, note

NEXT_COUNTY = "350925100000"
NEXT_TOWNSHIP = "350924101000"
RECOGNISED_CASE = uuid5(HOUSE, "tests/recognised case")
PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
BY_CASE = PROPOSE.model_copy(update={"recognised_case": RECOGNISED_CASE})
GRANTER = uuid5(HOUSE, "tests/granter")


def said(proposal: Any) -> RefusalReason | int:
    """What a proposal comes to: an amount, or a reason to refuse."""
    (event,) = proposal.events
    return event.reason if isinstance(event, RefusalProposed) else int(event.amount_fen)


def in_division(event: Event, division: str) -> Event:
    """The event of a case that another division handles."""
    if "division" not in type(event).model_fields:
        return event
    return event.model_copy(update={"division": division})


def grant(role: str = "township_approver", actor: Any = GRANTER) -> GrantExpenseAid:
    return GrantExpenseAid(case_id=CASE, actor=actor, role=role)


class TestWhoIsEntitled:
    @pytest.mark.mechanism("S1-22", "S2-19")
    def test_is_asked_of_the_income_after_rigid_spending(self) -> None:
        given(account()).when(PROPOSE, propose_expense_aid).then(
            BenefitProposed(
                proposer=PROPOSER,
                persons=4,
                standard_fen=600_00,
                counted_income_fen=5_000_00,
                amount_fen=REQUESTED_FEN,
                parameters=(
                    ParameterUsed(name="expense_aid_cap_standards", value=100_000),
                    ParameterUsed(name="local_disposable_income_yearly_fen", value=18_000_00),
                    ParameterUsed(name="property_deposits_limit_annual_standards", value=30_000),
                    ParameterUsed(name="property_houses_limit", value=1),
                    ParameterUsed(name="property_vehicles_limit", value=0),
                    ParameterUsed(name="standard_monthly_fen", value=600_00),
                ),
                explanation=EXPLANATION,
                expenses=expenses(),
            )
        )

    @pytest.mark.parametrize(
        ("counted_fen", "comes_to"),
        [
            (5_999_99, REQUESTED_FEN),
            (6_000_00, RefusalReason.INCOME_NOT_BELOW_LOCAL_AVERAGE),
        ],
    )
    def test_whose_income_is_below_the_local_average_not_at_it(
        self, counted_fen: int, comes_to: Any
    ) -> None:
        """18,000 yuan a head and year are 6,000 a month for four."""
        assert said(given(account(counted_fen)).when(PROPOSE, propose_expense_aid)) == comes_to

    @pytest.mark.parametrize(
        ("owned", "comes_to"),
        [
            ({"deposits_fen": 86_400_00}, REQUESTED_FEN),
            ({"deposits_fen": 86_400_01}, RefusalReason.PROPERTY_ABOVE_LIMIT),
            ({"houses": 2}, RefusalReason.PROPERTY_ABOVE_LIMIT),
            ({"vehicles": 1}, RefusalReason.PROPERTY_ABOVE_LIMIT),
        ],
    )
    def test_whose_property_is_within_the_limits(
        self, owned: dict[str, int], comes_to: Any
    ) -> None:
        """Three annual standards a head: 3 × 12 × 600 × 4."""
        assert said(given(account(**owned)).when(PROPOSE, propose_expense_aid)) == comes_to

    @pytest.mark.parametrize(
        "deductions", [(), (DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),)]
    )
    def test_not_who_has_no_rigid_spending(self, deductions: tuple[DeductionLine, ...]) -> None:
        """The cost of working is none."""
        proposal = given(account(deductions=deductions)).when(PROPOSE, propose_expense_aid)
        assert said(proposal) is RefusalReason.NO_RIGID_SPENDING

    def test_is_not_asked_before_it_is_known_what_was_asked_for(self) -> None:
        """Intake's word and the check's account come by different topics, in either order."""
        given(account(), aid=()).when(PROPOSE, propose_expense_aid).refuses(
            "wrong-stage", stage="none", allowed="opened"
        )


class TestInDayao:
    """Until the unified rules of July 2021 only registered poor, dibao and tekun (S3-26)."""

    @staticmethod
    def of_dayao(
        poverty: PovertyStanding, on: date = date(2020, 4, 1), recognised: tuple[Event, ...] = ()
    ) -> Any:
        circumstances = HouseholdCircumstances(poverty=poverty, members=())
        recognised = tuple(in_division(event, DAYAO) for event in recognised)
        there = account(
            counted_income_fen=3_000_00,
            division=DAYAO,
            accepted_on=on,
            circumstances=circumstances,
        )
        asked = requested(division=DAYAO, accepted_on=on)
        made = given(there, aid=(asked,), on=on)
        if recognised:
            return made.beside(DETERMINATION, *recognised).when(BY_CASE, propose_expense_aid)
        return made.when(PROPOSE, propose_expense_aid)

    @pytest.mark.mechanism("S3-26")
    def test_a_household_on_dibao_is_aided_and_an_edge_household_is_not(self) -> None:
        nowhere = PovertyStanding.NOT_REGISTERED
        assert said(self.of_dayao(nowhere, recognised=CONFIRMED)) == REQUESTED_FEN
        edge = said(self.of_dayao(nowhere, recognised=ON_EDGE))
        assert edge is RefusalReason.NOT_AMONG_HOUSEHOLDS_AIDED

    @pytest.mark.mechanism("S3-26")
    @pytest.mark.parametrize("poverty", [PovertyStanding.UNLIFTED, PovertyStanding.LIFTED])
    def test_a_registered_poor_household_is_aided(self, poverty: PovertyStanding) -> None:
        assert said(self.of_dayao(poverty)) == REQUESTED_FEN

    @pytest.mark.mechanism("S3-26")
    def test_any_other_is_not(self) -> None:
        proposal = self.of_dayao(PovertyStanding.NOT_REGISTERED, date(2021, 6, 30))
        assert said(proposal) is RefusalReason.NOT_AMONG_HOUSEHOLDS_AIDED

    def test_from_july_2021_on_any_is(self) -> None:
        proposal = self.of_dayao(PovertyStanding.NOT_REGISTERED, date(2021, 7, 1))
        assert said(proposal) == REQUESTED_FEN


EDGE = HouseholdRecognised(
    status=HouseholdStatus.EDGE_HOUSEHOLD,
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=FOUR[0].person_id,
    members=FOUR,
)
REFUSED = CaseRefused(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=FOUR[0].person_id,
    reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
    notice_due=Due(on=date(2020, 4, 30), calendar=CALENDAR_VERSION),
)
ON_EDGE: tuple[Event, ...] = (opened(), EDGE, REFUSED)
RIGID = EDGE.model_copy(update={"status": HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD})
NO_LONGER_ON_EDGE = RecognitionEnded(
    status=HouseholdStatus.EDGE_HOUSEHOLD,
    reason=RecognitionEndReason.VALIDITY_OVER,
    since=date(2020, 4, 6),
)


class TestAHouseholdRecognisedBefore:
    def proposal(self, *of_case: Event, **changed: Any) -> Any:
        """Far above the average, with two houses; only spending is looked at."""
        rich = account(**({"counted_income_fen": 60_000_00, "houses": 2} | changed))
        return given(rich).beside(DETERMINATION, *of_case).when(BY_CASE, propose_expense_aid)

    @pytest.mark.parametrize(
        ("of_case", "recognised"),
        [(CONFIRMED, RecognisedAs.DIBAO), (ON_EDGE, RecognisedAs.EDGE_HOUSEHOLD)],
    )
    def test_has_only_its_spending_looked_at(
        self, of_case: tuple[Event, ...], recognised: RecognisedAs
    ) -> None:
        (event,) = self.proposal(*of_case).events
        assert event.expenses == expenses(
            local_income_yearly_fen=None,
            recognised_case=RECOGNISED_CASE,
            recognised_as=recognised,
            recognised_in=FUJIAN,
        )
        assert event.amount_fen == REQUESTED_FEN

    def test_has_to_have_some_all_the_same(self) -> None:
        assert said(self.proposal(*CONFIRMED, deductions=())) is RefusalReason.NO_RIGID_SPENDING

    @pytest.mark.parametrize(
        "of_case",
        [
            (),
            UP_TO_PROPOSAL,
            (opened(), REFUSED),
            (opened(), RIGID, REFUSED),
            (*ON_EDGE, NO_LONGER_ON_EDGE),
            (
                *CONFIRMED,
                CaseEnded(
                    programme=Programme.DIBAO,
                    division=FUJIAN,
                    members=FOUR,
                    reason=EndReason.STOPPED,
                ),
            ),
        ],
    )
    def test_is_one_that_is_recognised_now(self, of_case: tuple[Event, ...]) -> None:
        self.proposal(*of_case).refuses("not-recognised-before")

    def test_is_recognised_with_everybody_in_it(self) -> None:
        """One of four on dibao alone does not make a household of four one."""
        alone = CONFIRMED[-1].model_copy(update={"members": FOUR[:1]})
        self.proposal(*CONFIRMED[:-1], alone).refuses("not-recognised-before")

    @pytest.mark.parametrize(
        ("accepted_on", "division", "comes_to"),
        [
            (date(2026, 6, 30), NEXT_TOWNSHIP, RecognisedAs.DIBAO),
            (date(2026, 6, 30), NEXT_COUNTY, "recognised-elsewhere"),
            (date(2026, 7, 1), NEXT_COUNTY, RecognisedAs.DIBAO),
            (date(2026, 7, 1), DAYAO, RecognisedAs.DIBAO),
        ],
    )
    def test_is_recognised_by_other_counties_too_from_july_2026(
        self, accepted_on: date, division: str, comes_to: RecognisedAs | str
    ) -> None:
        """Within the county by any township, whatever the day (社会救助法, art. 42)."""
        of_case = (in_division(event, division) for event in CONFIRMED)
        proposal = (
            given(account(accepted_on=accepted_on), on=accepted_on)
            .beside(DETERMINATION, *of_case)
            .when(BY_CASE, propose_expense_aid)
        )
        if isinstance(comes_to, str) and comes_to == "recognised-elsewhere":
            county = f"{division[:6]}000000"
            proposal.refuses(comes_to, recognised_in=county)
        else:
            (event,) = proposal.events
            assert event.expenses.recognised_as is comes_to
            assert event.expenses.recognised_in == division

    def test_is_printed_with_the_county_that_recognised_it(self) -> None:
        recognised = expenses(
            local_income_yearly_fen=None,
            recognised_case=RECOGNISED_CASE,
            recognised_as=RecognisedAs.DIBAO,
            recognised_in=NEXT_TOWNSHIP,
        )
        proposed = aid_proposed().model_copy(update={"expenses": recognised})
        documents = [
            document(event, case_id=CASE, on=PROPOSED_ON, version=number)
            for number, event in enumerate((account(), proposed), 1)
        ]
        printed = page(CASE, documents, policy(), load_regions(()))
        assert "低保对象 / on dibao，寿宁县民政局" in printed

    def test_is_named_with_aid_for_expenses_only(self) -> None:
        refusal = determination(opened()).when(BY_CASE, propose)
        assert refusal.refuses("recognition-out-of-place").status == 422


@pytest.mark.parametrize(
    ("requested_fen", "amount_fen"),
    [(5_999_99, 5_999_99), (6_000_00, 6_000_00), (6_000_01, 6_000_00)],
)
def test_the_amount_is_what_was_asked_for_up_to_the_cap(
    requested_fen: int, amount_fen: int
) -> None:
    """Ten monthly standards of 600 yuan."""
    made = given(account(), aid=(requested(requested_fen),))
    assert said(made.when(PROPOSE, propose_expense_aid)) == amount_fen


class TestTheOrdinaryWay:
    def test_publicity_lasts_seven_days(self) -> None:
        command = PostPublicity(round=PublicityRound.FIRST)
        determination(account(), aid_proposed()).when(command, post_publicity).then(posted())

    def test_there_is_no_second_publicity(self) -> None:
        command = PostPublicity(round=PublicityRound.SECOND)
        made = determination(*until_approved(), on=GRANTED_ON)
        made.when(command, post_publicity).refuses("no-such-publicity")

    def test_the_township_approves_the_day_after_publicity_not_on_its_last(self) -> None:
        """Ten working days for the decision: 1 to 5 May are off, 26 April is worked."""
        so_far = (account(), aid_proposed(), posted())
        command = Approve(actor=APPROVER)
        determination(*so_far, on=FIRST_UNTIL).when(command, approve).refuses("publicity-not-over")
        determination(*so_far, on=GRANTED_ON).when(command, approve).then(
            approved(date(2020, 4, 28))
        )

    def test_publicity_is_completed_as_any_other(self) -> None:
        command = CompletePublicity(round=PublicityRound.FIRST)
        made = determination(account(), aid_proposed(), posted(), on=GRANTED_ON)
        assert made.when(command, complete_publicity).events

    def test_a_refusal_is_owed_in_writing_with_its_reason(self) -> None:
        """Within three working days, by the township: a refusal grants nothing."""
        reason = RefusalReason.INCOME_NOT_BELOW_LOCAL_AVERAGE
        (to_refuse,) = given(account(6_000_00)).when(PROPOSE, propose_expense_aid).events
        command = Decide(actor=OTHER, role="township_approver")
        made = determination(account(6_000_00), to_refuse)
        (refused,) = made.when(command, refuse).events
        assert (refused.reason, refused.notice_due.on) == (reason, date(2020, 4, 10))
        owe, *_ = OWN[CaseRefused]
        (submission,) = owe(document(refused, case_id=CASE, on=PROPOSED_ON))
        assert submission.command.due == refused.notice_due
        by_county = command.model_copy(update={"role": "county_approver"})
        made.when(by_county, refuse).refuses("not-the-deciding-level", decided_by="township")


class TestTheGrant:
    @pytest.mark.mechanism("S4-6")
    def test_is_the_townships_up_to_its_limit_and_ends_the_case(self) -> None:
        """Papers and findings went before it: nothing is explained afterwards."""
        granted = AidGranted(
            granter=GRANTER,
            tier=AidTier.TOWNSHIP,
            division=FUJIAN,
            payee=FOUR[0].person_id,
            amount_fen=1_800_00,
            pay_by=Due(on=date(2020, 4, 28), calendar=CALENDAR_VERSION),
            parameters=(
                ParameterUsed(name="aid_follow_up_after_days", value=90),
                ParameterUsed(name="expense_aid_pay_within_working_days", value=10),
                ParameterUsed(name="second_publicity_days", value=0),
                ParameterUsed(name="township_aid_limit_fen", value=1_800_00),
            ),
            follow_up_on=date(2020, 7, 14),
        )
        explained = AidExplained(explained_by=PROPOSER, materials=(), findings=EXPLANATION)
        ended = CaseEnded(
            programme=Programme.TEMPORARY_ASSISTANCE,
            division=FUJIAN,
            members=FOUR,
            reason=EndReason.AID_GRANTED,
        )
        made = given(*until_approved(1_800_00), on=GRANTED_ON)
        made.when(grant(), grant_expense_aid).then(
            Fact(granted, aid_of(CASE)), Fact(explained, aid_of(CASE)), ended
        )

    @pytest.mark.mechanism("S4-6")
    def test_is_the_countys_one_fen_above_it(self) -> None:
        made = given(*until_approved(1_800_01), on=GRANTED_ON)
        refusal = made.when(grant(), grant_expense_aid)
        assert refusal.refuses("not-the-granting-tier", tier="county").status == 403
        (granted, *_rest) = made.when(grant("county_approver"), grant_expense_aid).events
        assert (granted.tier, granted.amount_fen) == (AidTier.COUNTY, 1_800_01)

    def test_is_not_the_countys_within_it(self) -> None:
        made = given(*until_approved(1_800_00), on=GRANTED_ON)
        made.when(grant("county_approver"), grant_expense_aid).refuses(
            "not-the-granting-tier", tier="township"
        )

    @pytest.mark.parametrize(("hand", "step"), [(PROPOSER, "proposal"), (APPROVER, "approval")])
    def test_is_made_by_other_hands(self, hand: Any, step: str) -> None:
        made = given(*until_approved(), on=GRANTED_ON)
        made.when(grant(actor=hand), grant_expense_aid).refuses("same-hands", before=step)

    def test_waits_while_an_objection_is_open_and_is_never_made_once_it_is_upheld(self) -> None:
        so_far = (*until_approved()[:3], objected(), until_approved()[3])
        given(*so_far, on=GRANTED_ON).when(grant(), grant_expense_aid).then(
            ConfirmationDeferred(reason=DeferralReason.OBJECTION_OPEN)
        )
        upheld = (*so_far, resolved(upheld=True))
        given(*upheld, on=GRANTED_ON).when(grant(), grant_expense_aid).refuses("objection-upheld")

    def test_is_made_once_and_after_approval_only(self) -> None:
        given(*until_approved()[:3], on=GRANTED_ON).when(grant(), grant_expense_aid).refuses(
            "wrong-stage", stage="proposed"
        )

    def test_is_not_made_the_way_of_an_emergency(self) -> None:
        made = spec(AID, on=GRANTED_ON, policy=policy()).given(requested())
        at_once = GrantAid(actor=GRANTER, role="township_approver", amount_fen=1)
        made.when(at_once, grant_aid).refuses("aid-of-another-kind", kind="expense")
        command = RefuseAid(
            actor=GRANTER, role="township_approver", reason="no_emergency", explanation=note("x")
        )
        made.when(command, refuse_aid).refuses("aid-of-another-kind", kind="expense")


class TestTheRooms:
    ACCEPTED = ApplicationAccepted(
        programme=Programme.TEMPORARY_ASSISTANCE,
        division=FUJIAN,
        applicant=FOUR[0].person_id,
        members=FOUR,
        survey_due=SURVEY_DUE,
        aid=requested().aid,
    )

    def test_an_accepted_application_keeps_what_was_asked_for(self) -> None:
        react, *_others = FOREIGN[ApplicationAccepted]
        said_on = requested().accepted_on
        (submission,) = react(document(self.ACCEPTED, case_id=CASE, on=said_on))
        assert submission.command == OpenAid(opened=requested())
        spec(AID, on=said_on).when(submission.command, open_aid).then(requested())
        without = self.ACCEPTED.model_copy(update={"aid": None, "programme": Programme.DIBAO})
        assert list(react(document(without, case_id=CASE, on=said_on))) == []

    def test_the_list_shows_a_refusal_of_it_and_none_of_other_programmes(self) -> None:
        seen = fold("", None, document(requested(), case_id=CASE, on=PROPOSED_ON))
        assert seen is not None
        assert (seen["kind"], seen["pay_by"]) == ("expense", None)
        refused = document(REFUSED, case_id=CASE, on=PROPOSED_ON, version=2)
        after = fold("", seen, refused)
        assert after is not None
        assert (after["stage"], after["reason"]) == ("refused", "income_not_below_standard")
        assert fold("", None, refused) is None
