"""``doudi run``: one process of the distributed run."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from infra.serving import bind, leave, run
from shared.settings import SERVICES, Settings, load_settings

app = typer.Typer()

_PARTS: Final = ("api", "worker")
_NEIGHBOURS: Final = ("issuer", "sandbox")


@app.command("run")
def run_one(
    name: Annotated[str, typer.Argument(help=f"{', '.join((*SERVICES, *_NEIGHBOURS))}.")],
    part: Annotated[str, typer.Argument(help="Of a service: api or worker.")] = "",
) -> None:
    """Run one process: a service's api or worker, or (for development) issuer or sandbox."""
    from infra import distributed
    from shared.web.logs import set_up_logs

    if name not in (*SERVICES, *_NEIGHBOURS):
        raise typer.BadParameter(f"{name}: run one of {', '.join((*SERVICES, *_NEIGHBOURS))}")
    if (part not in _PARTS) if name in SERVICES else part:
        raise typer.BadParameter(f"{name}: a service has the parts {' and '.join(_PARTS)}")
    settings = load_settings()
    set_up_logs(f"{name}-{part}" if part else name, settings.log_level)
    bound = bind(settings.host, _port(settings, name))
    if name == "issuer":
        run(distributed.run_issuer(settings, bound))
    elif name == "sandbox":
        run(distributed.run_sandbox(settings, bound))
    else:
        run(distributed.run_service(settings, name, distributed.PARTS[part], bound))
    leave()


def _port(settings: Settings, name: str) -> int:
    """The port set; for an issuer with an address, unless another is set, the one in it."""
    if name == "issuer" and settings.issuer_url and "port" not in settings.model_fields_set:
        from infra.distributed import port_in

        return port_in(settings.issuer_url)
    return settings.port
