"""One batch of a file as rows of ours: a frame that keeps its contract, and the rows that were turned away."""

from dataclasses import dataclass, field
from datetime import datetime

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from casework.model import Box, Kind, Reject
from intake import cells as cell
from intake import outlines, positions, times
from intake.faults import Faults
from intake.fields import FIELDS, Field
from intake.ids import DUPLICATE_ID, DUPLICATE_ROW, Seen, content_ids
from intake.mapping import Mapping
from intake.reference import Reference
from intake.tables import Batch, Shapes, stripped

READ_AS_DATUM = "(read as datum)"
READ_AS_TIMEZONE = "(read as timezone)"
READ_AS = (READ_AS_DATUM, READ_AS_TIMEZONE)
SHAPE = "geometry"


@dataclass(frozen=True)
class Plan:
    """How the rows of one file are read: settled once, before the first row."""

    kind: Kind
    file: str
    columns: dict[str, str]
    reference: Reference
    timezone: str
    mapping: Mapping
    now: datetime
    near: Box | None = None


@dataclass
class Tally:
    """What had to be assumed on the way, in rows."""

    n_naive: int = 0
    n_without_time: int = 0
    n_twice: int = 0
    repaired: list[str] = field(default_factory=list)
    repairs: list[pd.DataFrame] = field(default_factory=list)


def convert(batch: Batch, plan: Plan, seen: Seen, tally: Tally) -> tuple[gpd.GeoDataFrame, list[Reject]]:
    """The good rows of `batch` in EPSG:4326 and a `Reject` for each of the others.

    Parameters
    ----------
    batch
        Rows as texts.
    plan
        How to read them.
    seen
        Ids of earlier batches; grows.
    tally
        Grows by what had to be assumed.
    """
    faults = Faults(len(batch.cells))
    cell.check_readable(batch.cells, faults)
    repairs = pd.DataFrame()
    if plan.kind is Kind.BOUNDARIES:
        name = plan.columns.get("shape", SHAPE)
        shapes, repairs = outlines.outlines(_shapes(batch, plan, faults), name, plan.reference, faults)
    else:
        shapes = _points(batch, plan, faults)
    content = _contents(batch, plan, faults)
    read = _instants(batch, plan, faults) if plan.kind is Kind.INCIDENTS else None
    if read is not None:
        content["at"] = read.at
    content["id"] = _ids(batch, plan, faults, content.get("id"), seen)
    if plan.kind is not Kind.BOUNDARIES:
        content.setdefault("jurisdiction_id", np.full(len(batch.cells), None, object))
    good = faults.good
    frame = pd.DataFrame(content)[good].reset_index(drop=True)
    rows = gpd.GeoDataFrame(_typed(frame), geometry=shapes[good], crs=4326)
    if read is not None:
        tally.n_naive += int((read.naive & good).sum())
        tally.n_without_time += int((read.without_time & good).sum())
        tally.n_twice += int((read.twice & good).sum())
    if len(repairs := repairs[good[repairs.index]]):
        tally.repaired += [f"{row}" for row in batch.rows[repairs.index]]
        tally.repairs.append(repairs.assign(id=content["id"][repairs.index]))
    return rows, _rejects(batch, plan, faults)


def _shapes(batch: Batch, plan: Plan, faults: Faults) -> Shapes:
    if batch.shapes is not None:
        return batch.shapes
    header = plan.columns["shape"]
    return outlines.from_texts(batch.cells[header], header, faults)


def _points(batch: Batch, plan: Plan, faults: Faults) -> Shapes:
    if "lon" in plan.columns and "lat" in plan.columns:
        x, y = plan.columns["lon"], plan.columns["lat"]
        texts = positions.Columns(batch.cells[x], batch.cells[y], x, y)
        return positions.from_columns(texts, plan.reference, faults, plan.near)
    name = plan.columns.get("shape", SHAPE)
    return positions.from_shapes(_shapes(batch, plan, faults), name, plan.reference, faults, plan.near)


def _contents(batch: Batch, plan: Plan, faults: Faults) -> dict[str, npt.NDArray[np.generic] | pd.Index]:
    content: dict[str, npt.NDArray[np.generic] | pd.Index] = {}
    for a_field in FIELDS[plan.kind]:
        header, default = plan.columns.get(a_field.name), plan.mapping.defaults.get(a_field.name)
        if a_field.holds in ("position", "shape", "instant") or (header is None and default is None):
            continue
        texts = cell.cell_texts(batch.cells, header, default)
        content[a_field.name] = _content(plan, a_field, header or a_field.name, texts, faults)
    return content


