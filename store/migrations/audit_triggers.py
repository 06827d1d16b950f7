"""What keeps the audit a chain that only grows, whoever asks: triggers of both engines, as step 0006 makes them."""

from alembic import op

_SAYS = {
    "grows": "the audit only grows: its lines are neither changed nor taken out",
    "follows": "this line does not follow the last one of the audit",
    "head": "the head of the audit is its last line and nothing else",
}
_SQLITE = (
    "CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{grows}'); END",
    "CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{grows}'); END",
    # INSERT OR REPLACE would take the other row out without asking the trigger above.
    """
    CREATE TRIGGER audit_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE n = NEW.n OR hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, '{follows}'); END
    """,
    """
    CREATE TRIGGER audit_insert AFTER INSERT ON audit BEGIN
        SELECT RAISE(ABORT, '{follows}')
        WHERE NOT EXISTS (SELECT 1 FROM audit_head WHERE n = NEW.n - 1 AND hash = NEW.previous);
        UPDATE audit_head SET n = NEW.n, hash = NEW.hash;
    END
    """,
    """
    CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
    WHEN NEW.n <> OLD.n + 1
        OR NOT EXISTS (SELECT 1 FROM audit WHERE n = NEW.n AND hash = NEW.hash AND previous = OLD.hash)
    BEGIN SELECT RAISE(ABORT, '{head}'); END
    """,
    "CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, '{head}'); END",
    "CREATE TRIGGER audit_head_insert BEFORE INSERT ON audit_head BEGIN SELECT RAISE(ABORT, '{head}'); END",
)

# They run as the owner of the tables, so that who may only add a line still moves the head.
_POSTGRES = (
    """
    CREATE FUNCTION audit_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    BEGIN
        UPDATE public.audit_head SET n = NEW.n, hash = NEW.hash WHERE n = NEW.n - 1 AND hash = NEW.previous;
        IF NOT FOUND THEN
            RAISE EXCEPTION '{follows}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        RAISE EXCEPTION '{grows}' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE FUNCTION audit_head_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            PERFORM 1 FROM public.audit
            WHERE n = NEW.n AND n = OLD.n + 1 AND hash = NEW.hash AND previous = OLD.hash;
            IF FOUND THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{head}' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    "CREATE TRIGGER audit_insert AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_follow()",
    "CREATE TRIGGER audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_keep()",
    """
    CREATE TRIGGER audit_head_change BEFORE INSERT OR UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_keep()
    """,
    "CREATE TRIGGER audit_head_empty BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION audit_head_keep()",
)
_FUNCTIONS = ("audit_follow", "audit_keep", "audit_head_keep")


def make() -> None:
    """Put the triggers on tables that are there, the head with its one row."""
    for statement in _SQLITE if _is_sqlite() else _POSTGRES:
        op.execute(statement.format_map(_SAYS))


def drop() -> None:
    """Take away what the tables leave behind when they are dropped."""
    for name in () if _is_sqlite() else _FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
