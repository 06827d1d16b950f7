"""One tested cluster explained: what was seen and expected on each side, when, how sure it is, and what it is not."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
from dash import dcc, html

from casework.findings import Analysis, explained
from casework.model import Severity
from layers.palette import Palette
from layers.terms import SEVERITIES
from pages.panels import facts
from pages.planner.findings import caveat, expectation
from pages.shell import attributes
from pages.terms import REASONS, TEST_METHODS
from pages.timeline import timeline
from words import Translate


def explanation(
    finding: Mapping[Any, Any], one: Analysis, names: Mapping[str, str], alpha: float, palette: Palette, _: Translate
) -> html.Div:
    """The panel of a finding.

    Parameters
    ----------
    finding
        A row of `casework.analyses.Analyses.findings`.
    one
        The analysis it is of.
    names
        Of jurisdictions.
    alpha
        The largest q that is more than chance.
    palette
        Colours of the timeline.
    _
        Translates.
    """
    a, b = names[one.a], names[one.b]
    return html.Div(
        [
            html.H3(_("Tested cluster {number}").format(number=finding["cluster"])),
            *(html.P(words, className="verdict") for words in _verdicts(finding, a, b, alpha, _)),
            html.P(" · ".join(_(REASONS[reason]) for reason in finding["reasons"]), className="quiet"),
            _counts(finding, a, b, _),
            _times(finding, one, (a, b), palette, _),
            _facts(finding, one, _),
            html.Ul(
                [html.Li(words) for words in (*(caveat(words, _) for words in one.caveats), *_caveats(one, _))],
                className="quiet caveats",
            ),
        ],
        className="explanation",
    )


def _verdicts(finding: Mapping[Any, Any], a: str, b: str, alpha: float, _: Translate) -> list[str]:
    """What to make of it, in words."""
    figures = {
        "n": finding["n_incidents"],
        "expected": expectation(finding["expected"]),
        "p": f"{finding['p']:.1%}",
    }
    if finding["q"] > alpha:
        return [
            _("Not more than chance: {n} incidents, {expected} expected; chance does as well in {p} of cases.").format(
                **figures
            )
        ]
    told = [
        _("More than chance: {n} incidents, {expected} expected; chance does as well in {p} of cases.").format(
            **figures
        )
    ]
    sights = {
        "neither": _("Neither side alone would have seen it."),
        "a": _("Only {side} alone would have seen it.").format(side=a),
        "b": _("Only {side} alone would have seen it.").format(side=b),
        "both": _("Each side alone would have seen it."),
    }
    told.append(sights[finding["sight"]])
    if explained(finding, alpha):
        told.append(_("It only shows where people looked: compared with where inspections were, chance explains it."))
    return told


def _counts(finding: Mapping[Any, Any], a: str, b: str, _: Translate) -> html.Table:
    """Observed and expected, on each side, in the zone and in all."""
    rows = [
        (a, "side-a", finding["n_a"], finding["expected_a"], finding["p_a"]),
        (b, "side-b", finding["n_b"], finding["expected_b"], finding["p_b"]),
        (_("in the zone"), "", finding["n_zone"], finding["expected_zone"], None),
        (_("together"), "joint", finding["n_incidents"], finding["expected"], finding["p"]),
    ]
    head = ["", _("observed"), _("expected"), _("p, alone")]
    body = [
        html.Tr(
            [
                html.Th(name, scope="row", className=side),
                html.Td(f"{n}"),
                html.Td(expectation(expected)),
                html.Td("–" if p is None else f"{p:.3f}"),
            ]
        )
        for name, side, n, expected, p in rows
    ]
    return html.Table(
        [html.Thead(html.Tr([html.Th(words, scope="col") for words in head])), html.Tbody(body)], className="counts"
    )


def _times(
    finding: Mapping[Any, Any], one: Analysis, names: tuple[str, str], palette: Palette, _: Translate
) -> html.Div:
    """Incidents at the cluster's places over the whole period, its own days shaded."""
    days = pd.DataFrame(
        [((one.a if side == "a" else one.b), day, n) for day, side, n in finding["by_day"] if side in {"a", "b"}],
        columns=["jurisdiction_id", "day", "n"],
    )
    figure = timeline(days, one.a, one.b, *names, palette, _)
    after = date.fromisoformat(finding["end_on"]) + timedelta(days=1)
    shade = {
        "type": "rect", "xref": "x", "yref": "paper", "x0": finding["start_on"], "x1": after.isoformat(), "y0": 0, "y1": 1,
        "fillcolor": palette.joint, "opacity": 0.15, "line": {"width": 0},
    }  # fmt: skip
    figure["layout"] |= {"shapes": [shade], "height": 190}
    figure["layout"]["xaxis"] |= {"range": [one.first_on.isoformat(), one.last_on.isoformat()]}
    graph = dcc.Graph(figure=figure, config={"displayModeBar": False}, responsive=True, style={"height": "190px"})
    words = _("Incidents at the places of the cluster per week; its own days are shaded")
    return html.Div([graph, html.P(words, className="quiet")], role="img", **attributes(aria_label=words))


def _facts(finding: Mapping[Any, Any], one: Analysis, _: Translate) -> html.Dl:
    """How sure it is, and how it was found: enough to do it again."""
    asked = one.inquiry
    growth = f"{finding['n_early']} → {finding['n_late']}"
    effort = _("not asked") if pd.isna(finding["p_effort"]) else f"{finding['p_effort']:.3f}"
    return facts(
        [
            (_("from"), finding["start_on"]),
            (_("to"), finding["end_on"]),
            (_("radius"), f"{finding['radius_m']:,.0f} m"),
            (_("most severe"), _(SEVERITIES[Severity(finding["max_severity"])])),
            (_("first half → second half"), growth),
            ("p", f"{finding['p']:.3f}"),
            (_("q (borders tested: {n})").format(n=one.n_zones), f"{finding['q']:.3f}"),
            (_("p against effort"), effort),
            (_("replications"), f"{asked.replications:,}"),
            (_("seed"), f"{asked.seed}"),
            (_("compared with"), _(TEST_METHODS[asked.method])),
            (_("looked for"), _("up to {km} km, {days} days").format(km=f"{asked.radius_m / 1000:g}", days=asked.days)),
        ]
    )


def _caveats(one: Analysis, _: Translate) -> list[str]:
    """What a finding of this kind is not."""
    told = [
        _("The circle is where the test found most; the true shape may be another."),
        _(
            "p is how often chance alone, searching as widely, finds as strong a circle; q is p adjusted for all borders tested together."
        ),
    ]
    if one.inquiry.method == "permutation":
        told.append(_("Times are compared with places: a place that always has many incidents is no cluster."))
    else:
        told.append(
            _("Where officers looked is told by what inspections found: visits that found nothing are not known here.")
        )
    return told
