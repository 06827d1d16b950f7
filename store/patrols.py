"""Joint patrols."""

from dataclasses import asdict

import sqlalchemy as sa

from casework.model import CrewPart, Patrol, PatrolState
from casework.ports import Topic
from store.database import Database, differs
from store.rows import from_us, to_us
from store.schema import patrols as kept


class Patrols:
    """Who goes where together, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def patrols(self) -> tuple[Patrol, ...]:
        """See `casework.ports.Store.patrols`; those of one day by id."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(kept).order_by(kept.c.on.desc(), kept.c.id)).all()
        return tuple(
            Patrol(
                id=row.id,
                agreement_id=row.agreement_id,
                title=row.title,
                on=row.on,
                lon=row.lon,
                lat=row.lat,
                crew=tuple(CrewPart(**part) for part in row.crew),
                firm_ids=tuple(row.firm_ids),
                state=PatrolState(row.state),
                created_at=None if row.created_at_us is None else from_us(row.created_at_us),
                note=row.note,
            )
            for row in rows
        )

    def save_patrol(self, patrol: Patrol) -> None:
        """See `casework.ports.Store.save_patrol`; saved unchanged, it counts as no change."""
        row = asdict(patrol) | {"state": patrol.state.value}
        created_at = row.pop("created_at")
        row["created_at_us"] = None if created_at is None else to_us(created_at)
        news = {name: sa.literal(value, kept.c[name].type) for name, value in row.items()}
        with self._database.write(Topic.PATROLS) as connection:
            upsert = self._database.insert(kept).values(row)
            changed = upsert.on_conflict_do_update(index_elements=["id"], set_=row, where=differs(kept, news))
            if connection.execute(changed).rowcount:
                sides = [part.jurisdiction_id for part in patrol.crew]
                told = self._database.entry(f"patrol:{patrol.id}", sides, state=str(patrol.state))
                self._database.bump(connection, Topic.PATROLS, told)
