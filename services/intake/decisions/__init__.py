"""Intake's decisions: commands and states in, facts out."""

from __future__ import annotations

from services.intake.decisions.applications import (
    AcceptApplication,
    RequestMaterials,
    SubmitApplication,
    SupplyMaterials,
    WithdrawApplication,
    accept,
    request_materials,
    submitting,
    supply_materials,
    withdraw,
)
from services.intake.decisions.before_acceptance import (
    FileKin,
    NoteMissedAcceptance,
    TransferApplication,
    file_kin,
    note_missed_acceptance,
    stating,
    transferring,
)
from services.intake.decisions.outcomes import (
    ClaimMembers,
    CloseApplication,
    NotePublicity,
    NoteRecognition,
    ReleaseOpenApplication,
    claim_members,
    close,
    note_publicity,
    note_recognition,
    release_open_application,
)
from services.intake.decisions.residences import (
    NoteMissedDecision,
    StateResidences,
    note_missed_decision,
)

__all__ = [
    "AcceptApplication",
    "ClaimMembers",
    "CloseApplication",
    "FileKin",
    "NoteMissedAcceptance",
    "NoteMissedDecision",
    "NotePublicity",
    "NoteRecognition",
    "ReleaseOpenApplication",
    "RequestMaterials",
    "StateResidences",
    "SubmitApplication",
    "SupplyMaterials",
    "TransferApplication",
    "WithdrawApplication",
    "accept",
    "claim_members",
    "close",
    "file_kin",
    "note_missed_acceptance",
    "note_missed_decision",
    "note_publicity",
    "note_recognition",
    "release_open_application",
    "request_materials",
    "stating",
    "submitting",
    "supply_materials",
    "transferring",
    "withdraw",
]
