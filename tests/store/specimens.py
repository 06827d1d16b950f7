"""Small frames and things that every store must keep."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pandas as pd
import shapely

from casework.approvals import Event, PlanState, Role, Step
from casework.changes import Redrawn, ZoneChange
from casework.findings import Analysis, Inquiry
from casework.model import (
    Agreement,
    Category,
    CrewPart,
    Ends,
    Kind,
    Load,
    Patrol,
    PatrolState,
    Reject,
    Selection,
    Strip,
)
from casework.plan import Duty, Member, Plan, PlannedCrew, Stop, Undone
from geo.cells import tile_cells

T0 = datetime(2025, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = Selection()
EVERYWHERE = tile_cells(0, 0, 0)


def known(values) -> list:
    return [None if pd.isna(value) else value for value in values]


def is_missing(values) -> bool:
    return bool(pd.isna(values).all())


def load(kind: Kind, **changes) -> Load:
    values = {"file": "表.xlsx", "source": "市生态环境局", "datum": "CGCS2000", "at": T0, "simulated": False}
    return Load(kind, **values | changes)


def frame(geometry, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=4326)


def boundaries() -> gpd.GeoDataFrame:
    with_hole = shapely.box(120, 30, 121, 31).difference(shapely.box(120.4, 30.4, 120.6, 30.6))
    corner = shapely.Polygon([(121, 30), (122, 30), (122, 31)])
    both = shapely.MultiPolygon([shapely.box(10, 10, 11, 11), shapely.box(12, 10, 13, 11)])
    return frame(
        [corner, with_hole, both],
        id=["330502", "320509", "X"],
        name=["吴兴区", "吴江区", "岛"],
        level=["county", "county", None],
        parent_id=["330500", "320500", None],
        name_en=["Wuxing", "Wujiang", None],
    )


def stations() -> gpd.GeoDataFrame:
    return frame(
        [shapely.Point(120.1, 30.8), shapely.Point(120.6, 31.1), shapely.Point(0, 0)],
        id=["S2", "S1", "S3"],
        name=["织里中队", "盛泽大队", "联勤站"],
        level=["squad", "team", "joint"],
        jurisdiction_id=["330502", "320509", None],
        n_officers=[4, 12, 0],
        phone=["0572-1", None, None],
    )


def firms() -> gpd.GeoDataFrame:
    return frame(
        [shapely.Point(120.2, 30.7), shapely.Point(120.7, 31.0)],
        id=["F1", "F2"],
        name=["甲厂", "乙厂"],
        code=["red", "green"],
        jurisdiction_id=["330502", None],
        risk=[0.75, float("nan")],
        emissions=[10.0, 90.0],
        oversight=[None, 80.0],
    )


def incidents() -> gpd.GeoDataFrame:
    """Six incidents, the last two at the same instant; two share one place, one is on the other side of the world."""
    places = [(120.10, 30.80), (120.10, 30.80), (120.50, 31.00), (120.90, 30.20), (-70.0, -33.0), (120.11, 30.81)]
    at = [T0, T0 + HOUR, T0 + 2 * HOUR, T0 + 3 * HOUR, T0 + 24 * HOUR, T0 + 24 * HOUR]
    return frame(
        shapely.points(places),
        id=["I1", "I2", "I3", "I4", "I6", "I5"],
        at=pd.to_datetime(at, utc=True).as_unit("us"),
        category=["water", "air", "water", "waste", "noise", "water"],
        source=["complaint", "monitoring", "random", "complaint", "other", "totals"],
        severity=[1, 2, 3, 4, 1, 2],
        jurisdiction_id=["330502", "330502", "320509", None, None, "330502"],
        description=["河水发黑", None, "", "rubble", None, "🌊"],
        accuracy_m=[15.0, float("nan"), 0.0, None, 3.5, 1.0],
    )


def borders() -> gpd.GeoDataFrame:
    lines = [shapely.LineString([(121, 30), (121, 31)]), shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])]
    return frame(
        lines, a=["B", "A"], b=["C", "B"], length_m=[7_270.5, 1.0], method=["exact", "near"], tolerance_m=[0.0, 50.0]
    )


def agreement(**changes) -> Agreement:
    values = {
        "id": "A-B-1",
        "title": "联合执法备忘录",
        "a": "320509",
        "b": "330502",
        "depth_a_m": 1000.0,
        "depth_b_m": 500.5,
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2026, 12, 31),
        "from_m": 10.0,
        "categories": (Category.WATER, Category.AIR),
        "memorandum": "第一条",
        "simulated": True,
        "others": (Strip("330502", "330503", 800.0, 0.5, None, 4000.0), Strip("320509", "330503", 1.0, 2.0)),
        "ends": Ends.ROUND,
        "beyond": True,
        "powers": "检查、取样",
    }
    return Agreement(**values | changes)


def zone(agreement_id: str = "A-B-1") -> gpd.GeoDataFrame:
    parts = [shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1)]
    owners = {"jurisdiction_id": ["330502", "320509"]}
    return frame(parts, agreement_id=[agreement_id] * 2, side=["b", "a"], area_m2=[2.5, 1.5], **owners)


def redrawn(**changes) -> Redrawn:
    zones = (
        ZoneChange("A-B-1", "联合执法备忘录", 7_270.5, 7_300.0, 4.0, 5.5, n_into=3, n_out_of=1, changed=True),
        ZoneChange("A-A-1", "", 100.0, None, 1.5, 1.5, stale="no border"),
    )
    return Redrawn(**{"at": T0, "n_borders": 2, "n_moved": 17, "zones": zones} | changes)


def patrol(**changes) -> Patrol:
    values = {
        "id": "P1",
        "agreement_id": "A-B-1",
        "title": "联合巡查",
        "on": date(2025, 4, 1),
        "lon": 120.5,
        "lat": 30.9,
        "crew": (CrewPart("S1", "盛泽大队", "320509", 2, 12.5), CrewPart("S2", "织里中队", "330502", 2, 9.0)),
        "firm_ids": ("F2", "F1"),
        "state": PatrolState.PROPOSED,
        "created_at": T0,
        "note": "带采样瓶",
    }
    return Patrol(**values | changes)


def reject(row: int = 2, **changes) -> Reject:
    values = {"kind": Kind.INCIDENTS, "file": "表.xlsx", "field": "severity", "value": "很重", "expected": "1 to 4"}
    return Reject(**{**values, "row": row, "raw": {"编号": "I9", "等级": "很重"}, **changes})


def finding(**changes):
    """A row of a FINDINGS frame, with its place."""
    row = {
        "cluster": 1, "n_incidents": 13, "n_a": 7, "n_b": 6, "straddles": True, "first_at": T0,
        "last_at": T0 + timedelta(days=3), "radius_m": 420.5, "max_severity": 2, "expected": 2.5, "statistic": 9.25,
        "p": 0.001, "q": 0.002, "start_on": "2026-06-05", "end_on": "2026-06-09", "n_other": 0, "expected_a": 1.5,
        "expected_b": 1.0, "n_zone": 11, "expected_zone": 2.0, "p_a": 0.4, "p_b": 0.3, "sight": "neither",
        "p_effort": math.nan, "n_early": 8, "n_late": 5, "is_new": False, "member_ids": ("i1", "i2"),
        "by_day": (("2026-06-05", "a", 3), ("2026-06-06", "b", 4)), "lon": 120.3, "lat": 30.9,
    }  # fmt: skip
    return row | changes


def analysis(**changes):
    """One test of A and B, 90 days long."""
    asked = Inquiry(selection=Selection(since=T0, categories=(Category.WATER,)))
    terms = {
        "id": "a1b2c3d4e5f6", "run": "0123456789ab", "a": "A", "b": "B", "inquiry": asked, "at": T0, "by": "local",
        "took_s": 1.5, "first_on": date(2026, 3, 12), "last_on": date(2026, 6, 9), "n_incidents": 200, "n_zones": 3,
        "watch": True, "versions": {"incidents": 4, "jurisdictions": 2}, "caveats": ("There is one case.",),
    }  # fmt: skip
    return Analysis(**(terms | changes))


def plan(**changes) -> Plan:
    start = T0.replace(hour=1)
    stop = Stop(
        "v1", "双桥印染", Duty.FIRM, 120.42, 30.87, start, start + timedelta(minutes=5), start + timedelta(minutes=45), 12.5,
        risk=3.5, firm_id="f1", agencies=("water", "air"), agreement_id="A-B-1", with_crews=("c2",), reason="complaint",
        locked=True,
    )  # fmt: skip
    crew = PlannedCrew(
        "c1", "s1", "南浔所", 120.4, 30.9, "car 1", (Member("o1", "S1 · 1", "A", "water"), Member("o2", "S2 · 1", "B")),
        start - timedelta(minutes=12), start + timedelta(hours=1), (stop,),
    )  # fmt: skip
    one = Plan(
        "p1", "周一联合巡查", date(2026, 11, 23), "A", "B", (crew,), (Undone("v2", "绿码企业", "no reason is stated", "state one"),),
        steps=(Step(Event.CHANGE, Role.SIDE_A, "local", T0, PlanState.DRAFT, "first draft"),), provider="roads",
        simulated=True, seed=7, iterations=1000, problem={"visits": [{"id": "v1"}]}, series="tuesdays", created_at=T0,
    )  # fmt: skip
    return replace(one, **changes)
