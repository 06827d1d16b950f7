"""Fifty and five hundred screens that ask every five seconds, of two workers: how long they wait, and what that costs."""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from store import open_store
from tests.benchmarks.data import database, url_of
from tests.benchmarks.measure import Say, Table, ratio, seconds
from tests.benchmarks.plain_app import VARIABLE
from tests.benchmarks.refresh import write_stations
from tests.benchmarks.server import new_server
from tests.benchmarks.serving import OURS, served

PERIOD_S = 5.0
_EVENT = "/_dash-update-component"
_PLAIN = "tests.benchmarks.plain_app:server()"
_LASTS_S = 15.0
_CHANGES_S = 7.5
_WORKERS = {"LIANFANG_WORKERS": "2", "LIANFANG_REFRESH_S": "5"}
_NOTES = (
    """Screens that each ask every {period:g} s, at moments of their own, for {lasts:g} s; gunicorn with two workers of eight
threads on the machine that also runs the screens. {n:,} incidents over ten years. A wait is counted from the moment the
screen wanted to ask until it has the whole answer. Processor: of all processes of the server, and of PostgreSQL's, in
hundredths of one core; what the screens themselves cost is not in it.""",
    """With changes: every {changes:g} s stations are written with other numbers of officers, and each screen that hears of it
asks for the wall's figures, too; "answered" counts those answers with the others. The plain app is a Dash page whose interval rebuilds one
`dcc.Graph` from the same data; a screen that still waits when its next moment comes lets that pass, as Dash's does not.""",
)


@dataclass
class _Heard:
    """What screens got: seconds of each wait, how many moments passed meanwhile, and what went wrong."""

    waits_s: list[float] = field(default_factory=list)
    n_missed: int = 0
    errors: list[Exception] = field(default_factory=list)


def run(n: int, counts: tuple[int, ...], say: Say) -> Table:
    """Waits and costs on both stores and of the plain app."""
    rows: list[list[str]] = []
    file = database(n)
    plain: dict[int, float] = {}
    with served(_PLAIN, {**_WORKERS, VARIABLE: url_of(file)}) as web:
        for count in counts:
            say(f"plain app, {count} screens")
            heard, cores = _measured(web.url, web.cpu_s, count, _plain_screens, None)
            plain[count] = cores
            rows.append(_row("plain Dash app, whole figure", count, heard, cores, None))
    with new_server(n, say) as server:
        places: dict[str, tuple[str, Callable[[], float]]] = {"SQLite": (url_of(file), lambda: 0.0)}
        if server is not None:
            places["PostGIS"] = (server.url, server.cpu_s)
        for name, (url, more) in places.items():
            with served(OURS, {**_WORKERS, "LIANFANG_DATABASE": url}) as web:
                for change in (None, url):
                    for count in counts:
                        what = f"ours on {name}" + (", with changes" if change else "")
                        say(f"{what}, {count} screens")
                        heard, cores = _measured(
                            web.url, lambda web=web, more=more: web.cpu_s() + more(), count, _our_screens, change
                        )
                        rows.append(_row(what, count, heard, cores, plain[count]))
    notes = [note.format(n=n, period=PERIOD_S, lasts=_LASTS_S, changes=_CHANGES_S) for note in _NOTES]
    columns = [
        "application",
        "screens",
        "median wait",
        "p95 wait",
        "answered",
        "passed over",
        "processor",
        "of plain app",
    ]
    return Table("Many screens", columns, rows, notes)


def _row(what: str, count: int, heard: _Heard, cores: float, plain: float | None) -> list[str]:
    waits = heard.waits_s or [float("nan")]
    return [
        *(what, f"{count}", seconds(float(np.median(waits))), seconds(float(np.quantile(waits, 0.95)))),
        *(f"{len(heard.waits_s):,}", f"{heard.n_missed:,}", f"{100 * cores:.3g} %"),
        "" if plain is None else ratio(cores, plain),
    ]


