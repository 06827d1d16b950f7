"""An actor's eyes on PostgreSQL: what the owner writes into the database, anew after each migration.

The role `lianfang_web` reads the views of the schema `seen` and, of tables with nothing to hide in their columns, the
rows that policies let through. It writes rows under policies. The role `lianfang` is the operator's, and unbound.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from casework.errors import CaseError
from casework.sharing import Field
from store import schema
from store.seen import MASKED, PUBLISHED, READ, offered_incident
from store.seen_sets import POSTGRESQL, quoted, sets
from store.seen_steps import STEPS
from store.seen_writes import DELETE, DERIVED, INSERT, UPDATE, WRITTEN

OPERATOR, WEB = "lianfang", "lianfang_web"
# Told column by column: nobody reads a password or a token, not even to change it.
_SECRET = {"people": "password", "devices": "token"}
# What incidents are counted by, which is shared with whatever row is.
_COUNTED = ("n", "at_us", "cell", "category", "source", "severity", "jurisdiction_id", "lon", "lat")
_PINNED = "SET search_path = pg_catalog, pg_temp"


def write_rules(connection: sa.Connection) -> None:
    """Write views, policies, triggers and grants anew, whatever there was of them.

    Raises
    ------
    CaseError
        When the server does not have the roles.
    """
    known = f"SELECT count(*) FROM pg_roles WHERE rolname IN ({quoted((OPERATOR, WEB))})"
    if connection.exec_driver_sql(known).scalar() != len((OPERATOR, WEB)):
        raise CaseError(f"The server has no roles {OPERATOR} and {WEB}: run tools/roles.sql again, then migrate.")
    more = Path(__file__).with_name("policies.sql").read_text(encoding="utf-8")
    driver: Any = connection.connection
    for statement in (*_first(), *_sets(), _every_field(), more, *_tables(), *_counts(), *_steps(), *_grants()):
        # Past SQLAlchemy, which would take a percent sign for a parameter.
        with driver.cursor() as cursor:
            cursor.execute(statement)


def _first() -> Iterator[str]:
    """What is left of before goes, and policies and triggers with the functions they call."""
    yield "DROP SCHEMA IF EXISTS seen CASCADE"
    yield "CREATE SCHEMA seen"
    yield f"GRANT USAGE ON SCHEMA seen TO {OPERATOR}, {WEB}"
    yield "ALTER DEFAULT PRIVILEGES IN SCHEMA seen REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"


def _sets() -> Iterator[str]:
    """The five sets. They look where the actor may not, so nothing but themselves says where that is."""
    for name, (columns, query) in sets(POSTGRESQL).items():
        yield (
            f"CREATE FUNCTION seen.{name}() RETURNS TABLE ({columns}) LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20"
            f" SECURITY DEFINER {_PINNED} AS $$ #variable_conflict use_column\nBEGIN RETURN QUERY {query}; END $$"
        )


def _every_field() -> str:
    """What a party shares that names nothing."""
    every = json.dumps([str(one) for one in Field])
    return f"CREATE FUNCTION seen.every_field() RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT CAST('{every}' AS json) $$"


def _tables() -> Iterator[str]:
    """Views of what has columns to hide, policies for all that is not published."""
    d = POSTGRESQL
    for name in schema.METADATA.tables:
        if name in PUBLISHED:
            continue
        yield f"ALTER TABLE public.{name} ENABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS operator ON public.{name}"
        yield f"CREATE POLICY operator ON public.{name} TO {OPERATOR} USING (true) WITH CHECK (true)"
        if name in MASKED:
            yield f"CREATE VIEW seen.{name} WITH (security_barrier) AS {MASKED[name].query(d, name)}"
        for verb, condition in _conditions(name).items():
            yield f"DROP POLICY IF EXISTS web_{verb.lower()} ON public.{name}"
            clauses = {
                "SELECT": f"USING ({condition})",
                INSERT: f"WITH CHECK ({condition})",
                UPDATE: f"USING ({condition}) WITH CHECK ({condition})",
                DELETE: f"USING ({condition})",
            }
            yield f"CREATE POLICY web_{verb.lower()} ON public.{name} FOR {verb} TO {WEB} {clauses[verb]}"


def _counts() -> Iterator[str]:
    """Views of what is counted beforehand of own regions, and of the incidents that others share, which is not."""
    d = POSTGRESQL
    for name in ("incident_days", "incident_cells"):
        # Those of no region are counted under "".
        of_mine = f"{d.within('kept.jurisdiction_id', 'mine')} AND kept.jurisdiction_id <> ''"
        yield f"CREATE VIEW seen.{name} WITH (security_barrier) AS SELECT * FROM public.{name} AS kept WHERE {of_mine}"
    columns = ", ".join(f"row.{name}" for name in _COUNTED)
    agreed = d.within("s.agreement_id", "offered", "agreement_id")
    # What is offered is never of own regions; what two agreements share is there once. OFFSET and IS keep the steps in
    # this order, each incident looked up by its key, however many the server takes them for.
    yield (
        f"CREATE VIEW seen.incidents_of_others WITH (security_barrier) AS SELECT DISTINCT {columns}"
        f" FROM (SELECT s.n, s.agreement_id FROM public.shared_incidents AS s WHERE {agreed} OFFSET 0) AS s"
        " CROSS JOIN LATERAL (SELECT * FROM public.incidents AS i WHERE i.n = s.n OFFSET 0) AS row"
        f" WHERE ({offered_incident(d, 'row.')}) IS true"
    )


def _steps() -> Iterator[str]:
    """Triggers on what a policy cannot say, because it compares a row with the one there was."""
    for name, (new, changed) in STEPS.items():
        yield (
            f"CREATE FUNCTION seen.step_of_{name}() RETURNS trigger LANGUAGE plpgsql {_PINNED} AS $$ BEGIN"
            f" IF session_user = '{WEB}' AND (CASE TG_OP WHEN 'INSERT' THEN {new(POSTGRESQL)}"
            f" ELSE {changed(POSTGRESQL)} END) IS NOT true"
            " THEN RAISE EXCEPTION 'not a step of this actor' USING ERRCODE = 'insufficient_privilege'; END IF;"
            " RETURN new; END $$"
        )
        yield (
            f"CREATE TRIGGER step BEFORE INSERT OR UPDATE ON public.{name}"
            f" FOR EACH ROW EXECUTE FUNCTION seen.step_of_{name}()"
        )


def _conditions(name: str) -> dict[str, str]:
    """Conditions of a table's policies by verb; what is written is read too, by those who may write it."""
    verbs = {} if name in DERIVED else WRITTEN.get(name, {})
    written = {verb: may(POSTGRESQL, f"{name}.") for verb, may in verbs.items()}
    if name in READ:
        return {"SELECT": READ[name](POSTGRESQL, f"{name}.")} | written
    if name in MASKED and written:
        return {"SELECT": next(iter(written.values()))} | written
    return written


def _grants() -> Iterator[str]:
    """What the roles may try at all; the policies say on which rows."""
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA seen TO {OPERATOR}, {WEB}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA seen TO {OPERATOR}, {WEB}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {WEB}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}"
    # Kinds are words of the program: see the migration that numbers them.
    known = ("alembic_version", "incident_kinds", *PUBLISHED)
    yield f"GRANT SELECT ON {', '.join(f'public.{name}' for name in known)} TO {WEB}"
    for name, table in schema.METADATA.tables.items():
        verbs = [*_conditions(name)]
        if not verbs and name not in MASKED:
            # No policy lets any row through: what is the operator's is empty for others, and no error.
            verbs = ["SELECT"]
        if name in _SECRET:
            told = ", ".join(one.name for one in table.c if one.name != _SECRET[name])
            yield f"GRANT SELECT ({told}), INSERT, UPDATE ON public.{name} TO {WEB}"
        elif verbs:
            yield f"GRANT {', '.join(verbs)} ON public.{name} TO {WEB}"
