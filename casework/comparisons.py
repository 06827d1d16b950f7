"""What files say about where incidents are, against where they are."""

import re
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

_SUFFIX = re.compile(r"(?i)\s+(county|parish|borough|district|city|municipality)$|(?<=.)(自治县|自治州|县|区|市|旗)$")
MOST_LISTED = 10_000


@dataclass(frozen=True)
class Comparison:
    """What files say about where incidents are, against where they are, in incidents.

    `differing` lists those whose reported name is not that of their jurisdiction, `MOST_LISTED` at most: columns id, at,
    reported_jurisdiction, jurisdiction_id (null: in none), jurisdiction (its name, "" if none) and the point.
    """

    n_reported: int
    n_agreeing: int
    n_outside: int
    differing: gpd.GeoDataFrame

    @property
    def n_elsewhere(self) -> int:
        """Incidents that lie in another jurisdiction than reported."""
        return self.n_reported - self.n_agreeing - self.n_outside

    @property
    def agreement(self) -> float | None:
        """Share of those inside some jurisdiction that agree, 0 to 1; None where there is nothing to compare."""
        n_inside = self.n_reported - self.n_outside
        return self.n_agreeing / n_inside if n_inside else None

    def __add__(self, other: "Comparison") -> "Comparison":
        """Both, as if compared at once."""
        differing = self.differing
        if len(other.differing) and len(differing) < MOST_LISTED:
            both = [differing, other.differing] if len(differing) else [other.differing]
            listed = pd.concat(both, ignore_index=True).head(MOST_LISTED)
            differing = gpd.GeoDataFrame(listed, geometry="geometry", crs=4326)
        return Comparison(
            self.n_reported + other.n_reported,
            self.n_agreeing + other.n_agreeing,
            self.n_outside + other.n_outside,
            differing,
        )


def compare(incidents: gpd.GeoDataFrame, jurisdictions: gpd.GeoDataFrame) -> Comparison:
    """What incidents report about their jurisdiction, against the one they lie in.

    Names agree when they are equal without case and without County, District, City, 区, 县, 市; the English name and the id
    count as names too.

    Parameters
    ----------
    incidents
        INCIDENTS frame, with `reported_jurisdiction` where the file had one.
    jurisdictions
        JURISDICTIONS frame, with `name_en` where known.
    """
    columns = ["id", "at", "reported_jurisdiction", "jurisdiction_id", "geometry"]
    if "reported_jurisdiction" not in incidents:
        incidents = incidents.assign(reported_jurisdiction=pd.Series(index=incidents.index, dtype="str"))
    said = incidents[incidents["reported_jurisdiction"].fillna("").str.strip() != ""][columns]
    by_id = jurisdictions.set_index("id")
    reported = said["reported_jurisdiction"].map(bare_name)
    agrees = reported == said["jurisdiction_id"].fillna("").map(bare_name)
    for column in ("name", "name_en"):
        if column in by_id:
            names = by_id[column].dropna().map(bare_name)
            agrees |= reported == said["jurisdiction_id"].map(names)
    agrees = agrees.astype(bool)
    differing = said[~agrees].head(MOST_LISTED).copy()
    differing["jurisdiction"] = differing["jurisdiction_id"].map(by_id["name"]).fillna("").astype("str")
    n_outside = int(said["jurisdiction_id"].isna().sum())
    listed = gpd.GeoDataFrame(differing, geometry="geometry", crs=4326)
    return Comparison(len(said), int(agrees.sum()), n_outside, listed)


def bare_name(name: str) -> str:
    """A jurisdiction's name as it is compared.

    Examples
    --------
    >>> bare_name(" KING County "), bare_name("吴兴区"), bare_name("City")
    ('king', '吴兴', 'city')
    """
    return _SUFFIX.sub("", name.strip().casefold()).strip()