def _content(plan: Plan, a_field: Field, header: str, texts: pd.Series, faults: Faults) -> npt.NDArray[np.generic]:
    if a_field.holds in ("number", "count"):
        return cell.numbers(a_field, header, texts, faults)
    if a_field.holds == "choice":
        return cell.choices(plan.kind, a_field, header, texts, faults, plan.mapping)
    return cell.texts(a_field, header, texts, faults, plan.mapping.words.get(a_field.name))


def _instants(batch: Batch, plan: Plan, faults: Faults) -> times.Instants:
    texts, header = _time_texts(batch, plan)
    read = times.instants(texts, plan.timezone, plan.mapping.date_format)
    values = texts.to_numpy()
    expected = times.EXPECTED if plan.mapping.date_format is None else f"a date like {plan.mapping.date_format}"
    faults.add(stripped(texts) == "", header, values, f"{expected}; it is missing")
    faults.add(read.at.isna(), header, values, f"{expected} that exists")
    faults.add(np.asarray(read.at < pd.Timestamp(times.EARLIEST)), header, values, "a date after 1900")
    faults.add(
        np.asarray(read.at > pd.Timestamp(plan.now + times.LONGEST_AHEAD)),
        header,
        values,
        "a date that is not in the future",
    )
    return read


def _time_texts(batch: Batch, plan: Plan) -> tuple[pd.Series, str]:
    """One text per row that says when, and the header or headers it came from."""
    at, date, time = (plan.columns.get(name) for name in ("at", "date", "time"))
    defaults = plan.mapping.defaults
    if at is not None or (date is None and time is None):
        return cell.cell_texts(batch.cells, at, defaults.get("at")), at or "at"
    if date is not None and time is not None:
        joined = times.joined(batch.cells[date], batch.cells[time])
        return joined, f"{date}, {time}"
    header = date or time or ""
    return cell.cell_texts(batch.cells, header, defaults.get("date")), header


def _ids(
    batch: Batch, plan: Plan, faults: Faults, given: npt.NDArray[np.generic] | pd.Index | None, seen: Seen
) -> npt.NDArray[np.object_]:
    """Ids of all rows; those of good rows are unique in the file."""
    header = plan.columns.get("id")
    ids = content_ids(batch.cells, batch.shapes) if given is None else np.asarray(given, object)
    good = np.flatnonzero(faults.good)
    first = seen.first_rows(ids[good], batch.rows[good])
    duplicate, before = np.zeros(len(ids), bool), np.zeros(len(ids), np.int64)
    duplicate[good], before[good] = first > 0, first
    what = DUPLICATE_ID if header is not None else DUPLICATE_ROW
    faults.add(
        duplicate,
        header or "id",
        (lambda i: str(ids[i])) if header is not None else (lambda i: f"same as row {before[i]}"),
        lambda i: f"{what}; row {before[i]} came first",
    )
    fresh = faults.good
    seen.add(ids[fresh], batch.rows[fresh])
    return ids


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns in the types of the frame contracts."""
    for name in frame.columns:
        if name in ("severity", "n_officers"):
            frame[name] = frame[name].astype(int)
        elif frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
    if "at" in frame:
        frame["at"] = frame["at"].astype("datetime64[us, UTC]")
    return frame


def _rejects(batch: Batch, plan: Plan, faults: Faults) -> list[Reject]:
    read_as = {READ_AS_DATUM: plan.reference.name, READ_AS_TIMEZONE: plan.timezone}
    rejects = [
        Reject(plan.kind, plan.file, broken.row, "(line)", broken.value, broken.expected, {**broken.raw, **read_as})
        for broken in batch.broken
    ]
    headers = [str(header) for header in batch.cells.columns]
    for position, fault in faults.by_row.items():
        raw = dict(zip(headers, batch.cells.iloc[position], strict=True))
        if batch.shapes is not None:
            raw[SHAPE] = _wkt(batch.shapes[position])
        row = int(batch.rows[position])
        rejects.append(Reject(plan.kind, plan.file, row, fault.field, fault.value, fault.expected, {**raw, **read_as}))
    return sorted(rejects, key=lambda reject: reject.row)


def _wkt(shape: shapely.Geometry | None) -> str:
    return "" if shape is None else str(shapely.to_wkt(shape, rounding_precision=10))
