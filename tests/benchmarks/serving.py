"""A web application under gunicorn, as in production, and what it costs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.benchmarks.data import ROOT
from tools.browser import free_port

OURS, PEER = "app:server()", "tests.benchmarks.peer_app:server()"
_START_S = 240.0
_WARM = 6


@dataclass(frozen=True)
class Served:
    """A running application."""

    url: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """Processor seconds of all its processes so far."""
        return cpu_s(self.process)


def cpu_s(process: psutil.Process, *, descend: bool = True) -> float:
    """Processor seconds so far of a process, and of its living descendants if those count."""
    total = 0.0
    for one in (process, *(process.children(recursive=True) if descend else ())):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@contextmanager
def served(application: str, variables: Mapping[str, str]) -> Iterator[Served]:
    """`application` under gunicorn with our settings file, every worker started and nothing asked for yet but its layout."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANFANG_")}
    environment = {**kept, "LIANFANG_PORT": str(port), **variables}
    command = [sys.executable, "-m", "gunicorn", "--config", "tools/gunicorn.py", application]
    with TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(url, process, log)
            # Several at once, so that each worker has imported what it needs and opened its store.
            with ThreadPoolExecutor(_WARM) as pool:
                list(pool.map(_ask, [f"{url}/_dash-layout"] * _WARM))
            yield Served(url, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(timeout=60)


def folder_of(database: Path) -> Mapping[str, str]:
    """Settings that point our application at `database`, with ticks far apart so that none falls into a measurement."""
    return {"LIANFANG_DATABASE": str(database), "LIANFANG_REFRESH_S": "86400"}


def _ask(url: str) -> None:
    with urlopen(url, timeout=_START_S) as answer:  # noqa: S310  # our own address
        answer.read()


def _wait(url: str, process: subprocess.Popen, log) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"the server stopped: {log.read().decode()[-2000:]}")
        try:
            _ask(f"{url}/_dash-layout")
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{url} did not answer within {_START_S:g} s")
