"""SaTScan's files: what their rows mean, and what is said of bad ones."""

import pandas as pd
import pytest

from intake.errors import FileError
from intake.satscan import read_cases, read_population, read_sites


def written(tmp_path, text, name="x.cas"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_cases_with_blanks_commas_and_covariates(tmp_path):
    frame = read_cases(written(tmp_path, 'a 1 2001/11/24 2 m\n\n"b c", 3, 2001-1-2, 1, f\n'), "day")
    assert frame.to_dict("records") == [
        {"site": "a", "n": 1, "at": pd.Timestamp("2001-11-24"), "covariate_1": "2", "covariate_2": "m"},
        {"site": "b c", "n": 3, "at": pd.Timestamp("2001-01-02"), "covariate_1": "1", "covariate_2": "f"},
    ]


@pytest.mark.parametrize(
    ("precision", "text", "moment"),
    [
        ("year", "1977", pd.Timestamp("1977-01-01")),
        ("year", "77", pd.Timestamp("1977-01-01")),
        ("month", "1977/6", pd.Timestamp("1977-06-01")),
        ("generic", "-5", -5),
    ],
)
def test_times_are_as_precise_as_the_study(tmp_path, precision, text, moment):
    assert read_cases(written(tmp_path, f"a 1 {text}"), precision)["at"].tolist() == [moment]


def test_places_in_degrees_and_in_a_plane(tmp_path):
    path = written(tmp_path, "a 30.5 120.25\na 30.5 120.25\n")
    assert read_sites(path, "latlon").to_numpy().tolist() == [["a", 120.25, 30.5]]
    assert read_sites(path, "cartesian").to_numpy().tolist() == [["a", 30.5, 120.25]]


def test_a_year_s_people_are_counted_on_its_first_of_july(tmp_path):
    frame = read_population(written(tmp_path, "a 73 10.5 1\na 1980/2 11 1\na 1981/2/3 12 1\n"), "year")
    assert frame["at"].tolist() == [pd.Timestamp(day) for day in ("1973-07-01", "1980-02-15", "1981-02-03")]
    assert frame["population"].tolist() == [10.5, 11, 12]
    assert read_population(written(tmp_path, "a 7 10\n"), "generic")["at"].tolist() == [7]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no row in it"),
        ("a 1 2001/11/24\nb 1\nc x 2001/1/1\n", "row 2 has 2 columns, expected 3: site, n, at and 1 more rows"),
        ("a x 2001/11/24", "row 1: 'x', expected a number"),
        ("a 1.5 2001/11/24", "'1.5', expected a whole number"),
        ("a -1 2001/11/24", "'-1', expected a number from 0 up"),
        ("a 1 24.11.2001", "expected a date such as"),
        ("a 1 2001/11/31", "expected a date that exists"),
        ("a 1 2001/11", "as precise as a day"),
    ],
)
def test_bad_rows_are_named(tmp_path, text, words):
    with pytest.raises(FileError, match=words):
        read_cases(written(tmp_path, text), "day")


def test_bad_places_numbers_and_files_are_named(tmp_path):
    with pytest.raises(FileError, match="expected degrees from -90 to 90"):
        read_sites(written(tmp_path, "a 120 30"), "latlon")
    with pytest.raises(FileError, match="expected a whole number for a generic time"):
        read_cases(written(tmp_path, "a 1 x"), "generic")
    with pytest.raises(FileError, match="there is no such file"):
        read_cases(tmp_path / "none.cas", "day")
