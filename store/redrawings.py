"""What changes of boundaries did to zones."""

from datetime import datetime

import sqlalchemy as sa

from casework.changes import Redrawn, ZoneChange
from casework.ports import Topic
from store import schema
from store.database import Database


class Redrawings:
    """Reports on new boundaries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_redrawn(self, redrawn: Redrawn) -> None:
        """See `casework.ports.Store.keep_redrawn`."""
        with self._database.write(Topic.AGREEMENTS) as connection:
            connection.execute(sa.insert(schema.redrawings).values(report=redrawn.as_dict()))
            n_zones = sum(zone.changed for zone in redrawn.zones)
            told = self._database.entry("boundaries:", n_moved=redrawn.n_moved, n_zones=n_zones)
            self._database.bump(connection, Topic.AGREEMENTS, told)

    def redrawn(self) -> Redrawn | None:
        """See `casework.ports.Store.redrawn`."""
        kept = schema.redrawings.c
        with self._database.read() as connection:
            report = connection.execute(sa.select(kept.report).order_by(kept.n.desc()).limit(1)).scalar()
        if report is None:
            return None
        return Redrawn(
            at=datetime.fromisoformat(report["at"]),
            n_borders=report["n_borders"],
            n_moved=report["n_moved"],
            zones=tuple(ZoneChange(**zone) for zone in report["zones"]),
        )
