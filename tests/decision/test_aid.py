"""Aid in an emergency: cases 4 and 18 of the worked cases, and what follows a grant."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4, uuid5

import pytest

from services.decision.decisions import (
    ExplainAid,
    GrantAid,
    NoteMissedExplanation,
    OpenAid,
    RefuseAid,
    explain_aid,
    grant_aid,
    note_missed_explanation,
    open_aid,
    refuse_aid,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import AID, aid_of
from services.decision.reactions import FOREIGN
from services.decision.views.aids import fold
from services.decision.views.determinations import fold as fold_determination
from shared.calendar import CALENDAR_VERSION
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidGranted,
    AidOpened,
    AidReferredToCounty,
    AidRefusalReason,
    AidRefused,
    AidTier,
)
from shared.contracts.aid_needs import AidNeedsAssessed
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import (
    AidCause,
    AidKind,
    AidPlace,
    AidRequest,
    Due,
    ParameterUsed,
    Programme,
)
from shared.contracts.intake import EmergencyAccepted, Material
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.household import FOUR, policy
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, SHAANXI, note

TOWNSHIP, COUNTY = "township_approver", "county_approver"
GRANTER, CLERK, COUNTY_APPROVER = (
    uuid5(HOUSE, f"tests/{name}") for name in ("granter", "clerk", "county approver")
)
GRANTED_ON = date(2023, 5, 15)
PAY_BY = Due(on=date(2023, 5, 22), calendar=CALENDAR_VERSION)
EXPLANATION_DUE = Due(on=date(2023, 6, 12), calendar=CALENDAR_VERSION)
"""Twenty working days after Monday 15 May 2023."""
FOLLOW_UP_ON = date(2023, 8, 13)
"""Ninety days after it."""
LIMIT_FEN = 1_000_00
"""The fixture of case 18: what a township in Shaanxi grants by itself."""


def opened(**changed: Any) -> AidOpened:
    """Case 18: somebody from elsewhere had an accident in Shaanxi and needs 800 yuan."""
    stated: dict[str, Any] = {
        "programme": Programme.TEMPORARY_ASSISTANCE,
        "division": SHAANXI,
        "applicant": APPLICANT,
        "members": FOUR,
        "aid": AidRequest(
            kind=AidKind.EMERGENCY,
            cause=AidCause.ACCIDENT,
            place=AidPlace.PLACE_OF_EMERGENCY,
            requested_fen=800_00,
        ),
        "accepted_on": GRANTED_ON,
        "pay_by": PAY_BY,
    }
    return AidOpened(**(stated | changed))


def referred(amount_fen: int = 1_200_00) -> AidReferredToCounty:
    return AidReferredToCounty(referred_by=GRANTER, amount_fen=amount_fen, limit_fen=LIMIT_FEN)


def granted(amount_fen: int = 800_00, **changed: Any) -> AidGranted:
    stated: dict[str, Any] = {
        "granter": GRANTER,
        "tier": AidTier.TOWNSHIP,
        "division": SHAANXI,
        "payee": APPLICANT,
        "amount_fen": amount_fen,
        "pay_by": PAY_BY,
        "explanation_due": EXPLANATION_DUE,
        "follow_up_on": FOLLOW_UP_ON,
        "parameters": (
            ParameterUsed(name="aid_explanation_within_working_days", value=20),
            ParameterUsed(name="aid_follow_up_after_days", value=90),
            ParameterUsed(name="township_aid_limit_fen", value=LIMIT_FEN),
        ),
    }
    return AidGranted(**(stated | changed))


ASSESSED = AidNeedsAssessed(
    assessors=(CLERK,), money_fen=2_000_00, in_kind=(), findings=note("needs")
)
"""In Shaanxi it is assessed before a grant what is needed; here, money."""
EXPLAINED = AidExplained(
    explained_by=CLERK, materials=(Material.IDENTITY,), findings=note("findings")
)
ENDED = CaseEnded(
    programme=Programme.TEMPORARY_ASSISTANCE,
    division=SHAANXI,
    members=FOUR,
    reason=EndReason.AID_EXPLAINED,
)
MISSED = AidExplanationMissed(due=EXPLANATION_DUE)
REFUSED = AidRefused(
    decider=GRANTER, reason=AidRefusalReason.COVERED_OTHERWISE, explanation=note("refusal")
)


def given(*events: Event, on: date = GRANTED_ON) -> Given:
    return spec(AID, on=on, policy=policy()).given(*events)


def grant(amount_fen: int = 800_00, **changed: Any) -> GrantAid:
    return GrantAid(**({"actor": GRANTER, "role": TOWNSHIP, "amount_fen": amount_fen} | changed))


def explain(**changed: Any) -> ExplainAid:
    stated = {"actor": CLERK, "materials": EXPLAINED.materials, "findings": EXPLAINED.findings}
    return ExplainAid(**(stated | changed))


def refuse(**changed: Any) -> RefuseAid:
    stated: dict[str, Any] = {
        "actor": GRANTER,
        "role": TOWNSHIP,
        "reason": REFUSED.reason,
        "explanation": REFUSED.explanation,
    }
    return RefuseAid(**(stated | changed))


class TestATownshipsGrant:
    @pytest.mark.mechanism("S2-21", "S2-22", "S4-6")
    def test_is_made_at_once_and_is_to_be_explained_afterwards(self) -> None:
        given(opened(), ASSESSED).when(grant(), grant_aid).then(granted())

    @pytest.mark.mechanism("S2-24", "S4-6")
    def test_goes_up_to_its_limit(self) -> None:
        given(opened(), ASSESSED).when(grant(LIMIT_FEN), grant_aid).then(granted(LIMIT_FEN))

    @pytest.mark.mechanism("S2-24", "S4-6")
    def test_goes_to_the_county_one_fen_above_it(self) -> None:
        above = LIMIT_FEN + 1
        given(opened(), ASSESSED).when(grant(above), grant_aid).then(referred(above))

    def test_uses_the_limit_of_the_day_of_acceptance_and_of_its_own_place(self) -> None:
        in_fujian = opened(division=FUJIAN, accepted_on=date(2020, 3, 31))
        spec = given(in_fujian, on=date(2020, 4, 1))
        (event,) = spec.when(grant(1_800_00), grant_aid).events
        assert (event.tier, event.explanation_due.on) == ("township", date(2020, 4, 29))
        (event,) = spec.when(grant(1_800_01), grant_aid).events
        assert event.limit_fen == 1_800_00

    def test_is_made_once(self) -> None:
        given(opened(), granted()).when(grant(), grant_aid).refuses(
            "wrong-stage", stage="granted", allowed="opened, referred"
        )

    def test_is_not_made_of_what_was_never_accepted(self) -> None:
        given().when(grant(), grant_aid).refuses("wrong-stage", stage="none")


class TestTheCountysGrant:
    def test_follows_a_referral(self) -> None:
        """Case 18: 1,200 yuan."""
        command = grant(1_200_00, actor=COUNTY_APPROVER, role=COUNTY)
        (event,) = given(opened(), ASSESSED, referred()).when(command, grant_aid).events
        assert (event.tier, event.amount_fen) == (AidTier.COUNTY, 1_200_00)
        assert event.granter == COUNTY_APPROVER

    def test_is_its_own_once_the_aid_was_referred(self) -> None:
        """Not even an amount within its limit is the township's any more."""
        refusal = (
            given(opened(), referred())
            .when(grant(1), grant_aid)
            .refuses("not-the-granting-tier", tier="county")
        )
        assert refusal.status == 403

    def test_is_not_made_before_that(self) -> None:
        given(opened()).when(grant(role=COUNTY), grant_aid).refuses(
            "not-the-granting-tier", tier="township"
        )

    def test_is_not_made_by_who_referred_it(self) -> None:
        given(opened(), referred()).when(grant(role=COUNTY), grant_aid).refuses(
            "same-hands", before="referral"
        )


