"""Who gets there first: on either side or only on one's own, before and after what is planned; and what nobody reaches."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.agreements import Agreements
from casework.destinations import FIRM, GROUND, INCIDENT, ground, sites
from casework.districts import districts
from casework.errors import NotFoundError
from casework.model import Selection, StationLevel
from casework.ports import Store
from casework.rules import Rules
from casework.stations import Stations
from casework.territory import Territory
from casework.ways import Around, Gain, Question, Served, Ways
from casework.whatif import Added, Step, applied
from geo.places import place
from geo.reach import lonlat, reach
from geo.shifts import Floats, Ints
from geo.station_models import NOBODY, Arrivals, Flags, Model, Service, arrivals, may_go, service
from geo.travel import stated


class Reach:
    """Reach of two sides, by the provider of `Stations.travel`."""

    def __init__(
        self,
        store: Store,
        versions: Callable[[], Mapping[str, int]],
        rules: Rules,
        territory: Territory,
        agreements: Agreements,
        stations: Stations,
    ) -> None:
        self._store = store
        self._versions = versions
        self._rules = rules
        self._territory = territory
        self._agreements = agreements
        self._stations = stations
        # Several panels of one page ask about the same ways, before and after.
        self._ways = lru_cache(maxsize=8)(self._measured)
        self._sites = lru_cache(maxsize=8)(self._measured_sites)
        self._districts = lru_cache(maxsize=2)(self._numbered)

    @property
    def stated(self) -> dict[str, Any]:
        """What every figure here stands on: provider, error, data_on, simulated."""
        return stated(self._stations.travel)

    def stations(self, *jurisdiction_ids: str, steps: tuple[Step, ...] = ()) -> gpd.GeoDataFrame:
        """STATIONS frame with `planned`, after `steps`."""
        # Only a new station needs to be told whose ground it stands on, and a nation's outlines take a second to read.
        grounds = None if any(isinstance(one, Added) for one in steps) else ()
        return applied(self._stations.of(*jurisdiction_ids), steps, self._store.jurisdictions(grounds))

    def ground(self, steps: tuple[Step, ...], *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """What each manned station reaches in the promised time, after `steps`: columns as `geo.reach.reach` gives them."""
        stations = self.stations(*jurisdiction_ids, steps=steps)
        home = stations["jurisdiction_id"].isin(jurisdiction_ids)
        return reach(stations[home & (stations["n_officers"] > 0)], self._rules.reach_min, self._stations.travel)

    def rings(self, station_id: str, steps: tuple[Step, ...]) -> gpd.GeoDataFrame:
        """What one station reaches in a third, two thirds and all of the promised time, whoever is there; as `ground`.

        Raises
        ------
        NotFoundError
            When there is no such station.
        """
        stations = self.stations(steps=steps)
        one = stations[stations["id"] == station_id]
        if one.empty:
            raise NotFoundError("There is no station {id}.", id=station_id)
        return reach(one, self._thirds, self._stations.travel)

    def ways(self, question: Question) -> Ways:
        """Stations, places, and the minutes between them; read again only when something changed."""
        return self._ways(self._state(), question)

    def first(self, question: Question) -> pd.DataFrame:
        """Who is first at each firm and incident, the one that saves most minutes times risk first.

        Columns kind, id, name, side, risk, in_zone, lon, lat, minutes (first from either side), station, station_id,
        own_min, own_station, ready_min (when the officers the law asks for are there), saved_min. Without a way minutes
        are inf and stations None; saved minutes are inf where only the other side gets there, NaN where nobody does.
        """
        ways = self.ways(question)
        either, own = self._arriving(ways, None), self._arriving(ways, ways.own)
        # The last one stands for nobody, whose position is -1.
        names, ids = (np.array([*ways.stations[one], None], dtype=object) for one in ("name", "id"))
        saved = np.full(len(ways.places), np.nan)
        came = np.isfinite(either.first_min)
        saved[came] = own.first_min[came] - either.first_min[came]
        frame = pd.DataFrame(ways.places.drop(columns="geometry")).assign(
            lon=ways.places.geometry.x,
            lat=ways.places.geometry.y,
            minutes=either.first_min,
            station=names[either.first],
            station_id=ids[either.first],
            own_min=own.first_min,
            own_station=names[own.first],
            ready_min=either.ready_min,
            saved_min=saved,
        )
        sites = frame[frame["kind"] != GROUND]
        worth = np.minimum(sites["saved_min"].fillna(0.0), self._rules.reach_min * 10) * sites["risk"]
        return sites.assign(worth=worth).sort_values(["worth", "id"], ascending=[False, True], ignore_index=True)

    def gaps(self, question: Question) -> pd.DataFrame:
        """Firms and incidents where a crew of both sides' nearest officers is late, largest risk first; as `first`."""
        found = self.first(question)
        late = found[found["ready_min"] > self._rules.reach_min]
        return late.sort_values(["risk", "ready_min", "id"], ascending=[False, False, True], ignore_index=True)

    def gain(self, question: Question) -> Gain:
        """What the zone gains when the border is ignored."""
        ways = self.ways(question)
        zone = ways.places["in_zone"].to_numpy(dtype=bool)
        ground = (ways.places["kind"] == GROUND).to_numpy(dtype=bool)
        either, own = self._arriving(ways, None).first_min, self._arriving(ways, ways.own).first_min
        force = np.broadcast_to(
            (ways.stations["level"] != StationLevel.JOINT).to_numpy(dtype=bool)[:, None], ways.own.shape
        )
        sooner = zone & ~ground & (either < own)
        return Gain(
            n_ground=int(ground.sum()),
            own_min=_median(own[ground]),
            either_min=_median(either[ground]),
            force_own_min=_median(self._arriving(ways, force & ways.own).first_min[ground]),
            force_either_min=_median(self._arriving(ways, force).first_min[ground]),
            n_sites=int((zone & ~ground).sum()),
            n_sooner=int(sooner.sum()),
            sooner_min=_median(own[sooner] - either[sooner]),
        )

    def around(self, question: Question, station_id: str) -> Around:
        """What a station of the two sides has about it, by thirds of the promised time.

        Raises
        ------
        NotFoundError
            When it is no station of theirs.
        """
        ways = self.ways(question)
        row = np.flatnonzero(ways.stations["id"] == station_id)
        if not len(row):
            raise NotFoundError("There is no station {id}.", id=station_id)
        kind = ways.places["kind"].to_numpy(dtype=object)
        minutes, first = ways.minutes[row[0]], self._arriving(ways, None).first
        within = [(minutes <= one, one) for one in self._thirds]
        return Around(
            tuple(
                (one, int((near & (kind == FIRM)).sum()), int((near & (kind == INCIDENT)).sum()))
                for near, one in within
            ),
            int(((first == row[0]) & (kind != GROUND)).sum()),
            int((kind != GROUND).sum()),
        )

    def models(self, question: Question) -> tuple[Served, ...]:
        """The three station models for the same officers: when the crew the law asks for is ready at each place."""
        ways = self.ways(question)
        district = self._districts(self._state(), question)
        return tuple(self._served(ways, model, district) for model in Model)

    def ready(self, question: Question) -> Floats:
        """Minutes until the officers the law asks for are at each place of `ways`, whichever side they come from."""
        return self._arriving(self.ways(question), None).ready_min

    def districts(self, *pair: str) -> gpd.GeoDataFrame:
        """The townships of the two sides, or squares where there are none: columns id, name, side and the polygon."""
        return districts(self._territory.jurisdictions(), pair)

    @property
    def _thirds(self) -> list[float]:
        """A third, two thirds and all of the promised time, minutes."""
        return [self._rules.reach_min * share / 3 for share in (1, 2, 3)]

    def _served(self, ways: Ways, model: Model, district: Ints) -> Served:
        may = may_go(model, ways.minutes, ways.n_officers, ways.own, district)
        ready = self._arriving(ways, may).ready_min
        places = ways.places
        sites = (places["kind"] != GROUND).to_numpy(dtype=bool)
        sides = [one for one in dict.fromkeys(places["side"]) if one is not None]
        of = {one: sites & (places["side"] == one).to_numpy(dtype=bool) for one in sides}
        a, b = ways.places.attrs["pair"]

        def serves(chosen: Flags) -> Service:
            return service(ready[chosen], places["risk"].to_numpy()[chosen], self._rules.reach_min)

        nowhere = np.zeros(len(places), dtype=bool)
        return Served(
            model=model,
            a=serves(of.get(a, nowhere)),
            b=serves(of.get(b, nowhere)),
            both=serves(sites),
            zone=serves((places["kind"] == GROUND).to_numpy(dtype=bool)),
            n_officers=int(ways.n_officers.sum()),
        )

    def _arriving(self, ways: Ways, may: Flags | None) -> Arrivals:
        anyone = np.ones(ways.minutes.shape, dtype=bool)
        return arrivals(ways.minutes, ways.n_officers, anyone if may is None else may, self._rules.min_officers)

    def _measured(self, state: object, question: Question) -> Ways:
        agreement = question.agreement
        pair = (agreement.a, agreement.b)
        zone = self._agreements.preview(agreement)
        stations, some, minutes = self._sites(state, pair, question.selection, question.steps)
        strip = gpd.GeoDataFrame({"id": ["zone"], "name": ["zone"]}, geometry=[zone.union_all()], crs=zone.crs)
        inside = [one is not None for one in place(some.geometry, strip)]
        even = ground(zone)
        both = pd.concat([some.assign(in_zone=inside), even.assign(in_zone=True)], ignore_index=True)
        places = gpd.GeoDataFrame(both.astype({"in_zone": bool}), geometry="geometry", crs=zone.crs)
        places.attrs["pair"] = pair
        minutes = np.hstack((minutes, self._stations.travel.minutes(lonlat(stations), lonlat(even))))
        home = stations["jurisdiction_id"].to_numpy(dtype=object)
        joint = (stations["level"] == StationLevel.JOINT).to_numpy(dtype=bool)
        own = (home[:, None] == places["side"].to_numpy(dtype=object)[None, :]) | (joint & pd.isna(home))[:, None]
        return Ways(stations, places, minutes, own)

    def _measured_sites(
        self, _state: object, pair: tuple[str, str], selection: Selection, steps: tuple[Step, ...]
    ) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Floats]:
        """What stays as it is while somebody moves the zone: stations, firms and incidents, and minutes between them."""
        some = sites(self._store, pair, selection)
        stations = self.stations(*pair, steps=steps)
        return stations, some, self._stations.travel.minutes(lonlat(stations), lonlat(some))

    def _numbered(self, _state: object, question: Question) -> Ints:
        """The district of each place, as a number; townships where they are loaded, else squares of 3 km."""
        places = self.ways(question).places
        shapes = self.districts(*question.agreement.pairs[0])
        joined = gpd.sjoin(places[["geometry"]], shapes[["geometry"]], how="left", predicate="intersects")
        number = joined["index_right"].groupby(level=0).first()
        return number.reindex(range(len(places))).fillna(NOBODY).to_numpy(dtype=np.int64)

    def _state(self) -> tuple[object, ...]:
        """What the ways depend on beside the question."""
        return (*sorted(self._versions().items()), *self.stated.values())


def _median(minutes: Floats) -> float:
    """The middle one, the larger of two; NaN of none."""
    return float(np.sort(minutes)[len(minutes) // 2]) if len(minutes) else float("nan")
