"""The demonstration on a PostgreSQL with PostGIS of its own, which stops when it is left; called by `make run-postgis`."""

import argparse
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tools.postgis import Cluster, ClusterError

ROOT = Path(__file__).resolve().parents[1]
_NAMES = ("superuser", "owner", "app", "web")


def main() -> int:
    """Start the server, serve until stopped, stop the server; a second call finds the data of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "postgis", help="where the server's data lie")
    parser.add_argument("--open", action="store_true", help="open the dashboard in the browser of this machine")
    given = parser.parse_args()
    # Told to stop, it stops the server too.
    signal.signal(signal.SIGTERM, _leave)
    try:
        with _alone(given.folder), _served(given.folder) as (owner_url, app_url):
            _app(owner_url, "migrate")
            _app(app_url, "serve", "--demo", *(["--open"] if given.open else []))
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    except KeyboardInterrupt:
        pass
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no second call use, and stop, the same server."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ClusterError(f"The server in {folder} is in use by another call.") from None
        yield


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of the database for its owner and for the program, on a server that runs meanwhile."""
    passwords = _passwords(folder / "passwords.json")
    cluster = Cluster(folder, passwords["superuser"])
    try:
        cluster.start()
        # A server of an earlier version has not all the roles yet.
        cluster.make_database(passwords["owner"], passwords["app"], passwords["web"])
        yield (
            cluster.url("lianfang_owner", passwords["owner"], "lianfang"),
            cluster.url("lianfang", passwords["app"], "lianfang"),
        )
    finally:
        cluster.stop()


def _passwords(file: Path) -> dict[str, str]:
    """Passwords by name, each made by chance the first time; only their owner reads the file."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    passwords: dict[str, str] = {name: secrets.token_urlsafe(24) for name in _NAMES} | known
    if passwords != known:
        file.touch(mode=0o600)
        file.write_text(json.dumps(passwords), encoding="utf-8")
    return passwords


def _app(url: str, *words: str) -> None:
    """Call the program on the database at `url`."""
    command = [sys.executable, "app.py", *words]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LIANFANG_DATABASE": url}) as running:
        try:
            code = running.wait()
        except BaseException:
            running.terminate()
            raise
    if code:
        raise subprocess.CalledProcessError(code, command)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
