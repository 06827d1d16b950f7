"""The verb `clusters`, as a person or a program calls it."""

import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli import cli

PROJECT = Path(__file__).parents[1]
DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", PROJECT / "../shared/data")) / "satscan"
published = pytest.mark.skipif(not DATA.is_dir(), reason="LIANFANG_REFERENCE_DATA holds no satscan")


def call(*words):
    return CliRunner().invoke(cli, ["clusters", *map(str, words), "--jobs", "1"])


@pytest.fixture
def files(tmp_path):
    """A year's incidents with a cluster on the line, two counties, and inspections everywhere."""
    rng = np.random.default_rng(1)
    lon, lat = np.r_[rng.uniform(120, 120.4, 80), rng.normal(120.2, 0.004, 12)], rng.uniform(30, 30.2, 92)
    lat[80:] = rng.normal(30.1, 0.004, 12)
    day = np.r_[rng.integers(0, 60, 80), rng.integers(30, 33, 12)]
    at = (pd.Timestamp("2026-01-01 12:00") + pd.to_timedelta(day, unit="D")).strftime("%Y-%m-%d %H:%M")
    rows = pd.DataFrame({"lon": lon, "lat": lat, "at": at})
    rows.loc[0, "at"] = ""
    rows.loc[1, "lon"] = 125.0
    rows.to_csv(tmp_path / "incidents.csv", index=False)
    n = 400
    visits = pd.DataFrame({"lon": rng.uniform(120, 120.4, n), "lat": rng.uniform(30, 30.2, n)})
    visits["at"] = (pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 60, n), unit="D")).strftime("%Y-%m-%d")
    visits.to_csv(tmp_path / "visits.csv", index=False)
    shapes = [shapely.box(120, 30, 120.2, 30.2), shapely.box(120.2, 30, 120.4, 30.2)]
    gpd.GeoDataFrame({"id": ["w", "e"], "name": ["West", "East"]}, geometry=shapes, crs=4326).to_file(
        tmp_path / "counties.geojson"
    )
    return tmp_path


