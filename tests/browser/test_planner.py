"""The planner in a real browser: layers, filters, links, picks, zones and patrols."""

from urllib.parse import parse_qs, urlsplit

import pytest

CHECKED = ".map[data-idle]"
VIEW = "() => { const m = window.lianfangMap(), c = m.getCenter(); return [c.lng, c.lat, m.getZoom()]; }"
SHOWN = "key => window.lianfangMap().getLayoutProperty(key + '-0', 'visibility')"
# A view kept small and steady: the agreement of the demonstration's oldest pair.
PAIR = "a=320509&b=330502"


ROW_IDS = "Array.from(document.querySelectorAll('#clusters-table .ag-row')).map((row) => row.innerText)"
# What the map opened with; the sources hand their data to a worker and keep none to ask for.
FEATURES = """async key => { const plot = document.querySelector('.map .js-plotly-plot');
  return (await (await fetch(plot.layout.map.style.sources[key].data)).json()).features; }"""


def rows(page, table):
    return page.locator(f"#{table} .ag-center-cols-container .ag-row").count()


def ready(page):
    page.wait_for_selector(".sides")
    page.wait_for_function("document.querySelector('#incident-count').textContent")
    page.wait_for_selector(CHECKED)


def toggle(page, words):
    page.get_by_label(words, exact=True).click()


def test_a_layer_is_hidden_and_the_map_stays(opened):
    page = opened(f"/?{PAIR}&lang=en")
    ready(page)
    before = page.evaluate(VIEW)
    toggle(page, "Stations")
    page.wait_for_function(f"key => ({SHOWN})(key) === 'none'", arg="stations")
    assert page.evaluate(SHOWN, "incidents") == "visible"
    toggle(page, "Stations")
    page.wait_for_function(f"key => ({SHOWN})(key) === 'visible'", arg="stations")
    assert page.evaluate(VIEW) == pytest.approx(before)


def test_a_filter_filters_and_the_address_gives_the_same_again(opened):
    page = opened(f"/?{PAIR}&lang=en")
    ready(page)
    words = page.locator("#incident-count").inner_text()
    page.wait_for_selector("#clusters-table .ag-row")
    all_rows = page.evaluate(ROW_IDS)
    page.locator("#severity").get_by_text("critical", exact=True).click()
    page.wait_for_function("words => document.querySelector('#incident-count').textContent !== words", arg=words)
    toggle(page, "Stations")
    page.evaluate("window.lianfangMap().jumpTo({ center: [120.5, 30.95], zoom: 11.3 })")
    page.wait_for_function("location.search.includes('hide=stations') && location.search.includes('zoom=11.3')")
    filtered = page.locator("#incident-count").inner_text()
    assert int(filtered.split()[0].replace(",", "")) < int(words.split()[0].replace(",", ""))
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["severity"] == ["4"]

    again = opened(page.url.split(urlsplit(page.url).netloc)[1])
    ready(again)
    page.wait_for_timeout(1000)
    again.wait_for_function("words => document.querySelector('#incident-count').textContent === words", arg=filtered)
    assert again.evaluate(SHOWN, "stations") == "none"
    assert again.evaluate(VIEW) == pytest.approx(page.evaluate(VIEW), abs=1e-4)
    assert again.evaluate(ROW_IDS) == page.evaluate(ROW_IDS) != all_rows


def test_ring_and_row_pick_each_other(opened):
    page = opened(f"/?{PAIR}&lang=en")
    ready(page)
    page.locator("#clusters-table .ag-center-cols-container .ag-row").first.locator(".ag-cell").nth(1).click()
    page.wait_for_selector("#detail h3")
    page.wait_for_selector("#clusters-table .ag-row.picked")
    picked = page.locator("#detail h3").inner_text()
    page.wait_for_function("window.lianfangMap().querySourceFeatures('picked').length > 0")

    other = page.locator("#clusters-table .ag-row:not(.picked)").first.get_attribute("row-id")
    number = int(other.split(":")[1])
    disc = next(
        one["geometry"]["coordinates"][0]
        for one in page.evaluate(FEATURES, "clusters")
        if one["properties"]["part"] == "disc" and one["properties"]["cluster"] == number
    )
    place = [sum(corner[axis] for corner in disc) / len(disc) for axis in (0, 1)]
    page.evaluate("place => window.lianfangMap().jumpTo({ center: place, zoom: 12 })", place)
    page.wait_for_timeout(500)
    page.wait_for_selector(CHECKED)
    at = page.evaluate(
        """place => { const box = document.querySelector('.map').getBoundingClientRect();
          const point = window.lianfangMap().project(place); return [box.x + point.x, box.y + point.y]; }""",
        place,
    )
    page.mouse.click(*at)
    page.wait_for_function("words => document.querySelector('#detail h3').textContent !== words", arg=picked)
    page.wait_for_selector(f'#clusters-table .ag-row.picked[row-id="{other}"]')


def test_stretch_and_depth_change_the_zone(opened):
    page = opened(f"/?{PAIR}&lang=en")
    ready(page)
    figures = page.locator("#zone-figures")
    figures.locator("dl").wait_for()
    before = figures.inner_text()
    thumb = page.get_by_role("slider", name="End of the stretch")
    thumb.focus()
    for _ in range(8):
        thumb.press("ArrowLeft")
    page.wait_for_function("words => document.querySelector('#zone-figures').innerText !== words", arg=before)
    shorter = figures.inner_text()
    page.wait_for_function("location.search.includes('to_m')")
    depth = page.locator("#depth-a")
    depth.fill("2500")
    depth.press("Tab")
    page.wait_for_function("words => document.querySelector('#zone-figures').innerText !== words", arg=shorter)
    page.wait_for_function("location.search.includes('depth_a_m=2500')")


def test_a_joint_patrol_is_proposed_and_kept(opened):
    page = opened("/?lang=en")
    ready(page)
    page.locator("#clusters-table .ag-center-cols-container .ag-row").first.locator(".ag-cell").nth(1).click()
    page.wait_for_selector("#detail h3")
    page.locator("#propose:not([disabled])").click()
    page.wait_for_selector(".proposal li")
    before = rows(page, "patrols-table")
    page.locator("#keep-patrol").click()
    page.wait_for_function(
        "n => document.querySelectorAll('#patrols-table .ag-center-cols-container .ag-row').length > n", arg=before
    )
