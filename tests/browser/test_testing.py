"""A test for chance in a real browser: begun, seen to move, explained; and one that is called off."""

STATE = "document.querySelector('#test-state').textContent"


def test_a_test_moves_and_its_clusters_are_explained(opened):
    page = opened("/?a=320509&b=330502&lang=en")
    page.wait_for_selector(".sides")
    assert "not tested yet" in page.locator("#tested").inner_text()
    page.locator("#test").click()
    page.wait_for_function("document.querySelector('#test-step').textContent.includes('%')")
    page.wait_for_function(f"{STATE}.startsWith('Done')")
    page.locator("#test-running").wait_for(state="hidden")
    page.wait_for_selector("#findings-table .ag-row")
    page.locator("#findings-table .ag-center-cols-container .ag-row").first.locator(".ag-cell").nth(2).click()
    page.wait_for_selector(".explanation .counts")
    words = page.locator(".explanation").inner_text()
    assert "More than chance: 36 incidents" in words
    assert "alone would have seen it" in words
    page.wait_for_selector(".explanation .js-plotly-plot .bars")
    page.wait_for_function("location.search.includes('selected=tested')")
    page.wait_for_function("window.lianfangMap().querySourceFeatures('tested').length > 0")
    page.locator("#propose:not([disabled])").click()
    page.wait_for_selector(".proposal li")


def test_a_test_that_is_called_off_leaves_nothing(opened):
    page = opened("/?a=330112&b=330523&lang=en")
    page.wait_for_selector(".sides")
    page.get_by_text("Settings of the test").click()
    page.locator("#test-replications").fill("99999")
    page.locator("#test-replications").press("Tab")
    page.locator("#test").click()
    page.wait_for_function("document.querySelector('#test-step').textContent.includes('%')")
    page.locator("#test-cancel").click()
    page.wait_for_function(f"{STATE} === 'Cancelled; nothing was kept.'")
    page.locator("#test-running").wait_for(state="hidden")
    page.locator("#test-state").wait_for(state="visible")
    page.wait_for_timeout(3000)
    assert "not tested yet" in page.locator("#tested").inner_text()
    assert page.locator("#test").is_enabled()