def test_a_cluster_on_the_line_from_files_alone(files):
    out = files / "found.geojson"
    found = call(
        "--incidents", files / "incidents.csv", "--datum", "wgs84", "--jurisdictions", files / "counties.geojson",
        "--radius-km", 3, "--days", 7, "--replications", 99, "--out", out, "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    result = json.loads(found.stdout)
    top = result["clusters"][0]
    assert (top["start"], top["end"], top["p"]) == ("2026-01-31", "2026-02-02", 0.01)
    assert top["straddles"]
    assert sum(top["by_jurisdiction"].values()) == top["observed"]
    assert top["by_jurisdiction"].keys() == {"e", "w"}
    assert (result["model"], result["seed"], result["replications"]) == ("permutation", 1, 99)
    assert result["n_incidents"] == 90
    assert "1 rows of incidents.csv were left out; the first is row 2, at" in result["caveats"][0]
    assert result["caveats"][1] == "1 incidents lie outside the jurisdictions and were left out."
    assert len(gpd.read_file(out)) == len(result["clusters"])
    statistics = [row["statistic"] for row in result["clusters"]]
    assert statistics == sorted(statistics, reverse=True)


def test_circles_about_the_border_may_be_left_out_and_outlines_have_a_datum_of_their_own(files):
    frame = gpd.read_file(files / "counties.geojson")
    table = frame.drop(columns="geometry").assign(wkt=frame.geometry.to_wkt())
    table.to_csv(files / "counties.csv", index=False)
    given = ["--incidents", files / "incidents.csv", "--datum", "wgs84", "--jurisdictions", files / "counties.csv"]
    more = ["--radius-km", 3, "--days", 7, "--replications", 19, "--json"]
    refused = call(*given, *more)
    assert refused.exit_code == 1
    assert "Say it with --outlines-datum" in refused.output
    with_border = json.loads(call(*given, *more, "--outlines-datum", "wgs84").stdout)["clusters"]
    without = json.loads(call(*given, *more, "--outlines-datum", "wgs84", "--border-step-m", 0).stdout)["clusters"]
    assert any(row["centre"][0] == 120.2 for row in with_border)
    assert all(row["centre"][0] != 120.2 for row in without)
    assert with_border[0]["statistic"] >= without[0]["statistic"]


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
def test_inspections_are_what_incidents_are_compared_with(files, model):
    found = call(
        "--incidents", files / "incidents.csv", "--visits", files / "visits.csv", "--datum", "wgs84", "--model", model,
        "--radius-km", 3, "--days", 7, "--replications", 19, "--prospective",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert f"91 incidents, {model}, " in found.output


@published
def test_satscan_files_give_satscan_s_answer():
    found = call(
        "--cas", DATA / "NYCfever.cas", "--geo", DATA / "NYCfever.geo", "--prospective", "--radius-km", 3,
        "--time-length", 7, "--start", "2001/11/1", "--end", "2001-11-24", "--replications", 99, "--json",
    )  # fmt: skip
    top = json.loads(found.stdout)["clusters"][0]
    assert top["statistic"] == pytest.approx(3.845418, abs=1e-6)
    assert top["locations"][0] == "11418"
    assert not top["straddles"]
    cancer = call(
        "--cas", DATA / "nm.cas", "--geo", DATA / "nm.geo", "--pop", DATA / "nm.pop", "--model", "poisson",
        "--precision", "year", "--start", "1973/1/1", "--end", "1991/12/31", "--replications", 9,
    )  # fmt: skip
    assert "statistic 10.979758" in cancer.output


def test_controls_and_a_plane(tmp_path):
    (tmp_path / "a.cas").write_text("a 3 5\nb 2 5\nc 1 1\n")
    (tmp_path / "a.ctl").write_text("a 1 1\nb 1 2\nc 9 5\n")
    (tmp_path / "a.geo").write_text("a 0 0\nb 1 0\nc 9 9\n")
    words = ["--cas", tmp_path / "a.cas", "--geo", tmp_path / "a.geo", "--ctl", tmp_path / "a.ctl"]
    more = ["--model", "bernoulli", "--precision", "generic", "--coordinates", "cartesian", "--replications", 9]
    top = json.loads(call(*words, *more, "--start", "1", "--end", "5", "--json").stdout)["clusters"][0]
    assert (top["locations"], top["observed"], top["start"]) == (["a", "b"], 5, 5)
    refused = call(*words, *more, "--out", tmp_path / "x.geojson")
    assert refused.exit_code == 1
    assert "not cartesian" in refused.output


def test_where_there_is_nothing_no_cluster_is_told(tmp_path):
    (tmp_path / "one.csv").write_text("lon,lat,at\n120.1,30.1,2026-01-01\n")
    found = call("--incidents", tmp_path / "one.csv", "--datum", "wgs84")
    assert found.exit_code == 0, found.output
    assert "0 clusters among 1 incidents" in found.output
    assert "There is one case" in found.output
    (tmp_path / "none.csv").write_text("lon,lat,at\n")
    none = call("--incidents", tmp_path / "none.csv", "--datum", "wgs84", "--json")
    assert none.exit_code == 1 or json.loads(none.stdout)["clusters"] == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "Name incidents with --incidents"),
        (("--cas", "a.cas"), 2, "--cas and --geo"),
        (("--cas", "a.cas", "--geo", "a.geo"), 1, "there is no such file"),
        (("--incidents", "x.csv", "--start", "soon"), 1, "x.csv"),
        (("--incidents", "INCIDENTS", "--start", "soon"), 1, "--start 'soon': a day such as"),
        (("--incidents", "INCIDENTS", "--radius-km", "-1"), 1, "max_radius_m -1000"),
        (("--incidents", "INCIDENTS", "--model", "poisson"), 1, "a population or with effort"),
    ],
)
def test_nonsense_gets_a_sentence(files, words, code, says):
    given = [str(files / "incidents.csv") if word == "INCIDENTS" else word for word in words]
    found = call(*given, "--datum", "wgs84")
    assert found.exit_code == code, found.output
    assert says in found.output
    assert "Traceback" not in found.output
