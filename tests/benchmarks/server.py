"""PostgreSQL servers of the benchmarks' own: one that is gone afterwards, and one whose millions of rows are kept."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psutil
import sqlalchemy as sa

from store import open_store
from tests.benchmarks.data import FOLDER, fill, until
from tests.benchmarks.measure import Say
from tools.postgis import Cluster, program

_PASSWORD, _OWNER, _APP, _WEB = "benchmark", "owner", "app", "web"
# Of a small machine of its own: a quarter of the memory of two gigabytes, and room for a load between checkpoints.
SETTINGS = ("max_wal_size=4GB", "shared_buffers=512MB")


class Server:
    """A running server with our database on it.

    Attributes
    ----------
    url
        Address for the program's own role.
    took
        What filling it took: see `tests.benchmarks.data.fill`, and ``file_mb``; empty where it was kept full.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.url = cluster.url("lianfang", _APP, "lianfang")
        self.took: dict[str, float] = {}

    def fill(self, n: int) -> None:
        """Write `n` incidents, and let the server do what it does by itself a minute later."""
        self.took = fill(self.url, n)
        self.took["file_mb"] = self.ask("SELECT pg_database_size('lianfang')") / 1e6

    def ask(self, question: str) -> float:
        """One number, asked for by the owner."""
        engine = sa.create_engine(owner_of(self._cluster), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            return float(connection.exec_driver_sql(question).scalar_one())

    def cpu_s(self) -> float:
        """Processor seconds of all the server's processes so far."""
        pid = int((self._cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        postmaster = psutil.Process(pid)
        own = postmaster.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for one in postmaster.children():
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total


@contextmanager
def new_server(n: int, say: Say) -> Iterator[Server | None]:
    """A server with `n` incidents, gone afterwards; None where no server is installed."""
    if program("pg_ctl") is None:
        yield None
        return
    # Not below a folder that only its owner may enter: the server has an account of its own.
    folder = Path(mkdtemp(prefix="lianfang-benchmark-"))
    folder.chmod(0o755)
    try:
        with _running(folder) as server:
            say(f"loading {n:,} incidents into PostGIS")
            server.fill(n)
            yield server
    finally:
        rmtree(folder, ignore_errors=True)


@contextmanager
def kept_server(n: int, say: Say) -> Iterator[Server | None]:
    """The server with `n` incidents in ``data/benchmarks/``, made if it is missing; None where none is installed."""
    if program("pg_ctl") is None:
        yield None
        return
    folder = FOLDER / f"postgis-{n}-until-{until()}"
    full = folder / "full"
    folder.mkdir(parents=True, exist_ok=True)
    with _running(folder) as server:
        if not full.exists():
            say(f"loading {n:,} incidents into PostGIS, which is kept for another time")
            server.fill(n)
            full.touch()
        yield server


@contextmanager
def _running(folder: Path) -> Iterator[Server]:
    """A server in `folder` with our database, brought up to date; one that runs already goes on running."""
    cluster = Cluster(folder, _PASSWORD, SETTINGS)
    ran = (cluster.data / "postmaster.pid").exists()
    cluster.start()
    try:
        cluster.make_database(_OWNER, _APP, _WEB)
        with closing(open_store(owner_of(cluster))):
            yield Server(cluster)
    finally:
        if not ran:
            cluster.stop()


def owner_of(cluster: Cluster) -> str:
    """Address for whoever may change the schema."""
    return cluster.url("lianfang_owner", _OWNER, "lianfang")