class TestARefusal:
    def test_is_the_tiers_that_the_aid_lies_with(self) -> None:
        given(opened()).when(refuse(), refuse_aid).then(REFUSED)
        given(opened()).when(refuse(role=COUNTY), refuse_aid).refuses(
            "not-the-granting-tier", tier="township"
        )
        given(opened(), referred()).when(refuse(), refuse_aid).refuses(
            "not-the-granting-tier", tier="county"
        )

    @pytest.mark.parametrize("decided", [granted(), REFUSED])
    def test_is_not_made_of_what_was_decided(self, decided: Event) -> None:
        given(opened(), decided).when(refuse(), refuse_aid).refuses("wrong-stage")


class TestTheExplanation:
    @pytest.mark.mechanism("S2-22")
    def test_ends_the_case(self) -> None:
        given(opened(), granted()).when(explain(), explain_aid).then(EXPLAINED, ENDED)

    def test_is_not_given_by_who_granted(self) -> None:
        given(opened(), granted()).when(explain(actor=GRANTER), explain_aid).refuses(
            "same-hands", before="grant"
        )

    def test_is_not_given_of_what_was_not_granted(self) -> None:
        given(opened()).when(explain(), explain_aid).refuses(
            "wrong-stage", stage="opened", allowed="granted"
        )

    def test_is_given_once(self) -> None:
        so_far = (opened(), granted(), EXPLAINED, ENDED)
        given(*so_far).when(explain(), explain_aid).refuses("wrong-stage", stage="explained")

    def test_is_in_time_on_its_last_day(self) -> None:
        given(opened(), granted(), on=EXPLANATION_DUE.on).when(explain(), explain_aid).then(
            EXPLAINED, ENDED
        )

    def test_is_late_on_the_day_after_and_taken_all_the_same(self) -> None:
        on = date(2023, 6, 13)
        given(opened(), granted(), on=on).when(explain(), explain_aid).then(
            MISSED, EXPLAINED, ENDED
        )
        given(opened(), granted(), MISSED, on=on).when(explain(), explain_aid).then(
            EXPLAINED, ENDED
        )

    @pytest.mark.parametrize(
        ("so_far", "on", "missed"),
        [
            ((granted(),), EXPLANATION_DUE.on, False),
            ((granted(),), date(2023, 6, 13), True),
            ((granted(), MISSED), date(2023, 6, 14), False),
            ((granted(), EXPLAINED, ENDED), date(2023, 6, 13), False),
        ],
    )
    def test_is_missed_on_the_day_after_its_last_once(
        self, so_far: tuple[Event, ...], on: date, *, missed: bool
    ) -> None:
        given(opened(), *so_far, on=on).when(NoteMissedExplanation(), note_missed_explanation).then(
            *((MISSED,) if missed else ())
        )


