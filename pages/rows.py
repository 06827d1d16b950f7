"""What the tables list, as the screen says it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd

from casework.model import Agreement, Category, Patrol, Severity, Source
from layers.terms import CATEGORIES, SEVERITIES, SOURCES
from pages.agreements import standing
from pages.panels import crew_words, local
from pages.terms import PATROL_STATES
from words import Translate


def clusters(frame: gpd.GeoDataFrame, picked: str | None, timezone: str, _: Translate) -> list[dict[str, Any]]:
    """One row a cluster; `key` is what a view picks it by."""
    return [
        {
            "key": (key := f"cluster:{one['cluster']}"),
            "picked": key == picked,
            "cluster": int(one["cluster"]),
            "n": int(one["n_incidents"]),
            "n_a": int(one["n_a"]),
            "n_b": int(one["n_b"]),
            "across": _("yes, both sides") if one["straddles"] else _("one side"),
            "first": local(one["first_at"], timezone, "%Y-%m-%d"),
            "last": local(one["last_at"], timezone, "%Y-%m-%d"),
            "radius": round(one["radius_m"]),
            "severity": _(SEVERITIES[Severity(one["max_severity"])]),
        }
        for one in frame.to_dict("records")
    ]


def incidents(
    frame: gpd.GeoDataFrame, names: Mapping[str, str], picked: str | None, timezone: str, _: Translate
) -> list[dict[str, Any]]:
    """One row an incident."""
    return [
        {
            "key": (key := f"incident:{one['id']}"),
            "picked": key == picked,
            "at": local(one["at"], timezone),
            "category": _(CATEGORIES[Category(one["category"])]),
            "severity": _(SEVERITIES[Severity(one["severity"])]),
            "source": _(SOURCES[Source(one["source"])]),
            "jurisdiction": names.get(one["jurisdiction_id"], "–"),
            "description": one["description"] if isinstance(one["description"], str) else "",
        }
        for one in frame.to_dict("records")
    ]


def agreements(
    all_of_them: Sequence[Agreement], names: Mapping[str, str], today: date, _: Translate
) -> list[dict[str, str]]:
    """What a select offers: parties, where it stands, and title of each agreement, in the order they come in."""
    return [
        {
            "value": one.id,
            "label": " · ".join(
                part
                for part in (
                    " – ".join(names.get(party, party) for party in one.parties),
                    standing(one, today, _),
                    one.title,
                )
                if part
            ),
        }
        for one in all_of_them
    ]


def patrols(
    all_of_them: Sequence[Patrol], agreements: Mapping[str, Agreement], names: Mapping[str, str], _: Translate
) -> list[dict[str, Any]]:
    """One row a patrol."""
    return [
        {
            "key": one.id,
            "on": one.on.isoformat(),
            "agreement": agreements[one.agreement_id].title if one.agreement_id in agreements else one.agreement_id,
            "crew": crew_words(one, names, _),
            "state": _(PATROL_STATES[one.state]),
        }
        for one in all_of_them
    ]
