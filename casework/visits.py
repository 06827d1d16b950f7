"""Who was visited when, by township and month, and where nobody was: the blind spots of two sides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.destinations import sites
from casework.model import PatrolState, Selection, Source
from casework.ports import Store
from casework.reach import Reach
from casework.rules import Rules
from geo.coverage import blind_spots, visit_matrix
from geo.places import place

N_MONTHS = 12
BLIND_MONTHS = 6
VISITS = (Source.INSPECTION, Source.RANDOM)


@dataclass(frozen=True)
class Visited:
    """The matrix of places and months, and what is blind in it.

    `matrix` has a row a place, in the order of need, and a column a month. `places` has id, name, side and the polygon,
    with `need` (the risk of its firms and the incidents others reported there) and `blind`. `blind` is as
    `geo.coverage.blind_spots` gives it, with name and side. `n_visits` counts visits in all places; `townships`: whether
    the places are townships, or squares because none are loaded.
    """

    matrix: pd.DataFrame
    places: gpd.GeoDataFrame
    blind: pd.DataFrame
    n_visits: int
    townships: bool


class Visits:
    """Visits of two sides, place by place; what is known of them are the problems they found, and patrols."""

    def __init__(self, store: Store, versions: Callable[[], Mapping[str, int]], rules: Rules, reach: Reach) -> None:
        self._store = store
        self._rules = rules
        self._versions = versions
        self._reach = reach
        self._of = lru_cache(maxsize=4)(self._counted)

    def of(self, a: str, b: str) -> Visited:
        """The last twelve months up to the newest incident; counted once for each state of the data."""
        return self._of(tuple(sorted(self._versions().items())), (a, b))

    def _counted(self, _state: object, pair: tuple[str, str]) -> Visited:
        places = self._reach.districts(*pair)
        months, since = self._months()
        seen = self._store.incidents(Selection(since=since, sources=VISITS, jurisdictions=pair))
        days = pd.Series([self._rules.day(at).isoformat()[:7] for at in seen["at"]], dtype="str")
        found = pd.DataFrame({"place": place(seen.geometry, places), "month": days.to_numpy()})
        visits = pd.concat([found, self._patrolled(places)], ignore_index=True)
        matrix = visit_matrix(places["id"].tolist(), months, visits)
        need = self._need(places, pair, since)
        blind = blind_spots(matrix, need, BLIND_MONTHS)
        told = places.set_index("id")
        blind = blind.assign(name=blind["place"].map(told["name"]), side=blind["place"].map(told["side"]))
        order = np.argsort(-need, kind="stable")
        return Visited(
            matrix=matrix.iloc[order],
            places=places.assign(need=need, blind=places["id"].isin(blind["place"])).iloc[order].reset_index(drop=True),
            blind=blind,
            n_visits=int(matrix.to_numpy().sum()),
            townships=bool(places["id"].isin(self._store.jurisdictions()["id"]).any()),
        )

    def _months(self) -> tuple[list[str], pd.Timestamp | None]:
        """The months looked at, and when the first of them begins."""
        span = self._store.incident_span()
        if span is None:
            return [], None
        last = pd.Period(self._rules.day(span[1]).isoformat()[:7], freq="M")
        months = pd.period_range(end=last, periods=N_MONTHS, freq="M")
        return [str(one) for one in months], months[0].start_time.tz_localize(self._rules.timezone)

    def _patrolled(self, places: gpd.GeoDataFrame) -> pd.DataFrame:
        """Place and month of every patrol whose day has come and that was not cancelled."""
        today = self._versions()["day"]
        done = [
            one for one in self._store.patrols() if one.state != PatrolState.CANCELLED and one.on.toordinal() <= today
        ]
        points = gpd.GeoSeries.from_xy([one.lon for one in done], [one.lat for one in done], crs=places.crs)
        return pd.DataFrame(
            {"place": place(points, places), "month": [one.on.isoformat()[:7] for one in done]}, dtype=object
        )

    def _need(self, places: gpd.GeoDataFrame, pair: tuple[str, str], since: pd.Timestamp | None) -> np.ndarray:
        """What speaks for a visit at each place: its firms' risk, and what others than visitors reported."""
        others = tuple(one for one in Source if one not in VISITS)
        found = sites(self._store, pair, Selection(since=since, sources=others))
        home = pd.Series(place(found.geometry, places), dtype=object)
        return (
            home.to_frame("place")
            .assign(risk=found["risk"].to_numpy())
            .groupby("place")["risk"]
            .sum()
            .reindex(places["id"])
            .fillna(0.0)
            .to_numpy(dtype=float)
        )
