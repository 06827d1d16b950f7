"""A real browser and a real server, for screenshots and for the tests that need both."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[1]
# WebGL without a graphics card, everything else drawn without one's make-believe, and nothing of the browser's own on the
# network.
_LAUNCH = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# The first is the same engine without windows and menus, which take a third of the processor's time.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
_START_S = 120.0
_DRAWN_MS = 180_000


def chromium_path() -> str | None:
    """Where Chromium is on this machine; None without one."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def launch(playwright: Playwright) -> Browser:
    """A Chromium that draws maps in software."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=list(_LAUNCH))


def wait_drawn(page: Page) -> None:
    """Return when the map has fetched and drawn everything it knows of."""
    page.wait_for_selector(".map[data-idle]", state="attached", timeout=_DRAWN_MS)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_demonstration(database: Path) -> None:
    """Make the demonstration in the file `database`, newest incident today."""
    from casework.desk import SystemClock  # noqa: PLC0415  # the engine takes seconds to load
    from casework.records import Records  # noqa: PLC0415
    from intake.demo.generate import demo  # noqa: PLC0415
    from intake.demo.writing import write_demo  # noqa: PLC0415
    from store import open_store  # noqa: PLC0415

    store = open_store(f"sqlite:///{database}")
    try:
        write_demo(demo(datetime.now(UTC).date()), store, Records(store, SystemClock()))
    finally:
        store.close()


class Server:
    """The dashboard in a process of its own, which can be stopped and started again on the same port."""

    def __init__(self, database: str, log: Path, more: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LIANFANG_")},
            "LIANFANG_DATABASE": database,
            "LIANFANG_PORT": str(self.port),
            **(more or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py", "serve"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                with urlopen(self.url, timeout=_START_S):  # noqa: S310  # our own address
                    return
            except URLError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the server did not start: {self._log.read_text(encoding='utf-8')[-2000:]}")

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None


@contextmanager
def served(database: str, log: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A running server over `database`, stopped at the end."""
    server = Server(database, log, more)
    server.start()
    try:
        yield server
    finally:
        server.stop()
