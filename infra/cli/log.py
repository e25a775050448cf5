"""``doudi log``: proving the event log against its topic, and bringing a restored one level."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from infra.cli.talk import ask, chosen, err, out, table
from infra.operators import Operator

app = typer.Typer(no_args_is_help=True)

_PATIENCE_S: Final = 3600.0
"""Both walk the whole log and the whole topic, which takes its time."""


@app.command()
def verify(
    service: Annotated[str | None, typer.Argument(help="One service only.")] = None,
) -> None:
    """Compare every event with its chain and with the topic. Fails if anything is wrong."""
    names = chosen(service)
    answers = [_walk("verifying", name, "/ops/log/verify") for name in names]
    table(
        "Event logs",
        ("service", "events", "state"),
        (
            (one["service"], one["events"], "sound" if one["sound"] else "NOT SOUND")
            for one in answers
        ),
    )
    findings = [
        (one["service"], found["position"], found["what"], found["sentence"])
        for one in answers
        for found in one["findings"]
    ]
    if findings:
        table("Findings", ("service", "position", "what", "where"), findings)
        err.print("A log that lacks events its topic holds: see `doudi log recover --help`.")
        raise typer.Exit(1)


@app.command()
def recover(
    service: Annotated[str, typer.Argument(help="The service whose database was restored.")],
    accept_partial: Annotated[
        bool,
        typer.Option(
            "--accept-partial", help="Let commands stand of which the topic lacks some events."
        ),
    ] = False,
) -> None:
    """Bring the log of a service level, from its topic.

    For a service that refuses commands because its database was restored from an older copy.
    What the topic cannot give is listed. Where the topic holds only parts of some commands,
    nothing is written until you accept that; it is recorded that you did.
    """
    done = _walk(
        "recovering",
        chosen(service)[0],
        "/ops/log/recover",
        {"accept_partial": accept_partial},
    )
    for sentence in _gone(service, done):
        err.print(f"Not in the topic: {sentence}", markup=False)
    if not done["written"]:
        err.print(
            f"{service}: nothing was put back. Look at the cases of the events that are there "
            "(`doudi log verify` names their streams), restore a newer copy if there is one, or "
            "let these commands stand as they are: --accept-partial"
        )
        raise typer.Exit(1)
    out.print(
        f"{service}: {done['events']} events and the outcomes of {done['commands']} commands put "
        "back. The service takes commands again within seconds: see `doudi status`."
    )


def _gone(service: str, done: dict[str, Any]) -> list[str]:
    """What a recovery could not give back."""
    found = []
    if done["lost_positions"]:
        found.append(f"the events at positions {_listed(done['lost_positions'])}")
    found += [
        f"of command {one['command_id']} the events at positions {_listed(one['absent'])}; "
        f"those at {_listed(one['present'])} are there"
        for one in done["partial_commands"]
    ]
    if done["parked"]:
        found.append(f"the bytes of {done['parked']} parked records")
    if done["since"]:
        found.append(
            f"outcomes of commands without events, after {done['since']}: their callers send "
            "them again"
        )
        found += _beside_the_events(service, done["since"])
    return found


def _beside_the_events(service: str, since: str) -> list[str]:
    """What a service keeps beside its log, and what is to be looked at for it."""
    if service != "intake":
        return []
    return [
        f"what the person registry wrote after {since}: persons, notes, and keys that were "
        "destroyed. Look at each event put back (`/ops/log`, from that moment on) that names a "
        "person or a note: a person who is not found is registered anew, a note is written "
        "again; then erase again whom the erasure list names since then"
    ]


def _listed(positions: list[int]) -> str:
    return ", ".join(map(str, positions))


def _walk(doing: str, service: str, path: str, body: dict[str, Any] | None = None) -> Any:
    work: Callable[[Operator], Any] = lambda operator: operator.post(  # noqa: E731 - typed
        service, path, body, patience_s=_PATIENCE_S
    )
    with err.status(f"{doing} {service}"):
        return ask(work)
