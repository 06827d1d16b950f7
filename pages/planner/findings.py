"""The planner's part on tested clusters: the settings of a test, its state in words, what was found and why."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
import geopandas as gpd
from dash import html

from casework.analyses import Answer
from casework.findings import METHODS, Analysis
from layers.view import View
from pages.panels import local
from pages.planner.ids import Ids
from pages.shell import attributes
from pages.terms import REASONS, TEST_METHODS
from settings import Settings
from words import Translate

_NUMBER = re.compile(r"[0-9][0-9,]*")
_LEAST_OF_ONE_DIGIT = 0.05


def testing(view: View, settings: Settings, _: Translate) -> list[Any]:
    """Button, settings, progress and state of a test."""
    return [
        html.Div(id=Ids.TESTED, className="quiet", **attributes(aria_live="polite")),
        dmc.Select(
            id=Ids.ANALYSIS, label=_("Test that is shown"), value=view.analysis, data=[], clearable=True,
            placeholder=_("the latest"),
        ),
        html.Details([html.Summary(_("Settings of the test")), html.Div(_fields(settings, _), className="stack")]),
        dmc.Button(_("Test for chance"), id=Ids.TEST),
        html.Div(
            [
                dmc.Progress(id=Ids.TEST_BAR, value=0, **attributes(aria_label=_("Progress of the test"))),
                html.Div(id=Ids.TEST_STEP, className="quiet"),
                dmc.Button(_("Cancel the test"), id=Ids.TEST_CANCEL, size="xs", variant="default"),
            ],
            id=Ids.TEST_RUNNING, className="stack running", hidden=True,
        ),
        html.Div(id=Ids.TEST_STATE, className="test-state", role="status"),
        dmc.Button(_("Why is this no cluster? Pick a place"), id=Ids.WHY, size="xs", variant="default", disabled=True),
        html.Div(id=Ids.WHY_ANSWER, **attributes(aria_live="polite")),
    ]  # fmt: skip


def _fields(settings: Settings, _: Translate) -> list[Any]:
    scopes = [("pair", _("these two")), ("watch", _("all zones in force"))]
    return [
        dmc.SegmentedControl(
            id=Ids.TEST_SCOPE, value="pair", fullWidth=True, size="xs",
            data=[{"value": key, "label": label} for key, label in scopes],
        ),
        dmc.Select(
            id=Ids.TEST_METHOD, label=_("Compared with"), value=METHODS[0], allowDeselect=False,
            data=[{"value": one, "label": _(TEST_METHODS[one])} for one in METHODS],
        ),
        html.Div(
            [
                dmc.NumberInput(
                    id=Ids.TEST_RADIUS, label=_("Radius up to, km"), value=settings.test_radius_m / 1000, min=0.1, max=100
                ),
                dmc.NumberInput(id=Ids.TEST_DAYS, label=_("Days up to"), value=settings.test_days, min=1, max=366),
                dmc.NumberInput(
                    id=Ids.TEST_REPLICATIONS, label=_("Replications"), value=settings.test_replications, min=99, max=99_999
                ),
                dmc.NumberInput(id=Ids.TEST_SEED, label=_("Seed"), value=1, min=0, max=2**31 - 1),
            ],
            className="two",
        ),
        dmc.Checkbox(id=Ids.TEST_NOW, label=_("only what still goes on at the end of the period"), checked=False),
        html.P(_("The period and the filters are those of the incidents above."), className="quiet"),
    ]  # fmt: skip


def columns(_: Translate) -> list[dict[str, Any]]:
    """Columns of the table of findings."""
    return [
        {"field": "cluster", "headerName": "#", "minWidth": 60, "flex": 2},
        {"field": "why", "headerName": _("Why"), "minWidth": 280, "flex": 14, "wrapText": True, "autoHeight": True},
        {"field": "n", "headerName": _("Incidents"), "minWidth": 110, "flex": 3},
        {"field": "expected", "headerName": _("Expected"), "minWidth": 95, "flex": 3},
        {"field": "q", "headerName": "q", "minWidth": 75, "flex": 2},
        {"field": "n_a", "headerName": "A", "minWidth": 60, "flex": 2},
        {"field": "n_b", "headerName": "B", "minWidth": 60, "flex": 2},
        {"field": "first", "headerName": _("From"), "minWidth": 110, "flex": 3},
        {"field": "last", "headerName": _("To"), "minWidth": 110, "flex": 3},
        {"field": "sight", "headerName": _("Seen alone by"), "minWidth": 120, "flex": 4},
    ]


def table_rows(
    found: gpd.GeoDataFrame, one: Analysis, picked: str | None, names: Mapping[str, str], _: Translate
) -> list[dict[str, Any]]:
    """One row a finding, in the order a decision needs; `key` is what a view picks it by."""
    seen = {"neither": _("neither side"), "both": _("each side"), "a": names[one.a], "b": names[one.b]}
    return [
        {
            "key": (key := f"tested:{one.id}:{row['cluster']}"), "picked": key == picked,
            "cluster": row["cluster"], "n": row["n_incidents"], "expected": float(expectation(row["expected"])),
            "q": round(row["q"], 3), "n_a": row["n_a"], "n_b": row["n_b"], "first": row["start_on"],
            "last": row["end_on"], "sight": seen[row["sight"]],
            "why": " · ".join(_(REASONS[reason]) for reason in row["reasons"]),
        }
        for row in found.to_dict("records")
    ]  # fmt: skip


def expectation(n: float) -> str:
    """How many were expected: with a digit behind the point, or as many as it takes to tell it from none.

    Examples
    --------
    >>> expectation(10.84), expectation(0.0437), expectation(0.0)
    ('10.8', '0.04', '0')
    """
    return f"{n:.1f}" if n >= _LEAST_OF_ONE_DIGIT else f"{n:.1g}"


def options(made: Sequence[Analysis], timezone: str, _: Translate) -> list[dict[str, str]]:
    """What the select of tests offers, newest first."""
    return [
        {
            "value": one.id,
            "label": _("{when}: {since} to {until}, {n} incidents").format(
                when=local(one.at, timezone), since=one.first_on, until=one.last_on, n=f"{one.n_incidents:,}"
            ),
        }
        for one in made
    ]


def untested(_: Translate) -> html.P:
    """What is shown where nothing was tested yet."""
    return html.P(_("These two were not tested yet: clusters in the other table are only a quick look."))


def about(one: Analysis, n: int, timezone: str, _: Translate, *, stale: bool) -> list[Any]:
    """How many clusters a test found, when it was made, and whether the data is another by now."""
    head = (
        _("{n} clusters are more than chance.").format(n=n)
        if n
        else _("No significant cluster: chance explains what gathers here.")
    )
    when = _("Tested {when} by {who}: {incidents} incidents, {since} to {until}.").format(
        when=local(one.at, timezone),
        who=one.by,
        incidents=f"{one.n_incidents:,}",
        since=one.first_on,
        until=one.last_on,
    )
    told: list[Any] = [html.P(head, className="verdict"), html.P(when)]
    if stale:
        told.append(html.P("⚠ " + _("The data changed since: test again to see what holds now."), className="unsaved"))
    return [*told, *(html.P(caveat(words, _)) for words in one.caveats)]


def caveat(words: str, _: Translate) -> str:
    """A sentence of the engine in the reader's language."""
    numbers = {f"n{k or ''}": number for k, number in enumerate(_NUMBER.findall(words))}
    names = iter(numbers)
    return _(_NUMBER.sub(lambda _found: f"{{{next(names)}}}", words)).format(**numbers)


