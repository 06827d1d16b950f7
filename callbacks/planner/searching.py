"""Where the next joint station should stand: looked for in the background, told in words, added to the plan."""

from typing import Any

from dash import Dash, Input, Output, State

from callbacks.errors import EXPECTED
from callbacks.planner.reach import question_of
from callbacks.planner.testing import Opened, Say
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from casework.sites import Goal
from pages.planner import whatif
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator

_POLL_MS = 500


def register(app: Dash, opened: Opened, manager: Any) -> None:
    """Let a page look for the next station's site, in the background, and call it off."""

    @app.callback(
        Output(Ids.SITE_WORDS, "children", allow_duplicate=True),
        Input(Ids.SITE_CANCEL, "n_clicks"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def call_off_search(_n: int, query: str) -> str:
        return translator(read(query).lang)("Cancelled.")

    @app.callback(
        Output(Ids.SITE_WORDS, "children"),
        Output(Ids.SITE_FOUND, "data"),
        Output(Ids.SITE_TAKE, "display"),
        Input(Ids.SITE, "n_clicks"),
        State(Ids.SITE_GOAL, "value"),
        State(Shell.VIEW, "data"),
        background=True,
        manager=manager,
        interval=_POLL_MS,
        running=[(Output(Ids.SITE_RUNNING, "hidden"), False, True)],
        progress=[Output(Ids.SITE_BAR, "value")],
        progress_default=[0],
        cancel=[Input(Ids.SITE_CANCEL, "n_clicks")],
        prevent_initial_call=True,
    )
    def search_site(say: Say, _n: int, goal: str, query: str) -> tuple[Any, Any, str]:
        with opened() as at:
            return searched(at, say, goal, query)


def searched(desk: Desk, say: Say, goal: str, query: str) -> tuple[Any, Any, str]:
    """Words on the best site, where it is, and whether it can be added; what is refused is only said."""
    view = read(query)
    _ = translator(view.lang)
    say((30,))
    try:
        asked = question_of(desk, view)
        if asked is None:
            raise RefusedError("Choose two sides first.")
        site = desk.sites.propose(asked, Goal(goal))
    except EXPECTED as error:
        return (error.said(_) if isinstance(error, CaseError) else str(error)), None, "none"
    home = desk.territory.names(view.lang).get(site.jurisdiction_id or "", "")
    told = whatif.proposal(site, home, desk.rules.reach_min, desk.reach.stated, _)
    return told, [site.lon, site.lat], "block"
