"""Programs that come with Debian's packages, installed on first use where we may."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from infra.engines.port import EngineMissing
from infra.engines.process import dying_with_us, tail


def program(name: str, *, package: str, why: str, otherwise: str, log: Path) -> str:
    """The path of a program; its package is installed when it is missing and we are root.

    ``why`` says what needs it, ``otherwise`` what else one can do; ``log`` is written to.
    Raises ``EngineMissing``, which says how to get it.
    """
    install = ("apt-get", "install", "--yes", "--no-install-recommends", package)
    found = shutil.which(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _run(("apt-get", "update", "--quiet"), log)
        if _run(install, log):
            raise EngineMissing(f"{' '.join(install)} failed, {otherwise}.\n{tail(log)}")
        found = shutil.which(name)
    if found is None:
        raise EngineMissing(f"{why}, and there is no {name}: {' '.join(install)}, {otherwise}")
    return found


def _run(command: tuple[str, ...], log: Path) -> int:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.run(
            dying_with_us(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            check=False,
        ).returncode
