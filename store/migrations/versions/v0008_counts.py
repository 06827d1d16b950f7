"""Incidents counted as they come in, on PostgreSQL: by day and month of a region, by month and year of a cell.

Tables and triggers are PostgreSQL's alone: SQLite counts a million rows quickly enough without.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

# `kinds[k]` says how many of kind k; an array ends at the last kind there is. A cell's kinds know no source: "".
_TABLES = """
CREATE TABLE incident_kinds (category text COLLATE "C", source text COLLATE "C", severity integer,
    kind integer NOT NULL, PRIMARY KEY (category, source, severity));
CREATE TABLE incident_days (months smallint, from_us bigint, jurisdiction_id text COLLATE "C",
    n integer NOT NULL, kinds integer[] NOT NULL, PRIMARY KEY (months, from_us, jurisdiction_id));
CREATE TABLE incident_cells (months smallint, from_us bigint, cell bigint, jurisdiction_id text COLLATE "C",
    n integer NOT NULL, lon float NOT NULL, lat float NOT NULL, kinds integer[] NOT NULL,
    PRIMARY KEY (months, from_us, cell, jurisdiction_id))
"""
# The program's own words are numbered before anything comes in: what number a kind has tells nothing of who has which.
_WORDS = """
INSERT INTO incident_kinds (category, source, severity, kind)
SELECT category, source, severity, row_number() OVER (PARTITION BY source = '' ORDER BY severity, source, category)
FROM unnest(ARRAY['water', 'air', 'soil', 'waste', 'noise', 'ecology', 'other']) AS category,
    unnest(ARRAY['', 'monitoring', 'totals', 'hazardous_waste', 'operation', 'complaint', 'inspection', 'random', 'other'])
        AS source, generate_series(1, 4) AS severity
