"""Incidents over time: side A upwards, side B downwards, one line between them."""

from typing import Any

import pandas as pd

from layers.palette import Palette
from pages.plain import plain
from words import Translate

_WEEKS_UP_TO_DAYS = 1000


def timeline(
    days: pd.DataFrame, a: str, b: str, name_a: str, name_b: str, palette: Palette, _: Translate
) -> dict[str, Any]:
    """Plotly figure of counts per week (per month over more than about three years).

    Parameters
    ----------
    days
        Columns jurisdiction_id, day (date text), n.
    """
    at = pd.to_datetime(days["day"])
    long = len(at) > 0 and (at.max() - at.min()).days > _WEEKS_UP_TO_DAYS
    start = at.dt.to_period("M" if long else "W-SUN").dt.start_time
    counts = days["n"].groupby([days["jurisdiction_id"], start]).sum()
    traces = []
    for side, name, colour, sign in ((a, name_a, palette.side_a, 1), (b, name_b, palette.side_b, -1)):
        found = counts[side] if side in counts.index.get_level_values(0) else pd.Series(dtype=float)
        traces.append(
            {
                "type": "bar",
                "name": plain(name),
                "x": [when.date().isoformat() for when in found.index],
                "y": [sign * int(n) for n in found],
                "customdata": [int(n) for n in found],
                # The name stands beside it in full: inside the template, plotly would read figures of its own in it.
                "hovertemplate": "%{x}: %{customdata}",
                "hoverlabel": {"namelength": -1},
                "marker": {"color": colour},
            }
        )
    line = {"color": palette.ink}
    layout = {
        "barmode": "relative",
        "bargap": 0.15,
        "margin": {"l": 58, "r": 8, "t": 22, "b": 34},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.quiet, "size": 12, "family": "var(--font)"},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
        "xaxis": {
            "type": "date",
            "tickformat": "%Y-%m" if long else "%m-%d\n%Y",
            "hoverformat": "%Y-%m-%d",
            "gridcolor": palette.outline,
            "showgrid": False,
        },
        "yaxis": {
            "zerolinecolor": palette.joint,
            "gridcolor": palette.outline,
            "title": {"text": _("per month") if long else _("per week")},
        },
        "hoverlabel": {"font": line | {"family": "var(--font)"}, "bgcolor": palette.land},
    }
    return {"data": traces, "layout": layout}
