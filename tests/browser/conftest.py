"""A real server over a fresh demonstration, and a real Chromium that may talk to nobody else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
from playwright.sync_api import sync_playwright
from shapely.geometry import Point

from casework.desk import SystemClock
from casework.model import Kind, Load
from casework.records import Records
from store import open_store
from tools.browser import chromium_path, launch, served, wait_drawn, write_demonstration

SLOW_MS = 60_000


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if chromium_path() is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(chromium, tmp_path_factory):
    """The dashboard on a port of its own; it looks for changes every second."""
    folder = tmp_path_factory.mktemp("browser")
    database = folder / "demo.sqlite"
    write_demonstration(database)
    more = {"LIANFANG_REFRESH_S": "1", "LIANFANG_STALE_AFTER_S": "3"}
    with served(str(database), folder / "server.log", more) as running:
        running.database = database
        yield running


@pytest.fixture
def opened(chromium, server):
    """Opens pages; at the end none may have complained or asked anyone but our server."""
    pages, heard = [], SimpleNamespace(errors=[], elsewhere=[], expected=())
    home = urlsplit(server.url).netloc

    def requested(url):
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and urlsplit(url).netloc != home:
            heard.elsewhere.append(url)

    def opening(path="/", width=1280, height=720):
        # Conditions that a test waits for are run as text, which the policy of the pages forbids: it has tests of its own.
        page = chromium.new_page(viewport={"width": width, "height": height}, bypass_csp=True, reduced_motion="reduce")
        page.set_default_timeout(SLOW_MS)
        page.on("request", lambda request: requested(request.url))
        page.on("websocket", lambda socket: requested(socket.url))
        page.on("pageerror", lambda error: heard.errors.append(str(error)))
        page.on("console", lambda told: heard.errors.append(told.text) if told.type == "error" else None)
        pages.append(page)
        page.goto(server.url + path)
        wait_drawn(page)
        return page

    opening.heard = heard
    yield opening
    for page in pages:
        page.close()
    assert heard.elsewhere == []
    assert [error for error in heard.errors if not any(word in error for word in heard.expected)] == []


@pytest.fixture
def happen(server):
    """Writes `n` incidents of today around a place through the store, while the pages are open."""

    def write(name, lon, lat, n=8):
        store = open_store(f"sqlite:///{server.database}")
        now = datetime.now(UTC)
        rows = gpd.GeoDataFrame(
            {
                "id": [f"{name}-{one}" for one in range(n)],
                "at": [now - timedelta(minutes=one) for one in range(n)],
                "category": "water",
                "source": "complaint",
                "severity": 3,
            },
            geometry=[Point(lon + one * 1e-4, lat) for one in range(n)],
            crs=4326,
        )
        rows["at"] = rows["at"].astype("datetime64[us, UTC]")
        try:
            records = Records(store, SystemClock())
            records.add(Load(Kind.INCIDENTS, name, "test", "wgs84", now), records.placed(Kind.INCIDENTS, rows))
        finally:
            store.close()

    return write
