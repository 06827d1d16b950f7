"""Real spills of Washington State, as dirty as found, against real county outlines."""

import importlib.util
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli

PROJECT = Path(__file__).parents[2]
SPILLS = Path(os.environ.get("LIANFANG_REFERENCE_DATA", PROJECT / "../shared/data")) / "incidents/wa_spills.csv"


def run(*words):
    result = CliRunner().invoke(cli, [*(str(word) for word in words), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.skipif(not SPILLS.is_file(), reason="LIANFANG_REFERENCE_DATA holds no incidents/wa_spills.csv")
def test_spills_land_in_the_county_they_report(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "wa.sqlite"))
    package = importlib.util.find_spec("_plotly_geo")
    counties = Path(package.submodule_search_locations[0]) / "package_data/cb_2016_us_county_500k.shp"

    outlines = run("load", "boundaries", counties, "--datum", "EPSG:4269")
    assert outlines["files"][0]["n_new"] == 3233
    assert outlines["files"][0]["encoding"] == "UTF-8"

    (spills,) = run("load", "incidents", SPILLS, "--mapping", PROJECT / "docs/examples/wa_spills.toml")["files"]
    assert spills["n_rows"] == 7984
    assert spills["n_new"] + spills["n_rejected"] == 7984
    assert spills["rejected_by_field"].keys() <= {"id", "date, time", "lon, lat", "description", "medium", "county"}
    assert spills["n_without_time"] == spills["n_new"]
    compared = spills["jurisdictions"]
    assert compared["agreement"] > 0.96
    assert len(compared["differing"]) == compared["n_reported"] - compared["n_agreeing"]

    (again,) = run("load", "incidents", SPILLS, "--mapping", PROJECT / "docs/examples/wa_spills.toml")["files"]
    assert (again["n_new"], again["n_changed"]) == (0, 0)
    assert run("quarantine", "list")["n_rejects"] == spills["n_rejected"]
