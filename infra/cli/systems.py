"""Commands about the whole system: how it is, its topics, and tokens for it."""

from __future__ import annotations

import asyncio
import shlex
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import httpx
import typer
from rich.live import Live

from infra.cli.talk import ask, chosen, err, out, table
from infra.operators import OperatorError, development_token, system_of
from shared.access.roles import Role
from shared.regions import Level, UnknownDivision, load_regions
from shared.settings import SERVICES, Mode, load_settings

if TYPE_CHECKING:
    from shared.bus.port import Bus
    from shared.settings import Settings

app = typer.Typer()


@app.command()
def status(
    service: Annotated[str | None, typer.Argument(help="One service only.")] = None,
    watching: Annotated[
        bool, typer.Option("--watch", help="Look again and again, until Ctrl-C.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks.")] = 2.0,
) -> None:
    """Each service at a glance: commands, log, what waits. Fails if one is not well."""
    from infra.cli.status import away, is_well, look, screen, watch

    services = chosen(service)
    if watching:
        with suppress(KeyboardInterrupt), Live(console=out, auto_refresh=False) as live:
            ask(lambda operator: watch(operator, services, live, every))
        return
    found = ask(lambda operator: look(operator, services))
    out.print(screen(found))
    for line in away(found):
        err.print(line, markup=False, soft_wrap=True)
    if not is_well(found):
        raise typer.Exit(1)


@app.command()
def token(
    role: Annotated[Role, typer.Option(help="In what capacity.")],
    division: Annotated[str, typer.Option(help="For which division: 12 digits.")],
    level: Annotated[
        Level | None, typer.Option(help="The division's level, where the table does not know it.")
    ] = None,
    actor: Annotated[UUID | None, typer.Option(help="Whose; a new one unless given.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=720, help="How long it lives.")] = 60,
    audience: Annotated[str, typer.Option(help="A service, or all.")] = "all",
    curl: Annotated[bool, typer.Option(help="Print a line that uses it.")] = False,
) -> None:
    """Print a token of the development issuer, for the running system."""
    settings = load_settings()
    system = system_of(settings)
    known = level or _level_of(settings, division)

    async def given() -> str:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await development_token(
                client,
                system,
                role=role,
                division=division,
                level=known.value,
                actor=actor,
                audience=audience,
                seconds=minutes * 60,
            )

    found = asyncio.run(given())
    if curl:
        service = audience if audience in SERVICES else "decision"
        url = f"{system.services[service]}/{_EXAMPLES[service]}"
        found = f"curl --header {shlex.quote(f'Authorization: Bearer {found}')} {url}"
    typer.echo(found)


_EXAMPLES = {
    "intake": "applications",
    "verification": "checks",
    "decision": "determinations",
    "payment": "entitlements",
    "care": "care-files",
    "oversight": "ops/status",
}
"""Of each service something that an auditor, and most others, may read."""


def _level_of(settings: Settings, division: str) -> Level:
    try:
        return load_regions(settings.region_dirs).division(division, date.today()).level  # noqa: DTZ011 - a name's date, not a legal one
    except UnknownDivision as unknown:
        levels = ", ".join(Level)
        raise OperatorError(
            f"{unknown}. For one that the table does not hold say --level: {levels}"
        ) from None


@app.command()
def topics() -> None:
    """Create the topics that are missing, and check that all are as they must be."""
    settings = load_settings()
    if settings.mode is Mode.EMBEDDED:
        rows = _embedded_topics(settings)
    else:
        rows = _topics(settings, create=True)
    table("Topics", ("topic", "partitions", "events", "id", "state"), rows)
    wrong = [str(row[4]) for row in rows if row[4] not in ("as it must be", "created")]
    for sentence in wrong:
        err.print(sentence, markup=False)
    if wrong:
        raise typer.Exit(1)


def _embedded_topics(settings: Settings) -> list[tuple[object, ...]]:
    """The local bus's topics: its owner made them, and while it runs they are only looked at."""
    from infra.embedded import AlreadyRunning, own

    try:
        owner = own(settings.data_dir)
    except AlreadyRunning:
        return _topics(settings, create=False)
    try:
        return _topics(settings, create=True)
    finally:
        owner.close()


def _topics(settings: Settings, *, create: bool) -> list[tuple[object, ...]]:
    from shared.runtime.build import open_bus, topic_specs

    bus = open_bus(settings)
    try:
        specs = topic_specs(settings)
        created = bus.create_topics(specs) if create else []
        return [_topic(bus, spec, spec.name in created) for spec in specs]
    finally:
        bus.close()


def _topic(bus: Bus, spec: Any, created: bool) -> tuple[object, ...]:
    from shared.bus.port import TopicMissing, TopicWrong

    try:
        bus.check_topic(spec)
    except TopicMissing as error:
        return spec.name, 0, 0, "-", str(error)
    except TopicWrong as error:
        state = str(error)
    else:
        state = "created" if created else "as it must be"
    ends = bus.end_offsets(spec.name)
    begins = bus.begin_offsets(spec.name)
    events = sum(end - begins[partition] for partition, end in ends.items())
    return spec.name, len(ends), events, bus.topic_id(spec.name), state
