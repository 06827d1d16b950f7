"""The search for the best order of visits: several annealers side by side, until the time or the changes are used up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.order_anneal import anneal, construct, take_best
from geo.order_problem import HELD, NOBODY, SUMS, OrderProblem, Table

_ROUND_S = 0.2  # between two looks at the clock
_FIRST, _MOST, _STEPS = 200, 10**7, 200
_FEW, _CYCLES = 30, 3  # few visits are cooled several times
_POLISH, _STRICT = 0.85, 50.0  # when prizes begin to count so much more that only travel is left to gain
_SPREAD = 2654435761


@dataclass(frozen=True)
class Found:
    """The best order: rows of `HELD`, crews and officers with what the search made of them, and the sums."""

    held: Table
    crews: Table
    officers: Table
    sums: Table

    @property
    def prize(self) -> float:
        """Prizes of what is done."""
        return float(self.sums["prize"][0])

    @property
    def cost(self) -> float:
        """Weighted travel and lateness, less prizes."""
        return float(self.sums["cost"][0])


Progress = Callable[[float, float, float], None]
Tables = tuple[npt.NDArray[np.float64], Table, Table, Table, Table, Table, Table]


def search(
    problem: OrderProblem,
    seed: int,
    seconds: float | None = None,
    iterations: int | None = None,
    n_threads: int = 2,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    begin: Callable[[Table, Table], None] | None = None,
) -> Found:
    """The best order met within the seconds or the changes given.

    Simulated annealing over a global order of visits and a choice of crews. With `iterations`, the same seed and number
    of threads give the same answer on every machine.

    Parameters
    ----------
    problem
        What to do, and who may.
    seed
        Where chance starts, from 0 up.
    seconds
        By `clock`, which then has to be given; give this or `iterations`.
    iterations
        Changes tried by each annealer.
    n_threads
        Annealers side by side; the best is taken.
    clock
        Seconds that only grow, such as `time.monotonic`.
    progress
        Called now and then with the share of the search that is over, the best prize and its travel.
    stop
        Asked now and then whether to end early.
    begin
        May set `crew` and `order` of the first row table (`HELD`) and `crew` of the second (`OFFICER`) to begin with.

    Raises
    ------
    GeoError
        When not exactly one of seconds and iterations is given, one is not above 0, or seconds have no clock.

    Examples
    --------
    >>> from geo.order_problem import CREW, VISIT
    >>> search(OrderProblem(np.zeros((1, 1)), np.zeros(0, VISIT), np.zeros(0, CREW)), 1, iterations=10).prize
    0.0
    """
    limit = seconds if iterations is None else iterations
    if limit is None or (seconds is not None and iterations is not None) or not limit > 0:
        raise GeoError(f"seconds {seconds} and iterations {iterations}: one of them, above 0, was expected")
    if seconds is not None and clock is None:
        raise GeoError(f"seconds are {seconds} but there is no clock: one such as time.monotonic was expected")
    clock = clock or (lambda: 0.0)
    runs = [_begun(problem, seed, k, begin) for k in range(n_threads)]
    cycles = _CYCLES if len(problem.visits) <= _FEW else 1
    idle = not len(problem.visits) or not len(problem.crews)
    share, began, done, chunk = float(idle), clock(), 0, _FIRST
    with ThreadPoolExecutor(n_threads) as pool:
        while share < 1 and not (stop is not None and stop()):
            round_at = clock()
            if iterations is not None:
                chunk = min(max(1, iterations // _STEPS), iterations - done)
                until = (done + chunk) / iterations
            else:
                assert seconds is not None
                until = min(1.0, max((clock() - began + _ROUND_S) / seconds, share + 1e-6))
            list(pool.map(lambda run, f=share, u=until, n=chunk: _cool(problem, run, f, u, n, cycles), runs))
            done += chunk
            if iterations is not None:
                share = done / iterations
            else:
                assert seconds is not None
                took, share = clock() - round_at, (clock() - began) / seconds
                left = max(0.01, min(_ROUND_S, (1 - share) * seconds))
                chunk = min(_MOST, max(10, int(chunk * min(4.0, left / max(took, 1e-4)))))
            if progress is not None:
                sums = min(runs, key=_rank)[6]
                progress(min(1.0, share), float(sums["best_prize"][0]), float(sums["best_travel"][0]))
    best = min(runs, key=_rank)
    take_best(*best)
    return Found(best[4], best[2], best[3], best[6])


def _begun(problem: OrderProblem, seed: int, k: int, begin: Callable[[Table, Table], None] | None) -> Tables:
    """Tables of one annealer, with a first order."""
    held, sums = np.zeros(len(problem.visits), HELD), np.zeros(1, SUMS)
    last = problem.visits["closes"][np.arange(len(held)), problem.visits["n_windows"] - 1]
    held["order"] = np.lexsort((last, -problem.visits["fixed"])) if k == 0 else np.argsort(last, kind="stable")
    held["crew"] = NOBODY
    sums["soft"] = problem.soft
    sums["weight_travel"], sums["weight_late"], sums["weight_latest"] = problem.weights
    mixed = np.random.SeedSequence([seed, k]).generate_state(1, np.uint64)[0]
    sums["chance"] = mixed or _SPREAD
    officers = problem.officers.copy()
    if begin is not None:
        begin(held, officers)
    run = (problem.travel, problem.visits.copy(), problem.crews.copy(), officers, held, problem.groups.copy(), sums)
    construct(*run)
    return run


def _rank(run: Tables) -> tuple[float, ...]:
    """Less is better."""
    sums = run[6][0]
    if sums["soft"]:
        return (float(sums["best"]),)
    return -float(sums["best_prize"]), float(sums["best_travel"]), float(sums["best_span"])


def _cool(problem: OrderProblem, run: Tables, since: float, until: float, n_moves: int, cycles: int) -> None:
    """One piece of the cooling, between two shares of the whole search."""
    hot, cold = problem.hot, problem.cold
    if not problem.soft and until > _POLISH:
        sums = run[6]
        if sums["weight_travel"][0] == problem.weights[0]:  # the last part: what is covered stays, the ways get shorter
            sums["weight_travel"] = problem.weights[0] / _STRICT
            take_best(*run)
        a, b = (max(0.0, (one - _POLISH) / (1 - _POLISH)) for one in (since, until))
        hot, cold = hot / _STRICT / _STRICT, hot / _STRICT / _STRICT / _STRICT
    else:
        full = 1.0 if problem.soft else _POLISH
        a, b = since / full * cycles % 1.0, until / full * cycles % 1.0
        b = b if b > a else 1.0
    anneal(*run, n_moves, hot * (cold / hot) ** a, hot * (cold / hot) ** b, problem.share)
