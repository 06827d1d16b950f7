"""Reach in a real browser: the border ignored and kept, a station picked, a plan made, compared and taken back."""

PLACE = "a=320509&b=330502&agreement=demo-a-wuxing-wujiang&lang=en&lon=120.4&lat=30.9&zoom=9.3"
WIDTH = """() => {
  const xs = window.lianfangMap().querySourceFeatures("reach").flatMap((one) => one.geometry.coordinates.flat(Infinity));
  const lon = xs.filter((_value, n) => n % 2 === 0);
  return Math.max(...lon) - Math.min(...lon);
}"""


def tab(page, name):
    page.get_by_role("tab", name=name, exact=True).click()


def test_reach_stops_at_the_border_and_goes_beyond_it(opened):
    page = opened(f"/?{PLACE}")
    page.wait_for_selector("#zone-gain .verdict")
    assert "when the border is ignored" in page.locator("#zone-gain").inner_text()
    page.get_by_text("Up to the border").click()
    page.wait_for_function("location.search.includes('bound=yes') && location.search.includes('show=reach')")
    page.wait_for_function("window.lianfangMap().querySourceFeatures('reach').length > 0")
    page.wait_for_selector(".map[data-idle]", state="attached")
    bound = page.evaluate(WIDTH)
    page.get_by_text("Beyond the border").click()
    page.wait_for_function("!location.search.includes('bound=yes')")
    page.wait_for_function(f"({WIDTH})() > {bound} + 0.05")


def test_who_is_first_is_listed_and_the_map_goes_there(opened):
    page = opened(f"/?{PLACE.replace('lat=30.9', 'lat=31.6')}")
    tab(page, "Who is first")
    page.wait_for_selector("#first-table .ag-center-cols-container .ag-row")
    assert "nearer station on the other side" in page.locator("#first-words").inner_text()
    page.locator("#first-table .ag-center-cols-container .ag-row").first.locator(".ag-cell").nth(1).click()
    page.wait_for_function("/selected=(firm|incident)/.test(location.search)")
    page.wait_for_function("Math.abs(window.lianfangMap().getCenter().lat - 31.6) > 0.1")


def test_a_plan_is_made_compared_and_taken_back(opened):
    page = opened(f"/?{PLACE}&selected=station:demo-s-joint-001")
    page.wait_for_function("document.querySelector('#what-if-station').value.includes('4 officers')")
    page.wait_for_function("window.lianfangMap().querySourceFeatures('rings').length > 0")
    page.locator("#what-if-close").click()
    page.wait_for_function("location.search.includes('whatif=')")
    page.wait_for_selector(".models")
    assert "101 → 97" in page.locator("#models").inner_text()
    assert "close 吴江区" in page.locator("#what-if-list").inner_text()
    page.locator("#site").click()
    page.wait_for_selector("#site-take:visible")
    assert "A joint station in" in page.locator("#site-words").inner_text()
    page.locator("#site-take").click()
    page.wait_for_function("document.querySelectorAll('#what-if-list li').length === 2")
    page.wait_for_function("document.querySelector('#models').textContent.includes('101 → 101')")
    page.wait_for_function(
        "window.lianfangMap().querySourceFeatures('stations').some((one) => one.properties.planned === 'added')"
    )
    page.locator("#what-if-undo").press("Enter")
    page.wait_for_function("document.querySelectorAll('#what-if-list li').length === 1")
    page.locator("#what-if-clear").click()
    page.wait_for_function("!location.search.includes('whatif=')")
    page.wait_for_function("document.querySelector('#what-if-list').textContent.includes('Nothing planned')")


def test_visits_are_drawn_and_a_blind_spot_is_picked(opened):
    page = opened(f"/?{PLACE}&show=visits")
    tab(page, "Visits")
    page.wait_for_selector("#visits-chart .heatmaplayer image")
    height = page.locator(".tables").bounding_box()["height"]
    page.get_by_role("button", name="Larger").click()
    assert page.locator(".tables").bounding_box()["height"] > 1.5 * height
    page.locator("#visits-table .ag-center-cols-container .ag-row").first.locator(".ag-cell").first.click()
    page.wait_for_function("location.search.includes('selected=place')")
    page.wait_for_function("window.lianfangMap().querySourceFeatures('picked').length > 0")
