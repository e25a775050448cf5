"""``python -m infra.compose.secrets FOLDER``: the secrets of a deployment by docker-compose.

They are drawn on the first start and kept: what is there is never replaced. One folder for each
of those who may read them, each file with mode 0600 and its reader's: ``postgres`` and ``mongo``
(their images' users), ``doudi`` (the services).
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Final

ENGINE_USER: Final = 999
"""The user that the official images of PostgreSQL and of MongoDB run as."""

SERVICE_USER: Final = 10001
"""The user of our own image."""

USER: Final = "doudi"
"""What the services are called at PostgreSQL and at MongoDB."""

_KEY_BYTES: Final = 512


def draw(folder: Path, *, engine_user: int = ENGINE_USER, service_user: int = SERVICE_USER) -> None:
    """Draw what is missing into the three folders below this one."""
    for reader, user in (
        ("postgres", engine_user),
        ("mongo", engine_user),
        ("doudi", service_user),
    ):
        own = folder / reader
        own.mkdir(parents=True, exist_ok=True)
        own.chmod(0o700)
        os.chown(own, user, user)
    postgres = _kept(folder / "postgres" / "password", token_hex(32), engine_user)
    mongo = _kept(folder / "mongo" / "password", token_hex(32), engine_user)
    key = b64encode(token_bytes(_KEY_BYTES)).decode()
    _kept(folder / "mongo" / "keyfile", key, engine_user)
    server = f"postgresql://{USER}:{postgres}@postgres"
    for variable, address in {
        "DOUDI_DATABASE_URL": f"{server}/doudi_{{service}}",
        "DOUDI_KEYSTORE_URL": f"{server}/doudi_keys",
        "DOUDI_MONGO_URL": f"mongodb://{USER}:{mongo}@mongo/?replicaSet=doudi&authSource=admin",
    }.items():
        _kept(folder / "doudi" / variable, address, service_user)


def _kept(path: Path, text: str, user: int) -> str:
    """What the file holds; the text, if there was none. Whole or not at all, whenever we end."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            os.fchown(file.fileno(), user, user)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path.read_text(encoding="ascii")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
