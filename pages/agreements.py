"""What the screen says of agreements: where one stands, what its versions changed, and what new boundaries did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from casework.changes import Difference, Redrawn, Step, ZoneChange
from casework.model import Agreement, Category, Strip
from casework.people import Person
from casework.sharing import Field, Share
from layers.terms import CATEGORIES, FIELDS
from pages.panels import local
from pages.shell import attributes
from pages.terms import CHANGES, ENDS, FLAGS, STANDINGS, TERMS
from words import Translate

_MOST_LETTERS = 60
# Whether every side has consented, and whether the agreement is in force.
SHARED = {
    (True, True): "Shared today inside the zone.",
    (True, False): "Every side has consented; shared once, and as long as, the agreement is in force.",
    (False, True): "Nothing is shared: not every side has consented to these terms.",
    (False, False): "Nothing is shared: not every side has consented to these terms.",
}


def standing(agreement: Agreement, today: date, _: Translate) -> str:
    """Where an agreement stands, and whether its zone is of other boundaries than there are."""
    words = [_(STANDINGS[agreement.standing(today)])]
    if agreement.stale:
        words.append(_("zone drawn by earlier boundaries"))
    return ", ".join(words)


def changed(differences: Sequence[Difference], names: Mapping[str, str], _: Translate) -> list[html.Li]:
    """One line a term: what it was, and what it is."""
    said = [(one.term, *(said_of(one.term, value, names, _) for value in (one.old, one.new))) for one in differences]
    # A word given anew reads as it did; of long texts what reads alike may still differ behind.
    return [html.Li(f"{_(TERMS[term])}: {old} → {new}") for term, old, new in said if term != "consents" or old != new]


def said_of(term: str, value: Any, names: Mapping[str, str], _: Translate) -> str:
    """A term as a person says it."""
    if term in {"depth_a_m", "depth_b_m"}:
        said = f"{value:,.0f} m"
    elif term in {"from_m", "to_m"}:
        said = _("end of the border") if value is None else f"{value / 1000:.2f} km"
    elif term == "valid_to":
        said = _("until revoked") if value is None else value.isoformat()
    elif term == "categories":
        said = _("all") if set(value) == set(Category) else ", ".join(_(CATEGORIES[one]) for one in value)
    elif term == "others":
        said = "; ".join(_strip(one, names) for one in value)
    elif term == "shares":
        said = "; ".join(_share(one, names, _) for one in value) or _("everything")
    elif term == "consents":
        said = ", ".join(names.get(one.party, one.party) for one in value) or _("nobody")
    elif term == "ends":
        said = _(ENDS[value])
    elif (term, value) in FLAGS:
        said = _(FLAGS[term, value])
    else:
        said = names.get(value, value) if term in {"a", "b"} else str(value)
    return f"{said[:_MOST_LETTERS]}…" if len(said) > _MOST_LETTERS else said or "–"


def unsaved(differences: Sequence[Difference], _: Translate) -> str:
    """Which terms are not saved; nothing where all are."""
    terms = ", ".join(_(TERMS[one.term]) for one in differences)
    return _("Not saved: {terms}").format(terms=terms) if terms else ""


def unkept(_: Translate) -> html.P:
    """What to do before any side can consent."""
    return html.P(_("Keep the zone first: sides consent to terms that are kept."), className="quiet")


def consents(
    agreement: Agreement, today: date, names: Mapping[str, str], timezone: str, _: Translate
) -> list[html.P | html.Ul]:
    """Which side has consented, when and by whom, and whether anything is shared today."""
    given = {one.party: one for one in agreement.consents}
    lines = []
    for party in agreement.parties:
        said = given.get(party)
        words = (
            _("{party}: has not consented").format(party=names.get(party, party))
            if said is None
            else _("{party}: consented {at}, by {by}").format(
                party=names.get(party, party), at=local(said.at, timezone), by=said.by
            )
        )
        lines.append(html.Li([html.Span("○ " if said is None else "✓ ", **attributes(aria_hidden="true")), words]))
    return [html.Ul(lines), html.P(_(SHARED[agreement.agreed, agreement.in_force(today)]), className="quiet")]


def history(
    steps: Sequence[Step], people: Iterable[Person], names: Mapping[str, str], timezone: str, _: Translate
) -> html.Ol | html.P:
    """Every version, newest first: when, by whom, why, and what it changed."""
    if not steps:
        return html.P(_("Nothing is kept yet."), className="quiet")
    called = {one.id: _called(one, names) for one in people}
    return html.Ol([_step(step, called, names, timezone, _) for step in steps], className="history")


def redrawn(report: Redrawn, timezone: str, _: Translate) -> list[Any]:
    """What new boundaries did to zones, worst first."""
    head = [_("zone, km²"), _("border, km"), _("incidents in"), _("incidents out")]
    return [
        html.P(
            _("{at}: {n} of {all} zones are different.").format(
                at=local(report.at, timezone), n=len(report.to_tell), all=len(report.zones)
            ),
            className="quiet",
        ),
        html.Div(
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(one, scope="col") for one in head])),
                    html.Tbody([row for zone in report.to_tell for row in _zone_rows(zone, _)]),
                ],
                className="redrawn",
            ),
            className="wide",
        ),
    ]


def _zone_rows(zone: ZoneChange, _: Translate) -> list[html.Tr]:
    # A title is longer than a column of a panel is wide: it has a row of its own.
    name = html.Tr(html.Th(zone.title or zone.agreement_id, colSpan=4, scope="rowgroup"), className="row-title")
    border = html.Td(_pair(_km(zone.border_before_m), _km(zone.border_after_m)))
    if zone.stale:
        reason = html.Td([html.Strong(_("stale")), f": {zone.stale}"], colSpan=4, className="reason")
        return [
            name,
            html.Tr([html.Td(_km2(zone.area_before_m2)), border, html.Td("–"), html.Td("–")]),
            html.Tr(reason),
        ]
    area = html.Td(_pair(_km2(zone.area_before_m2), _km2(zone.area_after_m2)))
    return [name, html.Tr([area, border, html.Td(f"+{zone.n_into:,}"), html.Td(f"−{zone.n_out_of:,}")])]


def _pair(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _km2(square_metres: float) -> str:
    return f"{square_metres / 1e6:.2f}"


def _km(metres: float | None) -> str:
    return "–" if metres is None else f"{metres / 1000:.2f}"


def _called(person: Person, names: Mapping[str, str]) -> str:
    """Somebody's name, and the regions they speak for."""
    return f"{person.name} ({', '.join(names.get(one, one) for one in person.regions)})"


