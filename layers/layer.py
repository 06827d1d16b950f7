"""What a map layer is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from casework.desk import Desk
from layers.palette import Palette
from layers.view import View

StyleLayer = dict[str, Any]
Features = Callable[[Desk, View], gpd.GeoDataFrame]
Tile = Callable[[Desk, View, int, int, int], bytes]


@dataclass(frozen=True)
class Layer:
    """One thing the map shows.

    `features` gives a frame in EPSG:4326 (exports use it too); `paint` gives MapLibre style layers that read its
    columns, without `id` and `source`, which follow from the key. `topics` and `fields` say on which data and on
    which parts of the view the features depend: nothing else makes a browser fetch them again; `casework.desk.DAY`
    stands among the topics where the features change at midnight. A layer with `tile`
    comes as vector tiles. A column `tip` is what the pointer shows.
    """

    key: str
    title: str
    topics: tuple[str, ...]
    fields: tuple[str, ...]
    features: Features
    paint: Callable[[Palette], list[StyleLayer]]
    tile: Tile | None = None
    shown: bool = True
    switch: bool = True
    tips: bool = False

    def is_shown(self, view: View) -> bool:
        """Whether `view` shows it."""
        return self.key not in view.hide and (self.shown or self.key in view.show or not self.switch)
