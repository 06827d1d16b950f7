"""The border report in a browser without network."""

import re
from datetime import date

import pytest
import shapely

from exports.border_report import write_border_report
from geo.quality import border_quality
from tests.geo.specimens import frame_of


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report on two outlines that overlap and a third that leaves a gap."""
    west, east = shapely.box(120, 30, 120.1, 30.1), shapely.box(120.0995, 30, 120.2, 30.1)
    found = border_quality(frame_of([west, east, shapely.box(120, 29.9, 120.2, 29.9995)]))
    file = tmp_path_factory.mktemp("report") / "report.html"
    write_border_report(found, found.repairs, file, "zh", title="counties.gpkg", on=date(2026, 6, 11))
    return file.as_uri()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_a_browser_without_network_shows_it_and_asks_nobody(chromium, report, width, height):
    context = chromium.new_context(viewport={"width": width, "height": height}, offline=True)
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = "document.getElementById('overview').getAttribute('viewBox').split(' ').map(Number)"
    whole = page.evaluate(box)
    page.get_by_role("button", name="放大").click()
    assert page.evaluate(box)[2] == pytest.approx(0.6 * whole[2])
    page.get_by_role("button", name="全图").click()
    assert page.evaluate(box) == whole
    page.locator("a.mark").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#spot-")
    printed = page.pdf(prefer_css_page_size=True)
    context.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    assert errors == []
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45]\.\d* 84[12]", printed)