def outcome(made: Sequence[Analysis], found: Sequence[gpd.GeoDataFrame], _: Translate) -> str:
    """What a test that has just ended came to, in one sentence."""
    n = sum(len(one) for one in found)
    took_s = sum(one.took_s for one in made)
    words = (
        _("Done in {s} s: {n} clusters are more than chance; borders tested: {borders}.")
        if n
        else _("Done in {s} s: no significant cluster ({n}); borders tested: {borders}.")
    )
    return words.format(s=f"{took_s:.1f}", n=n, borders=len(made))


def why(answer: Answer, names: Mapping[str, str], alpha: float, _: Translate) -> html.Div:
    """Why a picked place is no cluster, or that it is in one."""
    window, one = answer.window, answer.analysis
    if window is None:
        words = _("No circle of this test that holds the place has more incidents than chance would bring.")
        return html.Div(html.P(words), className="why")
    best = _("The best circle that holds it: {n} incidents ({a} {n_a}, {b} {n_b}), {expected} expected, {since} to {until}, "
             "radius {radius} m.").format(
        n=window.observed, a=names[one.a], n_a=answer.n_a, b=names[one.b], n_b=answer.n_b,
        expected=f"{window.expected:.1f}", since=str(window.start_on)[:10],
        until=str(window.end_on)[:10], radius=f"{window.radius_m:,.0f}",
    )  # fmt: skip
    verdict = (
        _("It is a cluster: chance does as well in {p} of cases.")
        if window.p <= alpha
        else _("No cluster: chance does as well or better in {p} of cases.")
    )
    return html.Div([html.P(verdict.format(p=f"{window.p:.1%}"), className="verdict"), html.P(best)], className="why")
