"""``doudi audit``: a case's course and past states, and the proof of every record."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import typer

from infra.cli.talk import ask, err, out, table
from infra.demo import telling
from shared.access.roles import Role

app = typer.Typer(no_args_is_help=True)

_PATIENCE_S: Final = 3600.0
"""A proof walks every copy and every log, which takes its time."""

Case = Annotated[UUID, typer.Argument(help="The case's id.")]


@app.command()
def timeline(
    case: Case,
    as_json: Annotated[bool, typer.Option("--json", help="As the service answers it.")] = False,
) -> None:
    """Tell a case's whole course, across all services, each event after what caused it."""
    entries = ask(lambda auditor: telling.timeline(auditor, case), role=Role.AUDITOR)
    if as_json:
        out.print_json(data=entries)
        return
    telling.show_timeline(out, entries)


@app.command()
def state(
    case: Case,
    at: Annotated[str | None, typer.Option(help="As known at this moment (ISO 8601).")] = None,
    on: Annotated[str | None, typer.Option(help="As in effect on this date.")] = None,
) -> None:
    """Show a case as it was known at a moment, or of that as it was in effect on a date."""
    asked = {name: value for name, value in (("known_at", at), ("in_effect_on", on)) if value}
    found = ask(
        lambda auditor: auditor.get("oversight", f"/cases/{case}/history", **asked),
        role=Role.AUDITOR,
    )
    out.print_json(data=found)
    if not found["services"]:
        err.print("当时尚无记录 Nothing of this case was known then.")


@app.command()
def determination(case: Case) -> None:
    """Print a case's determination: every line, sum and rule, from its account to its end."""
    told = ask(
        lambda auditor: auditor.text("decision", f"/cases/{case}/determination/printed"),
        role=Role.AUDITOR,
    )
    out.print(told, markup=False, end="", soft_wrap=True)


@app.command()
def verify() -> None:
    """Compare every service's log with what oversight received. Fails if anything is wrong."""
    with err.status("verifying"):
        proof = ask(
            lambda auditor: auditor.post("oversight", "/ops/proofs", patience_s=_PATIENCE_S),
            role=Role.AUDITOR,
        )
    table(
        f"记录校验 / Proof of {proof['copies']} copies",
        ("服务 / service", "事件 / events", "未发布 / under way", "问题 / findings"),
        (
            (one["service"], one["events"], one["under_way"], one["findings"])
            for one in proof["logs"]
        ),
    )
    if not proof["sound"]:
        table(
            f"问题 / Findings ({len(proof['listed'])} of {proof['findings']})",
            ("服务 / service", "位置 / position", "问题 / what", "事件流 / stream", "个案 / case"),
            (
                (
                    one["service"],
                    _place(one),
                    f"{one['zh']} / {one['en']}",
                    f"{one['stream'] or ''} v{one['version'] or ''}",
                    one["case_id"] or "",
                )
                for one in proof["listed"]
            ),
        )
        raise typer.Exit(1)


def _place(finding: dict[str, Any]) -> str:
    first, last = finding["position"], finding["last"]
    where = str(first) if first == last else f"{first}–{last}"
    return where if finding["other"] is None else f"{where} ← {finding['other']}"
