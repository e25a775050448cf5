"""``doudi views``: views, how far they are, and rebuilding one without downtime."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final
from uuid import uuid4

import typer

from infra.cli.talk import COMMAND, ask, chosen, fail, out, table
from infra.operators import Operator

app = typer.Typer(no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="The service whose view it is.")]
View = Annotated[str, typer.Argument(help="The view, as `doudi views list` shows it.")]

_POLL_S: Final = 0.25
_DIGITS: Final = 12
"""How much of a digest is shown, and is enough to name it."""

_COLUMNS: Final = (
    "服务 service",
    "视图 view",
    "版本 version",
    "代 generation",
    "位置 position",
    "落后 behind",
    "重建 rebuild",
)
_STAGES: Final = {
    "ordered": "已下达 ordered",
    "folding": "重放中 folding",
    "comparing": "比对中 comparing",
    "waiting": "待认可 waits for acceptance",
    "switched": "已切换 switched",
}
_WHERE: Final = {
    None: "两处不同 differs",
    "shown": "仅见于现视图 only in what readers see",
    "beside": "仅见于重建视图 only in what was rebuilt",
}


@app.command("list")
def list_(
    service: Annotated[str | None, typer.Argument(help="One service only.")] = None,
) -> None:
    """List views, how far behind their log they are, and the rebuild of each."""

    async def look(operator: Operator) -> list[Any]:
        return await asyncio.gather(*(operator.get(name, "/ops/views") for name in names))

    names = chosen(service)
    rows = [
        (
            name,
            one["view"],
            one["version"],
            one["generation"],
            one["position"],
            max(0, found["head"] - one["position"]),
            _told(one["rebuild"]),
        )
        for name, found in zip(names, ask(look), strict=True)
        for one in found["views"]
    ]
    table("视图 Views", _COLUMNS, rows)


@app.command()
def rebuild(
    service: Service,
    view: View,
    wait: Annotated[
        bool, typer.Option(help="Wait until it is switched or waits for acceptance.")
    ] = True,
) -> None:
    """Fold a view anew from the log, beside what readers see, and switch to it.

    Where something differs it is listed, and stays beside until it is accepted.
    """
    name, path = _place(service, view)

    async def order(operator: Operator) -> Any:
        await operator.post(name, f"{path}/rebuild", key=uuid4())
        return await _settled(operator, name, path) if wait else None

    _show(name, view, ask(order))


@app.command()
def show(service: Service, view: View) -> None:
    """Show a view's rebuild, and what it found to differ."""
    _show(service, view, ask(lambda operator: _rebuild(operator, *_place(service, view))))


@app.command()
def accept(
    service: Service,
    view: View,
    digest: Annotated[
        str, typer.Argument(help=f"The list's digest as shown: {_DIGITS} digits are enough.")
    ],
) -> None:
    """Accept the differences that were listed: readers are switched to what was rebuilt."""
    name, path = _place(service, view)

    async def accepted(operator: Operator) -> Any:
        found = await _rebuild(operator, name, path)
        if found is None or found["stage"] != "waiting":
            fail(f"没有待认可的重建 nothing waits for acceptance: {name} {view}")
        whole = str(found["found"]["digest"])
        if len(digest) < _DIGITS or not whole.startswith(digest):
            fail(f"差异已变 other differences are listed now: {COMMAND} views show {name} {view}")
        body = {"digest": whole}
        await operator.post(name, f"{path}/rebuild/acceptance", body, key=uuid4())
        return await _settled(operator, name, path, accepted=whole)

    _show(name, view, ask(accepted))


@app.command()
def abandon(service: Service, view: View) -> None:
    """Give a rebuild up: readers keep what they see."""
    name, path = _place(service, view)
    ask(lambda operator: operator.post(name, f"{path}/rebuild/abandonment", key=uuid4()))
    out.print(f"已放弃 Given up: readers of {view} of {name} keep what they see.")


def _place(service: str, view: str) -> tuple[str, str]:
    """The service, and the view's path there."""
    return chosen(service)[0], f"/ops/views/{view}"


async def _rebuild(operator: Operator, service: str, path: str) -> Any:
    return (await operator.get(service, path))["rebuild"]


async def _settled(operator: Operator, service: str, path: str, accepted: str | None = None) -> Any:
    """The rebuild once it is switched, or lists differences other than those accepted."""
    while True:
        found = await _rebuild(operator, service, path)
        if found is None or found["stage"] == "switched":
            return found
        if found["stage"] == "waiting" and found["found"]["digest"] != accepted:
            return found
        await asyncio.sleep(_POLL_S)


def _told(found: Any) -> str:
    """A rebuild in one cell: its stage, how far it is, how much differs."""
    if found is None:
        return "—"
    differs = found["found"]
    more = f", {differs['differing']} 项差异 differ" if differs and differs["differing"] else ""
    return f"{_STAGES[found['stage']]} ({found['position']}){more}"


def _show(service: str, view: str, found: Any) -> None:
    if found is None:
        out.print(f"没有重建 No rebuild of {view} of {service}.")
        return
    out.print(f"{service} {view}: {_told(found)}")
    differs = found["found"]
    if not differs or not differs["differing"]:
        return
    rows = [
        (one["key"], _WHERE[one["only_in"]], ", ".join(one["fields"])) for one in differs["listed"]
    ]
    table(
        f"差异 Differences at position {differs['position']}: {differs['differing']} "
        f"of {differs['compared']} documents, {len(rows)} listed",
        ("键 key", "何处 where", "字段 fields"),
        rows,
    )
    if found["stage"] == "waiting":
        digest = differs["digest"][:_DIGITS]
        out.print(f"认可 Accept: {COMMAND} views accept {service} {view} {digest}")
        out.print(f"放弃 Give up: {COMMAND} views abandon {service} {view}")
