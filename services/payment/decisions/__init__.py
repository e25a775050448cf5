"""Payment's decisions: commands and states in, facts out."""

from __future__ import annotations

from services.payment.decisions.entitlements import (
    EndEntitlement,
    OpenEntitlement,
    SetPart,
    end_entitlement,
    open_entitlement,
    set_part,
)
from services.payment.decisions.funds import (
    AdvanceAid,
    Replenish,
    ReturnAdvance,
    SettleAdvance,
    advance_aid,
    replenish,
    return_advance,
    settle_advance,
)
from services.payment.decisions.payments import (
    AwaitAid,
    DeclineAid,
    IntendAid,
    IntendPayments,
    NoteOverdueAid,
    Return,
    Settle,
    await_aid,
    decline_aid,
    intend_aid,
    intend_payments,
    note_overdue_aid,
    send_back,
    settle,
)
from services.payment.decisions.runs import (
    ApproveRun,
    PrepareRun,
    approve_run,
    prepare_run,
)

__all__ = [
    "AdvanceAid",
    "ApproveRun",
    "AwaitAid",
    "DeclineAid",
    "EndEntitlement",
    "IntendAid",
    "IntendPayments",
    "NoteOverdueAid",
    "OpenEntitlement",
    "PrepareRun",
    "Replenish",
    "Return",
    "ReturnAdvance",
    "SetPart",
    "Settle",
    "SettleAdvance",
    "advance_aid",
    "approve_run",
    "await_aid",
    "decline_aid",
    "end_entitlement",
    "intend_aid",
    "intend_payments",
    "note_overdue_aid",
    "open_entitlement",
    "prepare_run",
    "replenish",
    "return_advance",
    "send_back",
    "set_part",
    "settle",
    "settle_advance",
]
