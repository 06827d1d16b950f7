"""The report says what was found, once in each language, and asks nobody for anything."""

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from casework.errors import CaseError
from exports.border_report import border_report, write_border_report
from exports.svg import Drawing, window_around
from geo.quality import border_quality

ON = date(2026, 6, 11)
ABROAD = re.compile(r"""(?:https?:)?//[\w.]+|url\((?!#)|@import""")
HEADINGS = {
    "en": ("Overview", "In dispute, the largest first", "Ground no border bridges", "Repaired outlines"),
    "zh": ("总览", "争议地块（由大到小）", "未能弥合的地块", "已修复的边界"),
}


class Balanced(HTMLParser):
    """Counts elements, and fails on one that is closed but not open."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page):
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser.seen


def outlines(names=("West", "East <b>&", "South")):
    lake = shapely.box(120.1, 30.65, 120.2, 30.7)
    shapes = [
        shapely.box(120.0, 30.8, 120.299, 31.0),
        shapely.box(120.3, 30.8, 120.6, 31.0),
        shapely.box(120.0, 30.6, 120.6, 30.801).difference(lake),
    ]
    return gpd.GeoDataFrame({"id": ["w", "e", "s"], "name": list(names)}, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def found():
    return border_quality(outlines(), 300)


@pytest.fixture(scope="module")
def repairs():
    return pd.DataFrame(
        {"id": ["s"], "reason": ["Self-intersection[120 30]"], "area_before_m2": [2e6], "area_after_m2": [3e6]}
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_found_is_in_it_and_nothing_from_elsewhere(found, repairs, lang):
    page = border_report(found, repairs, lang, title="counties <1>.gpkg", on=ON)
    seen = read(page)
    assert all(f"<h2>{heading}</h2>" in page for heading in HEADINGS[lang])
    assert "counties &lt;1&gt;.gpkg" in page
    assert "East &lt;b&gt;&amp;" in page
    assert ABROAD.findall(page) == []
    ids = [attributes["id"] for _, attributes in seen if attributes.get("id", "").startswith("spot-")]
    assert ids == [f"spot-{n}" for n in range(1, len(found.slivers) + 1)]
    marks = [attributes["href"] for tag, attributes in seen if tag == "a"]
    assert sorted(marks) == sorted(f"#{one}" for one in ids)
    assert f"{found.slivers['area_m2'].iloc[0]:,.0f} m²" in page
    assert "2.0000 km²" in page
    assert "3.0000 km²" in page


def test_each_spot_shows_both_outlines_the_midway_line_and_the_sliver(found, repairs):
    page = border_report(found, repairs, "en", title="t", on=ON)
    for spot in re.findall(r'<svg class="spot" viewBox.*?</svg>', page):
        assert {"a", "b", "midway", "sliver", "bar"} <= set(re.findall(r'<path class="(\w+)" d="M', spot))


def test_clean_outlines_have_a_short_report(repairs):
    clean = border_quality(
        outlines().iloc[:2].set_geometry([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    )
    page = border_report(clean, repairs.iloc[:0], "en", title="t", on=ON)
    read(page)
    assert "Nothing: neighbours hold the same lines." in page
    assert "Repaired outlines</h2>" not in page
    assert "Ground no border bridges</h2>" not in page


def test_a_place_on_the_ground_keeps_its_form_on_paper():
    drawing = window_around(120.0, 60.0, 500.0, 200)
    assert drawing.height == 200
    assert drawing.metre == pytest.approx(0.2)
    middle = drawing.places(np.array([[120.0, 60.0]]))[0]
    assert middle.tolist() == pytest.approx([100, 100])
    assert drawing.path(shapely.box(119, 59, 121, 61)).count("Z") == 1
    assert drawing.path(shapely.Point(120, 60)) == ""
    assert drawing.path(shapely.LineString([(0, 0), (1, 1)])) == ""
    assert Drawing(0, 0, 0, 0, 100).height == 1
    assert drawing.path(shapely.LineString([(120, 60), (120 + 1e-9, 60)])) == ""


@pytest.mark.parametrize(("name", "says"), [("r.pdf", "end in .html"), ("nowhere/r.html", "is no folder")])
def test_where_it_cannot_be_written_is_said(found, repairs, tmp_path, name, says):
    with pytest.raises(CaseError, match=says):
        write_border_report(found, repairs, tmp_path / name, "en", title="t", on=ON)


def test_it_runs_its_own_script_and_no_other():
    found = border_quality(outlines(("</script><script>alert(1)</script>", "b", "c")))
    page = border_report(found, found.repairs, "en", title="<script>alert(2)</script>", on=ON)
    (script,) = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert "alert" not in script
    (policy,) = [one["content"] for tag, one in read(page) if one.get("http-equiv") == "Content-Security-Policy"]
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}';" in policy
    assert policy.startswith("default-src 'none'")
