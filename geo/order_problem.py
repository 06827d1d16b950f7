"""What an order of visits is searched for in: visits, crews, and what is held, as rows that compiled loops read fast."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

MOST_WINDOWS, N_NEAR = 4, 20
SINGLE, PAIR, EITHER = 1, 2, 3  # how many crews a visit takes
NOBODY = -1

# `needs`: bits the first crew, the second, and both together must have. `bars`: bits nobody may have. `people`: fewest
# on site. `apart`: least and most minutes from the first crew's start to the second's. `group`: -1 for none.
VISIT = np.dtype(
    [
        ("place", "i8"),
        ("shape", "i8"),
        ("needs", "i8", (3,)),
        ("bars", "i8"),
        ("people", "i8"),
        ("group", "i8"),
        ("fixed", "i8"),
        ("n_windows", "i8"),
        ("opens", "f8", (MOST_WINDOWS,)),
        ("closes", "f8", (MOST_WINDOWS,)),
        ("duration", "f8", (2,)),
        ("apart", "f8", (2,)),
        ("prize", "f8"),
        ("near", "i8", (N_NEAR,)),
    ],
    align=True,
)
# `rest`: earliest and latest start of a break, and its length; 0 is none. From `changed` on: what a trial works with.
CREW = np.dtype(
    [
        ("home", "i8"),
        ("bits", "i8"),
        ("people", "i8"),
        ("starts", "f8"),
        ("ends", "f8"),
        ("rest", "f8", (3,)),
        ("back", "f8"),
        ("changed", "i8"),
        ("where", "i8"),
        ("free", "f8"),
        ("rested", "i8"),
        ("ahead", "i8"),
        ("seats", "i8"),
        ("ever", "i8"),
    ],
    align=True,
)
# One row for each visit; but `order` is by position, and `tried` a list of visits, as `ever` is one of crews.
HELD = np.dtype(
    [
        ("order", "i8"),
        ("at", "i8"),
        ("crew", "i8", (2,)),
        ("done", "i8"),
        ("ready", "f8", (2,)),
        ("rested", "i8", (2,)),
        ("leg", "f8", (2,)),
        ("late", "f8", (2,)),
        ("tried", "i8"),
        ("seen", "i8"),
        ("new_done", "i8"),
        ("new_ready", "f8", (2,)),
        ("new_rested", "i8", (2,)),
        ("new_leg", "f8", (2,)),
        ("new_late", "f8", (2,)),
        ("old_crew", "i8", (2,)),
        ("next", "i8", (2,)),
        ("gone", "i8"),
        ("best_order", "i8"),
        ("best_crew", "i8", (2,)),
    ],
    align=True,
)
# Who may ride in which car is searched for too, where there are officers; `crew` is -1 for one who stays.
OFFICER = np.dtype(
    [
        ("home", "i8"),
        ("bits", "i8"),
        ("starts", "f8"),
        ("ends", "f8"),
        ("rest", "f8", (3,)),
        ("crew", "i8"),
        ("best_crew", "i8"),
        ("fixed", "i8"),
    ],
    align=True,
)
GROUP = np.dtype([("room", "i8"), ("used", "i8")], align=True)
# Figures of what is held and of what was tried; the cost is weighted travel and lateness less prizes.
SUMS = np.dtype(
    [
        ("travel", "f8"),
        ("late", "f8"),
        ("latest", "f8"),
        ("prize", "f8"),
        ("cost", "f8"),
        ("new_travel", "f8"),
        ("new_late", "f8"),
        ("new_latest", "f8"),
        ("new_prize", "f8"),
        ("new_cost", "f8"),
        ("best", "f8"),
        ("best_prize", "f8"),
        ("best_travel", "f8"),
        ("best_span", "f8"),
        ("n_tried", "i8"),
        ("n_ever", "i8"),
        ("soft", "i8"),
        ("weight_travel", "f8"),
        ("weight_late", "f8"),
        ("weight_latest", "f8"),
        ("chance", "u8"),
    ],
    align=True,
)
Table = npt.NDArray[np.void]


@dataclass(frozen=True)
class OrderProblem:
    """Visits, crews and travel, ready for the search.

    `travel`: minutes (or any unit) from place to place. `visits`, `crews`, `groups`, `officers`: rows of `VISIT`, `CREW`,
    `GROUP`, `OFFICER`. `weights`: of travel, lateness and the largest lateness. With `soft`, closing times may be missed
    at that cost and everything is done; else prizes come first, then travel, then the longest day. `hot` and `cold`:
    temperatures, in units of the cost. `share`: of rebuilding among the changes tried.
    """

    travel: npt.NDArray[np.float64]
    visits: Table
    crews: Table
    groups: Table = field(default_factory=lambda: np.zeros(0, GROUP))
    officers: Table = field(default_factory=lambda: np.zeros(0, OFFICER))
    weights: tuple[float, float, float] = (1.0, 0.0, 0.0)
    soft: bool = False
    hot: float = 100.0
    cold: float = 0.2
    share: float = 0.0


def with_near(travel: npt.NDArray[np.float64], visits: Table) -> Table:
    """The visits with, for each, those that go well before or after it: near, without much waiting or lateness.

    Examples
    --------
    >>> len(with_near(np.zeros((0, 0)), np.zeros(0, VISIT)))
    0
    """
    visits = visits.copy()
    n = len(visits)
    if n < 2:  # noqa: PLR2004  # nobody else is there
        return visits
    away = travel[np.ix_(visits["place"], visits["place"])]
    done = visits["duration"][:, :1] + away
    closes = visits["closes"][np.arange(n), visits["n_windows"] - 1]
    wait = visits["opens"][None, :, 0] - (closes[:, None] + done)
    late = visits["opens"][:, :1] + done - closes[None, :]
    apart = away + 0.2 * np.maximum(0, wait) + np.maximum(0, late)
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, np.inf)
    best = np.argsort(apart, axis=1, kind="stable")[:, : n - 1]
    visits["near"] = best[:, np.arange(N_NEAR) % (n - 1)]
    return visits