def _step(step: Step, called: Mapping[str, str], names: Mapping[str, str], timezone: str, _: Translate) -> html.Li:
    lines = changed(step.differences, names, _)
    after = _km2(step.area_after_m2)
    before = after if step.area_before_m2 is None else _km2(step.area_before_m2)
    lines.append(html.Li(f"{_('zone')}: {_pair(before, after)} km²"))
    told = (
        f"{_('version')} {step.version}",
        local(step.at, timezone),
        called.get(step.by, step.by),
        _(CHANGES[step.change]),
    )
    return html.Li([html.Span(" · ".join(filter(None, told)), className="title"), html.Ul(lines)])


def _share(share: Share, names: Mapping[str, str], _: Translate) -> str:
    """What a party keeps back, without what the agreement does not cover."""
    back = [_(FIELDS[one]) for one in Field if one not in share.fields]
    shared = ", ".join(_(CATEGORIES[Category(one)]) for one in share.categories) or _("none")
    words = f"{names.get(share.party, share.party)}: {shared}"
    return f"{words} – {_('without')} {', '.join(back)}" if back else words


def _strip(strip: Strip, names: Mapping[str, str]) -> str:
    sides = f"{names.get(strip.a, strip.a)} {strip.depth_a_m:,.0f} m | {names.get(strip.b, strip.b)} {strip.depth_b_m:,.0f} m"
    if strip.from_m is None and strip.to_m is None:
        return sides
    return f"{sides}, {_km(strip.from_m)} … {_km(strip.to_m)} km"
