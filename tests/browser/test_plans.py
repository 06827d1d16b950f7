"""A day of joint patrols in a real browser: asked for, worked out, changed, taken back, agreed by both sides."""

STANDING = "document.querySelector('#plan-standing').innerText"


def worked_out(page, begin):
    """Begin work in the background, and return what came of it."""
    begin()
    page.locator("#solve-running").wait_for(state="visible")
    page.locator("#solve-running").wait_for(state="hidden", timeout=180_000)
    page.wait_for_function("!document.querySelector('#solve-told').textContent.includes('without a result')")
    return page.locator("#solve-told").inner_text()


def changed(page, button, says):
    """Change the plan at once, and wait for the words."""
    page.locator(button).click()
    page.wait_for_function(f"document.querySelector('#solve-told').textContent.includes({says!r})")


def choose_stop(page, row):
    page.locator(f"#stops-table .ag-center-cols-container .ag-row[row-index='{row}'] .ag-cell").nth(2).click()
    page.locator("#lock-visit:not([disabled])").wait_for()


def test_a_search_that_is_stopped_shows_the_best_so_far(opened):
    page = opened("/plans?a=320509&b=330502&lang=en")
    page.wait_for_selector("#wanted-table .ag-center-cols-container .ag-row")
    page.locator("#solve-seconds").fill("600")
    page.locator("#solve-seconds").press("Tab")
    page.locator("#solve").click()
    step = "document.querySelector('#solve-step').textContent.startsWith"
    page.wait_for_function(f"{step}('Getting ready: some seconds')")
    page.wait_for_function(f"{step}('best so far')", timeout=180_000)
    page.locator("#solve-stop").click()
    page.wait_for_function("document.querySelector('#solve-told').textContent.includes('visits planned, risk covered')")
    page.wait_for_selector("#gantt .bars .point")
    assert page.locator("#solve-running").is_hidden()


def test_a_plan_from_the_wish_to_force(opened):
    page = opened("/plans?a=320509&b=330502&lang=en")
    page.wait_for_selector("#wanted-table .ag-center-cols-container .ag-row")
    page.locator("#solve-seconds").fill("2")
    page.locator("#solve-seconds").press("Tab")
    told = worked_out(page, page.locator("#solve").click)
    assert "visits planned, risk covered" in told
    page.wait_for_selector("#gantt .bars .point")
    page.wait_for_function("window.lianfangMap().querySourceFeatures('routes').length > 0")
    assert "about ±" in page.locator("#plan-summary").inner_text()

    page.get_by_role("tab", name="Stops").click()
    choose_stop(page, 0)
    changed(page, "#lock-visit", "Changed: +0 min")
    choose_stop(page, 2)
    changed(page, "#forbid-visit", "falls out")
    page.locator("#undo-change").click()
    page.wait_for_function("!document.querySelector('#solve-told').textContent.includes('falls out')")
    page.locator("#redo-change").click()
    page.wait_for_function("document.querySelector('#solve-told').textContent.includes('falls out')")

    page.locator("#keep-plan").click()
    page.wait_for_function(f"{STANDING}.startsWith('draft, version 1')")
    page.locator("#propose-plan").click()
    page.wait_for_function(f"{STANDING}.startsWith('proposed')")
    page.locator("#accept-plan").click()
    page.wait_for_function(f"{STANDING}.startsWith('accepted by side A')")
    page.locator("#acting-for").get_by_text("Wuxing").click()
    page.locator("#accept-plan").click()
    page.wait_for_function(f"{STANDING}.startsWith('in force')")
    with page.expect_download() as download:
        page.locator("#take-along a").first.click()
    assert download.value.suggested_filename.endswith(".html")
    page.wait_for_function("location.search.includes('plan=')")
    again = opened(page.url.removeprefix(page.url.split("/plans")[0]), width=390, height=844)
    again.wait_for_function(f"{STANDING}.startsWith('in force')")
