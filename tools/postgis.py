"""A PostgreSQL with PostGIS of our own in a folder: made, started, stopped; by root or by an ordinary user."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ACCOUNT = "postgres"  # whom Debian's package makes; the server refuses to run as root
HOST = "127.0.0.1"


class ClusterError(Exception):
    """The server cannot be made or started; the message says what to do."""


def program(name: str) -> Path | None:
    """Path of one of the server's programs, which Debian keeps off the PATH; None where there is no server."""
    config = shutil.which("pg_config")
    if config:
        folder = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        found = Path(folder) / name
        if found.exists():
            return found
    # pg_config comes with a package for developers; the server does without.
    return next(iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None)


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


class Cluster:
    """A server whose data lie in `folder`, which listens on the loopback only.

    Parameters
    ----------
    folder
        Made when missing; below folders that everybody may enter, where root calls.
    password
        Of the superuser ``postgres``; whoever is on this machine can reach the port.
    options
        More settings, such as ``fsync=off`` for data that nobody will miss.

    Raises
    ------
    ClusterError
        When there is no server to run, or its account may not enter the folder.
    """

    def __init__(self, folder: Path, password: str, options: tuple[str, ...] = ()) -> None:
        if program("pg_ctl") is None:
            raise ClusterError("No PostgreSQL server is installed: call tools/system.sh.")
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.password = password
        self.options = options
        self.port = 0

    def start(self) -> None:
        """Start the server, after making its data where there are none; one that runs already is kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.folder, ACCOUNT)
        if self._run("pg_ctl", "--version").returncode:
            raise ClusterError(f"The account {ACCOUNT} may not enter {self.folder}: name a folder it may enter.")
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            # "C": the program orders texts itself, and the server needs no language of the machine for that.
            made = ("-A", "scram-sha-256", "-U", ACCOUNT, "-E", "UTF8", "--locale=C")
            with self._told(self.password) as file:
                self._must("initdb", "-D", str(self.data), *made, f"--pwfile={file}")
        if self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0:
            self.port = int((self.data / "postmaster.pid").read_text().splitlines()[3])
            return
        self.port = self.port or free_port()
        settings = (f"listen_addresses={HOST}", f"port={self.port}", "unix_socket_directories=", *self.options)
        given = " ".join(f"-c {one}" for one in settings)
        self._must("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-o", given, "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; whoever is connected is sent away, in the mode ``immediate`` as by a crash."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def url(self, user: str = ACCOUNT, password: str | None = None, database: str = "postgres") -> str:
        """Address for SQLAlchemy."""
        return f"postgresql+psycopg2://{user}:{password or self.password}@{HOST}:{self.port}/{database}"

    def make_database(self, owner_password: str, app_password: str, web_password: str) -> None:
        """Make what is missing of the database and its roles, as the documents say."""
        script = Path(__file__).with_name("roles.sql").read_text(encoding="utf-8")
        told = {"OWNER_PASSWORD": owner_password, "APP_PASSWORD": app_password, "WEB_PASSWORD": web_password}
        told["PGPASSWORD"] = self.password
        where = ("-h", HOST, "-p", str(self.port), "-U", ACCOUNT, "-d", "postgres")
        self._must("psql", "-q", "-v", "ON_ERROR_STOP=1", *where, words=script, told=told)

    @contextmanager
    def _told(self, secret: str) -> Iterator[Path]:
        """A file that only the server's account can read, gone afterwards."""
        file = self.folder / "secret"
        file.touch(mode=0o600)
        try:
            file.write_text(secret, encoding="utf-8")
            if os.getuid() == 0:
                shutil.chown(file, ACCOUNT)
            yield file
        finally:
            file.unlink()

    def _must(self, name: str, *arguments: str, words: str = "", told: dict[str, str] | None = None) -> None:
        done = self._run(name, *arguments, words=words, told=told)
        if done.returncode:
            raise ClusterError(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _run(
        self, name: str, *arguments: str, words: str = "", told: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the server's as the server's account."""
        command = [str(program(name)), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", ACCOUNT, "--", *command]
        # pg_ctl leaves the server with its own output open: a pipe would never end.
        out = self.folder / f"{name}.out"
        with out.open("w+", encoding="utf-8") as written:
            done = subprocess.run(
                command,
                input=words,
                stdout=written,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=self.folder,
                env=os.environ | (told or {}),
                check=False,
            )
            written.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, "", written.read())