class TestTheRooms:
    def test_an_accepted_emergency_opens_an_aid_dated_by_it(self) -> None:
        aid = opened()
        accepted = EmergencyAccepted.model_validate(aid.model_dump(exclude={"accepted_on"}))
        (react,) = FOREIGN[EmergencyAccepted]
        (submission,) = react(document(accepted, case_id=CASE, on=GRANTED_ON))
        assert submission.reads == (aid_of(CASE),)
        given().when(submission.command, submission.decide).then(aid)
        given(aid).when(OpenAid(opened=aid), open_aid).refuses("wrong-stage", stage="opened")

    def test_a_grant_is_to_be_explained_until_it_is(self) -> None:
        entry, follow_up = agenda(document(granted(), case_id=CASE, on=GRANTED_ON))
        assert isinstance(entry, AgendaEntry)
        assert isinstance(follow_up, AgendaEntry)
        assert (follow_up.kind, follow_up.due_on) == ("aid-follow-up-opens", FOLLOW_UP_ON)
        assert (entry.kind, entry.due_on) == ("aid-explanation-missed", date(2023, 6, 13))
        duty = DUTIES[entry.kind](entry)
        assert (duty.command, duty.on) == (NoteMissedExplanation(), entry.due_on)
        assert duty.reads == (aid_of(CASE),)
        for event in (EXPLAINED, MISSED):
            changes = list(agenda(document(event, case_id=CASE, on=GRANTED_ON)))
            assert changes == [AgendaDone(entry.kind, entry.key)]

    def folded(self, *events: Event) -> dict[str, Any]:
        seen: dict[str, Any] | None = None
        for version, event in enumerate(events, start=1):
            seen = fold("", seen, document(event, case_id=CASE, on=GRANTED_ON, version=version))
        assert seen is not None
        return seen

    def test_the_list_shows_with_whom_an_aid_lies_and_what_is_due(self) -> None:
        assert self.folded(opened())["tier"] == "township"
        seen = self.folded(opened(), referred())
        assert (seen["stage"], seen["tier"]) == ("referred", "county")
        seen = self.folded(opened(), granted(), MISSED)
        assert (seen["stage"], seen["amount_fen"], seen["explanation_missed"]) == (
            "granted",
            800_00,
            True,
        )
        assert seen["explanation_due"] == "2023-06-12"
        assert self.folded(opened(), granted(), EXPLAINED)["stage"] == "explained"
        assert self.folded(opened(), REFUSED)["reason"] == "covered_otherwise"

    def test_the_end_of_an_aid_makes_no_determination(self) -> None:
        ended = document(ENDED, case_id=CASE, on=GRANTED_ON)
        assert fold_determination(str(uuid4()), None, ended) is None
