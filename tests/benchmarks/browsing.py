"""One look at a page with a map, by a browser without a cache: when the map stands, what it weighs, what it costs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from playwright.sync_api import Error, Page, Request, sync_playwright

from tests.benchmarks.serving import Served, cpu_s
from tools.browser import launch

_SIZE = {"width": 1920, "height": 1080}
# After so long without a new request the map is taken to be complete.
_STILL_MS = 1_500
# Ears on the map from its first moment: plotly makes it, so it is found by looking often.
_LISTEN = """
window.heard = { since: null, idle: null, plots: 0 };
(function look() {
  const plot = document.querySelector(".map .js-plotly-plot");
  const subplot = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot;
  const map = subplot && subplot.map;
  if (!map) { setTimeout(look, 10); return; }
  window.benchMap = map;
  plot.on("plotly_afterplot", () => { heard.plots += 1; });
  map.on("dataloading", () => { heard.idle = null; heard.since = performance.now(); });
  map.on("idle", () => { if (heard.idle === null) { heard.idle = performance.now(); } });
}());
"""
_STILL = """(still) => window.benchMap && heard.idle !== null && heard.since !== null
  && performance.now() - heard.idle > still && benchMap.areTilesLoaded()"""
_DRAWN = """() => {
  const { clientWidth: w, clientHeight: h } = benchMap.getCanvas();
  const layers = benchMap.getStyle().layers
    .filter((layer) => layer.source === "incidents" || (layer.source || "").startsWith("source-")).map((layer) => layer.id);
  // A trace of a million points has so many in a larger square that looking them up ends the browser's tab.
  const half = layers.some((id) => id.startsWith("incidents")) ? 150 : 10;
  const box = [[w / 2 - half, h / 2 - half], [w / 2 + half, h / 2 + half]];
  return layers.length ? benchMap.queryRenderedFeatures(box, { layers }).length : 0;
}"""


@dataclass
class Traffic:
    """Answers a page got."""

    n: int = 0
    n_bytes: int = 0
    parts: list[tuple[str, int]] = field(default_factory=list)

    def count(self, request: Request) -> None:
        """Add a finished request: head and body as they came over the wire."""
        sizes = request.sizes()
        # What comes out of the browser's own memory or cache has no head, and less than nothing as a body.
        size = max(sizes["responseBodySize"], 0) + max(sizes["responseHeadersSize"], 0)
        self.n += 1
        self.n_bytes += size
        self.parts.append((request.url, size))


@dataclass(frozen=True)
class Look:
    """What one look at a page took; `n_drawn` counts point features in the middle of the map."""

    paint_s: float
    cpu_s: float
    memory_mb: float
    n_bytes: int
    n_requests: int
    n_drawn: int


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a new browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=_SIZE, bypass_csp=True)
        page.add_init_script(_LISTEN)
        yield page
        browser.close()


def wait_still(page: Page, limit_s: float) -> float:
    """Milliseconds from navigation to the map being idle with all it asked for; it has to stay so for a while."""
    page.wait_for_function(_STILL, arg=_STILL_MS, timeout=limit_s * 1000, polling=100)
    return float(page.evaluate("heard.idle"))


def look(served: Served, path: str, limit_s: float = 180.0) -> Look:
    """One look at `path`.

    Raises
    ------
    TimeoutError
        When the map does not stand within `limit_s`.
    """
    before = served.cpu_s()
    with browser_page() as page:
        traffic = Traffic()
        asked: list[Request] = []
        page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108  # a list's own method cannot be marked
        try:
            page.goto(served.url + path, wait_until="commit")
            paint_ms = wait_still(page, limit_s)
        except Error as error:
            raise TimeoutError(f"{path} was not drawn within {limit_s:g} s") from error
        cost = sum(cpu_s(one, descend=False) for one in browser_processes()) + served.cpu_s() - before
        for request in asked:
            traffic.count(request)
        memory = memory_mb()
        n_drawn = int(page.evaluate(_DRAWN))
    return Look(paint_ms / 1000, cost, memory, traffic.n_bytes, traffic.n, n_drawn)


def browser_processes() -> list[psutil.Process]:
    """Every process of the browsers this process started."""
    return [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]


def memory_mb() -> float:
    """Memory of the browsers, each shared page counted once."""
    time.sleep(0.5)
    return sum(one.memory_full_info().pss for one in browser_processes()) / 1e6
