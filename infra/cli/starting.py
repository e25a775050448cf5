"""Commands that start things: the embedded system, the stack, the demo, the benchmark."""

from __future__ import annotations

import os
import shlex
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape

from infra.cli.talk import COMMAND, err, fail, out, table
from infra.demo import STANDARDS
from infra.serving import bind, leave, port_of, run, serve
from shared.settings import PREFIX, ClockKind, Mode, Settings, load_settings

if TYPE_CHECKING:
    from infra.stack import Stack

app = typer.Typer()

STACK: Final = Path(".state/stack")
_WATCH_S: Final = 0.5
# Who moves the clock by hand looks at what happens: it need not wait for seconds.
_LIVELY: Final = {"duties_poll_ms": 200, "gateway_poll_ms": 100}


@app.command("serve")
def serve_embedded(
    port: Annotated[
        int | None, typer.Option(envvar="PORT", min=0, max=65535, help="0 takes a free one.")
    ] = None,
    hand_clock: Annotated[
        bool, typer.Option("--hand-clock", help="The clock that `doudi clock` moves.")
    ] = False,
) -> None:
    """Serve the embedded system: all services in this process, data under ./data.

    Standards are those of the demo unless DOUDI_POLICY_DIRS names others.
    Kill it however you like: started again, it goes on where it was.
    """
    from infra.embedded import Embedded
    from infra.operators import write_address
    from shared.web.logs import set_up_logs

    given: dict[str, Any] = {} if port is None else {"port": port}
    if hand_clock:
        given |= {"clock": ClockKind.HAND, **_LIVELY}
    if f"{PREFIX}POLICY_DIRS" not in os.environ:
        given["policy_dirs"] = (STANDARDS,)
    settings = load_settings(**given)
    if settings.mode is not Mode.EMBEDDED:
        fail("serve is the embedded run: unset DOUDI_MODE, or start its processes: `doudi run`")
    chatty = "log_level" in settings.model_fields_set
    set_up_logs("embedded", settings.log_level if chatty else "warning")
    bound = bind(settings.host, settings.port)
    settings = settings.model_copy(update={"port": port_of(bound)})
    house = Embedded(settings, settings.port)
    address = f"http://{settings.host}:{settings.port}"

    def ready() -> None:
        write_address(settings, address)
        clock = "hand clock" if settings.clock is ClockKind.HAND else "wall clock"
        out.print(f"兜底 Doudi  [bold]{address}[/bold]  ({settings.data_dir}, {clock})")
        out.print(f"页面 / Page: {address}/")
        out.print(
            f"令牌 / Token: {_for_folder(settings)}{COMMAND} token --role township_clerk "
            "--division 350924100000 --curl",
            markup=False,
            soft_wrap=True,
        )
        out.print("停止 / Stop: Ctrl-C")
        sys.stdout.flush()

    run(serve(house.app, bound, ready))
    leave()


def _for_folder(settings: Settings) -> str:
    """What goes before a command so that it finds this data folder; nothing for the default."""
    if settings.data_dir == Settings.model_fields["data_dir"].default:
        return ""
    return f"{PREFIX}DATA_DIR={shlex.quote(str(settings.data_dir.absolute()))} "


@app.command()
def stack(
    folder: Annotated[Path, typer.Option(help="Where data, logs and ports are kept.")] = STACK,
    instances: Annotated[
        int, typer.Option(min=1, max=9, help="APIs and workers of each service.")
    ] = 1,
    hand_clock: Annotated[
        bool, typer.Option("--hand-clock", help="The clock that `doudi clock` moves.")
    ] = False,
) -> None:
    """Start PostgreSQL, MongoDB, Apache Kafka and every service as processes of their own.

    Stays in the foreground; Ctrl-C or SIGTERM ends everything. Data stays in the folder.
    """
    from infra.stack import Stack

    with suppress(KeyboardInterrupt), ExitStack() as exits:
        with err.status("starting") as status:
            running = exits.enter_context(
                Stack(
                    folder,
                    instances=instances,
                    hand_clock=hand_clock,
                    tell=lambda doing: status.update(f"starting {doing}"),
                )
            )
        _show(running)
        _watch(running)
    out.print("停止 / stopped")


def _show(running: Stack) -> None:
    table(
        "Processes",
        ("process", "pid", "address", "log"),
        ((name, one.pid, one.url, _near(one.log)) for name, one in running.processes.items()),
    )
    table(
        "Engines",
        ("engine", "version", "log"),
        (
            (one.name, one.version(), _near(running.folder / "engines" / kind / "log"))
            for kind, one in running.engines.items()
        ),
    )
    environment = _near(running.folder / "doudi.env")
    out.print(f"{running.took['ready']:.1f} s. In another terminal:")
    out.print(f"  {COMMAND} --env-file {environment} status", markup=False)
    sys.stdout.flush()


def _near(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _watch(running: Stack) -> None:
    """Say which process ended, once each, until somebody ends us."""
    gone: set[str] = set()
    while True:
        for name, one in running.processes.items():
            if not one.alive and name not in gone:
                gone.add(name)
                err.print(f"[red]{name} has ended.[/red] {escape(one.last_words())}")
        for engine in running.engines.values():
            if not engine.running and engine.name not in gone:
                gone.add(engine.name)
                err.print(f"[red]{engine.name} has ended.[/red]")
        time.sleep(_WATCH_S)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Print the table of speeds; further arguments go to the benchmark."""
    root = Path(__file__).parents[2]
    if not (root / "tests" / "bench").is_dir():
        fail("the benchmark is part of the checkout, not of the package: run `make bench` there")
    os.chdir(root)
    os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *context.args])  # noqa: S606 - no shell is wanted
