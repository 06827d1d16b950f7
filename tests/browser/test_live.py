"""Two people at once, and servers that do not answer: everybody sees what is so, and nobody loses what they wrote."""

import pytest

AGREEMENT = "demo-a-wuxing-wujiang"
ADDRESS = f"/?lang=en&agreement={AGREEMENT}&a=320509&b=330502"
VIEW = "() => { const m = window.lianfangMap(), c = m.getCenter(); return [c.lng, c.lat, m.getZoom()]; }"
ZONES = "() => window.lianfangMap().getStyle().sources.zones.data"
LOADED = "window.loadedOnce = true"
# An event also names the work in the background that it ends, behind the address.
EVENTS = "**/_dash-update-component*"
REFRESH_MS = 1000
# A tick, its answer, and what follows from it on a machine that does more than this.
SOON_MS = REFRESH_MS + 14_000


def ready(page):
    page.wait_for_selector("#zone-figures dl")
    page.wait_for_function("document.querySelector('#agreement-title').value")
    page.wait_for_selector(".map[data-idle]")


def deepen(page, metres):
    depth = page.locator("#depth-a")
    depth.fill(str(metres))
    depth.press("Tab")
    page.wait_for_function(f"location.search.includes('depth_a_m={metres}')")


def test_a_change_is_on_the_other_planner_and_the_wall_without_reload_or_move(opened):
    mine, other, wall = opened(ADDRESS), opened(ADDRESS), opened("/wall?lang=en")
    for page in (mine, other):
        ready(page)
    wall.wait_for_selector(".card")
    for page, zoom in ((other, 10.2), (wall, 9.4)):
        page.evaluate("zoom => window.lianfangMap().jumpTo({ center: [120.4, 30.9], zoom })", zoom)
        page.evaluate(LOADED)
    before = {page: (page.evaluate(VIEW), page.evaluate(ZONES)) for page in (other, wall)}
    figures = other.locator("#zone-figures").inner_text()
    deepen(mine, 3100)
    mine.get_by_role("button", name="Keep zone").click()
    mine.wait_for_function("document.querySelector('.notice').textContent.includes('Kept')")
    for page, (_view, address) in before.items():
        page.wait_for_function(f"address => ({ZONES})() !== address", arg=address, timeout=SOON_MS)
    other.wait_for_function(
        "words => document.querySelector('#zone-figures').innerText !== words", arg=figures, timeout=SOON_MS
    )
    for page, (view, _address) in before.items():
        assert page.evaluate("window.loadedOnce")
        assert page.evaluate(VIEW) == pytest.approx(view)


def test_what_was_not_kept_stays_and_is_sent_again(opened):
    page = opened(ADDRESS)
    ready(page)
    opened.heard.expected = ("Failed to load resource", "the server did not respond")
    figures = page.locator("#zone-figures").inner_text()
    deepen(page, 2700)
    page.wait_for_function("words => document.querySelector('#zone-figures').innerText !== words", arg=figures)

    def away(route):
        body = route.request.post_data or ""
        if "tick.n_intervals" in body:
            route.fulfill(status=503, body="")
        else:
            route.abort()

    page.route(EVENTS, away)
    page.get_by_role("button", name="Keep zone").click()
    page.wait_for_selector(".unsent:not([hidden])")
    page.wait_for_function("document.querySelector('.age').textContent.includes('the database does not answer')")
    assert page.locator("#depth-a").input_value().startswith("2700")
    page.unroute(EVENTS)
    page.wait_for_function("document.querySelector('.unsent').textContent.includes('It answers again')")
    page.wait_for_function("!document.querySelector('.age').textContent.includes('does not answer')")
    page.locator(".unsent").get_by_role("button", name="Try again").click()
    page.wait_for_function("document.querySelector('.notice').textContent.includes('Kept')")
    assert page.locator(".unsent").is_hidden()
    page.wait_for_function("document.querySelector('#unsaved').textContent === ''")


def test_a_clock_that_is_a_day_wrong_makes_nothing_older(opened, happen):
    page = opened(ADDRESS)
    ready(page)
    happen("clock", 120.42, 30.87, 1)
    page.wait_for_function("/newest incident \\d+ (s|min) ago/.test(document.querySelector('.age').textContent)")
    page.evaluate("const was = Date.now.bind(Date); Date.now = () => was() + 86400000")
    page.wait_for_timeout(2 * REFRESH_MS)
    told = page.locator(".age").inner_text()
    assert "out of date" not in told
    page.wait_for_function("/newest incident \\d+ (s|min) ago/.test(document.querySelector('.age').textContent)")
