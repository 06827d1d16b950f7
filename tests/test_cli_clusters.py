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
    assert "1 row of incidents.csv left out; the first is row 2, at" in result["caveats"][0]
    assert result["caveats"][1] == "1 incident outside the jurisdictions left out."
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
    assert "0 clusters among 1 incident, permutation, 0 replications" in found.output
    assert "There is one case" in found.output
    rng = np.random.default_rng(1)
    place, day = rng.uniform(30, 30.3, 9), [f"2026-01-0{k}" for k in range(1, 10)]
    for rows, words in (
        ([f"120.1,30.1,{at}" for at in day], "All cases lie at one place"),
        ([f"120.1,{lat},2026-01-05" for lat in place], "All cases fall into one period"),
    ):
        (tmp_path / "alike.csv").write_text("\n".join(["lon,lat,at", *rows]))
        alike = call("--incidents", tmp_path / "alike.csv", "--datum", "wgs84", "--json")
        assert alike.exit_code == 0, alike.output
        result = json.loads(alike.stdout)
        assert (result["clusters"], result["n_incidents"]) == ([], 9)
        assert words in result["caveats"][0]


@pytest.mark.parametrize(
    ("rows", "more", "says"),
    [
        ("", (), "none.csv: there is no incident in it."),
        ("120.1,30.1,\n120.2,30.1,\n", (), "2 rows of none.csv left out; the first is row 2, at: ''"),
        ("100.1,10.1,2026-01-01\n", ("--jurisdictions", "counties.geojson"), "1 incident outside the jurisdictions"),
        ("120.1,30.1,2026-01-01\n", ("--start", "2027-01-01", "--end", "2027-12-31"), "1 cases outside the study"),
    ],
)
def test_where_there_is_no_case_the_verb_fails_and_says_why(files, rows, more, says):
    (files / "none.csv").write_text(f"lon,lat,at\n{rows}")
    named = [files / word if word.endswith("json") else word for word in more]
    none = call("--incidents", files / "none.csv", "--datum", "wgs84", *named, "--json")
    assert (none.exit_code, none.stdout) == (1, "")
    assert says in none.stderr
    assert none.stderr.startswith("Error: ")


def test_the_first_words_say_how_many_are_closer_than_chance_and_what_few_replications_cannot_tell(files):
    words = ["--incidents", files / "incidents.csv", "--datum", "wgs84", "--radius-km", 3, "--days", 7]
    enough = call(*words, "--replications", 99).output
    assert "of which 1 closer than chance (p up to 0.05), among 91 incidents" in enough
    assert "no p can be below" not in enough
    none = call(*words, "--replications", 0).output
    assert "of which none closer than chance" in none
    assert "With --replications 0 no p can be below 1; 999 are usual." in none


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
        (("--incidents", "INCIDENTS", "--model", "neural"), 2, "'neural' is not one of"),
        (("--incidents", "INCIDENTS", "--timezone", "Mars/Olympus"), 1, "'Mars/Olympus' is not a time zone"),
        (("--incidents", "INCIDENTS", "--radius-km", "0"), 1, "max_radius_m 0"),
        (("--incidents", "INCIDENTS", "--replications", "-1"), 1, "replications -1: 0 or more"),
        (
            ("--incidents", "INCIDENTS", "--jurisdictions", "COUNTIES", "--border-step-m", "1e-6"),
            1,
            "step_m 1e-06 makes",
        ),
        (("--incidents", "INCIDENTS", "--end", "9999-12-31"), 1, "periods: at most 1,000,000"),
        (("--incidents", "INCIDENTS", "--precision", "generic"), 2, "Incidents have dates"),
        (("--incidents", "INCIDENTS", "--precision", "month", "--days", "14"), 2, "--days goes with --precision day"),
        (("--incidents", "INCIDENTS", "--days", "14", "--time-length", "7"), 2, "without --time-length"),
        (("--incidents", "INCIDENTS", "--pop", "a.pop"), 2, "--pop does not go with --incidents"),
        (("--incidents", "INCIDENTS", "--visits", "v.csv"), 2, "--visits goes with --model poisson or bernoulli"),
        (("--cas", "a.cas", "--geo", "a.geo", "--jurisdictions", "COUNTIES"), 2, "does not go with --cas"),
        (("--cas", "a.cas", "--geo", "a.geo", "--ctl", "a.ctl"), 2, "--ctl goes with --model bernoulli"),
    ],
)
def test_nonsense_gets_a_sentence(files, words, code, says):
    known = {"INCIDENTS": str(files / "incidents.csv"), "COUNTIES": str(files / "counties.geojson")}
    given = [known.get(word, word) for word in words]
    found = call(*given, "--datum", "wgs84")
    assert found.exit_code == code, found.output
    assert says in found.output
    assert "Traceback" not in found.output


