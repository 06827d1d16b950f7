"""Tests for chance, as they were made."""

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import sqlalchemy as sa

from casework.findings import FACTS, Analysis, Inquiry, findings_of
from casework.ports import Topic
from store import schema
from store.database import Database
from store.rows import from_us, to_us

_COLUMNS = ("cluster", "radius_m", "n_incidents", "n_a", "n_b", "straddles", "max_severity")


class Analyses:
    """What was tested, and what was found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_analyses(self, made: Sequence[tuple[Analysis, gpd.GeoDataFrame]]) -> None:
        """See `casework.ports.Store.save_analyses`."""
        if not made:
            return
        found = [row for one, frame in made for row in _rows(one.id, frame)]
        with self._database.write(Topic.ANALYSES) as connection:
            connection.execute(sa.insert(schema.analyses), [_row(one) for one, _ in made])
            if found:
                connection.execute(sa.insert(schema.findings), found)
            told = made[0][0]
            concerned = {one for analysis, _ in made for one in (analysis.a, analysis.b)}
            entry = self._database.entry(f"analysis:{told.run}", concerned, n_analyses=len(made), n_found=len(found))
            self._database.bump(connection, Topic.ANALYSES, entry)

    def analyses(self, a: str, b: str) -> tuple[Analysis, ...]:
        """See `casework.ports.Store.analyses`."""
        kept = schema.analyses
        return self._read((kept.c.a == a) & (kept.c.b == b))

    def analysis(self, analysis_id: str) -> Analysis | None:
        """See `casework.ports.Store.analysis`."""
        return next(iter(self._read(schema.analyses.c.id == analysis_id)), None)

    def findings(self, analysis_id: str) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.findings`."""
        kept = schema.findings
        wanted = sa.select(kept).where(kept.c.analysis_id == analysis_id).order_by(kept.c.cluster)
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return findings_of([_finding(row) for row in rows])

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[Analysis, ...]:
        kept = schema.analyses
        wanted = sa.select(kept).where(which).order_by(kept.c.at_us.desc(), kept.c.n.desc())
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(_analysis(row) for row in rows)


def _row(one: Analysis) -> dict[str, Any]:
    """An analysis as a row."""
    plain = {name: getattr(one, name) for name in ("id", "run", "a", "b", "by", "took_s", "first_on", "last_on")}
    plain |= {name: getattr(one, name) for name in ("n_incidents", "n_zones", "watch")}
    more = {"inquiry": one.inquiry.plain(), "versions": dict(one.versions), "caveats": list(one.caveats)}
    scope = f",{','.join(one.scope)}," if one.scope else ""
    return {**plain, **more, "at_us": to_us(one.at), "scope": scope}


def _analysis(row: Any) -> Analysis:
    """An analysis of a row."""
    plain = {name: value for name, value in row.items() if name not in {"n", "at_us"}}
    inquiry, caveats = Inquiry.of(plain["inquiry"]), tuple(plain["caveats"])
    scope = tuple(one for one in plain["scope"].split(",") if one)
    return Analysis(**{**plain, "inquiry": inquiry, "caveats": caveats, "at": from_us(row["at_us"]), "scope": scope})


def _rows(analysis_id: str, frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Findings as rows; what is only ever shown stands together."""
    places = zip(frame.geometry.x.tolist(), frame.geometry.y.tolist(), strict=True)
    return [
        {
            **{name: row[name] for name in _COLUMNS},
            "analysis_id": analysis_id,
            "lon": lon,
            "lat": lat,
            "first_at_us": to_us(row["first_at"]),
            "last_at_us": to_us(row["last_at"]),
            "facts": {name: _plain(row[name]) for name in FACTS},
        }
        for row, (lon, lat) in zip(frame.to_dict("records"), places, strict=True)
    ]


def _finding(row: Any) -> dict[str, Any]:
    """A finding of a row."""
    facts = dict(row["facts"])
    facts["member_ids"] = tuple(facts["member_ids"])
    facts["by_day"] = tuple((day, side, n) for day, side, n in facts["by_day"])
    when = {"first_at": from_us(row["first_at_us"]), "last_at": from_us(row["last_at_us"])}
    return {**{name: row[name] for name in (*_COLUMNS, "lon", "lat")}, **facts, **when}


def _plain(value: Any) -> Any:
    """A value as JSON has it: it knows no number that is none."""
    return None if isinstance(value, float) and math.isnan(value) else value
