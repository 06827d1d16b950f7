"""The briefing in a browser without network: on a desk, on a telephone and on paper."""

import re

import pytest

from exports.briefing import briefing_page
from tests import outings
from tests.exports.conftest import hostile, told
from tests.world import clock, desk, world_copy, world_file

__all__ = ["clock", "desk", "hostile", "told", "world_copy", "world_file"]
# What is left of A4 between the margins, in CSS pixels.
SHEET = {"width": 688, "height": 1025}


@pytest.fixture
def shown(chromium, tmp_path):
    """Opens pages from a file without network; at the end none may have asked for anything or complained."""
    contexts, asked, errors = [], [], []

    def showing(page_text, width=1920, height=1080):
        file = tmp_path / "briefing.html"
        file.write_text(page_text, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(file.as_uri())
        return page

    yield showing
    for context in contexts:
        context.close()
    assert [url for url in asked if not re.search(r"^data:|/briefing\.html$", url)] == []
    assert errors == []


def drawn(page, kind):
    """Pixels of the widest shape of a kind on the map."""
    boxes = [one.bounding_box() for one in page.locator(f".map path.{kind}").all()]
    return max((box["width"] + box["height"] for box in boxes if box), default=0)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_the_map_is_drawn_and_nobody_is_asked(shown, told, lang, width, height):
    page = shown(briefing_page(told, "k1", lang), width, height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {
        kind: drawn(page, kind) > 20 for kind in ("land", "border", "zone-a", "zone-b", "way", "side-a")
    } == dict.fromkeys(("land", "border", "zone-a", "zone-b", "way", "side-a"), True)
    fills = {
        kind: page.locator(f".map path.{kind}").first.evaluate("e => getComputedStyle(e).fill")
        for kind in ("zone-a", "zone-b")
    }
    assert fills == {"zone-a": "rgb(78, 161, 243)", "zone-b": "rgb(240, 166, 58)"}
    assert page.locator(".map .sign.stop").all_inner_texts() == ["1", "2", "3"]
    assert page.locator(".paper").is_hidden()
    inside = page.locator(".map").bounding_box()
    for sign in page.locator(".map .sign.stop").all():
        box = sign.bounding_box()
        assert inside["x"] <= box["x"] <= inside["x"] + inside["width"] - box["width"]
        assert inside["y"] <= box["y"] <= inside["y"] + inside["height"] - box["height"]


def test_a_number_leads_to_its_card_and_the_map_can_be_enlarged(shown, told):
    page = shown(briefing_page(told, "k1", "zh"))
    page.locator(".map .sign.stop a", has_text="2").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#stop-2"
    before = drawn(page, "way")
    page.get_by_role("button", name="放大").click()
    page.wait_for_function(
        "before => Math.max(...[...document.querySelectorAll('.map path.way')].map(e => e.getBoundingClientRect().width + e.getBoundingClientRect().height)) > 1.2 * before",
        arg=before,
    )


@pytest.mark.parametrize("words", ["plain", "hostile"])
def test_it_prints_on_a4_without_losing_anything(shown, told, hostile, words):
    page = shown(briefing_page({"plain": told, "hostile": hostile}[words], "k1", "zh"), **SHEET)
    page.emulate_media(media="print")
    assert page.locator(".map").is_hidden()
    assert page.locator(".paper path.way").is_visible()
    over = page.evaluate(
        """() => [...document.body.querySelectorAll('*')].filter(e => !e.closest('svg') && e.getClientRects().length
            && (e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth))
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert over == []
    printed = page.pdf(prefer_css_page_size=True)
    sizes = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", printed))
    assert len(sizes) == 1
    assert [round(float(one)) for one in sizes.pop().split()] in ([0, 0, 595, 842], [0, 0, 596, 842], [0, 0, 595, 841])


def test_hostile_words_do_nothing(shown, hostile):
    page = shown(briefing_page(hostile, "k1", "en"), 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("script").count() == 2
    assert outings.HOSTILE[0] in page.locator("h1").inner_text()
    assert page.locator(".map .sign.stop").count() == 3


def test_without_scripts_the_still_map_is_there(chromium, told, tmp_path):
    file = tmp_path / "briefing.html"
    file.write_text(briefing_page(told, "k1", "zh"), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".paper path.way").is_visible()
    assert page.locator(".map").is_hidden()
    context.close()