PLACES = "a 40.1 -73.1\nb 40.11 -73.1\nc 41 -73\n"
PEOPLE = "a 2004 100\nb 2004 200\nc 2004 300\n"


def of_satscan(folder, cases, people=None):
    """The verb on files as SaTScan reads them."""
    (folder / "x.cas").write_text(cases)
    (folder / "x.geo").write_text(PLACES)
    more = []
    if people is not None:
        (folder / "x.pop").write_text(people)
        more = ["--pop", folder / "x.pop", "--model", "poisson"]
    return call("--cas", folder / "x.cas", "--geo", folder / "x.geo", "--replications", 19, *more)


@pytest.mark.parametrize(
    "cases",
    [
        "a 3 2004/3/1\nb 2 2004/3/2\nc 1 2004/3/20\n",
        "// from the clinic\n# twice checked\n#\na 3 2004/3/1 // sure\nb 2 2004/3/2\n\nc 1 2004/3/20",
        "\"a\"\t3\t2004/3/1\r\n'b'\t2\t2004-03-02\r\nc\t1\t2004/3/20\r\n",
        "\ufeffa, 3, 2004/3/1\nb, 2, 2004/3/2\nc, 1, 2004/3/20\n",
    ],
)
def test_satscan_files_may_hold_comments_tabs_and_quotes(tmp_path, cases):
    found = of_satscan(tmp_path, cases)
    assert found.exit_code == 0, found.output
    assert "among 6 incidents, permutation" in found.output


@pytest.mark.parametrize(
    ("cases", "people", "says"),
    [
        ("a -3 2004/3/1\n", None, "x.cas: row 1: '-3', expected a number from 0 up"),
        ("#7 1 2004/3/1\n", None, "site '#7' has no coordinates"),
        ("a 1 2004/2/30\n", None, "'2004/2/30', expected a date that exists"),
        ("a 99999999999 2004/3/1\n", None, "at most 50,000,000"),
        ("a 0 2004/3/1\n", None, "There are no cases in the study"),
        ("# nothing\n", None, "x.cas: there is no row in it"),
        ("a 3 2004/3/1\n", "a 100\n", "x.pop: row 1 has 2 columns, expected 3: site, at, population"),
        ("a 3 2004/3/1\nc 1 2004/3/2\n", PEOPLE[:22], "the first at 'c' from 2004-03-02 to 2004-03-02"),
        ("a 3 2004/3/1\n", PEOPLE.replace("100", "-1"), "'-1', expected a number from 0 up"),
    ],
)
def test_satscan_files_that_make_no_sense_get_a_sentence(tmp_path, cases, people, says):
    found = of_satscan(tmp_path, cases, people)
    assert found.exit_code == 1
    assert says in found.output
    assert "Traceback" not in found.output


def test_no_job_at_all_and_times_beyond_counting_get_a_sentence(tmp_path):
    (tmp_path / "x.cas").write_text("a 3 1\nb 2 99999999999999999999999\nc 1 9\n")
    (tmp_path / "x.geo").write_text(PLACES)
    words = ["clusters", "--cas", str(tmp_path / "x.cas"), "--geo", str(tmp_path / "x.geo"), "--precision", "generic"]
    assert "time 1e+23: a number from" in CliRunner().invoke(cli, words).output
    (tmp_path / "x.cas").write_text("a 3 1\nb 2 999999999999\nc 1 9\n")
    assert "999,999,999,999 periods: at most 1,000,000" in CliRunner().invoke(cli, words).output
    (tmp_path / "x.cas").write_text("a 3 1\nb 2 5\nc 1 9\n")
    refused = CliRunner().invoke(cli, [*words, "--jobs", "0"])
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: jobs 0: 1 or more was expected, or -1 for all processors\n",
    )
