"""A change by hand is made at once, by the server itself: whoever drags a visit waits for it."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.errors import EXPECTED
from callbacks.plans.solving import minutes_of
from callbacks.plans.work import Work, read_work
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from casework.planning import UnlawfulError
from casework.replanning import Change, ConflictError, Kind, costs
from pages.plans.ids import Ids
from pages.plans.said import conflict, cost_words, titles_of, unlawful
from pages.shell import Ids as Shell
from words import translator

_CHANGE_S = 0.6


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Make the changes that a page orders."""

    @app.callback(
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Input(Ids.CHANGE, "data"),
        State(Ids.WORK, "data"),
        State(Shell.VIEW, "data"),
        running=[(Output(Ids.CHANGING, "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def change_plan(change: dict[str, Any], sent: dict[str, Any] | None, query: str) -> tuple[Any, str]:
        _, work = translator(read(query).lang), read_work(sent)
        if work is None:
            raise RefusedError("Plan first: there is no plan to change.")
        titles = titles_of(work.plan)
        try:
            after = desk().replanning.changed(work.plan, change_of(change), seconds=_CHANGE_S, clock=monotonic)
        except ConflictError as error:
            why = conflict(error.conflict, titles, _) or _("No time is left there.")
        except UnlawfulError as error:
            why = unlawful(error.breach, titles, _)
        except EXPECTED as error:
            why = error.said(_) if isinstance(error, CaseError) else str(error)
        else:
            words = _("Changed: {costs}").format(costs=cost_words(costs(work.plan, after), _))
            return Work(after, changed=True, told=words, base=work.origin).plain(), words
        return no_update, _("Not possible, the plan is as it was. {why}").format(why=why)


def change_of(plain: dict[str, Any]) -> Change:
    """A change by hand, as a page sends it."""
    at = plain.get("at")
    minutes = minutes_of(at)
    if plain["kind"] == Kind.AT and minutes is None:
        raise RefusedError("Fill in when the visit is to start.")
    return Change(
        Kind(plain["kind"]), plain.get("visit") or "", plain.get("crew") or "", plain.get("from") or "", plain.get("after"),
        minutes or 0.0, plain.get("reason") or "",
    )  # fmt: skip