"""
_ADDED = """
CREATE FUNCTION kinds_added(kinds integer[], which integer[], n integer[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE longest integer := (SELECT max(k) FROM unnest(which) AS k);
BEGIN
    IF cardinality(kinds) < longest THEN
        kinds := kinds || array_fill(0, ARRAY[longest - cardinality(kinds)]);
    END IF;
    FOR i IN 1..cardinality(which) LOOP
        kinds[which[i]] := kinds[which[i]] + n[i];
    END LOOP;
    RETURN kinds;
END $$
"""
_FIRST_OF = """
CREATE FUNCTION first_us(at_us bigint, months integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE months WHEN 0 THEN at_us - ((at_us % 86400000000) + 86400000000) % 86400000000 ELSE
        (extract(epoch FROM date_trunc(CASE months WHEN 1 THEN 'month' ELSE 'year' END,
            timestamp 'epoch' + floor(at_us / 1000000.0) * interval '1 second')) * 1000000)::bigint END
$$
"""
# The rows to be counted are few beside those kept: whatever the server's statistics say, these are found by their key.
_COUNT = """
CREATE FUNCTION count_incidents() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
SET jit = off SET work_mem = '64MB' AS $count$
DECLARE
    known CONSTANT text := 'at_us, category, source, severity, coalesce(jurisdiction_id, '''') AS jurisdiction_id,'
        ' cell >> 26 AS cell, lon, lat';
    changed CONSTANT text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS sign, ' || known || ' FROM coming'
        WHEN 'DELETE' THEN 'SELECT -1 AS sign, ' || known || ' FROM going'
        ELSE 'SELECT 1 AS sign, ' || known || ' FROM coming UNION ALL SELECT -1, ' || known || ' FROM going' END;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO incident_kinds (category, source, severity, kind)
        SELECT category, source, severity, row_number() OVER ()
            + (SELECT count(*) FROM incident_kinds WHERE source <> '')
        FROM (SELECT DISTINCT category, source, severity FROM coming
              EXCEPT SELECT category, source, severity FROM incident_kinds) AS unknown;
        INSERT INTO incident_kinds (category, source, severity, kind)
        SELECT category, '', severity, row_number() OVER () + (SELECT count(*) FROM incident_kinds WHERE source = '')
        FROM (SELECT DISTINCT category, severity FROM coming
              EXCEPT SELECT category, severity FROM incident_kinds WHERE source = '') AS unknown;
    END IF;
    EXECUTE 'MERGE INTO incident_days AS kept USING (
        SELECT months, from_us, jurisdiction_id, sum(n)::integer AS n, array_agg(kind) AS which, array_agg(n) AS of_kind
        FROM (SELECT months, first_us(at_us, months) AS from_us, jurisdiction_id, kind, sum(sign)::integer AS n
              FROM (' || changed || ') AS changed JOIN incident_kinds USING (category, source, severity),
              (VALUES (0), (1)) AS length(months)
              GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0) AS few
        GROUP BY 1, 2, 3) AS more
    ON (kept.months, kept.from_us, kept.jurisdiction_id) = (more.months, more.from_us, more.jurisdiction_id)
    WHEN MATCHED THEN UPDATE SET n = kept.n + more.n, kinds = kinds_added(kept.kinds, which, of_kind)
    WHEN NOT MATCHED THEN INSERT (months, from_us, jurisdiction_id, n, kinds)
        VALUES (more.months, more.from_us, more.jurisdiction_id, more.n, kinds_added(''{}'', which, of_kind))';
    EXECUTE 'MERGE INTO incident_cells AS kept USING (
        SELECT months, from_us, cell, jurisdiction_id, sum(n)::integer AS n, sum(lon) AS lon, sum(lat) AS lat,
            array_agg(kind) AS which, array_agg(n) AS of_kind
        FROM (SELECT months, first_us(at_us, months) AS from_us, cell, jurisdiction_id, kind, sum(sign)::integer AS n,
                  sum(sign * lon) AS lon, sum(sign * lat) AS lat
              FROM (' || changed || ') AS changed
              JOIN (SELECT category, severity, kind FROM incident_kinds WHERE source = '''') AS kinds
              USING (category, severity), (VALUES (1), (12)) AS length(months)
              GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0 OR sum(sign * lon) <> 0 OR sum(sign * lat) <> 0) AS few
        GROUP BY 1, 2, 3, 4) AS more
    ON (kept.months, kept.from_us, kept.cell, kept.jurisdiction_id)
        = (more.months, more.from_us, more.cell, more.jurisdiction_id)
    WHEN MATCHED THEN UPDATE SET n = kept.n + more.n, lon = kept.lon + more.lon, lat = kept.lat + more.lat,
        kinds = kinds_added(kept.kinds, which, of_kind)
    WHEN NOT MATCHED THEN INSERT (months, from_us, cell, jurisdiction_id, n, lon, lat, kinds)
        VALUES (more.months, more.from_us, more.cell, more.jurisdiction_id, more.n, more.lon, more.lat,
            kinds_added(''{}'', which, of_kind))';
    RETURN NULL;
END $count$
"""
_NEWEST = "ix_incidents_jurisdiction_id"
_EMPTIED = """
CREATE FUNCTION count_none() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $none$
BEGIN
    DELETE FROM incident_days;
    DELETE FROM incident_cells;
    RETURN NULL;
END $none$
"""
_TOLD = {
    "INSERT": "REFERENCING NEW TABLE AS coming",
    "UPDATE": "REFERENCING OLD TABLE AS going NEW TABLE AS coming",
    "DELETE": "REFERENCING OLD TABLE AS going",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in (_TABLES, _WORDS, _ADDED, _FIRST_OF, _COUNT, _EMPTIED):
        _say(statement)
    # Those there are come in once more, through a table that is counted as they are and then forgotten.
    _say("CREATE TEMPORARY TABLE incidents_again (LIKE incidents)")
    _let("incidents_again", "INSERT")
    _say("INSERT INTO incidents_again SELECT * FROM incidents")
    _say("DROP TABLE incidents_again")
    for verb in _TOLD:
        _let("incidents", verb)
    _say(
        "CREATE TRIGGER incidents_counted_truncate AFTER TRUNCATE ON incidents"
        " FOR EACH STATEMENT EXECUTE FUNCTION count_none()"
    )
    # The newest of two sides, where few rows of long years are meant.
    _say(f"CREATE INDEX {_NEWEST} ON incidents (jurisdiction_id, at_us, category, source, severity)")


def _let(table: str, verb: str) -> None:
    """Count whatever `verb` does to `table`."""
    _say(
        f"CREATE TRIGGER {table}_counted_{verb.lower()} AFTER {verb} ON {table} {_TOLD[verb]}"
        " FOR EACH STATEMENT EXECUTE FUNCTION count_incidents()"
    )


def _say(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"DROP INDEX {_NEWEST}")
    for verb in (*_TOLD, "TRUNCATE"):
        op.execute(f"DROP TRIGGER incidents_counted_{verb.lower()} ON incidents")
    op.execute("DROP FUNCTION count_incidents(), count_none(), kinds_added(integer[], integer[], integer[])")
    op.execute("DROP FUNCTION first_us(bigint, integer)")
    # Views are written anew after a step up, and after a step down they are of tables that are gone.
    op.execute("DROP VIEW IF EXISTS seen.incident_cells, seen.incident_days")
    for table in ("incident_cells", "incident_days", "incident_kinds"):
        op.drop_table(table)
