"""A person signs in, sees the planner, is signed out without losing it, comes back, and leaves."""

from contextlib import closing

from casework.desk import Desk, SystemClock
from casework.people import Actor, Role
from casework.rules import Rules
from store import open_store
from tools.browser import served, wait_drawn

GOOD = "correct horse battery staple"


def enter(page, password):
    page.fill("input[name=id]", "li")
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")


def test_a_person_comes_in_and_leaves(chromium, server, tmp_path):
    with closing(open_store(f"sqlite:///{server.database}")) as store:
        accounts = Desk(store, Actor(), SystemClock(), Rules()).accounts
        accounts.add("li", "Li Ming", Role.COORDINATOR, ["330502"], password=GOOD)
    more = {"LIANFANG_SIGN_IN": "on", "LIANFANG_REFRESH_S": "1"}
    with served(str(server.database), tmp_path / "server.log", more) as running, chromium.new_context() as context:
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{running.url}/?lang=en&zoom=9")
        enter(page, "wrong horse battery")
        page.wait_for_selector("[role=alert]:has-text('not right')")
        enter(page, GOOD)
        page.wait_for_url("**/?lang=en&zoom=9**")
        wait_drawn(page)
        assert "Li Ming" in page.inner_text(".who")

        context.clear_cookies()
        page.wait_for_selector(".signed-out")
        with context.expect_page() as beside:
            page.click(".signed-out a")
        enter(beside.value, GOOD)
        beside.value.wait_for_url("**/signed-in**")
        page.wait_for_selector(".signed-out", state="detached")
        assert page.locator(".map[data-idle]").count() == 1

        page.click(".who button")
        page.wait_for_selector("[role=alert]:has-text('signed out')")
        page.goto(f"{running.url}/plans")
        assert "/sign-in?next=" in page.url
