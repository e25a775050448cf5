"""What intake says of a household's kinship with officials, for the confirmation to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.decision.decisions.kin import (
    DeclareKin,
    OweKinDeclaration,
    declare_kin,
    owe_kin_declaration,
)
from services.decision.model import determination_of
from shared.contracts.intake import ApplicationAccepted, KinFiled
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_application_accepted(document: Document[ApplicationAccepted]) -> Iterable[Submission]:
    """An application may be accepted before anybody says whether officials are near kin."""
    if document.data.kin_owed:
        reads = (determination_of(document.subject),)
        command = OweKinDeclaration()
        yield reaction("owe-kin-declaration", document, reads, owe_kin_declaration, command)


def on_kin_filed(document: Document[KinFiled]) -> Iterable[Submission]:
    """It was said, before the acceptance or after it."""
    reads = (determination_of(document.subject),)
    command = DeclareKin(kin=bool(document.data.kin))
    yield reaction("declare-kin", document, reads, declare_kin, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,),
    KinFiled: (on_kin_filed,),
}
