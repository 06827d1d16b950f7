"""An agreement in a real browser: edited, saved, seen again, removed and brought back."""

from urllib.parse import urlsplit

AGREEMENT = "demo-a-wuxing-wujiang"
CHECKED = ".map[data-idle]"
ADDRESS = f"/?lang=en&agreement={AGREEMENT}&a=320509&b=330502"


def unfold(page, title):
    page.locator("summary").get_by_text(title, exact=True).click()


def ready(page):
    page.wait_for_selector("#zone-figures dl")
    page.wait_for_function("document.querySelector('#agreement-title').value")
    page.wait_for_selector(CHECKED)


def figures_alike(page, other):
    """The words about the zone once both pages have come to the same; each may be drawn anew meanwhile."""
    for _ in range(240):
        if (words := page.locator("#zone-figures").inner_text()) == other.locator("#zone-figures").inner_text():
            return words
        page.wait_for_timeout(250)
    raise AssertionError(words)


def test_an_agreement_is_edited_saved_removed_and_brought_back(opened):
    page = opened(ADDRESS)
    ready(page)
    area = page.locator("#zone-figures").inner_text()
    assert "in force" in area

    # Numbers and slider say the same.
    end = page.locator("#to-km")
    end.fill("5")
    end.press("Tab")
    page.wait_for_function("location.search.includes('to_m=5000')")
    page.wait_for_function("words => document.querySelector('#zone-figures').innerText !== words", arg=area)

    unfold(page, "Terms of the agreement")
    page.locator("#valid-to").click()
    page.locator(".mantine-DatePickerInput-day:not([data-outside])").last.click()
    page.locator("#agreed-categories").press("Backspace")
    page.locator("#memorandum").fill("As agreed at the joint meeting.")
    page.locator("#memorandum").press("Tab")
    page.wait_for_function("document.querySelector('#unsaved').textContent.includes('memorandum')")
    told = page.locator("#unsaved").inner_text()
    assert all(term in told for term in ("end of the stretch", "valid to", "categories"))

    unfold(page, "Ends of the strip, third party")
    page.locator("#third-party").click()
    page.get_by_role("option", name="Nanxun").click()
    page.wait_for_function("location.search.includes('others=')")
    page.wait_for_function("document.querySelector('#zone-figures').innerText.includes('Nanxun')")
    page.wait_for_function("document.querySelector('#figures').innerText.includes('in the zone, of')")
    assert page.locator("#figures .further").inner_text().startswith("Nanxun")

    page.get_by_role("button", name="Keep zone").click()
    page.wait_for_function("document.querySelector('.notice').textContent.includes('version 2')")
    page.wait_for_function("document.querySelector('#unsaved').textContent === ''")
    page.wait_for_function("!location.search.includes('others=')")

    again = opened(page.url.split(urlsplit(page.url).netloc)[1])
    ready(again)
    kept = figures_alike(page, again)
    assert "Nanxun" in kept
    assert again.locator("#memorandum").input_value() == "As agreed at the joint meeting."
    assert "Nanxun" in again.locator("#agreement").input_value()
    again.wait_for_function("document.querySelector('#agreement-history').textContent.includes('version 2')")

    # Somebody else's removal reaches the other page; whoever removed it can take it back.
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove…").click()
    page.wait_for_function("document.querySelector('.notice').textContent.includes('Removed')")
    page.wait_for_function("!location.search.includes('agreement=')")
    page.locator("#notice").get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.notice').textContent.includes('version 4')")
    page.wait_for_function("location.search.includes('agreement=')")
    page.wait_for_function("words => document.querySelector('#zone-figures').innerText === words", arg=kept)


def test_unsaved_terms_are_asked_about(opened):
    page = opened(ADDRESS)
    ready(page)
    unfold(page, "Terms of the agreement")
    page.locator("#powers").fill("Sampling on either side.")
    page.locator("#powers").press("Tab")
    page.wait_for_function("document.querySelector('#unsaved').textContent.includes('powers')")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("#agreement").click()
    page.get_by_role("option").nth(2).click()
    page.wait_for_function(f"location.search.includes('{AGREEMENT}')")
    page.wait_for_timeout(1500)
    assert asked == ["Some terms are not saved. Leave them behind?"]
    assert page.locator("#powers").input_value() == "Sampling on either side."
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#agreement").click()
    page.get_by_role("option").nth(2).click()
    page.wait_for_function(f"!location.search.includes('{AGREEMENT}')")
    assert page.locator("#powers").input_value() == ""


def test_two_who_edit_one_agreement_lose_nothing(opened):
    mine, other = opened(ADDRESS), opened(ADDRESS)
    for page in (mine, other):
        ready(page)
        unfold(page, "Terms of the agreement")
    write(mine, "#powers", "Sampling on either side.")
    write(other, "#depth-b", "2200")
    keep(other)

    # What only one of the two changed is put together, and the fields show it.
    mine.get_by_role("button", name="Keep zone").click()
    mine.wait_for_function("document.querySelector('#others-did').innerText.includes('has your changes on top')")
    mine.wait_for_function("document.querySelector('#depth-b').value.startsWith('2200')")
    mine.wait_for_function("document.querySelector('#unsaved').textContent === ''")
    assert "depth B" in mine.locator("#others-did").inner_text()
    assert mine.locator("#powers").input_value() == "Sampling on either side."
    other.wait_for_function("document.querySelector('#powers').value === 'Sampling on either side.'")

    # What both changed is chosen.
    write(mine, "#memorandum", "As I read it.")
    write(other, "#memorandum", "As they read it.")
    keep(other)
    mine.get_by_role("button", name="Keep zone").click()
    row = mine.locator(".choices tbody tr")
    row.wait_for()
    assert row.locator("td").all_inner_texts()[1:3] == ["As they read it.", "As I read it."]
    mine.get_by_role("checkbox", name="mine stands: memorandum").check()
    mine.get_by_role("button", name="Keep as chosen").click()
    mine.locator("#conflict").wait_for(state="hidden")
    other.wait_for_function("document.querySelector('#memorandum').value === 'As I read it.'")
    assert mine.locator("#memorandum").input_value() == "As I read it."


def write(page, field, words):
    """Type something that is not saved yet."""
    page.locator(field).fill(words)
    page.locator(field).press("Tab")
    page.wait_for_function("document.querySelector('#unsaved').textContent !== ''")


def keep(page):
    page.get_by_role("button", name="Keep zone").click()
    page.wait_for_function("document.querySelector('#unsaved').textContent === ''")
