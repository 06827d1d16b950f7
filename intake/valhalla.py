"""Travel as Valhalla has it: an optional engine, its tiles built offline from an extract into a folder."""

import importlib
import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.shifts import Floats, Ints
from geo.travel import Shapes
from intake.errors import FileError
from intake.osm import header_day

VALHALLA = "valhalla"
ERROR = 0.2
_MOST_PAIRS = 2500
_MOST_BUDGETS = 4
_CONFIG = "valhalla.json"


class Valhalla:
    """Travel by car as Valhalla's costing `auto` has it; implements `geo.travel.Travel`.

    Parameters
    ----------
    extract
        An .osm.pbf file.
    folder
        Where its tiles are, or are built where there are none yet; None: in a folder that is forgotten afterwards.

    Raises
    ------
    FileError
        When Valhalla is not installed, or cannot build tiles from the file.
    """

    provider = VALHALLA
    error = ERROR
    simulated = False

    def __init__(self, extract: Path, folder: Path | None = None) -> None:
        try:
            engine = importlib.import_module("valhalla")
        except ImportError as error:
            raise FileError(
                "Valhalla is not installed: install pyvalhalla (Python 3.12 or later), or take --provider roads."
            ) from error
        if not extract.is_file():
            raise FileError(f"{extract}: there is no such file.")
        self.data_on: date | None = header_day(extract)
        self._temporary = tempfile.TemporaryDirectory() if folder is None else None
        home = Path(self._temporary.name) if self._temporary is not None else Path(folder or ".")
        if not (home / _CONFIG).is_file():
            _build(engine, extract, home)
        self._actor: Any = engine.Actor(str(home / _CONFIG))

    def minutes(self, origins: Floats, destinations: Floats, within: float = np.inf) -> Floats:
        """Minutes by its time-distance matrix."""
        found = np.full((len(origins), len(destinations)), np.inf)
        for rows, columns in _blocks(len(origins), len(destinations)):
            asked = {"sources": _places(origins[rows]), "targets": _places(destinations[columns]), "costing": "auto"}
            answer = self._ask("matrix", asked)
            if answer is not None:
                times = [[cell["time"] for cell in row] for row in answer["sources_to_targets"]]
                block = np.array(times, dtype=float) / 60
                found[rows, columns] = np.where(np.isnan(block), np.inf, block)
            elif rows.stop - rows.start > 1 or columns.stop - columns.start > 1:
                # One place it cannot put on a road spoils the whole question, so each pair is asked by itself.
                for row in range(rows.start, rows.stop):
                    for column in range(columns.start, columns.stop):
                        found[row, column] = self.minutes(
                            origins[row : row + 1], destinations[column : column + 1]
                        ).item()
        return np.where(found <= within, found, np.inf)

    def first(self, origins: Floats, destinations: Floats, within: float = np.inf) -> tuple[Ints, Floats]:
        """The least of the matrix."""
        if not len(origins) or not len(destinations):
            return np.full(len(destinations), -1), np.full(len(destinations), np.inf)
        times = self.minutes(origins, destinations, within)
        least = times.min(axis=0)
        return np.where(np.isinf(least), -1, times.argmin(axis=0)), least

    def ground(self, places: Floats, minutes: Sequence[float], *, arriving: bool = False) -> Shapes:
        """Its isochrones."""
        found: Shapes = np.full((len(places), len(minutes)), shapely.Polygon(), dtype=object)
        # Off its roads it draws a spot about the place.
        for row in np.flatnonzero(np.isfinite(self.snap_m(places))):
            place = places[row]
            for begin in range(0, len(minutes), _MOST_BUDGETS):
                budgets = [float(one) for one in minutes[begin : begin + _MOST_BUDGETS]]
                contours = [{"time": one} for one in sorted(set(budgets))]
                asked = {"locations": _places(place[None]), "costing": "auto", "contours": contours, "polygons": True}
                answer = self._ask("isochrone", {**asked, "reverse": arriving})
                shapes = {one["properties"]["contour"]: one["geometry"] for one in (answer or {}).get("features", ())}
                for column, budget in enumerate(budgets, begin):
                    if budget in shapes:
                        shape = shapely.from_geojson(json.dumps(shapes[budget]))
                        found[row, column] = shapely.make_valid(shape)
        return found

    def snap_m(self, places: Floats) -> Floats:
        """Metres to the nearest street it would start on; inf where there is none."""
        found = np.full(len(places), np.inf)
        for row, place in enumerate(places):
            answer = self._ask("locate", {"locations": _places(place[None]), "costing": "auto", "verbose": True})
            edges = (answer[0].get("edges") if answer else None) or ()
            found[row] = min((edge["distance"] for edge in edges), default=np.inf)
        return found

    def _ask(self, question: str, asked: dict[str, Any]) -> Any:
        """Its answer; None where it has none, as for a place off its roads."""
        try:
            return getattr(self._actor, question)(asked)
        except RuntimeError:
            return None


def _build(engine: Any, extract: Path, home: Path) -> None:
    """Tiles in `home`."""
    tiles, archive = home / "tiles", home / "tiles.tar"
    tiles.mkdir(parents=True, exist_ok=True)
    archive.touch()
    config = engine.get_config(tile_extract=str(archive), tile_dir=str(tiles), verbose=False)
    archive.unlink()
    config["mjolnir"]["concurrency"] = 1
    (home / _CONFIG).write_text(json.dumps(config), encoding="utf-8")
    builder = Path(engine.__file__).parent / "bin" / "valhalla_build_tiles"
    done = subprocess.run(  # noqa: S603  our own words and the operator's file
        [str(builder), "-c", str(home / _CONFIG), str(extract)], capture_output=True, text=True, check=False
    )
    if done.returncode or not any(tiles.rglob("*.gph")):
        (home / _CONFIG).unlink()
        raise FileError(f"{extract.name}: Valhalla builds no tiles from it; is it a whole .osm.pbf extract?")


def _places(lonlat: Floats) -> list[dict[str, float]]:
    """Places as Valhalla takes them."""
    return [{"lon": float(lon), "lat": float(lat)} for lon, lat in lonlat]


def _blocks(n_rows: int, n_columns: int) -> Iterator[tuple[slice, slice]]:
    """A matrix cut into parts that it answers."""
    side = int(_MOST_PAIRS**0.5)
    for row in range(0, n_rows, side):
        for column in range(0, n_columns, side):
            yield slice(row, min(row + side, n_rows)), slice(column, min(column + side, n_columns))
