"""Somebody else saves the plan that is at work: it is followed, or told, and put together with what was changed here."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.plans.work import Work, read_work
from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.errors import RefusedError
from casework.planning import UnlawfulError
from casework.ports import Topic
from pages.plans import merging
from pages.plans.ids import Ids
from pages.plans.said import titles_of, unlawful
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Follow what others save, and put it together with one's own."""

    # Whoever has changed nothing looks at the plan, and sees it as it is.
    @app.callback(
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        *changed(Topic.PLANS),
        State(Ids.WORK, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def follow_plan(_beat: Any, sent: dict[str, Any] | None, query: str) -> tuple[Any, Any]:
        view, at, work = read(query), desk(), read_work(sent)
        _ = translator(view.lang)
        found = None if work is None or work.changed or not work.plan.version else at.merging.since(work.plan)
        if found is None:
            return no_update, no_update
        said = merging.told(found, at.territory.names(view.lang), at.rules.timezone, _)
        return Work(found.plan).plain(), said

    @app.callback(
        Output(Ids.MEANWHILE, "hidden"),
        Output(Ids.MEANWHILE_WORDS, "children"),
        Output(Ids.KEEP_MINE, "children"),
        Input(Ids.WORK, "data"),
        *changed(Topic.PLANS),
        State(Shell.VIEW, "data"),
    )
    def tell_meanwhile(sent: dict[str, Any] | None, _beat: Any, query: str) -> tuple[Any, ...]:
        view, at, work = read(query), desk(), read_work(sent)
        found = None if work is None or work.base is None else at.merging.since(work.base)
        if work is None or found is None:
            return True, None, []
        _ = translator(view.lang)
        said = merging.told(found, at.territory.names(view.lang), at.rules.timezone, _)
        return False, said, merging.choices(found.conflicts(work.plan), _)

    @app.callback(
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Output(Ids.KEEP_MINE, "value"),
        Input(Ids.TAKE_THEIRS, "n_clicks"),
        Input(Ids.PUT_ON_TOP, "n_clicks"),
        State(Ids.WORK, "data"),
        State(Ids.KEEP_MINE, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def put_together(_take: Any, _put: Any, *more: Any) -> tuple[Any, ...]:
        sent, keep_mine, query = more
        at, work = desk(), read_work(sent)
        _ = translator(read(query).lang)
        found = None if work is None else at.merging.since(work.origin)
        if work is None or found is None:
            raise RefusedError("Nobody else has changed this plan meanwhile.")
        if ctx.triggered_id == Ids.TAKE_THEIRS:
            return Work(found.plan).plain(), _("Theirs was taken; your changes are gone from this page."), []
        try:
            plan = at.merging.merged(found, work.plan, keep_mine or ())
        except UnlawfulError as error:
            why = unlawful(error.breach, titles_of(work.plan), _)
            words = _("The two do not go together, and nothing was changed: choose another one to stand. {why}")
            return no_update, words.format(why=why), no_update
        words = _("Your changes are on top of version {n}; look at it, then keep it.").format(n=found.plan.version)
        return Work(plan, changed=True, told=words, base=found.plan).plain(), words, []
