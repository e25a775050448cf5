"""What intake's streams of applications fold to.

``application``: one stream per case. ``open-application``: one stream per programme and person,
so that two applications of one person cannot both be open, whoever submits them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
    TruthfulnessDeclared,
)
from shared.contracts.erasure import (
    ApplicationsBarred,
)
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    AcceptanceDeadlineMissed,
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    ApplicationTransferred,
    ApplicationWithdrawn,
    EmergencyAccepted,
    KinFiled,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    MissingSignature,
    NearKin,
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.contracts.recognition import HouseholdStatus
from shared.contracts.requests import PublicityNoted
from shared.contracts.residence import DecisionDeadlineMissed, ResidencesStated
from shared.contracts.screening import ApplicationOfScreening
from shared.contracts.watch_list import HouseholdRecognitionNoted
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class Status(StrEnum):
    """How far an application is; ``NONE`` before it was submitted."""

    NONE = "none"
    SUBMITTED = "submitted"
    MATERIALS_REQUESTED = "materials_requested"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Application:
    """A household's application.

    ``requested`` is what the one notice asked for (``None`` before it was given), with the
    ``signatures_requested``, ``supplied`` all papers brought so far, ``refused`` how the case was
    decided once it is closed, ``recognised`` what a refused household is all the same,
    ``screening_tasks`` what it came of. ``kin`` is who was filed as near kin of an official,
    ``None`` before anything was. After a transfer ``submitted`` names the division that has it now.
    ``authorisations`` are the words by which persons' means may be checked, ``authorised_apart``
    whether any member's was ever given, or taken back, so. ``where`` is where its members are
    registered and live, as far as that was stated.
    """

    status: Status = Status.NONE
    submitted: ApplicationSubmitted | None = None
    requested: tuple[Material, ...] | None = None
    signatures_requested: tuple[MissingSignature, ...] = ()
    supplied: frozenset[Material] = frozenset()
    accepted: ApplicationAccepted | EmergencyAccepted | None = None
    refused: bool | None = None
    recognised: HouseholdStatus | None = None
    screening_tasks: tuple[UUID, ...] = ()
    kin: tuple[NearKin, ...] | None = None
    authorisations: Mapping[UUID, CheckAuthorised] = field(default_factory=dict)
    authorised_apart: bool = False
    declared_true: bool = False
    where: ResidencesStated | None = None

    @property
    def kin_owed(self) -> bool:
        """Whether it was accepted, and nobody has said yet if officials are near kin."""
        taken_in = self.accepted
        owed = isinstance(taken_in, ApplicationAccepted) and bool(taken_in.kin_owed)
        return owed and self.kin is None

    @property
    def outstanding(self) -> tuple[Material, ...]:
        """What the notice asked for and nobody has brought yet."""
        return tuple(m for m in self.requested or () if m not in self.supplied)


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """The case in which a person's application for a programme is open, or was confirmed.

    Of a person about to be erased it is the erasure, so that nothing else is opened.
    ``ended_on`` is the day on which the last one ended; ``barred`` says that it is the erasure.
    """

    case_id: UUID | None = None
    barred: bool = False
    ended_on: date | None = None


def evolve_application(application: Application, event: Event) -> Application:
    """One step of an application's fold."""
    match event:
        case ApplicationSubmitted():
            supplied = frozenset(event.materials)
            return replace(application, status=Status.SUBMITTED, submitted=event, supplied=supplied)
        case MaterialsRequested(materials=materials):
            return replace(
                application,
                status=Status.MATERIALS_REQUESTED,
                requested=materials,
                signatures_requested=event.signatures or (),
            )
        case MaterialsSupplied(materials=materials):
            supplied = application.supplied | frozenset(materials)
            return replace(application, supplied=supplied)
        case ApplicationAccepted() | EmergencyAccepted():
            return replace(application, status=Status.ACCEPTED, accepted=event)
        case ApplicationWithdrawn():
            return replace(application, status=Status.WITHDRAWN)
        case ApplicationClosed(refused=refused):
            return replace(application, status=Status.CLOSED, refused=refused)
        case _:
            return _evolve_beside(application, event)


def _evolve_beside(application: Application, event: Event) -> Application:
    """What is known of an application beside how far it is."""
    match event:
        case HouseholdRecognitionNoted(status=recognised):
            return replace(application, recognised=recognised)
        case ApplicationOfScreening(task_id=task_id):
            return replace(application, screening_tasks=(*application.screening_tasks, task_id))
        case CheckAuthorised(person_id=person_id):
            return _signed(application, event, {person_id: event})
        case AuthorisationWithdrawn(person_id=person_id):
            return _signed(application, application.authorisations.get(person_id), {})
        case TruthfulnessDeclared():
            return replace(application, declared_true=True)
        case KinFiled(kin=kin):
            return replace(application, kin=kin)
        case ApplicationTransferred(division=division) if application.submitted is not None:
            moved = application.submitted.model_copy(update={"division": division})
            return replace(application, submitted=moved)
        case ResidencesStated():
            return replace(application, where=event)
        case PublicityNoted() | AcceptanceDeadlineMissed() | DecisionDeadlineMissed():
            return application
        case _:
            raise TypeError(f"{event.type} is no event of an application")


def _signed(
    application: Application, word: CheckAuthorised | None, now: Mapping[UUID, CheckAuthorised]
) -> Application:
    """A word given, or taken back, apart; an obligor's is none of the members' common paper."""
    person = None if word is None else word.person_id
    others = {p: w for p, w in application.authorisations.items() if p != person}
    apart = application.authorised_apart or not (word and word.standing is AuthorisedAs.OBLIGOR)
    return replace(application, authorisations={**others, **now}, authorised_apart=apart)


def evolve_open_application(state: OpenApplication, event: Event) -> OpenApplication:
    """One step of the fold of a person's open application."""
    match event:
        case OpenApplicationClaimed(case_id=case_id):
            return replace(state, case_id=case_id)
        case OpenApplicationReleased(case_id=case_id, released_on=released_on):
            ended = OpenApplication(ended_on=released_on)
            return ended if state.case_id == case_id else state
        case ApplicationsBarred(erasure_id=erasure_id):
            return replace(state, case_id=erasure_id, barred=True)
        case _:
            raise TypeError(f"{event.type} is no event of an open application")


APPLICATION = Aggregate("application", Application(), evolve_application)
OPEN_APPLICATION = Aggregate("open-application", OpenApplication(), evolve_open_application)


def application_stream(case_id: UUID) -> Stream:
    """The stream of a case's application."""
    return Stream.of_case(APPLICATION.name, case_id)


def open_application_stream(programme: Programme, person_id: UUID) -> Stream:
    """The stream that says in which case a person's application for a programme is open."""
    return Stream(OPEN_APPLICATION.name, f"{programme}/{person_id}")
