"""What is signed before an acceptance: insisted on where the place has it recorded, named once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.intake import decisions
from services.intake.decisions import (
    AcceptApplication,
    NoteMissedAcceptance,
    RequestMaterials,
    SupplyMaterials,
    TransferApplication,
)
from services.intake.decisions.authorisations import (
    DeclareTruthfulness,
    authorise,
    declare_truthfulness,
)
from services.intake.decisions.before_acceptance import FileKin, file_kin
from services.intake.model import APPLICATION
from shared.calendar import Month
from shared.contracts.authorisations import AuthorisationWithdrawn, TruthfulnessDeclared
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    AcceptanceDeadlineMissed,
    ActingFor,
    ActingGround,
    ApplicationTransferred,
    KinFiled,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    MissingSignature,
    SignatureKind,
    TransferReason,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from shared.regions import load_regions
from tests.intake.test_authorisations import signed, signing
from tests.intake.test_decisions import HUSBAND, WIFE, submitted
from tests.notices import notice

TODAY = date(2020, 4, 1)
KIN = KinFiled(kin=())
TRUE = TruthfulnessDeclared(declared_by=WIFE, document_digest="e" * 64)
ALL = (signed(), signed(HUSBAND), KIN, TRUE)
OF_WIFE, OF_HUSBAND = (
    MissingSignature(kind=SignatureKind.CHECK_AUTHORISATION, person_id=person)
    for person in (WIFE, HUSBAND)
)
OF_KIN = MissingSignature(kind=SignatureKind.KIN_DECLARATION)
GUARDIAN = ActingFor(ground=ActingGround.MINOR, person_id=HUSBAND)
OF_TRUTH = MissingSignature(kind=SignatureKind.TRUTHFULNESS)


@pytest.fixture
def place(tmp_path: Path) -> Policy:
    """A county that has each signature recorded."""
    return Policy.load((notice(tmp_path, "350924", acceptance_signatures="recorded"),))


def applying(place: Policy, *events: Event, on: date = TODAY) -> Given:
    return spec(APPLICATION, on=on, policy=place).given(submitted(), *events)


def accepting(place: Policy, *events: Event, on: date = TODAY) -> Any:
    return applying(place, *events, on=on).when(AcceptApplication(), decisions.accept)


class TestAccepting:
    def test_takes_every_signature_the_one_paper_does_not_stand_for_them(
        self, place: Policy
    ) -> None:
        assert accepting(place, *ALL).events
        accepting(place).refuses(
            "signatures-missing",
            signatures="check_authorisation, kin_declaration, truthfulness",
            missing=4,
        )

    @pytest.mark.parametrize(
        ("left_out", "kind"),
        [
            (0, "check_authorisation"),
            (1, "check_authorisation"),
            (2, "kin_declaration"),
            (3, "truthfulness"),
        ],
    )
    def test_is_refused_for_want_of_any(self, place: Policy, left_out: int, kind: str) -> None:
        some = [event for n, event in enumerate(ALL) if n != left_out]
        accepting(place, *some).refuses("signatures-missing", signatures=kind, missing=1)

    @pytest.mark.parametrize("on", [date(2012, 12, 12), date(2021, 7, 1)])
    def test_takes_what_is_said_of_kin_since_the_first_day(self, place: Policy, on: date) -> None:
        """民发〔2012〕220号, art. 14; 民发〔2021〕57号, art. 11."""
        accepting(place, signed(), signed(HUSBAND), TRUE, on=on).refuses(
            "signatures-missing", signatures="kin_declaration", missing=1
        )
        assert accepting(place, *ALL, on=on).events

    @pytest.mark.parametrize("programme", Programme)
    def test_asks_no_kin_of_who_is_not_dibaos(self, tmp_path: Path, programme: Programme) -> None:
        """Of other programmes no document has kin filed."""
        place = Policy.load(
            (notice(tmp_path, "350924", programme="all", acceptance_signatures="recorded"),)
        )
        alone = submitted().model_copy(
            update={"programme": programme, "members": submitted().members[:1], "acting": GUARDIAN}
        )
        applied = spec(APPLICATION, on=date(2023, 5, 4), policy=place).given(alone, signed(), TRUE)
        decided = applied.when(AcceptApplication(turns_eighteen=Month(2030, 5)), decisions.accept)
        if programme is Programme.DIBAO:
            decided.refuses("signatures-missing", signatures="kin_declaration", missing=1)
        else:
            assert decided.refusal is None

    @pytest.mark.parametrize(
        ("on", "refused"), [(date(2020, 4, 10), False), (date(2020, 4, 11), True)]
    )
    def test_takes_a_word_to_its_last_day(self, place: Policy, on: date, refused: bool) -> None:
        short = signed(HUSBAND, until_on=date(2020, 4, 10))
        decided = accepting(place, signed(), short, KIN, TRUE, on=on)
        assert (decided.refusal is not None) is refused

    def test_takes_a_minors_by_who_signs_for_them(self, place: Policy) -> None:
        for_him = signed(HUSBAND, signed_by=WIFE, ground=ActingGround.MINOR)
        assert accepting(place, signed(), for_him, KIN, TRUE).events

    def test_elsewhere_the_papers_are_enough(self) -> None:
        assert accepting(Policy.load()).events


class TestTheOneNotice:
    PAPER = RequestMaterials(materials=(Material.MEDICAL_RECORD,))

    def test_names_papers_and_signatures_together(self, place: Policy) -> None:
        applying(place, signed()).when(self.PAPER, decisions.request_materials).then(
            MaterialsRequested(
                materials=(Material.MEDICAL_RECORD,), signatures=(OF_HUSBAND, OF_KIN, OF_TRUTH)
            )
        )

    def test_names_signatures_alone_and_never_nothing(self, place: Policy) -> None:
        nothing = RequestMaterials(materials=())
        alone = applying(place).when(nothing, decisions.request_materials)
        alone.then(
            MaterialsRequested(materials=(), signatures=(OF_WIFE, OF_HUSBAND, OF_KIN, OF_TRUTH))
        )
        whole = applying(place, *ALL).when(nothing, decisions.request_materials)
        whole.refuses("nothing-missing")

    def test_is_shown_with_the_application(self, place: Policy) -> None:
        noticed = MaterialsRequested(materials=(), signatures=(OF_KIN,))
        assert applying(place, noticed).state.signatures_requested == (OF_KIN,)

    def test_elsewhere_it_names_papers_only(self) -> None:
        asked = applying(Policy.load()).when(self.PAPER, decisions.request_materials)
        asked.then(MaterialsRequested(materials=(Material.MEDICAL_RECORD,)))


class TestTheLastOfThem:
    """With it the township's days to accept begin anew, as with the last paper."""

    NOTICE = MaterialsRequested(materials=(), signatures=(OF_WIFE, OF_HUSBAND, OF_KIN, OF_TRUTH))

    def anew(self, decided: Any) -> bool:
        *_first, last = decided.events
        if not isinstance(last, MaterialsSupplied):
            return False
        assert last.materials == ()
        assert last.acceptance_due is not None
        assert last.acceptance_due.on == date(2020, 4, 9)
        return True

    def test_begins_them_whichever_it_is(self, place: Policy) -> None:
        declare = DeclareTruthfulness(declared_by=WIFE, document_digest="e" * 64)
        waiting = applying(place, self.NOTICE)
        truth = waiting.given(*ALL[:3])
        assert self.anew(truth.when(declare, declare_truthfulness))
        kin = waiting.given(*ALL[:2], TRUE)
        assert self.anew(kin.when(FileKin(kin=()), file_kin))
        word = waiting.given(ALL[0], KIN, TRUE)
        assert self.anew(word.when(signing(HUSBAND), authorise))

    def test_does_not_before_the_notice_nor_while_something_is_missing(self, place: Policy) -> None:
        declare = DeclareTruthfulness(declared_by=WIFE, document_digest="e" * 64)
        before = applying(place, *ALL[:3]).when(declare, declare_truthfulness)
        assert not self.anew(before)
        some = applying(place, self.NOTICE, *ALL[:2]).when(declare, declare_truthfulness)
        assert not self.anew(some)
        paper = MaterialsRequested(materials=(Material.MEDICAL_RECORD,), signatures=(OF_TRUTH,))
        papers = applying(place, *ALL[:3], paper)
        assert not self.anew(papers.when(declare, declare_truthfulness))
        bring = SupplyMaterials(materials=(Material.MEDICAL_RECORD,))
        (brought,) = papers.when(bring, decisions.supply_materials).events
        assert brought.acceptance_due is None
        (last,) = papers.given(TRUE).when(bring, decisions.supply_materials).events
        assert last.acceptance_due is not None