def _measured(
    url: str,
    cpu_s: Callable[[], float],
    count: int,
    screens: Callable[[str, int], list[Callable[[], None]]],
    changing: str | None,
) -> tuple[_Heard, float]:
    """What `count` screens heard, and how many cores the server used meanwhile."""
    heard, lock = _Heard(), threading.Lock()
    rng = np.random.default_rng(count)
    offsets = rng.uniform(0, PERIOD_S, count)
    asks = screens(url, count)
    before, start = cpu_s(), time.monotonic() + 0.5
    threads = [
        threading.Thread(target=_live, args=(ask, start + offset, start + _LASTS_S, heard, lock))
        for ask, offset in zip(asks, offsets, strict=True)
    ]
    with _changes(changing):
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    if heard.errors:
        raise heard.errors[0]
    return heard, (cpu_s() - before) / (time.monotonic() - start)


def _live(ask: Callable[[], None], first: float, until: float, heard: _Heard, lock: threading.Lock) -> None:
    """One screen: asks at its moments; those that come while it still waits pass."""
    moment = first
    while moment < until:
        time.sleep(max(0.0, moment - time.monotonic()))
        try:
            ask()
        except (OSError, RuntimeError) as error:
            heard.errors.append(error)
            return
        now = time.monotonic()
        passed = int((now - moment) // PERIOD_S)
        with lock:
            heard.waits_s.append(now - moment)
            heard.n_missed += passed
        moment += (1 + passed) * PERIOD_S


@contextmanager
def _changes(url: str | None) -> Iterator[None]:
    """Write stations into the store at `url` again and again; nothing without one."""
    over = threading.Event()

    def change() -> None:
        with closing(open_store(url or "")) as store:
            number = 0
            while not over.wait(_CHANGES_S if number else _CHANGES_S / 4):
                number += 1
                write_stations(store, number + int(time.time()))

    thread = threading.Thread(target=change)
    if url is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if url is not None:
            thread.join()


def _our_screens(url: str, count: int) -> list[Callable[[], None]]:
    """Walls: they ask at each tick whether anything changed, and for their figures where something did."""
    dependencies = _get(url, "/_dash-dependencies")
    tick = next(one for one in dependencies if _inputs(one) == ["tick.n_intervals"] and one["output"] == "pulse.data")
    look = next(one for one in dependencies if "board.children" in one["output"])
    # What a page that was just opened knows.
    opened = _fire(url, tick, {"view.data": "", "tick.n_intervals": 0}, "tick.n_intervals")["response"]["pulse"]["data"]

    def wall() -> Callable[[], None]:
        known = {"pulse.data": opened, "view.data": "", "tick.n_intervals": 0}

        def ask() -> None:
            known["tick.n_intervals"] += 1
            answer = _fire(url, tick, known, "tick.n_intervals") or {"response": {}}
            if "pulse" in answer["response"]:
                known["pulse.data"] = answer["response"]["pulse"]["data"]
                _fire(url, look, known, "pulse.data")

        return ask

    return [wall() for _ in range(count)]


def _plain_screens(url: str, count: int) -> list[Callable[[], None]]:
    """Pages of the plain app, which read what they are sent but need not understand it."""
    spec = _get(url, "/_dash-dependencies")[0]
    body = _body(spec, {"tick.n_intervals": 1}, "tick.n_intervals")
    return [lambda: _ask(url, "POST", _EVENT, body) and None for _ in range(count)]


def _inputs(spec: Mapping[str, Any]) -> list[str]:
    return [f"{one['id']}.{one['property']}" for one in spec["inputs"]]


def _fire(url: str, spec: Mapping[str, Any], known: Mapping[str, Any], triggered: str) -> Any:
    """What a callback answers; None where it has nothing new."""
    content = _ask(url, "POST", _EVENT, _body(spec, known, triggered))
    return json.loads(content) if content else None


def _body(spec: Mapping[str, Any], known: Mapping[str, Any], triggered: str) -> str:
    key = spec["output"]
    parts = [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in key.strip(".").split("...")]
    filled = {
        part: [{**one, "value": known.get(f"{one['id']}.{one['property']}")} for one in spec[part]]
        for part in ("inputs", "state")
    }
    outputs = parts if key.startswith("..") else parts[0]
    return json.dumps({"output": key, "outputs": outputs, **filled, "changedPropIds": [triggered]})


def _get(url: str, path: str) -> Any:
    return json.loads(_ask(url, "GET", path, None))


def _ask(url: str, method: str, path: str, body: str | None) -> bytes:
    """A whole answer over a connection of its own: gunicorn lets one that rests for two seconds go."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path} answered {answer.status}: {content[:200]!r}")
        return gzip.decompress(content) if answer.getheader("Content-Encoding") == "gzip" else content
