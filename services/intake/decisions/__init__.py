"""Intake's decisions: commands and states in, facts out."""

from __future__ import annotations

from services.intake.decisions.applications import (
    AcceptApplication,
    CloseApplication,
    NotePublicity,
    NoteRecognition,
    ReleaseOpenApplication,
    RequestMaterials,
    SubmitApplication,
    SupplyMaterials,
    WithdrawApplication,
    accept,
    close,
    note_publicity,
    note_recognition,
    release_open_application,
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
    transferring,
)

__all__ = [
    "AcceptApplication",
    "CloseApplication",
    "FileKin",
    "NoteMissedAcceptance",
    "NotePublicity",
    "NoteRecognition",
    "ReleaseOpenApplication",
    "RequestMaterials",
    "SubmitApplication",
    "SupplyMaterials",
    "TransferApplication",
    "WithdrawApplication",
    "accept",
    "close",
    "file_kin",
    "note_missed_acceptance",
    "note_publicity",
    "note_recognition",
    "release_open_application",
    "request_materials",
    "submitting",
    "supply_materials",
    "transferring",
    "withdraw",
]
