"""What a scan is asked: periods, what is left out, and what is refused in a sentence."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo.errors import GeoError
from geo.scan import scan
from geo.scan_models import poisson_model
from geo.scan_settings import ScanSettings
from geo.scan_study import Against
from tests.geo.scan_cases import TERMS, planted


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "guess"}, "model 'guess': one of permutation, poisson, bernoulli"),
        ({"unit": "week"}, "unit 'week'"),
        ({"geometry": "flat"}, "geometry 'flat'"),
        ({"max_radius_m": 0}, "max_radius_m 0: metres above 0"),
        ({"max_share": 0}, "max_share 0"),
        ({"replications": -1}, "replications -1: 0 or more"),
        ({"seed": -1}, "seed -1"),
        ({"max_length": 2, "min_length": 3}, "max_length 2 is less than min_length 3"),
        ({"end": date(9999, 1, 1)}, "periods: at most 1,000,000 were expected; name its start and end"),
        ({"start": 4}, "begins or ends with 4: a day was expected"),
        ({"unit": "generic", "end": date(2026, 1, 1)}, "a whole number was expected"),
        ({"start": date(2026, 5, 1), "end": date(2026, 1, 1)}, "end before it starts"),
        ({"model": "poisson"}, "population or with effort"),
        ({"model": "bernoulli"}, "controls were expected"),
    ],
)
def test_settings_that_make_no_sense_get_a_sentence(change, words):
    with pytest.raises(GeoError, match=words):
        scan(*planted(), ScanSettings(**change))


def test_frames_that_make_no_sense_get_a_sentence():
    cases, sites = planted()
    bad = sites.assign(x=sites["x"].where(sites["id"] != "i003"))
    people = pd.DataFrame({"site": ["i000"], "at": [2026], "population": [10.0]})
    poisson = ScanSettings(model="poisson")
    effort = pd.DataFrame({"site": ["i000"], "at": cases["at"][:1], "weight": [1.0]})
    for words, call in {
        "column 'y' is missing": lambda: scan(cases, sites.drop(columns="y")),
        "column 'at' is missing": lambda: scan(cases.drop(columns="at"), sites),
        "'i000' is there twice": lambda: scan(cases, pd.concat([sites, sites[:1]])),
        "'i161' has no coordinates": lambda: scan(cases, sites[:-1]),
        "finite coordinates on the globe": lambda: scan(cases, bad),
        "200,000,000 are counted in all: at most 50,000,000": lambda: scan(cases[:2].assign(n=1e8), sites),
        "counts 0.5: a whole number": lambda: scan(cases.assign(n=0.5), sites),
        "no circle has a centre": lambda: scan(cases, sites, at_sites=False),
        "where none can be expected": lambda: scan(cases, sites, poisson, Against(population=people)),
        "population row 0 says -1": lambda: scan(
            cases, sites, poisson, Against(population=people.assign(population=-1.0))
        ),
        "which has no people": lambda: scan(cases, sites, poisson, Against(population=people.assign(population=0.0))),
        "no controls": lambda: scan(cases, sites, ScanSettings(model="bernoulli"), Against(controls=cases[:0])),
        "effort is missing": lambda: scan(cases, sites, poisson, Against(effort=effort.assign(weight=-1.0))),
        "unseen_share 2": lambda: scan(cases, sites, poisson, Against(effort=effort, unseen_share=2)),
        "1 x and 2 y": lambda: __import__("geo.scan_windows").scan_windows.spots([1], [1, 2], "cartesian"),
    }.items():
        with pytest.raises(GeoError, match=words):
            call()


def test_more_than_memory_holds_is_refused(monkeypatch):
    cases, sites = planted()
    effort = cases.assign(weight=1.0)
    monkeypatch.setattr("geo.scan_models._MOST_CELLS", 100)
    with pytest.raises(GeoError, match="162 places times 30 periods: at most 100"):
        scan(cases, sites, ScanSettings(model="poisson"), Against(effort=effort))
    monkeypatch.setattr("geo.scan_windows._MOST_PAIRS", 100)
    with pytest.raises(GeoError, match=r"circles hold \d+ places: at most 100"):
        scan(cases, sites, TERMS)


def test_populations_count_in_generic_time_too_and_none_is_negative():
    cases = pd.DataFrame({"site": ["a", "a", "b"], "at": [1, 2, 4]})
    sites = pd.DataFrame({"id": ["a", "b"], "x": [0.0, 5.0], "y": [0.0, 0.0]})
    people = pd.DataFrame({"site": ["a", "b"], "at": [1, 1], "population": [100.0, 300.0]})
    terms = ScanSettings(model="poisson", unit="generic", geometry="cartesian", replications=0, min_cases=1)
    found = scan(cases, sites, terms, Against(population=people)).clusters
    assert found[["site_ids", "observed", "expected"]].to_numpy().tolist()[0] == [("a",), 2, 0.375]
    with pytest.raises(GeoError, match="expected number is negative or missing"):
        poisson_model(np.zeros(1, int), np.zeros(1, int), np.array([[-1.0]]))


def test_numbers_of_time_beyond_exact_counting_are_refused():
    cases, sites = planted()
    terms = ScanSettings(unit="generic")
    with pytest.raises(GeoError, match=r"time 1e\+19: a number from -9e\+18 to 9e\+18"):
        scan(cases.assign(at=1e19), sites, terms)


def test_where_nothing_can_stand_out_nothing_is_found():
    cases, sites = planted()
    at_one = cases.assign(site="i000")
    one_day = cases.assign(at=cases["at"].iloc[0])
    for given_cases, words in (
        (cases[:0], "There are no cases"),
        (cases[:1], "There is one case"),
        (at_one, "one place"),
        (one_day, "one period"),
        (cases.assign(at=pd.NaT), "162 cases without a time"),
    ):
        found = scan(given_cases, sites, TERMS)
        assert found.clusters.empty
        assert found.replications == 0
        assert any(words in caveat for caveat in found.caveats)
    some = cases.assign(at=cases["at"].where(cases.index != 7))
    found = scan(some, sites, ScanSettings(start=date(2026, 3, 10), end=date(2026, 3, 30), replications=0))
    assert found.caveats[0] == "1 cases without a time were left out."
    assert "outside the study period" in found.caveats[1]
    assert found.n_cases < 161


def test_periods_are_counted_backwards_and_the_first_may_be_short():
    cases = pd.DataFrame({"site": "a", "at": [1, 3, 4, 7, 9], "n": [1, 1, 1, 1, 3]})
    cases.loc[4, "site"] = "b"
    sites = pd.DataFrame({"id": ["a", "b"], "x": [0.0, 5.0], "y": [0.0, 0.0]})
    terms = ScanSettings(
        unit="generic",
        aggregation=3,
        geometry="cartesian",
        max_length=3,
        replications=9,
        max_radius_m=1,
        start=1,
        end=10,
    )
    top = scan(cases, sites, terms).clusters.iloc[0]
    assert (top["start_on"], top["end_on"], top["observed"], top["expected"]) == (8, 10, 3, 9 / 7)


@pytest.mark.parametrize("change", [{"max_length": 5, "min_length": 4}, {"min_length": 17}])
def test_windows_that_cannot_be_long_enough_are_refused(change):
    terms = ScanSettings(aggregation=3, replications=0, **change)
    with pytest.raises(GeoError, match=r"min_length \d+ takes \d periods, and windows last \d at most"):
        scan(*planted(), terms)
    assert scan(planted()[0][:0], planted()[1], terms).clusters.empty


def test_months_and_years_end_with_their_last_day():
    cases, sites = planted()
    months = pd.to_datetime(["2026-01-05", "2026-02-05"]).repeat([6, 156])
    wide = cases.assign(at=months)
    found = scan(wide, sites, ScanSettings(unit="month", max_length=1, replications=0, start=date(2026, 1, 1)))
    assert {str(day.date()) for day in found.clusters["end_on"]} <= {"2026-01-31", "2026-02-28"}
