"""The parts of a briefing beside its map, as HTML: times, stops with their firms, contacts, law, sources."""

from html import escape

import pandas as pd

from casework.briefings import RECENT_DAYS, Briefing
from casework.model import Severity, Source
from casework.plan import PlannedCrew, Stop
from exports.checklists import Checklists, lists_for, title_of
from exports.crews import car_name, crew_name, side_name, stop_name, together
from exports.texts import one_line, printable
from geo.travel import STRAIGHT_LINE
from layers.firms import CODE_TITLES
from layers.palette import FIRM_SHAPES, STATION_SHAPES
from layers.stations import LEVEL_TITLES
from layers.terms import CATEGORIES, DUTIES, SEVERITIES, SOURCES
from words import Language, translator

SCORES = {
    "risk": "risk",
    "emissions": "emissions",
    "history": "enforcement history",
    "safety": "environmental safety",
    "oversight": "public oversight",
}


def safe(words: object) -> str:
    """Words of others as HTML text, their lines kept."""
    return escape(printable(words)).replace("\n", "<br>")


def made_up(simulated: bool, lang: Language) -> str:
    """A tag on what is simulated; nothing on what is not."""
    return f' <em class="tag">{safe(translator(lang)("simulated"))}</em>' if simulated else ""


def clock(briefing: Briefing, stop_or_crew: object, name: str) -> str:
    """An instant of a stop or a crew by the operator's clock."""
    return f"{briefing.local(getattr(stop_or_crew, name)):%H:%M}"


def side_mark(briefing: Briefing, jurisdiction_id: str, lang: Language) -> str:
    """A side by its bar and its name; A's bar is whole, B's is broken."""
    kind = {briefing.plan.a: "a", briefing.plan.b: "b"}.get(jurisdiction_id, "c")
    return (
        f'<span class="side {kind}"><i aria-hidden="true"></i>{safe(side_name(briefing, jurisdiction_id, lang))}</span>'
    )


def crew_part(briefing: Briefing, crew: PlannedCrew, checklists: Checklists, lang: Language) -> str:
    """Who goes, A before B."""
    _ = translator(lang)
    rank = {briefing.plan.a: 0, briefing.plan.b: 1}
    members = sorted(crew.members, key=lambda one: rank.get(one.jurisdiction_id, 2))
    rows = [
        f"<tr><td>{safe(one.name)}</td><td>{side_mark(briefing, one.jurisdiction_id, lang)}</td>"
        f"<td>{safe(title_of(one.agency, checklists, lang)) if one.agency else '–'}</td></tr>"
        for one in members
    ]
    return _table((_("Officer"), _("Side"), _("Agency")), rows)


def timetable(briefing: Briefing, crew: PlannedCrew, lang: Language) -> str:
    """When the crew leaves, is where, and is back."""
    _ = translator(lang)
    station = safe(one_line(crew.station_name))
    rows = [
        f'<tr class="way"><td></td><td>{station}</td><td colspan="3">{safe(_("leave"))} <b>{clock(briefing, crew, "leave_at")}</b></td><td></td></tr>'
    ]
    for number, stop in enumerate(crew.stops, start=1):
        others = together(briefing, stop, _)
        note = f"<small>{safe(_('start together with {crews}').format(crews=others))}</small>" if others else ""
        times = "".join(f"<td>{clock(briefing, stop, name)}</td>" for name in ("arrive_at", "start_at", "end_at"))
        rows.append(
            f'<tr><td><a class="number" href="#stop-{number}">{number}</a></td><td>{safe(stop_name(stop))}{note}</td>'
            f"{times}<td>{stop.travel_min:.0f}</td></tr>"
        )
    rows.append(
        f'<tr class="way"><td></td><td>{station}</td><td colspan="3">{safe(_("back"))} <b>{clock(briefing, crew, "back_at")}</b></td><td></td></tr>'
    )
    return _table(("№", _("Place"), _("Arrive"), _("Start"), _("End"), _("On the road, min")), rows, "times")


