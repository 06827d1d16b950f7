"""Borders and zones against PostGIS, which measures on the ellipsoid by ways of its own."""

import json
from contextlib import closing

import numpy as np
import pandas as pd
import psycopg2
import pytest
import shapely

from geo.borders import shared_borders
from geo.zones import zones
from geo.zones_strips import strips

_PROVINCE, _N = "33", 40


@pytest.fixture(scope="module")
def sample(china):
    """Counties of one province, and the borders among them."""
    counties = china[china["id"].str[:2] == _PROVINCE].reset_index(drop=True)
    borders = shared_borders(counties, 0)
    return counties, borders.iloc[:: max(1, len(borders) // _N)].reset_index(drop=True)


@pytest.fixture(scope="module")
def ask(postgis):
    """Rows of a question to the database, one for each pair of shapes."""
    with closing(psycopg2.connect(postgis)) as connection, connection.cursor() as cursor:

        def rows(question, *shapes):
            texts = json.dumps([[shapely.to_wkb(one, hex=True) for one in some] for some in zip(*shapes, strict=True)])
            names = ", ".join(f"ST_GeomFromWKB(decode(one ->> {k}, 'hex'), 4326) AS g{k}" for k in range(len(shapes)))
            cursor.execute(
                # The words are this file's own.
                f"SELECT {question} FROM (SELECT n, {names} FROM json_array_elements(%s::json)"  # noqa: S608
                " WITH ORDINALITY AS given (one, n)) AS shapes ORDER BY n",
                (texts,),
            )
            return np.array([row[0] for row in cursor.fetchall()], dtype=float)

        yield rows


def test_borders_are_as_long_as_the_database_says(sample, ask):
    counties, borders = sample
    shape = counties.set_index("id").geometry
    lengths = ask("ST_Length(ST_Intersection(g0, g1)::geography)", shape[borders["a"]], shape[borders["b"]])
    assert borders["length_m"].to_numpy() == pytest.approx(lengths, rel=1e-6, abs=0.01)


def test_the_edge_of_a_strip_is_its_depth_away(sample, ask):
    _, borders = sample
    lines = borders.geometry.to_numpy()
    edges = shapely.boundary(strips(lines, 1000.0, flat=False))
    n = 25
    spots = shapely.line_interpolate_point(
        np.repeat(edges, n), np.tile(np.linspace(0, 0.98, n), len(edges)), normalized=True
    )
    away = ask("ST_Distance(g0::geography, g1::geography)", spots, np.repeat(lines, n))
    assert np.quantile(np.abs(away - 1000), 0.99) < 1


def test_a_strip_with_round_ends_is_the_buffer_of_the_database(sample, ask):
    _, borders = sample
    lines = borders.geometry.to_numpy()
    ours = strips(lines, 1000.0, flat=False)
    apart = "ST_Area(ST_SymDifference(ST_Buffer(g0::geography, 1000, 'quad_segs=32')::geometry, g1)::geography)"
    # The database widens in a plane of its own choice, whose metres are up to a thousandth off.
    assert (ask(apart, lines, ours) / ask("ST_Perimeter(g0::geography)", ours) < 1.5).all()


def test_parts_are_as_large_as_the_database_says(sample, ask):
    counties, borders = sample
    terms = pd.DataFrame({"id": borders["a"] + borders["b"], "a": borders["a"], "b": borders["b"]})
    terms = terms.assign(depth_a_m=1000.0, depth_b_m=500.0, from_m=np.nan, to_m=np.nan)
    parts = zones(terms, borders, counties)
    areas = ask("ST_Area(g0::geography)", parts.geometry.to_numpy())
    assert parts["area_m2"].to_numpy() == pytest.approx(areas, rel=1e-4)
