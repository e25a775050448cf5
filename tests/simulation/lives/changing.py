"""A household after its confirmation: other amounts, a phase-out or a stop, and the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from services.decision import decisions as decision
from services.decision.model import determination_of
from shared.calendar import Month
from tests.simulation.findings import Invariant, require
from tests.simulation.households import Change, Turning
from tests.simulation.lives.accounts import deductions_of, income_of
from tests.simulation.lives.applying import apply_anew
from tests.simulation.lives.desk import Life

OVER: Final = ("benefit-over", "wrong-stage")
"""What a stopped household is told when its last month has gone by meanwhile."""

LEFT: Final = ("phasing_out", "stopped", "ended")


def live_on(life: Life) -> None:
    """One change after the other, and to the end where the household leaves."""
    left = False
    for change in life.household.changes:
        life.client.until_day(life.world.today + timedelta(days=life.client.random.randint(0, 25)))
        if not _report(life, change, OVER if left else ()):
            break
        if not _decide(life, change, OVER if left else ()):
            break
        left = change.turning is not Turning.AMOUNT
    if left:
        _end(life)
    else:
        due_fen = life.household.changes[-1].due_fen
        life.sees("payment", "entitlements", lambda seen: _last_amount(seen) == due_fen)


def _report(life: Life, change: Change, refused: tuple[str, ...]) -> bool:
    """Say what the household earns now; whether that was still taken down."""
    report = decision.ReportChange(
        change_id=change.change_id,
        reporter=life.hand("clerk"),
        income=income_of(life.household, change.wages_fen),
        deductions=deductions_of(life.household),
        explanation=life.note(f"change/{change.change_id}"),
    )
    stream = determination_of(life.case_id)
    done = life.do(
        "decision", decision.report_change, report, stream, hand="clerk", refused=refused
    )
    return done.refusal is None


def _decide(life: Life, change: Change, refused: tuple[str, ...]) -> bool:
    """Decide it by other hands; exactly at the standard officials look first, and stop."""
    if life.dares():
        _decide_wrongly(life, change, refused)
    outcome = _send(life, _command(life, change), refused)
    if change.turning is not Turning.STOP or outcome.refusal:
        return not outcome.refusal
    if life.dares():
        wanted = ("choice-missing", *refused)
        _send(life, _command(life, change), wanted, must=True)
    stop = _command(life, change, at_standard=decision.AtStandard.STOP)
    return not _send(life, stop, refused).refusal


def _decide_wrongly(life: Life, change: Change, refused: tuple[str, ...]) -> None:
    """By the hands that reported it, or with a phase-out that there is not."""
    own = _command(life, change, actor=life.hand("clerk"))
    _send(life, own, ("same-hands", *refused), must=True)
    six_months = _command(life, change, phase_out_months=6)
    code = "phase-out-months-outside" if change.turning is Turning.PHASE_OUT else "no-phase-out"
    _send(life, six_months, (code, *refused), must=True)


def _command(life: Life, change: Change, **more: Any) -> decision.DecideChange:
    wanted = {"actor": life.hand("decider"), "role": life.world.scene.deciding_role, **more}
    return decision.DecideChange(change_id=change.change_id, **wanted)


def _send(
    life: Life, command: decision.DecideChange, refused: tuple[str, ...], *, must: bool = False
) -> Any:
    stream = determination_of(life.case_id)
    outcome = life.do(
        "decision",
        decision.decide_change,
        command,
        stream,
        hand="decider",
        role=command.role,
        refused=refused,
    )
    text = f"{life.client.name}: {command!r} was done"
    require(not must or outcome.refusal, Invariant.CLIENTS_UNTROUBLED, text)
    return outcome


def _end(life: Life) -> None:
    """The day after the last month: the case is over, and its people may apply anew."""
    life.sees("decision", "determinations", lambda seen: seen["stage"] in LEFT)
    seen = life.world.sites["decision"].view("determinations", life.case_id)
    life.client.until_day(Month.parse(seen["last_month"]).next().first_day)
    life.sees("payment", "entitlements", lambda seen: seen["ended"])
    if life.dares():
        apply_anew(life)


def _last_amount(seen: dict[str, Any]) -> int | None:
    benefit = [part for part in seen["parts"] if part["part"] == "benefit"]
    if not benefit:
        return None  # of the case it is known so far only that it may be paid
    return int(benefit[-1]["amount_fen"]) if "last_month" not in benefit[-1] else 0
