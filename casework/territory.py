"""Who is responsible where, and who is whose neighbour."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, MultiLineString

from casework.errors import NotFoundError
from casework.ports import Store, Topic
from geo.outlines import lighter
from geo.repairs import repaired
from geo.slivers import slivers

MOST_VERTICES = 250_000


@dataclass(frozen=True)
class Border:
    """The line two jurisdictions share; `a` < `b` as text, geometry in EPSG:4326."""

    a: str
    b: str
    length_m: float
    method: str
    tolerance_m: float
    geometry: LineString | MultiLineString


class Territory:
    """Jurisdictions and the borders between them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Seconds for a whole nation, so once for each version of the outlines.
        self._light_outlines = lru_cache(maxsize=1)(lambda _version: self._light(self._store.jurisdictions()))
        self._light_borders = lru_cache(maxsize=1)(lambda _version: self._light(self._store.borders()))
        self._slivers = lru_cache(maxsize=8)(lambda _version, ids: self._measured_slivers(ids))
        self._sources = lru_cache(maxsize=1)(self._read_sources)
        self._parents = lru_cache(maxsize=1)(self._read_parents)
        self._names = lru_cache(maxsize=2)(self._read_names)

    def jurisdictions(self, *ids: str) -> gpd.GeoDataFrame:
        """JURISDICTIONS frame of `ids`, or of all."""
        return self._store.jurisdictions(ids or None)

    def borders(self) -> gpd.GeoDataFrame:
        """BORDERS frame of all pairs."""
        return self._store.borders()

    def outlines(self, *exact: str) -> gpd.GeoDataFrame:
        """JURISDICTIONS frame light enough to draw.

        A whole nation is simplified; `exact` ones and their neighbours stay as they are.
        """
        light, tolerance_deg = self._light_outlines(self._version())
        if not tolerance_deg:
            return light
        near = set(exact).union(*(self.neighbours(one) for one in exact))
        whole = self._store.jurisdictions(sorted(near))
        return gpd.GeoDataFrame(pd.concat([light[~light["id"].isin(near)], whole], ignore_index=True), crs=light.crs)

    def drawn_borders(self, *exact: str) -> gpd.GeoDataFrame:
        """BORDERS frame light enough to draw; the borders of `exact` jurisdictions stay as they are."""
        light, tolerance_deg = self._light_borders(self._version())
        if not tolerance_deg:
            return light
        frames = [self._store.borders(one) for one in exact]
        far = light[~(light["a"].isin(exact) | light["b"].isin(exact))]
        whole = pd.concat([far, *frames], ignore_index=True).drop_duplicates(["a", "b"])
        return gpd.GeoDataFrame(whole, crs=light.crs)

    def names(self, language: str) -> Mapping[str, str]:
        """Name of each jurisdiction by id; English where there is one and it is asked for."""
        return self._names(self._version(), language)

    def sources(self) -> tuple[str, ...]:
        """Whom the outlines are from, each once; read again only when they changed, as every tick of a page asks."""
        return self._sources(self._store.versions()[Topic.JURISDICTIONS])

    def parents(self) -> Mapping[str, str | None]:
        """The jurisdiction above each; None at the top."""
        return self._parents(self._version())

    def neighbours(self, jurisdiction_id: str) -> list[str]:
        """Ids of those that share a border with `jurisdiction_id`, longest border first."""
        frame = self._store.borders(jurisdiction_id).sort_values("length_m", ascending=False)
        return [b if a == jurisdiction_id else a for a, b in zip(frame["a"], frame["b"], strict=True)]

    def near(self, *ids: str) -> list[str]:
        """`ids` and all their neighbours, each once."""
        return sorted({*ids, *(near for one in ids for near in self.neighbours(one))})

    def among(self, *ids: str) -> gpd.GeoDataFrame:
        """BORDERS frame of the borders that `ids` share with each other, by a and b."""
        frames = [
            frame[(frame["a"] == one) & frame["b"].isin(ids)] for one in ids for frame in [self._store.borders(one)]
        ]
        return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)

    def slivers(self, *ids: str) -> gpd.GeoDataFrame:
        """Gaps and overlaps between outlines along the borders of `ids`, as `geo.slivers.slivers` gives them."""
        return self._slivers(self._version(), tuple(sorted(ids)))

    def border(self, a: str, b: str) -> Border:
        """The border of two jurisdictions, in either order.

        Raises
        ------
        NotFoundError
            When the two do not share one.
        """
        a, b = sorted((a, b))
        frame = self._store.borders(a)
        frame = frame[(frame["a"] == a) & (frame["b"] == b)]
        if frame.empty:
            raise NotFoundError("{a} and {b} share no border: choose two neighbours.", a=a, b=b)
        row = frame.iloc[0]
        return Border(a, b, row["length_m"], row["method"], row["tolerance_m"], row.geometry)

    def _measured_slivers(self, ids: tuple[str, ...]) -> gpd.GeoDataFrame:
        borders = [self._store.borders(one) for one in ids] or [self._store.borders().iloc[:0]]
        frame = pd.concat(borders, ignore_index=True).drop_duplicates(["a", "b"], ignore_index=True)
        near = {*ids, *frame["a"], *frame["b"]}
        # Where three meet, a neighbour's neighbour may hold the ground that the two leave open.
        near |= {far for one in near for far in self.neighbours(one)}
        whole, _repairs = repaired(self._store.jurisdictions(sorted(near)))
        return slivers(whole, gpd.GeoDataFrame(frame, crs=borders[0].crs))

    def _version(self) -> int:
        return self._store.versions()[Topic.JURISDICTIONS]

    @staticmethod
    def _light(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, float]:
        shapes, tolerance_deg = lighter(frame.geometry.to_numpy(), MOST_VERTICES)
        return (frame.set_geometry(shapes, crs=frame.crs) if tolerance_deg else frame), tolerance_deg

    def _read_sources(self, _version: int) -> tuple[str, ...]:
        return tuple(sorted({str(one) for one in self._store.jurisdictions()["source"].dropna() if one}))

    def _read_parents(self, _version: int) -> Mapping[str, str | None]:
        frame = self._store.jurisdictions()
        above = frame["parent_id"].astype(object).where(frame["parent_id"].notna(), None)
        return dict(zip(frame["id"], above, strict=True))

    def _read_names(self, _version: int, language: str) -> Mapping[str, str]:
        frame = self._store.jurisdictions()
        names = frame["name"]
        if language == "en":
            names = frame["name_en"].where(frame["name_en"].notna() & (frame["name_en"] != ""), names)
        return MappingProxyType(dict(zip(frame["id"], names, strict=True)))
