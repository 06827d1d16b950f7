"""Points along borders as centres of circles."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.edges import GEOD
from geo.errors import GeoError
from geo.scan import scan
from geo.scan_centres import along_borders
from geo.scan_settings import ScanSettings


def test_steps_are_even_and_every_part_is_walked_to_its_end():
    one = shapely.LineString([(120, 30), (120.02, 30), (120.02, 30.03)])
    both = shapely.MultiLineString([one, [(121, 30), (121, 30.001)]])
    points = along_borders([both], 500)
    steps = GEOD.inv(*points[:-3].T, *points[1:-2].T)[2]
    assert (steps <= 500 + 1e-6).all()
    assert len(points) == 12 + 2
    assert points[[0, 11, 12, 13]].tolist() == [[120, 30], [120.02, 30.03], [121, 30], [121, 30.001]]


def test_a_circle_on_the_line_holds_what_no_circle_about_a_place_does():
    around = np.array([[-0.02, 0], [0.02, 0], [0, -0.02], [0, 0.02]]) + np.array([120, 30])
    x, y = np.concatenate((around, np.column_stack((119 + np.arange(20) / 7, np.full(20, 31.0))))).T
    ids = [f"s{k:02d}" for k in range(24)]
    at = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.r_[[5] * 4, np.arange(20) + 8], unit="D")
    cases, sites = pd.DataFrame({"site": ids, "at": at}), pd.DataFrame({"id": ids, "x": x, "y": y})
    terms = ScanSettings(max_radius_m=2500, max_length=3, replications=19)
    line = along_borders([shapely.LineString([(120, 29.98), (120, 30.02)])], 600)
    assert scan(cases, sites, terms).clusters.empty
    top = scan(cases, sites, terms, centres=line).clusters.iloc[0]
    assert (top["observed"], top["x"], round(top["y"], 6)) == (4, 120, 30)


@pytest.mark.parametrize("step_m", [0, -1, np.inf, np.nan])
def test_a_step_that_leads_nowhere_gets_a_sentence(step_m):
    with pytest.raises(GeoError, match="metres above 0"):
        along_borders([], step_m)


def test_a_step_so_short_that_points_are_too_many_gets_a_sentence():
    with pytest.raises(GeoError, match=r"step_m 1e-06 makes 192,\d+,\d+,\d+ points: at most 5,000,000"):
        along_borders([shapely.LineString([(120, 30), (122, 30)])], 1e-6)
