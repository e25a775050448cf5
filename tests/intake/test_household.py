"""Whom a household may name as its members, and who is free again since they do not count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.decision.reactions import on_check_completed
from services.intake import decisions
from services.intake.decisions import AcceptApplication, ReleaseOpenApplication
from services.intake.model import APPLICATION, OPEN_APPLICATION, open_application_stream
from services.intake.reactions import on_determination_opened
from shared.contracts.circumstances import Absence
from shared.contracts.fields import Programme, Relation
from shared.contracts.intake import KinFiled
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.decision.household import opened
from tests.documents import document
from tests.intake import test_aid, test_decisions
from tests.intake.test_decisions import CASE, MEMBERS, PAPERS, submit, submitted
from tests.notices import notice
from tests.verification import test_household as surveyed
from tests.verification.circumstances import lives
from tests.verification.household import HUSBAND as PRISONER

DAYS = (date(2012, 12, 12), date(2021, 6, 30), date(2021, 7, 1))


def applying(on: date, policy: Policy) -> Given:
    """Nothing yet, beside the members' open applications."""
    made = spec(APPLICATION, on=on, policy=policy)
    return made.beside(OPEN_APPLICATION).beside(OPEN_APPLICATION)


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("relation", [one for one in Relation if one is not Relation.APPLICANT])
class TestARelation:
    """220, art. 5; 57, art. 7."""

    def test_is_one_of_a_household(self, on: date, relation: Relation) -> None:
        members = (MEMBERS[0], MEMBERS[1].model_copy(update={"relation": relation}))
        command = test_decisions.applying(members=members)
        assert applying(on, Policy.load()).when(command, submit).events
        taken_in = submitted(PAPERS).model_copy(update={"members": members})
        accepting = spec(APPLICATION, on=on).given(taken_in, KinFiled(kin=()))
        assert accepting.when(AcceptApplication(), decisions.accept).events

    def test_that_the_place_does_not_know_is_refused_by_name(
        self, on: date, relation: Relation, tmp_path: Path
    ) -> None:
        place = Policy.load((notice(tmp_path, "35", household_members=["spouse"]),))
        members = (MEMBERS[0], MEMBERS[1].model_copy(update={"relation": relation}))
        taken_in = submitted(PAPERS).model_copy(update={"members": members})
        accepting = spec(APPLICATION, on=on, policy=place).given(taken_in)
        for decided in (
            applying(on, place).when(test_decisions.applying(members=members), submit),
            accepting.when(AcceptApplication(), decisions.accept),
        ):
            if relation is Relation.SPOUSE:
                assert decided.events
                continue
            refusal = decided.refuses(
                "relation-not-of-household", relations=relation.value, allowed="spouse"
            )
            assert (refusal.status, refusal.source) == (422, "A notice of the place")


def test_who_does_not_count_into_the_household_is_free_for_another_application() -> None:
    on = date(2021, 7, 1)
    check = surveyed.account(on, lives(PRISONER, absence=Absence.PRISONER))
    (opening,) = on_check_completed(document(check, case_id=CASE, on=on))
    account = opening.command.account
    (release,) = on_determination_opened(document(account, case_id=CASE, on=on))
    assert release.command == ReleaseOpenApplication(case_id=CASE)
    assert release.reads == (open_application_stream(Programme.DIBAO, PRISONER),)
    assert not list(on_determination_opened(document(opened(), case_id=CASE, on=on)))


def test_whom_aid_is_asked_for_is_not_told_apart() -> None:
    """No document says who belongs to a household that asks for temporary assistance."""
    dependent = MEMBERS[1].model_copy(update={"relation": Relation.OTHER_DEPENDENT})
    command = test_aid.applying(members=(MEMBERS[0], dependent))
    assert test_aid.given(beside=2).when(command, submit).events
