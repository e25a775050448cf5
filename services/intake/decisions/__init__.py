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

__all__ = [
    "AcceptApplication",
    "CloseApplication",
    "NotePublicity",
    "NoteRecognition",
    "ReleaseOpenApplication",
    "RequestMaterials",
    "SubmitApplication",
    "SupplyMaterials",
    "WithdrawApplication",
    "accept",
    "close",
    "note_publicity",
    "note_recognition",
    "release_open_application",
    "request_materials",
    "submitting",
    "supply_materials",
    "withdraw",
]
