"""The whole demonstration from a seed and a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np

from casework.model import Agreement
from geo.borders import shared_borders
from geo.streets import Streets
from intake.demo.agreements import simulated_agreements
from intake.demo.boundaries import demo_boundaries
from intake.demo.firms import simulated_firms
from intake.demo.incidents import simulated_incidents
from intake.demo.planted import Planted
from intake.demo.planting import plant
from intake.demo.roads import simulated_roads
from intake.demo.scatter import Terrain
from intake.demo.stations import simulated_stations

SEED = 20_250


def simulated_source(seed: int) -> str:
    """What stands as the source beside everything that was made up."""
    return f"模拟 simulated, seed {seed}"


@dataclass(frozen=True)
class Demo:
    """Everything the demonstration holds; frames keep the contracts of `geo.frames`. Only the outlines are real."""

    seed: int
    until: date
    jurisdictions: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame
    agreements: tuple[Agreement, ...]
    stations: gpd.GeoDataFrame
    firms: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    streets: Streets
    planted: tuple[Planted, ...]


def demo(until: date, seed: int = SEED, told: Callable[[str], None] = lambda _words: None) -> Demo:
    """The demonstration; the same `until` and `seed` give the same bytes.

    Parameters
    ----------
    until
        The first day (UTC) without incidents; dates of agreements count from it.
    seed
        Where chance starts.
    told
        Hears in words what is being made.

    Raises
    ------
    MissingBoundariesError
        When the county outlines are not installed.
    """
    # One stream of chance for each part: a change in one leaves the others as they were.
    land, station, firm, cluster, incident, road = np.random.default_rng(seed).spawn(6)
    told("Reading 48 county outlines")
    jurisdictions = demo_boundaries()
    told("Measuring the borders they share")
    borders = shared_borders(jurisdictions)
    told("Simulating agreements, stations, firms and incidents")
    agreements = simulated_agreements(jurisdictions, borders, until)
    in_force = [agreement for agreement in agreements if agreement.in_force(until)]
    terrain = Terrain(jurisdictions, borders, land)
    stations = simulated_stations(jurisdictions, borders, in_force, terrain, station)
    firms = simulated_firms(terrain, firm)
    patches = plant(terrain, borders, in_force, cluster)
    incidents, planted = simulated_incidents(firms, terrain, patches, until, incident)
    told("Simulating roads")
    streets = simulated_roads(terrain, road, simulated_source(seed))
    return Demo(seed, until, jurisdictions, borders, tuple(agreements), stations, firms, incidents, streets, planted)
