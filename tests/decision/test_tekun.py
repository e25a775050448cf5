"""Recognition of tekun: no ability to work, no means, nobody able who is bound to support."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    PostPublicity,
    Propose,
    approve,
    confirm,
    post_publicity,
    propose,
    refuse,
)
from services.decision.reactions import FOREIGN
from shared.calendar import Month
from shared.contracts.circumstances import (
    DisabilityKind,
    ObligorStanding,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.decision import BenefitProposed, DeterminationOpened, RefusalReason
from shared.contracts.fields import (
    ParameterUsed,
    Programme,
)
from shared.contracts.publicity import PublicityRound
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import APPROVER, EXPLANATION, OTHER, PROPOSER, given, opened
from tests.documents import document
from tests.notices import notice
from tests.verification.household import ALONE, APPLICANT, CASE
from tests.verification.test_decisions import completed

ACCEPTED_ON = date(2021, 7, 1)
"""The first day of 民发〔2021〕43号, a Thursday."""

PROPOSED_ON = date(2021, 7, 12)
STANDARD_FEN, BASIC_FEN = 600_00, 780_00
ABLE, MEANS, PROPERTY, OBLIGOR = (
    RefusalReason.ABLE_TO_WORK,
    RefusalReason.INCOME_NOT_BELOW_STANDARD,
    RefusalReason.PROPERTY_ABOVE_LIMIT,
    RefusalReason.OBLIGOR_ABLE,
)


def circumstances(**changed: Any) -> TekunCircumstances:
    """Over sixty, and nobody is bound to support them."""
    stated: dict[str, Any] = {
        "ground": TekunGround.AGE_SIXTY_OR_OVER,
        "obligors": ObligorStanding.NONE,
    }
    return TekunCircumstances(**(stated | changed))


def account(tekun: TekunCircumstances | None = None, **changed: Any) -> DeterminationOpened:
    stated: dict[str, Any] = {
        "programme": Programme.TEKUN,
        "members": ALONE,
        "accepted_on": ACCEPTED_ON,
        "income": (),
        "deductions": (),
        "counted_income_fen": 0,
        "tekun": tekun or circumstances(),
    }
    return opened(**(stated | changed))


def proposed() -> BenefitProposed:
    return BenefitProposed(
        proposer=PROPOSER,
        persons=1,
        standard_fen=STANDARD_FEN,
        counted_income_fen=0,
        amount_fen=BASIC_FEN,
        parameters=(
            ParameterUsed(name="property_deposits_limit_annual_standards", value=30_000),
            ParameterUsed(name="property_houses_limit", value=1),
            ParameterUsed(name="property_vehicles_limit", value=0),
            ParameterUsed(name="standard_monthly_fen", value=STANDARD_FEN),
            ParameterUsed(name="tekun_basic_monthly_fen", value=BASIC_FEN),
        ),
        explanation=EXPLANATION,
    )


def proposing(
    tekun: TekunCircumstances | None = None, folders: tuple[Path, ...] = (), **changed: Any
) -> Decided:
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    spec = given(account(tekun, **changed), on=PROPOSED_ON, folders=folders)
    return spec.when(command, propose)


def reason(decided: Decided) -> RefusalReason | None:
    """Why it was refused; ``None`` where the basic standard was proposed."""
    (event,) = decided.events
    if isinstance(event, BenefitProposed):
        assert event.amount_fen == BASIC_FEN
        return None
    found: RefusalReason = event.reason
    return found


@pytest.mark.mechanism("S0-14", "S4-8")
def test_who_is_recognised_is_paid_the_basic_standard_whole() -> None:
    proposing().then(proposed())


@pytest.mark.mechanism("S4-8")
class TestAbilityToWork:
    @pytest.mark.parametrize("ground", [TekunGround.AGE_SIXTY_OR_OVER, TekunGround.UNDER_SIXTEEN])
    def test_is_not_asked_of_the_old_and_of_children(self, ground: TekunGround) -> None:
        assert reason(proposing(circumstances(ground=ground))) is None

    def test_is_asked_of_an_age_that_the_rules_do_not_name(self, tmp_path: Path) -> None:
        folders = (notice(tmp_path, "35", "tekun", tekun_unable_ages=["age_sixty_or_over"]),)
        for ground, refused in (
            (TekunGround.AGE_SIXTY_OR_OVER, None),
            (TekunGround.UNDER_SIXTEEN, ABLE),
        ):
            assert reason(proposing(circumstances(ground=ground), folders=folders)) is refused

    @pytest.mark.parametrize(
        ("kind", "grade", "refused"),
        [
            (DisabilityKind.INTELLECTUAL, 3, None),
            (DisabilityKind.INTELLECTUAL, 4, ABLE),
            (DisabilityKind.MENTAL, 3, None),
            (DisabilityKind.MENTAL, 4, ABLE),
            (DisabilityKind.PHYSICAL, 2, None),
            (DisabilityKind.PHYSICAL, 3, ABLE),
            (DisabilityKind.VISUAL, 1, None),
            (DisabilityKind.VISUAL, 2, ABLE),
            (DisabilityKind.HEARING, 1, ABLE),
            (DisabilityKind.SPEECH, 1, ABLE),
        ],
    )
    def test_goes_by_kind_and_grade_of_a_disability(
        self, kind: DisabilityKind, grade: int, refused: RefusalReason | None
    ) -> None:
        found = circumstances(ground=TekunGround.DISABILITY, disability=kind, grade=grade)
        assert reason(proposing(found)) is refused

    def test_may_be_told_otherwise_by_a_province(self, tmp_path: Path) -> None:
        folders = (notice(tmp_path, "35", "tekun", tekun_disability_grade_hearing=2),)
        for grade, refused in ((2, None), (3, ABLE)):
            found = circumstances(
                ground=TekunGround.DISABILITY, disability=DisabilityKind.HEARING, grade=grade
            )
            assert reason(proposing(found, folders=folders)) is refused


class TestMeans:
    """Below the dibao standard of the place, strictly; property within the limits for tekun."""

    @pytest.mark.parametrize(
        ("income_fen", "refused"), [(STANDARD_FEN - 1, None), (STANDARD_FEN, MEANS)]
    )
    def test_are_tested_against_the_dibao_standard(
        self, income_fen: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(counted_income_fen=income_fen)) is refused

    @pytest.mark.parametrize(
        ("deposits_fen", "refused"),
        [(3 * 12 * STANDARD_FEN, None), (3 * 12 * STANDARD_FEN + 1, PROPERTY)],
    )
    def test_property_goes_up_to_the_limit(
        self, deposits_fen: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(deposits_fen=deposits_fen)) is refused


class TestObligors:
    @pytest.mark.parametrize(
        ("standing", "refused"),
        [
            (ObligorStanding.NONE, None),
            (ObligorStanding.UNABLE, None),
            (ObligorStanding.ABLE, OBLIGOR),
        ],
    )
    def test_who_are_able_stand_in_the_way(
        self, standing: ObligorStanding, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(circumstances(obligors=standing))) is refused


def test_the_reason_is_the_first_in_the_articles_order() -> None:
    worst = circumstances(
        ground=TekunGround.DISABILITY,
        disability=DisabilityKind.SPEECH,
        grade=4,
        obligors=ObligorStanding.ABLE,
    )
    assert reason(proposing(worst, counted_income_fen=STANDARD_FEN, houses=2)) is ABLE
    able = circumstances(obligors=ObligorStanding.ABLE)
    assert reason(proposing(able, counted_income_fen=STANDARD_FEN, houses=2)) is MEANS
    assert reason(proposing(able, houses=2)) is PROPERTY


def test_a_survey_that_says_nothing_of_it_is_no_ground() -> None:
    without = account().model_copy(update={"tekun": None})
    given(without, on=PROPOSED_ON).when(
        Propose(actor=PROPOSER, explanation=EXPLANATION), propose
    ).refuses("tekun-circumstances-missing")


def test_a_completed_check_hands_the_circumstances_on() -> None:
    check = completed().model_copy(update={"tekun": circumstances()})
    (react,) = FOREIGN[CheckCompleted]
    (submission,) = react(document(check, case_id=CASE, on=PROPOSED_ON))
    assert submission.command.account.tekun == circumstances()


class TestTheProcedureOf43:
    """Publicity of 7 days; the county decides within 15 working days; no second publicity."""

    def so_far(self, *more: Event) -> tuple[Event, ...]:
        return (account(), proposed(), *more)

    def test_runs_to_the_countys_confirmation_of_the_basic_standard(self) -> None:
        spec = given(*self.so_far(), on=PROPOSED_ON)
        post = PostPublicity(round=PublicityRound.FIRST)
        (posted,) = spec.when(post, post_publicity).events
        assert posted.until_on == date(2021, 7, 19)
        spec = given(*self.so_far(posted), on=date(2021, 7, 20))
        (approved,) = spec.when(Approve(actor=APPROVER), approve).events
        assert approved.decision_due.on == date(2021, 8, 10)
        spec = given(*self.so_far(posted, approved), on=date(2021, 7, 21))
        spec.when(Decide(actor=OTHER, role="township_approver"), confirm).refuses(
            "not-the-deciding-level", decided_by="county"
        )
        decided = spec.when(Decide(actor=OTHER, role="county_approver"), confirm)
        (confirmed,) = decided.events
        assert (confirmed.programme, confirmed.amount_fen) == (Programme.TEKUN, BASIC_FEN)
        assert (confirmed.payee, confirmed.pay_from) == (APPLICANT, Month(2021, 8))

    def test_has_no_second_publicity(self) -> None:
        spec = given(*self.so_far(), on=PROPOSED_ON)
        (posted,) = spec.when(PostPublicity(round=PublicityRound.FIRST), post_publicity).events
        spec = given(*self.so_far(posted), on=date(2021, 7, 20))
        (approved,) = spec.when(Approve(actor=APPROVER), approve).events
        given(*self.so_far(posted, approved), on=date(2021, 7, 20)).when(
            PostPublicity(round=PublicityRound.SECOND), post_publicity
        ).refuses("no-such-publicity", round="second")

    def test_refuses_with_its_own_reasons(self) -> None:
        (refusal,) = proposing(circumstances(obligors=ObligorStanding.ABLE)).events
        spec = given(account(), refusal, on=PROPOSED_ON)
        (refused,) = spec.when(Decide(actor=OTHER, role="county_approver"), refuse).events
        assert refused.reason is OBLIGOR
        assert refused.notice_due.on == date(2021, 7, 15)