def stop_card(briefing: Briefing, number: int, stop: Stop, checklists: Checklists, lang: Language) -> str:
    """One stop on a card of its own: what it is, what is known of it, what to look at."""
    _ = translator(lang)
    times = f"{clock(briefing, stop, 'start_at')}–{clock(briefing, stop, 'end_at')}"
    facts = [_(DUTIES[stop.duty]), f"{stop.lat:.5f}, {stop.lon:.5f}", _("risk {risk}").format(risk=f"{stop.risk:.2f}")]
    parts = [f'<p class="facts">{" · ".join(safe(one) for one in facts)}</p>']
    others = together(briefing, stop, _)
    if others:
        parts.append(f'<p class="joint">★ {safe(_("start together with {crews}").format(crews=others))}</p>')
    if stop.reason:
        parts.append(f"<p><b>{safe(_('Reason'))}</b> {safe(stop.reason)}</p>")
    parts += [_firm(briefing, stop, lang), _findings(briefing, stop, lang), _checks(stop, checklists, lang)]
    return (
        f'<article class="card" id="stop-{number}"><h3><span class="number">{number}</span>'
        f'<span class="title">{safe(stop_name(stop))}</span><time>{times}</time></h3>{"".join(parts)}</article>'
    )


def _firm(briefing: Briefing, stop: Stop, lang: Language) -> str:
    """The firm's code with its word, its risk and its four sub-scores."""
    _ = translator(lang)
    found = briefing.firms[briefing.firms["id"] == stop.firm_id]
    if not stop.firm_id or found.empty:
        return ""
    firm = found.iloc[0]
    code = f'<span class="code {firm["code"]}">{FIRM_SHAPES[firm["code"]]} {safe(_(CODE_TITLES[firm["code"]]))}</span>'
    scores = [(name, firm.get(column)) for column, name in SCORES.items()]
    told = "".join(
        f"<div><dt>{safe(_(name))}</dt><dd>{f'{value:.2f}' if name == 'risk' else f'{value:.0f}'}</dd></div>"
        for name, value in scores
        if pd.notna(value)
    )
    warn = ""
    if firm["code"] == "green" and not stop.reason:
        warn = f'<p class="warn">{safe(_("Green firm without a stated reason: do not disturb it without cause."))}</p>'
    name = "" if one_line(firm["name"]) == stop_name(stop) else f" <b>{safe(firm['name'])}</b>"
    return (
        f'<p class="firm">{code}{name}{made_up(firm["simulated"], lang)}</p>{f"<dl>{told}</dl>" if told else ""}{warn}'
    )


def _findings(briefing: Briefing, stop: Stop, lang: Language) -> str:
    """The newest incidents beside the stop."""
    _ = translator(lang)
    found = briefing.findings[briefing.findings["visit_id"] == stop.visit_id]
    head = f"<h4>{safe(_('Last findings beside it, {n} days').format(n=RECENT_DAYS))}</h4>"
    if found.empty:
        return head + f'<p class="none">{safe(_("Nothing was reported here in this time."))}</p>'
    lines = []
    for row in found.to_dict("records"):
        facts = [
            f"{briefing.local(row['at']):%Y-%m-%d %H:%M}",
            _(CATEGORIES[row["category"]]),
            _(SEVERITIES[Severity(row["severity"])]),
            _(SOURCES[Source(row["source"])]),
            f"{row['distance_m']:.0f} m",
        ]
        words = row.get("description")
        said = f" — {safe(words)}" if isinstance(words, str) and words else ""
        lines.append(f"<li>{safe(' · '.join(facts))}{said}</li>")
    return f"{head}<ul>{''.join(lines)}</ul>"


def _checks(stop: Stop, checklists: Checklists, lang: Language) -> str:
    """What to look at, each with a box to tick."""
    _ = translator(lang)
    lists = []
    for agency, one in lists_for(stop.agencies, checklists):
        items = "".join(f"<li>{safe(item[lang])}</li>" for item in one.items)
        note = f' <em class="tag">{safe(_("default"))}</em>' if one.default else ""
        lists.append(f"<section><h4>{safe(title_of(agency, checklists, lang))}{note}</h4><ul>{items}</ul></section>")
    return f'<div class="checks">{"".join(lists)}</div>'


