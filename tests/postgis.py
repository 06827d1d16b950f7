"""A private PostgreSQL with PostGIS: started for the tests, gone after them, nobody else's touched."""

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

_ACCOUNT = "postgres"  # whom Debian's package makes; the server refuses to run as root
_EXTENSIONS = ("postgis",)


def _pg_ctl():
    """Path of the server's control program, which Debian keeps off the PATH; None where there is no server."""
    config = shutil.which("pg_config")
    if config:
        folder = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        found = Path(folder) / "pg_ctl"
        if found.exists():
            return found
    # pg_config comes with a package for developers; the server does without.
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)), None)


def _program(folder, pg_ctl):
    """What starts the server as an ordinary user."""
    if os.getuid() != 0:
        return str(pg_ctl)
    shutil.chown(folder, _ACCOUNT)
    program = folder / "pg_ctl"
    program.write_text(f'#!/bin/sh\ncd /\nexec runuser -u {_ACCOUNT} -- {shlex.quote(str(pg_ctl))} "$@"\n')
    program.chmod(0o755)
    return str(program)


def _free_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="session")
def postgis():
    """Address of an empty database with PostGIS, for psycopg2 and SQLAlchemy; its user is a superuser."""
    pg_ctl = _pg_ctl()
    if pg_ctl is None:
        pytest.skip("no PostgreSQL server is installed: call tools/system.sh")
    # Not below pytest's own folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="lianfang-postgis-"))
    folder.chmod(0o755)
    try:
        server = PostgreSQLExecutor(
            executable=_program(folder, pg_ctl),
            host="127.0.0.1",
            port=_free_port(),
            datadir=str(folder / "data"),
            unixsocketdir=str(folder),
            logfile=str(folder / "log"),
            startparams="-w",
            dbname="postgres",
            postgres_options="-c fsync=off -c listen_addresses=127.0.0.1",
        )
        with server:
            address = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
            with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_available_extensions WHERE name = ANY(%s)", (list(_EXTENSIONS),)
                )
                if cursor.fetchone()[0] < len(_EXTENSIONS):
                    pytest.skip("PostgreSQL is installed without PostGIS: call tools/system.sh")
                for name in _EXTENSIONS:
                    cursor.execute(f"CREATE EXTENSION {name}")
                connection.commit()
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)
