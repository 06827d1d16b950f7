"""A crew's day as one HTML file that needs no network and prints on A4."""

from pathlib import Path
from string import Template

from babel.dates import format_date

from casework.approvals import PlanState
from casework.briefings import Briefing
from casework.plan import PlannedCrew
from exports.briefing_cards import (
    clock,
    contacts,
    crew_part,
    law,
    made_up,
    map_source,
    safe,
    side_mark,
    sources,
    stop_card,
    timetable,
)
from exports.briefing_map import drawn_map
from exports.briefing_paper import paper_map
from exports.briefing_scene import scene
from exports.checklists import Checklists, default_checklists
from exports.crews import car_name, crew_name, crew_title, plan_title
from exports.leaflet import leaflet_script, leaflet_style
from exports.policy import own_policy
from exports.texts import one_line
from layers.palette import DARK, LIGHT
from layers.terms import PLAN_STATES
from words import Language, Translate, translator

_PAGE = Path(__file__).with_name("briefing.html")
_STYLE = Path(__file__).with_name("briefing.css")
_LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
_GOES = frozenset({PlanState.IN_FORCE, PlanState.DONE})


def briefing_page(briefing: Briefing, crew_id: str, lang: Language, checklists: Checklists | None = None) -> str:
    """The page of one crew.

    Parameters
    ----------
    briefing
        Of the plan.
    crew_id
        Whose day.
    lang
        Language of the page.
    checklists
        What officers look at; None: the lists that come along.

    Returns
    -------
    str
        The text of the HTML page. The map, its library and every style are inside; its policy forbids any request, and
        any script but the two that it names by their hash. The same briefing gives the same text.

    Raises
    ------
    NotFoundError
        The plan has no such crew.
    """
    _ = translator(lang)
    crew, lists = briefing.crew(crew_id), default_checklists() if checklists is None else checklists
    shown = scene(briefing, crew, lang)
    element, script = drawn_map(shown, _)
    scripts = (leaflet_script(), script)
    plan = briefing.plan
    parts = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "policy": own_policy(*scripts),
        "title": safe(crew_title(briefing, crew_id, _)),
        "style": f"{leaflet_style()}\n{_style()}",
        "kind": safe(_("Joint patrol briefing")),
        "crew": safe(crew_name(briefing, crew_id, _)),
        "plan": safe(plan_title(briefing)),
        "day": safe(format_date(plan.on, "full", locale=_LOCALES[lang])),
        "state": _state(briefing, lang),
        "side_a": side_mark(briefing, plan.a, lang),
        "side_b": side_mark(briefing, plan.b, lang),
        "figures": _figures(briefing, crew, _),
        "map_title": safe(_("Map of the route")),
        "map": element,
        "paper": paper_map(shown, _),
        "key": f"{_key(_)}<span>{map_source(briefing, lang)}</span>",
        "times_title": safe(_("Times")),
        "times": timetable(briefing, crew, lang),
        "members_title": safe(_("Crew")),
        "members": crew_part(briefing, crew, lists, lang),
        "stops_title": safe(_("Stops")),
        "stops": "".join(stop_card(briefing, n, stop, lists, lang) for n, stop in enumerate(crew.stops, start=1))
        or f'<p class="none">{safe(_("This crew has no stop."))}</p>',
        "contacts_title": safe(_("Contacts")),
        "contacts": contacts(briefing, crew, lang),
        "law_title": safe(_("Law")),
        "law": law(briefing, lang),
        "sources_title": safe(_("Sources")),
        "sources": sources(briefing, lang),
        "leaflet": scripts[0],
        "script": scripts[1],
    }
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(parts)


def _style() -> str:
    """The style sheet with the palette's colours; bands and bars have the two hues, lines and words their dark shades."""
    light = {name: getattr(LIGHT, name) for name in LIGHT.__dataclass_fields__}
    return Template(_STYLE.read_text(encoding="utf-8")).substitute(light, hue_a=DARK.side_a, hue_b=DARK.side_b)


def _state(briefing: Briefing, lang: Language) -> str:
    """Where the plan stands, loudly where nobody may go by it."""
    _, state = translator(lang), briefing.plan.state
    kind = "goes" if state in _GOES else "waits"
    words = f"{_(PLAN_STATES[state])} · {_('version')} {briefing.plan.version}"
    warn = "" if state in _GOES else f'<p class="warn">{safe(_("Not in force: do not set out by this sheet."))}</p>'
    return f'<p class="state {kind}">{safe(words)}{made_up(briefing.simulated, lang)}</p>{warn}'


def _figures(briefing: Briefing, crew: PlannedCrew, _: Translate) -> str:
    """The few figures a crew asks for first."""
    first = clock(briefing, crew.stops[0], "start_at") if crew.stops else "–"
    facts = [
        (_("Leave"), clock(briefing, crew, "leave_at")),
        (_("First visit"), first),
        (_("Back"), clock(briefing, crew, "back_at")),
        (_("Officers"), f"{len(crew.members)}"),
        (_("Stops"), f"{len(crew.stops)}"),
        (_("On the road"), _("{n} min").format(n=f"{crew.travel_min:.0f}")),
        (_("Vehicle"), car_name(crew.vehicle_id, _)),
        (_("Station"), one_line(crew.station_name)),
    ]
    return "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in facts)


def _key(_: Translate) -> str:
    """What the lines and bands of the map mean; each kind is told by its form too."""
    line, area = '<path class="{}" d="M1,8 33,8"/>', '<rect class="{}" x="1" y="2" width="32" height="12"/>'
    kinds = (
        (line.format("border"), _("border")),
        (area.format("zone-a"), _("zone, side A")),
        (area.format("zone-b"), _("zone, side B")),
        (area.format("zone-disputed"), _("disputed")),
        (line.format("way"), _("order of the stops, not the road")),
        ('<circle class="finding" cx="17" cy="8" r="4.5"/>', _("incident")),
    )
    return "".join(
        f'<span><svg class="drawn" width="34" height="16" aria-hidden="true">{mark}</svg>{safe(words)}</span>'
        for mark, words in kinds
    )
