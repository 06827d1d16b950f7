"""Frames as files other programs open: the ending of the name says which form."""

from pathlib import Path

import geopandas as gpd

from casework.errors import CaseError

FORMS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".gpkg": "GPKG",
    ".fgb": "FlatGeobuf",
    ".shp": "ESRI Shapefile",
    ".parquet": "GeoParquet",
}
_SHAPEFILE_NAME = 10


def write_geofile(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Nothing; `frame` stands in `path` afterwards, in EPSG:4326.

    Parameters
    ----------
    frame
        Any frame with a geometry.
    path
        Where to write; an existing file is replaced. In a shapefile, names of columns end after ten characters.

    Raises
    ------
    CaseError
        The ending is none of those known, or the folder does not exist.
    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise CaseError(
            "{file}: the ending {ending} is not known; use one of {known}.",
            file=path.name,
            ending=repr(path.suffix),
            known=", ".join(FORMS),
        )
    if not path.absolute().parent.is_dir():
        raise CaseError("{folder} is no folder: make it first, or write elsewhere.", folder=path.absolute().parent)
    if form == "GeoParquet":
        frame.to_parquet(path)
    else:
        if path.suffix.lower() == ".shp":
            # The form has no room for more, and would say so on the error stream each time.
            frame = frame.rename(columns={name: str(name)[:_SHAPEFILE_NAME] for name in frame.columns})
        frame.to_file(path, driver=form)
