"""First look at the planner and the wall, with no incident and with very many, beside one Scattermap trace of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from layers.scene import start
from layers.view import View
from tests.benchmarks.browsing import Look, look
from tests.benchmarks.data import AGREEMENT, FOLDER, PAIR, database, since
from tests.benchmarks.measure import Say, Table, seconds, verdict
from tests.benchmarks.peer_app import VARIABLE, write_points
from tests.benchmarks.serving import OURS, PEER, folder_of, served

TARGET = 1.5
_LIMIT_S = 180.0
_SIDES = f"a={PAIR[0]}&b={PAIR[1]}&agreement={AGREEMENT}"
# Over the counties of Lake Tai, where most of what there is can be seen.
_PLACE = View(lon=120.1, lat=30.9, zoom=8.0)
_PEER = "peer"
_ALL = "planner, all ten years, all counties in view"
_NOTES = (
    """Medians of {n_runs} looks, in turns, each with a server just started and a browser without a cache. First paint:
from navigation until the map stands with everything drawn. Processor: seconds of browser and server together. Memory:
all processes of the browser, shared pages counted once. Over the wire: heads and bodies of all answers.""",
    """The peer is a plain Dash page with one Scattermap trace of all points over the same outlines: outlines by address,
coordinates packed in single precision, answers compressed, the same server. The wall shows no single incidents.""",
    "Times of a page against another are medians over turns, because within a turn the machine is equally busy.",
)
_PAGES = {
    "planner, latest 90 days": f"/?{_SIDES}",
    _ALL: f"/?since={since()}&{_SIDES}&{_PLACE.query()}",
    "wall": "/wall",
}


@dataclass(frozen=True)
class _Case:
    page: str
    n: int

    def look(self) -> Look | None:
        """A look at a server just started, with a browser that has never been there; None when that takes too long."""
        if self.page != _PEER:
            application, variables, path = OURS, folder_of(database(self.n)), _PAGES[self.page]
        else:
            center, zoom = start(_PLACE)
            kept = write_points(database(self.n), FOLDER / f"peer-{self.n}.npz", (center["lon"], center["lat"], zoom))
            application, variables, path = PEER, {VARIABLE: str(kept)}, "/"
        with served(application, variables) as server:
            try:
                found = look(server, path, _LIMIT_S)
            except TimeoutError:
                return None
        if self.n and self.page in {_PEER, _ALL} and not found.n_drawn:
            raise RuntimeError(f"{self.page} stands, but shows none of {self.n:,} incidents")
        return found


def run(sizes: Sequence[int], n_runs: int, say: Say) -> Table:
    """Medians of `n_runs` looks each; cases take turns, so that other work on the machine falls on all alike."""
    cases = [
        _Case(page, n)
        for page in (*_PAGES, _PEER)
        for n in (0, *sizes)
        # Between nothing and most, the pages that show every incident tell enough.
        if page in {_PEER, _ALL} or n in {0, max(sizes)}
    ]
    looks: dict[_Case, list[Look]] = {case: [] for case in cases}
    too_slow = set()
    for number in range(n_runs):
        for case in cases:
            if case in too_slow:
                continue
            say(f"look {number + 1} of {n_runs}: {case.page}, {case.n:,} incidents")
            found = case.look()
            if found is None:
                too_slow.add(case)
            else:
                looks[case].append(found)
                say(f"  {found}")
    verdicts = [
        verdict(f"{page}, {max(sizes):,} incidents, first paint against the empty page", found, TARGET, " ×")
        for page in _PAGES
        if (found := _times(looks, _Case(page, max(sizes)), _Case(page, 0))) is not None
    ]
    return Table(
        "First look at a page",
        ["page", "incidents", "first paint", "of empty", "of peer", "processor", "memory", "over the wire"],
        [_row(case, looks) for case in cases],
        [*(note.format(n_runs=n_runs) for note in _NOTES), *verdicts],
    )


def _times(looks: dict[_Case, list[Look]], case: _Case, other: _Case) -> float | None:
    """How many times as long one's first paint takes as the other's: the median over turns, whose load is alike."""
    pairs = list(zip(looks[case], looks.get(other, []), strict=False))
    return median(one.paint_s / two.paint_s for one, two in pairs) if pairs else None


def _row(case: _Case, looks: dict[_Case, list[Look]]) -> list[str]:
    """Medians of one case, and its first paint against the empty page and against the peer."""
    found = looks[case]
    if not found:
        return [case.page, f"{case.n:,}", f"not within {_LIMIT_S:g} s", *["–"] * 5]
    of_empty = _times(looks, case, _Case(case.page, 0)) if case.n else None
    of_peer = _times(looks, case, _Case(_PEER, case.n)) if case.page != _PEER else None
    return [
        case.page,
        f"{case.n:,}",
        seconds(median(one.paint_s for one in found)),
        "" if of_empty is None else f"{of_empty:.2g} ×",
        "" if of_peer is None else f"{of_peer:.2g} ×",
        seconds(median(one.cpu_s for one in found)),
        f"{median(one.memory_mb for one in found):,.0f} MB",
        f"{median(one.n_bytes for one in found) / 1e6:.2f} MB",
    ]
