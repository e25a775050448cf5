"""Applying for temporary assistance of each kind, and for tekun: given, when, then."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake import decisions
from services.intake.decisions import (
    AcceptApplication,
    CloseApplication,
    SubmitApplication,
    TransferApplication,
)
from services.intake.model import APPLICATION, OPEN_APPLICATION
from services.intake.reactions import FOREIGN
from services.intake.rules.needed import NEEDED_OF_AID
from services.intake.views import fold
from services.verification import reactions as verification
from services.verification.model import CHECK
from shared.calendar import CALENDAR_VERSION
from shared.contracts.aid import AidGranted, AidRefusalReason, AidRefused, AidTier
from shared.contracts.fields import (
    AidCause,
    AidKind,
    AidPlace,
    AidRequest,
    Due,
    Member,
    Programme,
    Relation,
)
from shared.contracts.intake import (
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    EmergencyAccepted,
    Material,
    MaterialsRequested,
    TransferReason,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from shared.regions import load_regions
from tests.decision.household import policy
from tests.documents import document
from tests.intake.test_decisions import CASE, FREE, MEMBERS, REASON, TOWNSHIP, WIFE, submit
from tests.notices import notice
from tests.verification.household import DAYAO

SHAANXI = "611022101000"

transfer = decisions.transferring(load_regions())

ACCEPTED_ON = date(2020, 3, 31)
PAY_BY = Due(on=date(2020, 4, 8), calendar=CALENDAR_VERSION)
HERE, PERMIT, THERE = (
    AidPlace.HOUSEHOLD_REGISTRATION,
    AidPlace.RESIDENCE_PERMIT,
    AidPlace.PLACE_OF_EMERGENCY,
)


def asked(**changed: Any) -> AidRequest:
    """What the household of case 4 asks for: 800 yuan, because of the epidemic."""
    stated: dict[str, Any] = {
        "kind": AidKind.EMERGENCY,
        "cause": AidCause.EPIDEMIC,
        "place": HERE,
        "requested_fen": 800_00,
    }
    return AidRequest(**(stated | changed))


def applying(**changed: Any) -> SubmitApplication:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "programme": Programme.TEMPORARY_ASSISTANCE,
        "division": TOWNSHIP,
        "applicant": WIFE,
        "members": MEMBERS,
        "materials": (),
        "reason": REASON,
        "aid": asked(),
    }
    return SubmitApplication(**(stated | changed))


def submitted(**changed: Any) -> ApplicationSubmitted:
    stated = applying(**changed).model_dump(exclude={"case_id"})
    return ApplicationSubmitted.model_validate(stated)


def accepted() -> EmergencyAccepted:
    return EmergencyAccepted(
        programme=Programme.TEMPORARY_ASSISTANCE,
        division=TOWNSHIP,
        applicant=WIFE,
        members=MEMBERS,
        aid=asked(),
        pay_by=PAY_BY,
    )


def given(*events: Event, on: date = ACCEPTED_ON, beside: int = 0) -> Given:
    """An application under the fixture's limits, beside its members' open applications."""
    made = spec(APPLICATION, on=on, policy=policy()).given(*events)
    for _ in range(beside):
        made = made.beside(OPEN_APPLICATION, *FREE)
    return made


class TestAskingForAid:
    def test_says_what_is_asked_for(self) -> None:
        *_claims, event = given(beside=2).when(applying(), submit).events
        # The township has five working days to answer, as long as for the money.
        expected = {"acceptance_due": PAY_BY, "applied_on": ACCEPTED_ON}
        assert event == submitted().model_copy(update=expected)

    def test_is_not_done_without_saying_it(self) -> None:
        refusal = given(beside=2).when(applying(aid=None), submit).refuses("aid-request-missing")
        assert refusal.status == 422

    def test_is_not_done_with_another_programme(self) -> None:
        given(beside=2).when(applying(programme=Programme.DIBAO), submit).refuses(
            "aid-request-out-of-place", programme="dibao"
        )

    def test_for_expenses_has_no_place_of_an_emergency(self) -> None:
        """From the law of 2026 on an emergency has, everywhere."""
        there = asked(kind=AidKind.EXPENSE, place=THERE)
        refusal = given(on=date(2026, 7, 1), beside=2).when(applying(aid=there), submit)
        refusal.refuses("aid-place-not-allowed", allowed="household_registration, residence_permit")

    def test_for_expenses_needs_a_place_that_states_its_average_income(
        self, tmp_path: Path
    ) -> None:
        """An emergency does not."""
        place = notice(
            tmp_path, "350924", Programme.TEMPORARY_ASSISTANCE, township_aid_limit_fen=1_800_00
        )
        made = spec(APPLICATION, on=ACCEPTED_ON, policy=Policy.load((place,)))
        made = made.beside(OPEN_APPLICATION).beside(OPEN_APPLICATION)
        made.when(applying(aid=asked(kind=AidKind.EXPENSE)), submit).refuses(
            "programme-not-regulated", parameter="local_disposable_income_yearly_fen"
        )
        assert made.when(applying(), submit).events

    @pytest.mark.parametrize(
        ("on", "provided"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)]
    )
    def test_as_small_quick_aid_is_done_since_2026(self, on: date, *, provided: bool) -> None:
        command = applying(aid=asked(kind=AidKind.SMALL_QUICK))
        decided = given(on=on, beside=2).when(command, submit)
        if provided:
            assert decided.events[-1].aid.kind is AidKind.SMALL_QUICK
            return
        decided.refuses(
            "aid-kind-not-provided-for", kind="small_quick", allowed="emergency, expense"
        )

    def test_needs_a_place_that_states_its_townships_limit(self) -> None:
        made = spec(APPLICATION, on=ACCEPTED_ON).beside(OPEN_APPLICATION).beside(OPEN_APPLICATION)
        made.when(applying(), submit).refuses(
            "programme-not-regulated", parameter="township_aid_limit_fen"
        )


class TestHandingAnApplicationOn:
    """It goes to a township that could accept it, and to no other."""

    command = TransferApplication(division=SHAANXI, reason=TransferReason.EMERGENCY_ELSEWHERE)

    def test_needs_what_its_kind_of_aid_asks_for_there(self) -> None:
        made = spec(APPLICATION, on=ACCEPTED_ON).given(submitted())
        made.when(self.command, transfer).refuses(
            "programme-not-regulated", parameter="township_aid_limit_fen"
        )

    @pytest.mark.parametrize(
        ("on", "allowed"), [(date(2022, 3, 31), False), (date(2022, 4, 1), True)]
    )
    def test_needs_a_place_that_counts_there(self, on: date, *, allowed: bool) -> None:
        there = submitted(aid=asked(place=THERE))
        decided = given(there, on=on).when(self.command, transfer)
        if allowed:
            assert decided.events[0].division == SHAANXI
            return
        decided.refuses("aid-place-not-allowed", place=THERE.value)


PLACES = [
    (TOWNSHIP, date(2020, 3, 31), HERE, True),
    (TOWNSHIP, date(2020, 3, 31), PERMIT, True),
    (TOWNSHIP, date(2020, 3, 31), THERE, False),
    (SHAANXI, date(2022, 3, 31), THERE, False),
    (SHAANXI, date(2022, 4, 1), THERE, True),
    (SHAANXI, date(2023, 5, 15), THERE, True),
    (DAYAO, date(2026, 6, 30), THERE, False),
    (DAYAO, date(2026, 7, 1), THERE, True),
]


@pytest.mark.mechanism("S4-5", "S2-20", "S2-21")
@pytest.mark.parametrize(("division", "on", "place", "allowed"), PLACES)
def test_where_aid_is_asked_for(division: str, on: date, place: AidPlace, *, allowed: bool) -> None:
    """By registration or permit; in Shaanxi from its plan on, and from the law on everywhere,
    where the emergency happens."""
    command = applying(division=division, aid=asked(place=place))
    decided = given(on=on, beside=2).when(command, submit)
    if allowed:
        assert decided.events[-1].aid.place is place
        return
    refusal = decided.refuses("aid-place-not-allowed", place=place.value)
    assert refusal.facts["allowed"] == "household_registration, residence_permit"
    assert "国发〔2014〕47号" in refusal.source


class TestAcceptingAnEmergency:
    @pytest.mark.mechanism("S1-24")
    def test_sets_the_last_day_of_payment_five_working_days_later(self) -> None:
        """Case 4: accepted on Tuesday 31 March; Qingming takes 4 to 6 April."""
        given(submitted()).when(AcceptApplication(), decisions.accept).then(accepted())
        regime = policy().at(TOWNSHIP, Programme.TEMPORARY_ASSISTANCE, ACCEPTED_ON)
        days = regime.value("emergency_pay_within_working_days")
        assert (days.figure, days.reference) == (5, "闽民救〔2020〕21号")

    def test_does_not_wait_for_papers_nor_for_the_word_for_a_check(self) -> None:
        asked_for = MaterialsRequested(materials=("identity", "check_authorization"))
        (event,) = given(submitted(), asked_for).when(AcceptApplication(), decisions.accept).events
        assert event == accepted()

    def test_takes_the_places_of_its_own_day(self) -> None:
        there = submitted(division=SHAANXI, aid=asked(place=THERE))
        given(there, on=date(2022, 3, 31)).when(AcceptApplication(), decisions.accept).refuses(
            "aid-place-not-allowed"
        )

    def test_shows_when_it_is_to_be_paid(self) -> None:
        seen: dict[str, Any] | None = None
        for version, event in enumerate((submitted(), accepted()), start=1):
            seen = fold("", seen, document(event, case_id=CASE, on=ACCEPTED_ON, version=version))
        assert seen is not None
        assert (seen["status"], seen["pay_by_on"]) == ("accepted", "2020-04-08")

    @pytest.mark.parametrize("refused", [True, False])
    def test_closes_when_it_is_decided(self, *, refused: bool) -> None:
        granted = AidGranted(
            granter=WIFE,
            tier=AidTier.TOWNSHIP,
            division=TOWNSHIP,
            payee=WIFE,
            amount_fen=800_00,
            pay_by=PAY_BY,
            explanation_due=PAY_BY,
            parameters=(),
        )
        denied = AidRefused(decider=WIFE, reason=AidRefusalReason.NO_EMERGENCY, explanation=REASON)
        event = denied if refused else granted
        (react,) = FOREIGN[type(event)]
        (submission,) = react(document(event, case_id=CASE, on=ACCEPTED_ON))
        assert submission.command == CloseApplication(refused=refused)
        given(submitted(), accepted()).when(submission.command, submission.decide).then(
            ApplicationClosed(
                refused=refused, programme=Programme.TEMPORARY_ASSISTANCE, members=MEMBERS
            )
        )


class TestAcceptingAidForExpenses:
    """It goes the ordinary way: checked as any application is."""

    APPLIED = submitted(aid=asked(kind=AidKind.EXPENSE), materials=(Material.CHECK_AUTHORIZATION,))

    @pytest.mark.mechanism("S1-22")
    def test_is_accepting_an_application_that_says_what_is_asked_for(self) -> None:
        """Ten working days for the survey: Qingming takes 4 to 6 April."""
        (event,) = given(self.APPLIED).when(AcceptApplication(), decisions.accept).events
        assert event == ApplicationAccepted(
            programme=Programme.TEMPORARY_ASSISTANCE,
            division=TOWNSHIP,
            applicant=WIFE,
            members=MEMBERS,
            survey_due=Due(on=date(2020, 4, 15), calendar=CALENDAR_VERSION),
            aid=asked(kind=AidKind.EXPENSE),
        )

    def test_waits_for_papers_and_for_the_word_for_a_check(self) -> None:
        missing = MaterialsRequested(materials=("medical_record",))
        given(self.APPLIED, missing).when(AcceptApplication(), decisions.accept).refuses(
            "materials-outstanding"
        )
        without = submitted(aid=asked(kind=AidKind.EXPENSE))
        given(without).when(AcceptApplication(), decisions.accept).refuses(
            "check-authorization-missing"
        )

    def test_opens_a_check_as_any_other_does(self) -> None:
        """Verification knows nothing of aid: the check is of its programme."""
        (event,) = given(self.APPLIED).when(AcceptApplication(), decisions.accept).events
        (react,) = verification.FOREIGN[ApplicationAccepted]
        (submission,) = react(document(event, case_id=CASE, on=ACCEPTED_ON))
        checked = spec(CHECK, on=ACCEPTED_ON, policy=policy())
        opened, *asked_departments = checked.when(submission.command, submission.decide).events
        assert opened.programme is Programme.TEMPORARY_ASSISTANCE
        assert asked_departments


def test_no_day_since_2014_lacks_a_value_that_a_kind_granted_then_needs() -> None:
    """The joints of all series: the day of each change and the day before it, in each place."""
    since = date(2014, 10, 3)
    days = {since, date(2030, 1, 1)}
    for definition in policy().definitions():
        days |= {entry.valid_from for entry in policy().entries(definition.name)}
    days |= {day - timedelta(days=1) for day in days}
    for on in sorted(day for day in days if day >= since):
        for division in (TOWNSHIP, SHAANXI, DAYAO):
            regime = policy().at(division, Programme.TEMPORARY_ASSISTANCE, on)
            for kind in map(AidKind, regime.codes("aid_kinds")):
                for name in NEEDED_OF_AID[kind]:
                    regime.value(name)


SMALL_IN_2026 = date(2026, 9, 24)
"""A Thursday: Mid-Autumn is on the Friday, the Saturday and the Sunday."""


class TestAcceptingSmallQuickAid:
    def pay_by(self, folder: Path | None = None) -> Due:
        folders = () if folder is None else (folder,)
        applied = submitted(aid=asked(kind=AidKind.SMALL_QUICK))
        made = spec(APPLICATION, on=SMALL_IN_2026, policy=policy(*folders)).given(applied)
        (event,) = made.when(AcceptApplication(), decisions.accept).events
        assert isinstance(event, EmergencyAccepted)
        return event.pay_by

    def test_sets_the_last_day_of_payment_three_days_later(self) -> None:
        assert self.pay_by().on == date(2026, 9, 27)

    def test_sets_it_three_working_days_later_where_the_place_counts_those(
        self, tmp_path: Path
    ) -> None:
        place = notice(
            tmp_path, "350924", Programme.TEMPORARY_ASSISTANCE, small_aid_counted_in="working_day"
        )
        assert self.pay_by(place) == Due(on=date(2026, 9, 30), calendar=CALENDAR_VERSION)


class TestTekun:
    """One person applies for themselves (民发〔2021〕43号)."""

    ON = date(2021, 7, 1)
    BODY: dict[str, Any] = {"programme": Programme.TEKUN, "aid": None}  # noqa: RUF012

    def test_is_applied_for_alone(self) -> None:
        command = applying(members=MEMBERS[:1], **self.BODY)
        *_claim, event = given(on=self.ON, beside=1).when(command, submit).events
        assert (event.programme, event.members) == ("tekun", MEMBERS[:1])

    def test_is_not_applied_for_by_two(self) -> None:
        child = Member(person_id=MEMBERS[1].person_id, relation=Relation.CHILD)
        command = applying(members=(MEMBERS[0], child), **self.BODY)
        refusal = given(on=self.ON, beside=2).when(command, submit)
        assert refusal.refuses("tekun-applies-alone", members=2, allowed=1).status == 422
