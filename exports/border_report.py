"""What is in dispute between outlines, as one HTML file that needs no network and prints on A4."""

from datetime import date
from html import escape
from pathlib import Path
from string import Template

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from casework.errors import CaseError
from exports.policy import own_policy
from exports.svg import Drawing, round_m, window_around
from geo.outlines import lighter
from geo.quality import Quality
from layers.palette import LIGHT
from words import Language, Translate, translator

_PAGE = Path(__file__).with_name("border_report.html")
_MOST_SPOTS = 40
_MOST_ROWS = 200
_MOST_VERTICES = 60_000
_SPOT = 220
_OVERVIEW = 1000
_SHOWN_WIDTHS = 6.0
_LEAST_HALF_M = 25.0
_NOISE_M = 2.0
_MILLION = 1e6


def write_border_report(
    found: Quality, repairs: pd.DataFrame, path: Path, lang: Language, *, title: str, on: date
) -> None:
    """Nothing; the report stands in `path` afterwards.

    Parameters
    ----------
    found
        What was measured.
    repairs
        Columns id, reason, area_before_m2, area_after_m2; those of `found` and those made while reading.
    path
        Where to write, ending in .html; an existing file is replaced.
    lang
        Language of the report.
    title
        What the outlines are called, usually their file's name.
    on
        The day that is printed on it.

    Raises
    ------
    CaseError
        The ending is not .html, or the folder does not exist.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise CaseError("{file}: the report is a page; let its name end in .html.", file=path.name)
    if not path.absolute().parent.is_dir():
        raise CaseError("{folder} is no folder: make it first, or write elsewhere.", folder=path.absolute().parent)
    path.write_text(border_report(found, repairs, lang, title=title, on=on), encoding="utf-8")


def border_report(found: Quality, repairs: pd.DataFrame, lang: Language, *, title: str, on: date) -> str:
    """The text of the HTML page; see `write_border_report`."""
    _ = translator(lang)
    names = dict(zip(found.jurisdictions["id"], found.jurisdictions["name"], strict=True))
    worst = found.slivers.head(_MOST_SPOTS)
    page = _PAGE.read_text(encoding="utf-8")
    parts = {
        # Nothing is put into the script, so it is the same before.
        "policy": own_policy(page.partition("<script>")[2].partition("</script>")[0]),
        "lang": "zh-CN" if lang == "zh" else "en",
        "title": escape(_("Borders and disputed ground: {file}").format(file=title)),
        "on": on.isoformat(),
        "summary": _summary(found, repairs, _),
        "overview": _overview(found, _),
        "overview_title": escape(_("Overview")),
        "spots": _spots(found, worst, names, _),
        "holes": _holes(found, names, _),
        "repairs": _repairs(repairs, names, _),
        "note": escape(
            _(
                "The midway line is a construction, not a legal line. Areas are on the ellipsoid; widths are twice the area "
                "by the perimeter."
            )
        ),
        "nearer": escape(_("Nearer")),
        "farther": escape(_("Farther")),
        "whole": escape(_("Whole map")),
        "side_a": LIGHT.side_a,
        "side_b": LIGHT.side_b,
        "disputed": LIGHT.disputed,
        "ink": LIGHT.ink,
        "outline": LIGHT.outline,
    }
    return Template(page).substitute(parts)


def _summary(found: Quality, repairs: pd.DataFrame, _: Translate) -> str:
    of = {kind: found.slivers[found.slivers["kind"] == kind] for kind in ("gap", "overlap")}

    def ground(frame: pd.DataFrame) -> str:
        return f"{len(frame):,} · {frame['area_m2'].sum() / _MILLION:,.3f} km²"

    matched = int((found.borders["method"] == "matched").sum())
    facts = [
        (_("jurisdictions"), f"{len(found.jurisdictions):,}"),
        (_("borders"), f"{len(found.borders):,}"),
        (_("length of all borders"), f"{found.borders['length_m'].sum() / 1000:,.1f} km"),
        (_("matched midway"), f"{matched:,}"),
        (_("tolerance"), f"{found.tolerance_m:,.0f} m"),
        (_("repaired outlines"), f"{len(repairs):,}"),
        (_("gaps"), ground(of["gap"])),
        (_("overlaps"), ground(of["overlap"])),
        (_("ground no border bridges"), ground(found.unmatched)),
    ]
    return "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(value)}</dd></div>" for term, value in facts)


def _kind(kind: str, _: Translate) -> str:
    return {"gap": _("gap: neither side holds it"), "overlap": _("overlap: both sides hold it")}[kind]


def _advice(kind: str, width_m: float, _: Translate) -> str:
    if width_m < _NOISE_M:
        return _("Drawing noise: let both offices take over the midway line.")
    if kind == "gap":
        return _("Agree which side holds this ground; until then nobody is responsible here.")
    return _("Agree whose ground it is; until then both are responsible here.")


def _pair(row: pd.Series, names: dict[str, str]) -> str:
    return "".join(
        f'<span class="{side}"><i aria-hidden="true"></i>{escape(names[row[side]])}'
        + (f" <small>{escape(row[side])}</small>" if names[row[side]] != row[side] else "")
        + "</span>"
        for side in ("a", "b")
    )


def _spots(found: Quality, worst: pd.DataFrame, names: dict[str, str], _: Translate) -> str:
    """The largest slivers as a table with a small map each."""
    head = f"<h2>{escape(_('In dispute, the largest first'))}</h2>"
    if not len(worst):
        return head + f"<p>{escape(_('Nothing: neighbours hold the same lines.'))}</p>"
    lines = dict(zip(zip(found.borders["a"], found.borders["b"], strict=True), found.borders.geometry, strict=True))
    columns = ["", _("Pair"), _("Kind"), _("Area"), _("Mean width"), _("What to do")]
    rows = []
    for number, (_index, row) in enumerate(worst.iterrows(), start=1):
        cells = [
            _spot(found, row, lines[row["a"], row["b"]], _),
            _pair(row, names),
            escape(_kind(row["kind"], _)),
            f"{row['area_m2']:,.0f} m²",
            f"{row['width_m']:,.1f} m",
            escape(_advice(row["kind"], row["width_m"], _)),
        ]
        titled = zip([f"{number}", *columns[1:]], cells, strict=True)
        body = "".join(f'<td data-title="{escape(title)}">{cell}</td>' for title, cell in titled)
        rows.append(f'<tr id="spot-{number}"><th scope="row">{number}</th>{body}</tr>')
    more = len(found.slivers) - len(worst)
    note = f"<p>{escape(_('{n} smaller ones are not shown.').format(n=f'{more:,}'))}</p>" if more > 0 else ""
    return head + _key(_) + _table(["№", _("Map"), *columns[1:]], rows, "spots") + note


def _key(_: Translate) -> str:
    words = (
        ("a", _("outline of the first")),
        ("b", _("outline of the second")),
        ("midway", _("midway line")),
        ("sliver", _("disputed ground")),
    )
    line, ground = '<path d="M1,7 35,7"/>', '<rect x="1" y="2" width="34" height="10"/>'
    return (
        '<p class="key">'
        + "".join(
            f'<span><svg width="36" height="14" class="spot" aria-hidden="true"><g class="{name}">'
            f"{ground if name == 'sliver' else line}</g></svg>{escape(word)}</span>"
            for name, word in words
        )
        + "</p>"
    )


def _spot(found: Quality, row: pd.Series, midway: BaseGeometry, _: Translate) -> str:
    """A map of the place where a sliver is widest: both outlines, the midway line, the sliver."""
    widest = shapely.maximum_inscribed_circle(row["geometry"])
    lon, lat = widest.coords[0]
    drawing = window_around(lon, lat, max(_LEAST_HALF_M, _SHOWN_WIDTHS * row["width_m"] / 2), _SPOT)
    outlines = found.jurisdictions.geometry
    near = found.jurisdictions.sindex.query(shapely.box(drawing.west, drawing.south, drawing.east, drawing.north))
    paths = []
    for k in sorted(near):
        one = found.jurisdictions["id"].iloc[k]
        side = "a" if one == row["a"] else "b" if one == row["b"] else "other"
        paths.append((side, drawing.path(shapely.boundary(outlines.iloc[k]))))
    paths.sort(key=lambda path: ("other", "a", "b").index(path[0]))
    paths = [("sliver", drawing.path(row["geometry"])), *paths, ("midway", drawing.path(midway))]
    body = "".join(f'<path class="{name}" d="{d}"/>' for name, d in paths if d)
    bar_m = round_m(0.35 * _SPOT / drawing.metre)
    length, foot = bar_m * drawing.metre, drawing.height - 10
    bar = f'<path class="bar" d="M10,{foot} {10 + length:.1f},{foot}"/><text x="10" y="{foot - 5}">{bar_m:,g} m</text>'
    label = escape(_("Map of {lon}, {lat}").format(lon=f"{lon:.5f}", lat=f"{lat:.5f}"))
    return (
        f'<svg class="spot" viewBox="0 0 {_SPOT} {drawing.height}" role="img" aria-label="{label}">{body}{bar}</svg>'
        f"<small>{lon:.5f}, {lat:.5f}</small>"
    )


def _overview(found: Quality, _: Translate) -> str:
    """All outlines and borders, with a number where each of the largest slivers lies."""
    west, south, east, north = found.jurisdictions.total_bounds
    drawing = Drawing(west, south, east, north, _OVERVIEW)
    lines, _tolerance = lighter(found.borders.geometry.to_numpy(), _MOST_VERTICES)
    outlines, _tolerance = lighter(found.jurisdictions.geometry.to_numpy(), _MOST_VERTICES)
    matched = (found.borders["method"] == "matched").to_numpy()
    paths = [("land", "".join(drawing.path(shape) for shape in outlines))]
    paths += [("exact", "".join(drawing.path(line) for line in lines[~matched]))]
    paths += [("midway", "".join(drawing.path(line) for line in lines[matched]))]
    body = "".join(f'<path class="{name}" d="{d}"/>' for name, d in paths if d)
    marks = []
    for number, shape in enumerate(found.slivers.geometry.head(_MOST_SPOTS), start=1):
        at = shapely.get_coordinates(shapely.point_on_surface(shape))
        x, y = drawing.places(at)[0]
        marks.append(
            f'<a href="#spot-{number}" class="mark" transform="translate({x:.1f},{y:.1f})"><g><circle r="9"/>'
            f'<text y="4">{number}</text></g></a>'
        )
    label = escape(_("All borders; numbers are those of the table"))
    return (
        f'<svg id="overview" viewBox="0 0 {_OVERVIEW} {drawing.height}" role="img" aria-label="{label}">'
        f"{body}{''.join(reversed(marks))}</svg>"
    )


def _holes(found: Quality, names: dict[str, str], _: Translate) -> str:
    if not len(found.unmatched):
        return ""
    rows = []
    for row in found.unmatched.head(_MOST_ROWS).to_dict("records"):
        around = ", ".join(names.get(one, one) for one in row["around"].split(", "))
        advice = (
            _("A lake, or ground nobody was given: look whether an outline is missing.")
            if row["kind"] == "gap"
            else _("Held twice beyond the tolerance: look whether one outline lies over the other.")
        )
        cells = [_kind(row["kind"], _), around, f"{row['area_m2']:,.0f} m²", f"{row['width_m']:,.1f} m", advice]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = [_("Kind"), _("Around"), _("Area"), _("Mean width"), _("What to do")]
    return f"<h2>{escape(_('Ground no border bridges'))}</h2>" + _table(head, rows, "plain")


def _repairs(repairs: pd.DataFrame, names: dict[str, str], _: Translate) -> str:
    if not len(repairs):
        return ""
    rows = []
    for row in repairs.head(_MOST_ROWS).to_dict("records"):
        before, after = (f"{area / _MILLION:,.4f} km²" for area in (row["area_before_m2"], row["area_after_m2"]))
        cells = [f"{names.get(row['id'], row['id'])} {row['id']}", row["reason"], before, after]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = [_("Jurisdiction"), _("What was wrong"), _("Area before"), _("Area after")]
    return f"<h2>{escape(_('Repaired outlines'))}</h2>" + _table(head, rows, "plain")


def _table(head: list[str], rows: list[str], name: str) -> str:
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    return f'<table class="{name}"><thead><tr>{cells}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
