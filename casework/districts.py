"""The districts of two sides: their townships, or squares of one size where none are loaded."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo.samples import square_cells

CELL_M = 3000.0
TOWNSHIP = "township"
_COLUMNS = ["id", "name", "side", "geometry"]


def districts(jurisdictions: gpd.GeoDataFrame, pair: Sequence[str]) -> gpd.GeoDataFrame:
    """Townships of these sides, or squares of 3 km cut at each side's outline.

    Parameters
    ----------
    jurisdictions
        JURISDICTIONS frame with `level` and `parent_id`.
    pair
        Ids of the sides.

    Returns
    -------
    GeoDataFrame
        Columns id, name, side and the polygon; a square's id is its side's and a letter and number.

    Examples
    --------
    >>> import shapely
    >>> ground = gpd.GeoDataFrame({"id": ["w"], "name": ["West"], "level": ["county"], "parent_id": [None]},
    ...     geometry=[shapely.box(120, 30, 120.06, 30.02)], crs=4326)
    >>> districts(ground, ["w"])["name"].tolist()
    ['West A1', 'West A2']
    >>> len(districts(ground, []))
    0
    """
    townships = jurisdictions[(jurisdictions["level"] == TOWNSHIP) & jurisdictions["parent_id"].isin(pair)]
    if not townships.empty:
        return townships.assign(side=townships["parent_id"])[_COLUMNS].reset_index(drop=True)
    sides = jurisdictions[jurisdictions["id"].isin(pair)].sort_values("id")
    cells = [
        square_cells(shape, CELL_M).assign(side=one, name=name)
        for one, name, shape in zip(sides["id"], sides["name"], sides.geometry, strict=True)
    ]
    if not cells:
        return sides.assign(side=sides["id"])[_COLUMNS]
    frame = gpd.GeoDataFrame(pd.concat(cells, ignore_index=True), geometry="geometry", crs=jurisdictions.crs)
    return frame.assign(id=frame["side"] + " " + frame["id"], name=frame["name"] + " " + frame["id"])[_COLUMNS]
