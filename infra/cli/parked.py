"""``doudi parked``: records that were set aside with their key."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import uuid4

import typer

from infra.cli.talk import ask, chosen, out, table
from infra.operators import Operator

app = typer.Typer(no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="The service that parked it.")]
Consumer = Annotated[str, typer.Argument(help="As `doudi parked list` shows it.")]
Key = Annotated[str, typer.Argument(help="The record's key, as `doudi parked list` shows it.")]
Ordinal = Annotated[int, typer.Argument(min=1, help="Its number among those of the key.")]

_PAGE = 100


@app.command("list")
def list_(
    service: Annotated[str | None, typer.Argument(help="One service only.")] = None,
) -> None:
    """List parked records. The first of each key holds up the others."""

    async def look(operator: Operator) -> list[list[dict[str, Any]]]:
        return list(await asyncio.gather(*(_all(operator, name) for name in names)))

    names = chosen(service)
    rows = [
        (
            name,
            one["consumer"],
            one["key"],
            one["ordinal"],
            f"{one['topic']} {one['partition']}:{one['offset']}",
            one["reason"] + (" (bytes gone)" if one["emptied"] else ""),
        )
        for name, records in zip(names, ask(look), strict=True)
        for one in records
    ]
    if not rows:
        out.print("Nothing is parked.")
        return
    table("Parked records", ("service", "consumer", "key", "ordinal", "place", "reason"), rows)


async def _all(operator: Operator, service: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        more: dict[str, str | int] = {"cursor": cursor} if cursor else {}
        page = await operator.get(service, "/ops/parked", limit=_PAGE, **more)
        found += page["items"]
        cursor = page.get("next") or ""
        if not cursor:
            return found


@app.command()
def inspect(service: Service, consumer: Consumer, key: Key, ordinal: Ordinal) -> None:
    """Say what one record is, without showing its content, and whether it could be applied now."""
    found = ask(lambda operator: operator.get(*_place(service, consumer, key, ordinal)))
    table("Parked record", ("field", "value"), found.items())


@app.command()
def redrive(service: Service, consumer: Consumer, key: Key, ordinal: Ordinal) -> None:
    """Apply the first record of a key again. Its key is free once the last one is applied."""
    name, path = _place(service, consumer, key, ordinal)
    done = ask(lambda operator: operator.post(name, f"{path}/redrive", key=uuid4()))
    out.print(f"Applied: {done['events']} events, up to position {done['position']} of {name}.")


@app.command()
def discard(
    service: Service,
    consumer: Consumer,
    key: Key,
    ordinal: Ordinal,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the vault.", prompt=True)],
) -> None:
    """Give the first record of a key up for good: its effects will never be there."""
    name, path = _place(service, consumer, key, ordinal)
    body = {"reason": reason}
    done = ask(lambda operator: operator.post(name, f"{path}/discard", body, key=uuid4()))
    out.print(f"Given up; recorded at position {done['position']} of {name}.")


def _place(service: str, consumer: str, key: str, ordinal: int) -> tuple[str, str]:
    """The service, and the record's path there."""
    return chosen(service)[0], f"/ops/parked/{consumer}/{key}/{ordinal}"
