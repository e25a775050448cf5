"""The county's own visits: by whose hands, late or not, and always where kin are of the house."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.verification.decisions import (
    ListCheck,
    NoteKin,
    NoteMissedSpotCheck,
    OweKinVisit,
    OweSpotCheck,
    RecordSpotVisit,
    note_kin,
    note_missed_spot_check,
    open_check,
    owe_kin_visit,
    owe_spot_check,
    record_spot_visit,
)
from services.verification.model import CHECK, check_of
from services.verification.reactions import (
    on_application_accepted,
    on_check_completed,
    on_kin_filed,
    on_kin_noted,
)
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    ApplicationAccepted,
    KinCapacity,
    KinFiled,
    KinRelation,
    NearKin,
)
from shared.contracts.kin import KinNoted
from shared.contracts.spot_checks import (
    SpotCheckGround,
    SpotCheckMissed,
    SpotCheckOwed,
    SpotVisitRecorded,
)
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from tests.documents import document
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    CASE,
    FIRST,
    FUJIAN,
    MEMBERS,
    SECOND,
    SURVEY_DUE,
    note,
    opened,
    visited,
)
from tests.verification.test_spot_checks import (
    COMPLETED_ON,
    DUE,
    FIFTH,
    FOURTH,
    HERE,
    TODAY,
)


def completed() -> CheckCompleted:
    return CheckCompleted(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=MEMBERS[0].person_id,
        members=MEMBERS,
        accepted_on=ACCEPTED_ON,
        surveyors=(FIRST, SECOND),
        income=(),
        deductions=(),
        income_fen=0,
        deducted_fen=0,
        counted_income_fen=0,
        deposits_fen=0,
        houses=0,
        vehicles=0,
        missing=(),
    )


KIN = NearKin(
    person_id=APPLICANT,
    relation=KinRelation.SIBLING,
    official=FIFTH,
    capacity=KinCapacity.HANDLER,
)
OWED = SpotCheckOwed(ground=SpotCheckGround.DRAWN, due=DUE)


def check(*events: Event, on: date = date(2020, 4, 16)) -> Given:
    return spec(CHECK, on=on).given(opened(), visited(), completed(), *events)


def visiting(on: date = date(2020, 4, 16), **changed: Any) -> RecordSpotVisit:
    return RecordSpotVisit(
        **{
            "visited_on": on,
            "visitors": (FOURTH, FIFTH),
            "confirms": True,
            "findings": note("spot findings"),
            "recorder": FOURTH,
        }
        | changed
    )


class TestTheCountysVisit:
    visit = SpotVisitRecorded(
        visited_on=date(2020, 4, 16),
        visitors=(FOURTH, FIFTH),
        confirms=True,
        findings=note("spot findings"),
    )

    def test_is_owed_once(self) -> None:
        command = OweSpotCheck(ground=SpotCheckGround.DRAWN, due=DUE)
        check().when(command, owe_spot_check).then(OWED)
        check(OWED).when(command, owe_spot_check).then()
        check(self.visit).when(command, owe_spot_check).then()

    def test_on_the_last_day_is_in_time(self) -> None:
        check(OWED).when(visiting(), record_spot_visit).then(self.visit)

    def test_a_day_later_has_its_lateness_beside_it(self) -> None:
        late = date(2020, 4, 17)
        events = check(OWED, on=late).when(visiting(late), record_spot_visit).events
        assert events[0] == SpotCheckMissed(due=DUE)
        assert len(events) == 2

    def test_may_take_place_without_being_owed(self) -> None:
        check().when(visiting(), record_spot_visit).then(self.visit)

    @pytest.mark.parametrize(
        "changed", [{"visitors": (FIRST, FOURTH)}, {"recorder": SECOND}], ids=["visitor", "clerk"]
    )
    def test_is_by_hands_that_had_no_part_in_the_survey(self, changed: dict[str, Any]) -> None:
        check(OWED).when(visiting(**changed), record_spot_visit).refuses(
            "spot-check-same-hands", persons=1
        )

    def test_is_by_two(self) -> None:
        alone = visiting(visitors=(FOURTH, FOURTH))
        check(OWED).when(alone, record_spot_visit).refuses("too-few-surveyors", needed=2)

    def test_follows_the_check(self) -> None:
        before = spec(CHECK, on=TODAY).given(opened(), visited())
        before.when(visiting(TODAY), record_spot_visit).refuses("check-not-complete")

    def test_that_did_not_take_place_is_noted_once(self) -> None:
        command = NoteMissedSpotCheck(due_on=DUE.on)
        missed = SpotCheckMissed(due=DUE)
        check(OWED).when(command, note_missed_spot_check).then(missed)
        check(OWED, missed).when(command, note_missed_spot_check).then()
        check(OWED, self.visit).when(command, note_missed_spot_check).then()


class TestAHouseholdOfKin:
    """Always visited: 民发〔2012〕220号, art. 26; 民发〔2021〕57号, art. 20."""

    def owes(
        self, kin_filed: bool | None, *events: Event, on: date = TODAY, accepted_on: date
    ) -> Decided:
        start = opened(accepted_on=accepted_on).model_copy(update={"kin_filed": kin_filed})
        account = completed().model_copy(update={"accepted_on": accepted_on})
        history = (start, visited(), account, *events)
        return spec(CHECK, on=on).given(*history).when(OweKinVisit(), owe_kin_visit)

    @pytest.mark.parametrize("year", [2020, 2022])
    def test_is_owed_a_visit_as_soon_as_its_check_is_complete(self, year: int) -> None:
        on, accepted_on = date(year, 4, 11), date(year, 4, 1)
        (owed,) = self.owes(True, on=on, accepted_on=accepted_on).events
        assert owed.ground is SpotCheckGround.KIN
        assert owed.due.on > on
        self.owes(True, owed, on=on, accepted_on=accepted_on).then()

    @pytest.mark.parametrize("kin_filed", [False, None])
    def test_is_one_where_somebody_was_filed(self, kin_filed: bool | None) -> None:
        self.owes(kin_filed, accepted_on=ACCEPTED_ON).then()

    def test_is_not_owed_it_before_the_check_is_complete(self) -> None:
        start = opened().model_copy(update={"kin_filed": True})
        spec(CHECK, on=TODAY).given(start).when(OweKinVisit(), owe_kin_visit).then()

    def test_is_not_owed_a_second_one_when_it_is_drawn(self) -> None:
        (owed,) = self.owes(True, accepted_on=ACCEPTED_ON).events
        command = OweSpotCheck(ground=SpotCheckGround.DRAWN, due=DUE)
        check(owed).when(command, owe_spot_check).then()

    def test_may_become_known_after_the_acceptance(self) -> None:
        told = document(KinFiled(kin=(KIN,), after_acceptance=True), case_id=CASE, on=TODAY)
        (submission,) = on_kin_filed(told)
        assert (submission.command, submission.reads) == (NoteKin(), (check_of(CASE),))
        before = spec(CHECK, on=TODAY).given(opened())
        before.when(NoteKin(), note_kin).then(KinNoted())
        before.when(OweKinVisit(), owe_kin_visit).then()
        before.given(KinNoted()).when(NoteKin(), note_kin).then()
        complete = before.given(visited(), completed(), KinNoted())
        (owed,) = complete.when(OweKinVisit(), owe_kin_visit).events
        assert owed.ground is SpotCheckGround.KIN
        (at_once,) = on_kin_noted(document(KinNoted(), case_id=CASE, on=TODAY))
        assert at_once.command == OweKinVisit()

    def test_is_not_made_of_one_that_says_there_are_none(self) -> None:
        for said in (KinFiled(kin=(), after_acceptance=True), KinFiled(kin=(KIN,))):
            assert not list(on_kin_filed(document(said, case_id=CASE, on=TODAY)))
        filed = opened().model_copy(update={"kin_filed": True})
        spec(CHECK, on=TODAY).given(filed).when(NoteKin(), note_kin).then()
        spec(CHECK, on=TODAY).when(NoteKin(), note_kin).then()

    @pytest.mark.parametrize(("filed", "known"), [(None, None), ((), False), ((KIN,), True)])
    def test_is_known_from_its_application(
        self, filed: tuple[NearKin, ...] | None, known: bool | None
    ) -> None:
        accepted = ApplicationAccepted(
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            members=MEMBERS,
            survey_due=SURVEY_DUE,
            kin=filed,
        )
        (submission,) = on_application_accepted(document(accepted, case_id=CASE, on=ACCEPTED_ON))
        begun, *_ = spec(CHECK, on=ACCEPTED_ON).when(submission.command, open_check).events
        assert begun.kin_filed is known


def test_a_completed_check_is_listed_with_its_county() -> None:
    submission, kin = on_check_completed(document(completed(), case_id=CASE, on=COMPLETED_ON))
    assert (kin.command, kin.reads) == (OweKinVisit(), (check_of(CASE),))
    assert submission.reads[0].key == f"{HERE}/dibao"
    assert submission.command == ListCheck(
        case_id=CASE, division=FUJIAN, accepted_on=ACCEPTED_ON, completed_on=COMPLETED_ON
    )