def contacts(briefing: Briefing, crew: PlannedCrew, lang: Language) -> str:
    """The stations of all crews with their telephones, and the crews that this one meets."""
    _ = translator(lang)
    rows = []
    for row in briefing.stations.to_dict("records"):
        phone = row.get("phone")
        number = safe(phone) if isinstance(phone, str) and phone else safe(_("no telephone recorded"))
        home = f" · {safe(_('own station'))}" if row["id"] == crew.station_id else ""
        rows.append(
            f"<tr><td>{STATION_SHAPES[row['level']]} {safe(row['name'])}<small>{safe(_(LEVEL_TITLES[row['level']]))}{home}"
            f"{' · ' + safe(_('simulated')) if row['simulated'] else ''}</small></td>"
            f"<td>{side_mark(briefing, row['jurisdiction_id'] or '', lang)}</td><td>{number}</td></tr>"
        )
    met = {one for stop in crew.stops for one in stop.with_crews}
    for other in briefing.plan.crews:
        if other.id in met:
            who = ", ".join(one_line(one.name) for one in other.members)
            rows.append(
                f"<tr><td>{safe(crew_name(briefing, other.id, _))}<small>{safe(one_line(other.station_name))}</small></td>"
                f"<td>{safe(car_name(other.vehicle_id, _))}</td><td>{safe(who)}</td></tr>"
            )
    return _table((_("Contact"), _("Side or vehicle"), _("Telephone or members")), rows)


def law(briefing: Briefing, lang: Language) -> str:
    """The agreements officers cross the border by, what they may do there, and what holds everywhere."""
    _ = translator(lang)
    notes = [
        _("At least {n} officers are on site, and at a joint visit one of each side.").format(n=briefing.min_officers),
        _("Officers of the other side act only inside the zone of an agreement in force on that day."),
        _("Credentials are shown before anything else; the visit is recorded."),
    ]
    parts = []
    for one in briefing.agreements:
        until = one.valid_to.isoformat() if one.valid_to else _("until revoked")
        lines = [
            f"<b>{safe(one.title or one.id)}</b>{made_up(one.simulated, lang)}",
            safe(f"{one.valid_from.isoformat()} – {until}"),
            f"{safe(_('powers'))}: {safe(one.powers) if one.powers else safe(_('not stated'))}",
            safe(f"{_('categories')}: " + ", ".join(_(CATEGORIES[category]) for category in one.categories)),
            *([f"{safe(_('memorandum'))}: {safe(one.memorandum)}"] if one.memorandum else []),
        ]
        warn = (
            ""
            if one.in_force(briefing.plan.on)
            else f'<p class="warn">{safe(_("Not in force on that day: do not cross."))}</p>'
        )
        parts.append(f"<li>{'<br>'.join(lines)}{warn}</li>")
    if not parts:
        parts = [f'<li class="warn">{safe(_("No agreement is in force on that day: nobody crosses the border."))}</li>']
    return f"<ul>{''.join(f'<li>{safe(note)}</li>' for note in notes)}{''.join(parts)}</ul>"


def sources(briefing: Briefing, lang: Language) -> str:
    """Where the map, the times and the data are from, and what of it is made up."""
    _ = translator(lang)
    provider = one_line(briefing.plan.provider) or _("not stated")
    if provider == STRAIGHT_LINE:
        provider = _("straight line, ±50 %")
    lines = [
        _("Datum: WGS 84 (CGCS2000 differs by centimetres; GCJ-02 maps are shifted by some hundred metres)."),
        _("Outlines: {sources}. Not an approved base map.").format(sources=_drawn_by(briefing) or _("not stated")),
        _("Travel times: {provider}. The dashed way on the map joins the stops; it is not the road.").format(
            provider=provider
        ),
        _("Plan {id}, version {version}, seed {seed}; written {at} ({zone}).").format(
            id=one_line(briefing.plan.id), version=briefing.plan.version, seed=briefing.plan.seed,
            at=f"{briefing.local(briefing.made_at):%Y-%m-%d %H:%M}", zone=briefing.timezone,
        ),
    ]  # fmt: skip
    if briefing.simulated:
        lines.append(_("Parts of this are simulated and marked so; it is for exercise."))
    return "".join(f"<li>{safe(line)}</li>" for line in lines)


def map_source(briefing: Briefing, lang: Language) -> str:
    """Datum and source of the map, for a quiet corner."""
    _ = translator(lang)
    told = _drawn_by(briefing)
    parts = [_("WGS-84"), *([_("outlines: {sources}").format(sources=told)] if told else [])]
    return " · ".join(safe(one) for one in parts)


def _drawn_by(briefing: Briefing) -> str:
    """Whom the outlines are from."""
    return ", ".join(sorted({one_line(one) for one in briefing.outlines["source"].dropna() if one_line(one)}))


def _table(head: tuple[str, ...], rows: list[str], kind: str = "plain") -> str:
    cells = "".join(f'<th scope="col">{safe(one)}</th>' for one in head)
    return f'<table class="{kind}"><thead><tr>{cells}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
