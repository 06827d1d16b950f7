"""A file read from end to end: settled first, then batch by batch, with an account of what was assumed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import geopandas as gpd

from casework.model import Box, Kind, Reject
from intake import times
from intake.columns import recognise
from intake.files import open_table
from intake.ids import Seen
from intake.mapping import Mapping
from intake.reference import Reference, reference_of
from intake.rows import Plan, Tally, convert
from intake.tables import Table


@dataclass(frozen=True)
class Options:
    """What somebody said about a file on the way in; everything may stay unsaid, except the zone of naive times.

    `datum`: one of `Datum` or EPSG:n. `timezone`: said for this file. `default_timezone`: taken otherwise.
    """

    datum: str | None = None
    timezone: str | None = None
    id_column: str | None = None
    mapping: Mapping = field(default_factory=Mapping)
    default_timezone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Part:
    """The rows of one batch: good ones in EPSG:4326, and the rest."""

    rows: gpd.GeoDataFrame
    rejects: list[Reject]


class Reading:
    """One file, being read. The columns, the datum and the zone are known before the first row."""

    def __init__(
        self,
        table: Table,
        kind: Kind,
        options: Options,
        now: datetime,
        *,
        file: str | None = None,
        near: Box | None = None,
    ) -> None:
        self.table = table
        self.kind = kind
        named = dict(options.mapping.columns)
        if options.id_column is not None:
            named["id"] = options.id_column
        self.columns = recognise(kind, table.columns, named, options.mapping.defaults, has_shapes=table.has_shapes)
        coordinate_headers = tuple(self.columns[name] for name in ("lon", "lat") if name in self.columns)
        self.reference: Reference = reference_of(table, options.datum, options.mapping.datum, coordinate_headers)
        self.timezone, self.timezone_why = _zone(options)
        times.zone(self.timezone)
        self.file = file or file_label(table.path)
        self.tally = Tally()
        self.n_rows = 0
        self.n_rejected = 0
        self.rejected_by_field: Counter[str] = Counter()
        self._plan = Plan(kind, self.file, self.columns, self.reference, self.timezone, options.mapping, now, near)

    def parts(self, seen: Seen | None = None) -> Iterator[Part]:
        """The file's rows, batch by batch; counts what it hands out. `seen` says which ids may not come again."""
        seen = Seen() if seen is None else seen
        for batch in self.table.batches():
            rows, rejects = convert(batch, self._plan, seen, self.tally)
            self.n_rows += len(rows) + len(rejects)
            self.n_rejected += len(rejects)
            self.rejected_by_field.update(reject.field for reject in rejects)
            yield Part(rows, rejects)


def read(
    path: Path, kind: Kind, options: Options, now: datetime, *, file: str | None = None, near: Box | None = None
) -> Reading:
    """The file `path`, opened and understood, ready to be read.

    Parameters
    ----------
    path
        Where it is.
    kind
        What its rows are.
    options
        What was said about it.
    now
        The present; later dates are turned away.
    file
        What the file is called in rejects and provenance; None: its folder and name.
    near
        Box of all jurisdictions, to recognise swapped coordinates.

    Raises
    ------
    CaseError
        The file as a whole cannot be taken; the message says what to do.
    """
    table = open_table(path, encoding=options.mapping.encoding, layer=options.mapping.layer)
    return Reading(table, kind, options, now, file=file, near=near)


def file_label(path: Path) -> str:
    """What a file is called from now on: its folder and its name, so that two folders' files stay apart.

    Examples
    --------
    >>> file_label(Path("/srv/county/june/incidents.csv"))
    'june/incidents.csv'
    """
    whole = path.resolve()
    return "/".join(whole.parts[-2:]).lstrip("/")


def _zone(options: Options) -> tuple[str, str]:
    if options.timezone:
        return options.timezone, "as you said"
    if options.mapping.timezone:
        return options.mapping.timezone, "as the mapping file says"
    return options.default_timezone, "by the settings"
