"""Plans of joint patrols, each as one document."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from casework.errors import OutdatedError
from casework.plan import Plan
from casework.ports import Topic
from store.database import Database, change
from store.schema import plans as kept

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


class Plans:
    """Which crew goes where, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plans(self) -> tuple[Plan, ...]:
        """See `casework.ports.Store.plans`."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(kept.c.plan).order_by(kept.c.on.desc(), kept.c.id)).scalars().all()
        return tuple(_PLAN.validate_python(row) for row in rows)

    def plan(self, plan_id: str) -> Plan | None:
        """See `casework.ports.Store.plan`."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(kept.c.plan).where(kept.c.id == plan_id)).scalar()
        return None if row is None else _PLAN.validate_python(row)

    def save_plan(self, plan: Plan) -> Plan:
        """See `casework.ports.Store.save_plan`."""
        with self._database.write(Topic.PLANS) as connection:
            there = connection.execute(sa.select(kept.c.version).where(kept.c.id == plan.id)).scalar() or 0
            if there != plan.version:
                raise OutdatedError(
                    "Somebody else has changed plan {plan} meanwhile: look at it again before you save.",
                    plan=plan.title or plan.id,
                )
            saved = replace(plan, version=there + 1)
            row = {"on": saved.on, "a": saved.a, "b": saved.b, "version": saved.version}
            row["plan"] = _PLAN.dump_python(saved, mode="json")
            if there:
                change(connection, sa.update(kept).where(kept.c.id == plan.id).values(row))
            else:
                connection.execute(sa.insert(kept).values(id=plan.id, **row))
            facts: dict[str, Any] = {"version": saved.version, "state": str(saved.state)}
            if saved.steps:
                facts |= {"event": str(saved.steps[-1].event), "side": str(saved.steps[-1].role)}
            told = self._database.entry(f"plan:{saved.id}", (saved.a, saved.b), **facts)
            self._database.bump(connection, Topic.PLANS, told)
        return saved