class TestTheTownshipsDays:
    """They run while it has what it needs, or has not said yet what is missing."""

    NOTICE = MaterialsRequested(materials=(), signatures=(OF_HUSBAND, OF_KIN, OF_TRUTH))
    MISSED = NoteMissedAcceptance(due_on=date(2020, 4, 9))
    VILLAGE = TransferApplication(division="350924101000", reason=TransferReason.LIVES_ELSEWHERE)

    def handed_on(self, place: Policy, *events: Event) -> ApplicationTransferred:
        transfer = decisions.transferring(load_regions())
        (moved,) = applying(place, *events).when(self.VILLAGE, transfer).events
        assert isinstance(moved, ApplicationTransferred)
        return moved

    def test_begin_with_a_transfer_but_not_while_it_waits_for_signatures(
        self, place: Policy
    ) -> None:
        assert self.handed_on(place).acceptance_due is not None
        assert self.handed_on(place, signed(), self.NOTICE).acceptance_due is None
        whole = self.handed_on(place, self.NOTICE, *ALL)
        assert whole.acceptance_due is not None

    def test_are_not_missed_while_it_waits_for_signatures(self, place: Policy) -> None:
        """Say because a member took the word back, after the days had begun anew."""
        missed = AcceptanceDeadlineMissed(due_on=self.MISSED.due_on)
        on = date(2020, 4, 10)
        before = applying(place, on=on)
        before.when(self.MISSED, decisions.note_missed_acceptance).then(missed)
        whole = applying(place, self.NOTICE, *ALL, on=on)
        whole.when(self.MISSED, decisions.note_missed_acceptance).then(missed)
        gone = AuthorisationWithdrawn(person_id=HUSBAND)
        whole.given(gone).when(self.MISSED, decisions.note_missed_acceptance).then()
