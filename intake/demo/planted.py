"""Clusters planted on purpose are written down, so that anyone can check what detection finds and what it misses."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FILE = "demo-planted.json"


@dataclass(frozen=True)
class Planted:
    """One planted cluster.

    `a` < `b` are the counties of the border it lies at, `n_a` and `n_b` its incidents in each; far from any border `b`
    is None. The radius is that of the disc the incidents were drawn in, around `lon`, `lat` (degrees).
    """

    id: str
    a: str
    b: str | None
    lon: float
    lat: float
    radius_m: float
    first_at: datetime
    last_at: datetime
    n_a: int
    n_b: int
    straddles: bool
    incident_ids: tuple[str, ...]


def planted_json(planted: Sequence[Planted]) -> str:
    """The table of planted clusters as JSON text, instants in ISO 8601.

    Examples
    --------
    >>> planted_json([])
    '{"simulated": true, "clusters": []}'
    """
    rows = [asdict(one) | {"first_at": one.first_at.isoformat(), "last_at": one.last_at.isoformat()} for one in planted]
    return json.dumps({"simulated": True, "clusters": rows}, ensure_ascii=False)


def write_planted(planted: Sequence[Planted], folder: Path) -> Path:
    """Where the table of planted clusters was written: beside the database, not into it, so that no screen shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    file.write_text(planted_json(planted) + "\n", encoding="utf-8")
    return file
