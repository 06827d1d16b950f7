"""The two sides and the agreement are chosen: the controls follow, and terms that are not saved are asked about."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from callbacks.planner.fields import FILLED, STATES, emptied, fields_of, filled
from callbacks.shell import changed
from callbacks.view import read
from casework.desk import DAY, Desk
from casework.ports import Topic
from layers.choice import Choice
from layers.editor import lost, settled
from pages import rows
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator

_ASKED = (Ids.AGREEMENT, Ids.SIDE_A, Ids.SIDE_B)
_STRETCH = (
    *((Ids.STRETCH, "max"), (Ids.STRETCH, "marks"), (Ids.STRETCH, "value")),
    *((Ids.DEPTH_A, "value"), (Ids.DEPTH_B, "value")),
)
_STRETCH_STAYS, _FIELDS_STAY = (no_update,) * len(_STRETCH), (no_update,) * len(FILLED)


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Let controls follow each other."""

    @app.callback(
        *(Output(one, what) for one in _ASKED for what in ("data", "value")),
        *(Output(one, what) for one, what in (*_STRETCH, *FILLED)),
        Output(Ids.CONFLICT, "hidden"),
        Output(Ids.WISHED, "data"),
        Output(Ids.LEAVE, "displayed"),
        Output(Ids.OTHERS_DID, "children"),
        *(Input(one, "value") for one in _ASKED),
        Input(Ids.LEAVE, "submit_n_clicks"),
        Input(Ids.LOAD_NEWEST, "n_clicks"),
        Input(Ids.PUT_TOGETHER, "data"),
        *changed(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
        State(Ids.WISHED, "data"),
        State(Shell.VIEW, "data"),
        *STATES,
    )
    def settle(agreement: str | None, a: str | None, b: str | None, *more: Any) -> tuple[Any, ...]:
        *_beats, wished, query = more[: -len(STATES)]
        view, at, fields = read(query), desk(), fields_of(*more[-len(STATES) :])
        if ctx.triggered_id == Ids.LEAVE:
            agreement, a, b = wished
        # What was put together is told beside the terms that came of it.
        put_together = Ids.PUT_TOGETHER in ctx.triggered_prop_ids.values()
        newest = put_together or ctx.triggered_id == Ids.LOAD_NEWEST
        found = settled(at, view, fields, agreement, a, b, newest=newest)
        told = no_update if put_together else None
        if not newest and ctx.triggered_id in _ASKED and found and lost(at, view, fields, found.choice):
            # The selects go back to what the terms belong to, until somebody says that these may go.
            before = (no_update, view.agreement, no_update, view.a, no_update, view.b)
            return (*before, *_STRETCH_STAYS, *_FIELDS_STAY, no_update, [agreement, a, b], True, no_update)
        names, _ = at.territory.names(view.lang), translator(view.lang)
        agreements = rows.agreements(at.agreements.all(), names, at.today(), _)
        options = _options(sorted(names, key=names.__getitem__), names)
        if found is None:
            nobody: tuple[Any, ...] = (*(agreements, None), *(options, a), *([], None))
            return (*nobody, *_STRETCH_STAYS, *emptied(), True, None, False, None)
        terms = found.choice.agreement
        who: tuple[Any, ...] = (
            *(agreements, terms.id if found.choice.kept else None),
            *(options, terms.a),
            *(_options(at.territory.neighbours(terms.a), names), terms.b),
        )
        if found.base is None:
            # Somebody is at work on these: words half written stay.
            return (*who, *_stretch(found.choice), *_FIELDS_STAY, no_update, None, False, no_update)
        near = [one for one in at.territory.near(terms.a, terms.b) if one not in (terms.a, terms.b)]
        values = filled(terms, found.base, _options(near, names))
        return (*who, *_stretch(found.choice), *values, True, None, False, told)

    @app.callback(
        Output(Ids.ALONG, "value", allow_duplicate=True),
        Output(Ids.ALONG_A, "disabled"),
        Output(Ids.ALONG_B, "disabled"),
        Output(Ids.THIRD_TERMS, "hidden"),
        Input(Ids.THIRD, "value"),
        State(Ids.ALONG, "value"),
        State(Ids.SIDE_A, "value"),
        State(Ids.SIDE_B, "value"),
        prevent_initial_call="initial_duplicate",
    )
    def meet(third: str | None, along: list[str], a: str | None, b: str | None) -> tuple[Any, bool, bool, bool]:
        near = desk().territory.neighbours(third) if third else []
        may = [side for side, one in (("a", a), ("b", b)) if one in near]
        stays = set(along or ()) <= set(may) and bool(along or not may)
        return no_update if stays else may, "a" not in may, "b" not in may, third is None

    # Slider and numbers say the same; whichever moved, the other follows.
    app.clientside_callback(
        ClientsideFunction("lianfang", "marks"),
        Output(Ids.STRETCH, "value", allow_duplicate=True),
        Output(Ids.FROM_KM, "value"),
        Output(Ids.TO_KM, "value"),
        Input(Ids.STRETCH, "value"),
        Input(Ids.FROM_KM, "value"),
        Input(Ids.TO_KM, "value"),
        State(Ids.STRETCH, "max"),
        prevent_initial_call=True,
    )


def _options(ids: Iterable[str], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": one, "label": names[one]} for one in ids]


def _stretch(choice: Choice) -> tuple[Any, ...]:
    """Values of `_STRETCH`: length of the border, marks and depths, as slider and numbers show them."""
    length_km = choice.border_length_m // 1 / 1000
    start_m, end_m = choice.stretch_m
    ends = [{"value": 0, "label": "0"}, {"value": length_km, "label": f"{length_km:.1f}"}]
    slider = (length_km, ends, [start_m // 10 / 100, end_m // 10 / 100])
    return (*slider, choice.agreement.depth_a_m, choice.agreement.depth_b_m)
